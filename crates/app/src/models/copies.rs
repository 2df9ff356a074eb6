//! A folder for each of several runs that would otherwise write over each other.

use std::path::{Path, PathBuf};

use slipway_contract::{ErrorCode, Problem};

use crate::problem::from_io;

/// Bytes of a folder that is copied.
const MOST_BYTES: u64 = 256 << 20;

/// Files of a folder that is copied.
const MOST_FILES: usize = 20_000;

/// Copies a folder with all that is in it and how it may be used, and says which links are left
/// out: those that would lead the copies back to the one folder, or anywhere out of it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut taken = Taken::default();
    let copied = copy_within(from, to, from, &mut taken);
    if copied.is_err() {
        remove_unchanged(from, to);
    }
    copied.map(|()| taken.left_out)
}

#[derive(Default)]
struct Taken {
    bytes: u64,
    files: usize,
    left_out: Vec<PathBuf>,
}

fn copy_within(from: &Path, to: &Path, top: &Path, budget: &mut Taken) -> Result<(), Problem> {
    std::fs::create_dir_all(to).map_err(|error| from_io("made", to, &error))?;
    let unreadable = |error: std::io::Error| from_io("read", from, &error);
    for entry in std::fs::read_dir(from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(unreadable)?;
        // A copy below the folder itself would never end.
        if source == to {
            continue;
        }
        if kind.is_symlink() {
            if !copy_link(&source, &target, top) {
                let within = source.strip_prefix(top).unwrap_or(&source);
                budget.left_out.push(within.to_owned());
            }
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
    // Last: what nobody may write to could not have been filled.
    let mode = std::fs::metadata(from).map_err(unreadable)?.permissions();
    std::fs::set_permissions(to, mode).map_err(|error| from_io("made", to, &error))
}

/// Makes the same link, where it leads to something in the folder by a path that is the same in a
/// copy.
#[cfg(unix)]
fn copy_link(source: &Path, target: &Path, top: &Path) -> bool {
    let stays = |to: &Path| {
        let leads = source.parent().map(|parent| parent.join(to));
        let leads = leads.and_then(|leads| leads.canonicalize().ok());
        let top = top.canonicalize().ok();
        to.is_relative()
            && leads
                .zip(top)
                .is_some_and(|(leads, top)| leads.starts_with(top))
    };
    let to = std::fs::read_link(source).ok().filter(|to| stays(to));
    to.is_some_and(|to| std::os::unix::fs::symlink(to, target).is_ok())
}

/// Whoever may make links there is not known.
#[cfg(not(unix))]
fn copy_link(_: &Path, _: &Path, _: &Path) -> bool {
    false
}

/// Removes from a copy what is as in the folder that it was made of, and says whether nothing is
/// left. What cannot be removed stays.
pub(super) fn remove_unchanged(from: &Path, copy: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A folder that nobody may write to cannot be emptied.
        let _ = std::fs::set_permissions(copy, std::fs::Permissions::from_mode(0o700));
    }
    let Ok(entries) = std::fs::read_dir(copy) else {
        return !copy.exists();
    };
    for entry in entries.flatten() {
        let (there, here) = (from.join(entry.file_name()), entry.path());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                remove_unchanged(&there, &here);
            }
            Ok(kind) if is_same(kind, &there, &here) => {
                let _ = std::fs::remove_file(&here);
            }
            _ => {}
        }
    }
    std::fs::remove_dir(copy).is_ok()
}

fn is_same(kind: std::fs::FileType, there: &Path, here: &Path) -> bool {
    let Ok(other) = std::fs::symlink_metadata(there) else {
        return false;
    };
    if other.file_type() != kind {
        return false;
    }
    if kind.is_symlink() {
        return matches!((std::fs::read_link(there), std::fs::read_link(here)), (Ok(a), Ok(b)) if a == b);
    }
    let is_as_long = std::fs::metadata(here).is_ok_and(|about| about.len() == other.len());
    is_as_long && matches!((std::fs::read(there), std::fs::read(here)), (Ok(a), Ok(b)) if a == b)
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
    fn all_but_links_that_lead_out_is_copied() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (place.path().join("from"), place.path().join("to"));
        std::fs::create_dir_all(from.join("a/b")).unwrap();
        std::fs::write(from.join("a/b/c.txt"), "hello").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, symlink};
            symlink(place.path(), from.join("out")).unwrap();
            symlink("../..", from.join("a/up")).unwrap();
            symlink("b/c.txt", from.join("a/in")).unwrap();
            let mode = |mode| std::fs::Permissions::from_mode(mode);
            std::fs::write(from.join("a/b/run.sh"), "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(from.join("a/b/run.sh"), mode(0o751)).unwrap();
            std::fs::set_permissions(from.join("a/b"), mode(0o555)).unwrap();
        }
        let mut left_out = copy(&from, &to).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            left_out.sort();
            assert_eq!(left_out, [Path::new("a/up"), Path::new("out")]);
            assert_eq!(std::fs::read_to_string(to.join("a/in")).unwrap(), "hello");
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&to.join("a/b/run.sh")), 0o751);
            assert_eq!(mode(&to.join("a/b")), 0o555);
        }
        assert_eq!(
            std::fs::read_to_string(to.join("a/b/c.txt")).unwrap(),
            "hello"
        );
        assert!(!to.join("out").exists());
        // What was changed or added stays, and nothing else.
        std::fs::create_dir_all(to.join("new")).unwrap();
        std::fs::write(to.join("new/d.txt"), "new").unwrap();
        assert!(!remove_unchanged(&from, &to));
        assert!(to.join("new/d.txt").exists() && !to.join("a").exists());
        std::fs::remove_file(to.join("new/d.txt")).unwrap();
        assert!(remove_unchanged(&from, &to));
        assert!(!to.exists() && from.join("a/b/c.txt").exists());
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
