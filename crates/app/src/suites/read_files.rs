//! The files of a working folder that a run read, as they are now.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde_json::Value;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::tool::Effect;

/// The most files that a test takes with it.
const MOST: usize = 60;
/// The most bytes of all of them: 4 MiB.
const MOST_BYTES: u64 = 4 << 20;

/// A file that a run read.
pub(super) struct ReadFile {
    /// Its path from the working folder, with `/`.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// The files that calls of reading tools name, or that lie in folders that they name, but for those
/// that the run had written before, and the package's own.
pub(super) fn of(events: &[RunEvent], workdir: &Path) -> Vec<ReadFile> {
    let mut found = Reading {
        workdir,
        files: BTreeMap::new(),
        bytes: 0,
    };
    let mut written: Vec<String> = Vec::new();
    for event in events {
        let EventKind::ToolRequested {
            arguments, effect, ..
        } = &event.kind
        else {
            continue;
        };
        let mut named = Vec::new();
        texts(arguments, &mut named);
        match effect {
            Effect::Read => {
                for path in named {
                    if !written.iter().any(|other| other == path) {
                        found.look(path);
                    }
                }
            }
            _ => written.extend(named.into_iter().map(str::to_owned)),
        }
    }
    let files = found.files.into_iter();
    files
        .map(|(path, bytes)| ReadFile { path, bytes })
        .collect()
}

fn texts<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    match value {
        Value::String(text) if text.len() < 400 && !text.contains('\n') => into.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(map) => map.values().for_each(|item| texts(item, into)),
        _ => {}
    }
}

struct Reading<'w> {
    workdir: &'w Path,
    files: BTreeMap<String, Vec<u8>>,
    bytes: u64,
}

impl Reading<'_> {
    /// Takes the file of this name, or those of the folder, or those that a pattern may mean.
    fn look(&mut self, named: &str) {
        let named = named.trim_start_matches("./").trim_end_matches('/');
        let fixed = match named.find(['*', '?', '[', '{']) {
            // Up to the folder in which the pattern looks.
            Some(at) => named[..at].rfind('/').map_or("", |slash| &named[..slash]),
            None => named,
        };
        let is_pattern = fixed.len() < named.len();
        let plain = Path::new(fixed)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !plain
            || (fixed.is_empty() && !is_pattern)
            || fixed == "files"
            || fixed.starts_with("files/")
        {
            return;
        }
        let Ok(about) = self.workdir.join(fixed).symlink_metadata() else {
            return;
        };
        if about.is_file() {
            self.take(fixed);
        } else if about.is_dir() {
            self.folder(fixed);
        }
    }

    fn folder(&mut self, path: &str) {
        let Ok(entries) = std::fs::read_dir(self.workdir.join(path)) else {
            return;
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort_unstable();
        for name in names {
            let path = match path {
                "" => name,
                path => format!("{path}/{name}"),
            };
            if self
                .workdir
                .join(&path)
                .symlink_metadata()
                .is_ok_and(|about| about.is_file())
            {
                self.take(&path);
            }
        }
    }

    fn take(&mut self, path: &str) {
        // The package's own come with it.
        let own = ["agent.toml", "instructions.md", "README.md"];
        let below = ["tests/", "recordings/", "files/"];
        if own.contains(&path) || below.iter().any(|folder| path.starts_with(folder)) {
            return;
        }
        let place = self.workdir.join(path);
        let Ok(about) = place.symlink_metadata() else {
            return;
        };
        let fits = self.files.len() < MOST && self.bytes + about.len() <= MOST_BYTES;
        if !about.is_file() || !fits || self.files.contains_key(path) {
            return;
        }
        if let Ok(bytes) = std::fs::read(place) {
            self.bytes += about.len();
            self.files.insert(path.to_owned(), bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_patterns_are_taken_and_nothing_outside() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "a.csv",
            "receipts/1.csv",
            "receipts/2.csv",
            "files/own.txt",
            ".hidden",
            "agent.toml",
        ] {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, path).unwrap();
        }
        let looked = |named: &str| {
            let mut reading = Reading {
                workdir: folder.path(),
                files: BTreeMap::new(),
                bytes: 0,
            };
            reading.look(named);
            reading.files.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(looked("a.csv"), ["a.csv"]);
        assert_eq!(looked("./receipts/"), ["receipts/1.csv", "receipts/2.csv"]);
        assert_eq!(
            looked("receipts/*.csv"),
            ["receipts/1.csv", "receipts/2.csv"]
        );
        assert_eq!(looked("*.csv"), ["a.csv"]);
        for outside in [
            "../x",
            "/etc/passwd",
            "files/own.txt",
            "",
            "agent.toml",
            "nothing",
        ] {
            assert!(looked(outside).is_empty(), "{outside}");
        }
    }
}
