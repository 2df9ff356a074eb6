//! Putting a folder together from several, touching only what differs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Makes `dist` hold exactly `index.html`, what is in `static/`, and what wasm-bindgen wrote.
pub(super) fn assemble(ui: &Path, bound: &Path, dist: &Path) -> Result<()> {
    let mut wanted = BTreeMap::new();
    let statics = ui.join("static");
    if statics.is_dir() {
        collect(&statics, Path::new(""), &mut wanted)?;
    }
    collect(bound, Path::new(""), &mut wanted)?;
    wanted.insert(PathBuf::from("index.html"), ui.join("index.html"));

    let mut present = BTreeMap::new();
    if dist.is_dir() {
        collect(dist, Path::new(""), &mut present)?;
    }
    for stale in present
        .iter()
        .filter(|(name, _)| !wanted.contains_key(*name))
        .map(|(_, path)| path)
    {
        std::fs::remove_file(stale)
            .with_context(|| format!("could not remove {}", stale.display()))?;
    }
    // The desktop package watches the files that it embedded last time: one that is new is noticed through a page
    // that it knows.
    let has_new = wanted.keys().any(|name| !present.contains_key(name));
    for (name, from) in &wanted {
        let bytes =
            std::fs::read(from).with_context(|| format!("could not read {}", from.display()))?;
        let to = dist.join(name);
        let announces = has_new && name == Path::new("index.html");
        if announces || std::fs::read(&to).ok().as_ref() != Some(&bytes) {
            write(&to, &bytes)?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("could not create {}", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

/// Every file below a folder, by its path there.
fn collect(folder: &Path, below: &Path, files: &mut BTreeMap<PathBuf, PathBuf>) -> Result<()> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("could not read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("could not read {}", folder.display()))?;
        let name = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&entry.path(), &name, files)?;
        } else {
            files.insert(name, entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    struct Folders {
        _temp: tempfile::TempDir,
        ui: PathBuf,
        bound: PathBuf,
        dist: PathBuf,
    }

    fn folders() -> Folders {
        let temp = tempfile::tempdir().unwrap();
        let ui = temp.path().join("ui");
        let bound = temp.path().join("bound");
        fs::create_dir_all(ui.join("static/css")).unwrap();
        fs::create_dir_all(&bound).unwrap();
        fs::write(ui.join("index.html"), "page").unwrap();
        fs::write(ui.join("static/css/tokens.css"), "css").unwrap();
        fs::write(bound.join("slipway-ui.js"), "js").unwrap();
        Folders {
            dist: ui.join("dist"),
            _temp: temp,
            ui,
            bound,
        }
    }

    fn backdate(path: &Path) -> SystemTime {
        let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(before)
            .unwrap();
        before
    }

    fn modified(path: &Path) -> SystemTime {
        path.metadata().unwrap().modified().unwrap()
    }

    #[test]
    fn holds_exactly_the_page_the_static_files_and_the_code() {
        let folders = folders();
        fs::create_dir_all(&folders.dist).unwrap();
        fs::write(folders.dist.join("left-over.js"), "old").unwrap();
        assemble(&folders.ui, &folders.bound, &folders.dist).unwrap();
        let mut files = BTreeMap::new();
        collect(&folders.dist, Path::new(""), &mut files).unwrap();
        let names: Vec<_> = files.into_keys().collect();
        assert_eq!(
            names,
            ["css/tokens.css", "index.html", "slipway-ui.js"].map(PathBuf::from)
        );
    }

    #[test]
    fn leaves_what_did_not_change_untouched() {
        let folders = folders();
        assemble(&folders.ui, &folders.bound, &folders.dist).unwrap();
        let script = folders.dist.join("slipway-ui.js");
        let page = folders.dist.join("index.html");
        let before = backdate(&script);
        backdate(&page);
        fs::write(folders.ui.join("index.html"), "another page").unwrap();
        assemble(&folders.ui, &folders.bound, &folders.dist).unwrap();
        assert_eq!(
            modified(&script),
            before,
            "an equal file is not written again"
        );
        assert_eq!(fs::read_to_string(&page).unwrap(), "another page");
    }

    #[test]
    fn a_new_file_is_announced_by_the_page() {
        let folders = folders();
        assemble(&folders.ui, &folders.bound, &folders.dist).unwrap();
        let page = folders.dist.join("index.html");
        let before = backdate(&page);
        fs::write(folders.ui.join("static/new.css"), "css").unwrap();
        assemble(&folders.ui, &folders.bound, &folders.dist).unwrap();
        assert!(modified(&page) > before);
    }

    #[test]
    fn a_missing_page_is_named() {
        let folders = folders();
        fs::remove_file(folders.ui.join("index.html")).unwrap();
        let error = assemble(&folders.ui, &folders.bound, &folders.dist).unwrap_err();
        assert!(format!("{error:#}").contains("index.html"), "{error:#}");
    }
}
