//! A folder for each of several runs that would otherwise write over each other.

use std::path::{Path, PathBuf};

use slipway_contract::{ErrorCode, Problem};

use crate::problem::from_io;

/// Bytes of a folder that is copied.
const MOST_BYTES: u64 = 256 << 20;

/// Files of a folder that is copied.
const MOST_FILES: usize = 20_000;

/// Copies a folder with all that is in it. Links are left out: they would lead the copies back to
/// the one folder.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), Problem> {
    let mut budget = Budget { bytes: 0, files: 0 };
    copy_within(from, to, from, &mut budget)
}

struct Budget {
    bytes: u64,
    files: usize,
}

fn copy_within(from: &Path, to: &Path, top: &Path, budget: &mut Budget) -> Result<(), Problem> {
    std::fs::create_dir_all(to).map_err(|error| from_io("made", to, &error))?;
    let unreadable = |error: std::io::Error| from_io("read", from, &error);
    for entry in std::fs::read_dir(from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(unreadable)?;
        // A copy below the folder itself would never end.
        if source == to || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            copy_within(&source, &target, top, budget)?;
            continue;
        }
        if !kind.is_file() {
            continue;
        }
        let length = entry.metadata().map_err(unreadable)?.len();
        budget.bytes = budget.bytes.saturating_add(length);
        budget.files += 1;
        if budget.bytes > MOST_BYTES || budget.files > MOST_FILES {
            return Err(too_large(top));
        }
        std::fs::copy(&source, &target).map_err(|error| from_io("copied", &source, &error))?;
    }
    Ok(())
}

fn too_large(folder: &Path) -> Problem {
    let message = format!(
        "{} is too large to be copied for each model: more than {} MiB or {MOST_FILES} files",
        folder.display(),
        MOST_BYTES >> 20
    );
    Problem::new(ErrorCode::InvalidInput, message)
        .help("Compare in a folder that holds only what the agent needs: --workdir DIR.")
}

/// A name of a folder that tells the model and is valid everywhere.
pub(super) fn folder_name(number: usize, model: &str) -> PathBuf {
    let plain: String = model
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    PathBuf::from(format!("{number}-{}", plain.trim_matches(['-', '.'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_links_is_copied() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        std::fs::create_dir_all(from.join("a/b")).unwrap();
        std::fs::write(from.join("a/b/c.txt"), "hello").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(place.path(), from.join("out")).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(
            std::fs::read_to_string(to.join("a/b/c.txt")).unwrap(),
            "hello"
        );
        assert!(!to.join("out").exists());
    }

    #[test]
    fn a_copy_into_itself_ends() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("a.txt"), "a").unwrap();
        let inside = place.path().join("copy");
        copy(place.path(), &inside).unwrap();
        assert!(inside.join("a.txt").exists() && !inside.join("copy").exists());
    }

    #[test]
    fn names_of_models_are_names_of_folders() {
        for (model, expected) in [
            ("openai/gpt-5-mini", "1-openai-gpt-5-mini"),
            ("local/../../etc", "1-local-..-..-etc"),
            ("x/a:b\\c", "1-x-a-b-c"),
        ] {
            assert_eq!(folder_name(1, model), Path::new(expected), "{model}");
        }
    }
}
