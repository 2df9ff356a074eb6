//! Writing a package to a folder.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::{UPDATE, failed};
use crate::package::error::{PackageError, finding};
use crate::package::files::Files;
use crate::package::path::{PathFault, TOP_FILES, TOP_FOLDERS, Top, top_level};

/// What to do with a folder that already holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it, and say so.
    Refuse,
    /// Replace the package's own parts in it and leave everything else.
    Update,
}

/// Writes the files so that the folder has all of them or is as it was: they are written beside
/// their place first and then moved. Never through a symbolic link.
pub(in crate::package) fn write(
    files: &Files,
    target: &Path,
    existing: Existing,
) -> Result<(), PackageError> {
    let occupied = |what| PackageError::Occupied {
        path: target.to_owned(),
        what,
    };
    // `.` and `..` are folders too, and their names are known to the system alone.
    let target = &match target.file_name() {
        Some(_) => target.to_owned(),
        None => target.canonicalize().map_err(failed("open", target))?,
    };
    let name = target
        .file_name()
        .ok_or_else(|| occupied("is no folder that can be replaced"))?;
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside =
        Dir::open_ambient_dir(parent, ambient_authority()).map_err(failed("open", parent))?;
    match beside.symlink_metadata(name) {
        Err(error) if error.kind() == ErrorKind::NotFound => create(files, &beside, name),
        Err(error) => Err(error),
        Ok(found) if found.is_symlink() => return Err(occupied("is a symbolic link")),
        Ok(found) if !found.is_dir() => return Err(occupied("exists and is not a folder")),
        Ok(_) => {
            let dir = beside.open_dir(name).map_err(failed("open", target))?;
            let is_empty = dir
                .entries()
                .map_err(failed("list", target))?
                .next()
                .is_none();
            match existing {
                _ if is_empty => {
                    drop(dir);
                    create(files, &beside, name)
                }
                Existing::Refuse => return Err(occupied("exists and is not empty")),
                Existing::Update => {
                    check_parts(&dir).map_err(failed("list", target))??;
                    update(files, &dir)
                }
            }
        }
    }
    .map_err(failed("write", target))
}

/// Writes a new folder, or one in the place of an empty one.
fn create(files: &Files, beside: &Dir, name: &OsStr) -> io::Result<()> {
    let prefix = format!(".{}.slipway-", name.to_string_lossy());
    let staging = new_folder(beside, &prefix)?;
    let moved = (|| {
        write_all(files, &beside.open_dir(&staging)?)?;
        match beside.remove_dir(name) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        beside.rename(&staging, beside, name)
    })();
    if moved.is_err() {
        // The first error is the one to tell; a folder that cannot be removed stays.
        let _ = beside.remove_dir_all(&staging);
    }
    moved
}

/// Replaces the package's parts in a folder; a failure puts back what was moved.
fn update(files: &Files, dir: &Dir) -> io::Result<()> {
    let staging = new_folder(dir, UPDATE)?;
    let replaced = (|| {
        let work = dir.open_dir(&staging)?;
        work.create_dir("new")?;
        work.create_dir("old")?;
        let (new, old) = (work.open_dir("new")?, work.open_dir("old")?);
        write_all(files, &new)?;
        swap(dir, &new, &old)
    })();
    if replaced.is_ok() {
        dir.remove_dir_all(&staging)?;
    } else {
        // Not when something could not be put back: then the folder holds the only copy.
        let emptied = dir.remove_dir(Path::new(&staging).join("old"));
        if emptied.is_ok() {
            let _ = dir.remove_dir_all(&staging);
        }
    }
    replaced
}

pub(super) fn swap(dir: &Dir, new: &Dir, old: &Dir) -> io::Result<()> {
    let mut undo: Vec<(&Dir, &Dir, &str)> = Vec::new();
    for name in TOP_FILES.into_iter().chain(TOP_FOLDERS) {
        for (from, to) in [(dir, old), (new, dir)] {
            match from.rename(name, to, name) {
                Ok(()) => undo.push((to, from, name)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    for (from, to, name) in undo.into_iter().rev() {
                        let _ = from.rename(name, to, name);
                    }
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}

/// Nothing in the folder may pass for a part of the package without being one.
fn check_parts(dir: &Dir) -> io::Result<Result<(), PackageError>> {
    let mut findings = Vec::new();
    for entry in dir.entries()? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let kind = entry.file_type()?;
        let wrong = match top_level(name) {
            Ok(_) if kind.is_symlink() => {
                "it is a symbolic link: nothing is written there".to_owned()
            }
            Ok(Top::File(name)) if !kind.is_file() => PathFault::MustBeFile(name).to_string(),
            Ok(Top::Folder(name)) if !kind.is_dir() => PathFault::MustBeFolder(name).to_string(),
            Ok(_) | Err(PathFault::Foreign) => continue,
            Err(fault) => fault.to_string(),
        };
        findings.push(finding(name, wrong));
    }
    Ok(match findings.is_empty() {
        true => Ok(()),
        false => Err(PackageError::invalid(findings)),
    })
}

fn write_all(files: &Files, dir: &Dir) -> io::Result<()> {
    for (path, bytes) in files.iter() {
        let path = Path::new(path.as_str());
        if let Some(folder) = path.parent() {
            dir.create_dir_all(folder)?;
        }
        let mut file = dir.open_with(path, OpenOptions::new().write(true).create_new(true))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    Ok(())
}

/// A folder that did not exist before, with this prefix and a number.
pub(super) fn new_folder(dir: &Dir, prefix: &str) -> io::Result<String> {
    const ATTEMPTS: u32 = 1000;
    for number in 0..ATTEMPTS {
        let name = format!("{prefix}{number}");
        match dir.create_dir(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            result => return result.map(|()| name),
        }
    }
    let message = format!("there are {ATTEMPTS} folders `{prefix}…` left behind: remove them");
    Err(io::Error::new(ErrorKind::AlreadyExists, message))
}
