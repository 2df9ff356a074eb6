//! What lists say of an agent, and how it is known that it still holds without reading the package.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use slipway_agent::package::path::{TOP_FILES, TOP_FOLDERS};
use slipway_agent::package::{MAX_FILES, Package, hash};
use slipway_contract::Problem;
use slipway_store::{AgentCard, AgentRow, AgentSource};

/// The most characters of a description in a list.
const DESCRIPTION: usize = 300;

/// A file that was changed so shortly ago may be changed again without its time showing that.
const RACY: Duration = Duration::from_secs(2);

/// What a card was made of, or none where that cannot be known: then it is made each time. `tools`
/// says what else decides whether a package is valid.
pub(super) fn made_of(row: &AgentRow, tools: &str, now: SystemTime) -> Option<String> {
    match &row.record.source {
        AgentSource::Imported => {
            let package = row.draft.unwrap_or(row.record.version);
            Some(format!("{tools} {package}"))
        }
        AgentSource::Folder(folder) => {
            let facts = facts(Path::new(folder), now)?;
            // Of a folder that cannot be read, what is known is the newest version.
            Some(format!(
                "{tools} {} {}",
                hash::content_of(facts.as_bytes()),
                row.record.version
            ))
        }
    }
}

/// What the system says of a folder's package: each file with its size and the time of its last
/// change. None where something changed just now, or there is too much.
fn facts(folder: &Path, now: SystemTime) -> Option<String> {
    let mut facts = Facts {
        text: String::new(),
        files: 0,
        before: now.checked_sub(RACY)?,
    };
    // Names in the folder itself matter too: one in the wrong case makes a package invalid.
    facts.take("", folder.symlink_metadata().ok())?;
    for name in TOP_FILES {
        facts.take(name, folder.join(name).symlink_metadata().ok())?;
    }
    for name in TOP_FOLDERS {
        facts.below(&folder.join(name), name)?;
    }
    Some(facts.text)
}

struct Facts {
    text: String,
    files: usize,
    before: SystemTime,
}

impl Facts {
    fn take(&mut self, path: &str, found: Option<Metadata>) -> Option<()> {
        let Some(found) = found else {
            self.text.push_str(&format!("{path} -\n"));
            return Some(());
        };
        let changed = found.modified().ok().filter(|at| *at < self.before)?;
        let changed = changed.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let kind = found.file_type();
        self.text.push_str(&format!(
            "{path} {}{} {} {}\n",
            u8::from(kind.is_dir()),
            u8::from(kind.is_symlink()),
            found.len(),
            changed.as_nanos(),
        ));
        Some(())
    }

    fn below(&mut self, folder: &Path, path: &str) -> Option<()> {
        let found = folder.symlink_metadata().ok();
        let is_folder = found.as_ref().is_some_and(Metadata::is_dir);
        self.take(path, found)?;
        if !is_folder {
            return Some(());
        }
        let mut names = Vec::new();
        for entry in folder.read_dir().ok()? {
            names.push(entry.ok()?.file_name());
            self.files += 1;
            if self.files > MAX_FILES {
                return None;
            }
        }
        names.sort();
        for name in names {
            let text = name.to_str()?;
            let path = format!("{path}/{text}");
            let place = folder.join(&name);
            let found = place.symlink_metadata().ok();
            if found.as_ref().is_some_and(Metadata::is_dir) {
                self.below(&place, &path)?;
            } else {
                self.take(&path, found)?;
            }
        }
        Some(())
    }
}

/// The card of a package, and why it cannot be run now.
pub(super) fn of_package(
    package: &Package,
    problem: Option<Problem>,
    made_of: String,
) -> AgentCard {
    let manifest = package.manifest();
    AgentCard {
        made_of,
        title: manifest.agent.title.clone(),
        description: beginning(&manifest.agent.description),
        tags: manifest.agent.tags.clone(),
        model: manifest.model.model.to_string(),
        problem,
    }
}

/// As much of a description as a list shows.
pub(super) fn beginning(text: &str) -> String {
    match text.char_indices().nth(DESCRIPTION) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "the files of the tests are as old as they are"
)]
mod tests {
    use super::*;

    fn later(seconds: u64) -> SystemTime {
        SystemTime::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn what_changes_in_a_package_shows() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let write = |path: &str, text: &str| std::fs::write(place.join(path), text).unwrap();
        write("agent.toml", "one");
        let first = facts(place, later(10)).unwrap();
        assert_eq!(facts(place, later(20)).unwrap(), first);
        write("beside.txt", "no part of the package, and a new name");
        write("agent.toml", "other");
        let second = facts(place, later(10)).unwrap();
        assert_ne!(second, first);
        std::fs::create_dir_all(place.join("files/a/b")).unwrap();
        write("files/a/b/c.txt", "deep");
        let third = facts(place, later(10)).unwrap();
        assert_ne!(third, second);
        write("files/a/b/c.txt", "deeper");
        assert_ne!(facts(place, later(10)).unwrap(), third);
        std::fs::remove_dir_all(place).unwrap();
        assert!(facts(place, later(10)).unwrap().starts_with(" -\n"));
    }

    #[test]
    fn nothing_is_said_of_what_changed_just_now() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("agent.toml"), "one").unwrap();
        assert_eq!(facts(folder.path(), SystemTime::now()), None);
    }

    #[test]
    fn a_long_description_is_cut_between_characters() {
        assert_eq!(beginning("short"), "short");
        let cut = beginning(&"ü".repeat(5_000));
        assert_eq!(cut.chars().count(), DESCRIPTION + 1);
    }
}
