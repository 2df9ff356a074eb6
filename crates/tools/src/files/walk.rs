//! What is below a folder.

use std::io;
use std::path::{Path, PathBuf};

use cap_fs_ext::DirExt as _;
use cap_std::fs::Dir;
use slipway_agent::policy::{Access, Grants};
use slipway_agent::ports::tool::ToolError;

use super::place::{Place, failure};
use crate::arguments::told;
use crate::blocking::Stop;

const DEEPEST: usize = 64;
const MOST: usize = 100_000;

/// What an entry is. Links are shown and not followed: a loop of links has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    Other,
}

/// One entry.
#[derive(Debug)]
pub(crate) struct Entry {
    /// From the folder that was walked.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    pub(crate) bytes: u64,
}

/// The entries below a place, sorted by path.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) entries: Vec<Entry>,
    /// Whether a limit ended the walk early.
    pub(crate) cut: bool,
}

/// The places to walk for a path: itself, or without one all granted folders, none twice.
pub(crate) fn places(grants: &Grants, path: Option<&str>) -> Result<Vec<Place>, ToolError> {
    if let Some(path) = path {
        return Ok(vec![Place::new(grants, path, Access::Read)?]);
    }
    let roots: Vec<&Path> = grants.folders().map(|(root, _)| root).collect();
    let mut outer: Vec<&Path> = roots
        .iter()
        .copied()
        .filter(|root| {
            !roots
                .iter()
                .any(|other| root != other && root.starts_with(other))
        })
        .collect();
    outer.sort_unstable();
    outer.dedup();
    if outer.is_empty() {
        return Err(told("This agent may read no files at all."));
    }
    let mut places = Vec::new();
    for root in outer {
        let path = root.to_string_lossy();
        match Place::new(grants, &path, Access::Read) {
            Ok(place) => places.push(place),
            // A folder for results that nobody has written to yet.
            Err(_) if !root.exists() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(places)
}

/// Walks a place. A file is its own single entry, with an empty path.
pub(crate) fn walk(place: &Place, recursive: bool, stop: &Stop) -> Result<Walked, ToolError> {
    let failed = |error: io::Error| told(failure(&error, &place.shown));
    let metadata = place.dir.metadata(place.name_or_dot()).map_err(failed)?;
    let mut walked = Walked {
        entries: Vec::new(),
        cut: false,
    };
    if metadata.is_dir() {
        let dir = place.dir.open_dir(place.name_or_dot()).map_err(failed)?;
        descend(&dir, Path::new(""), recursive, stop, &mut walked).map_err(failed)?;
        stop.check()?;
        walked.entries.sort_by(|a, b| a.path.cmp(&b.path));
    } else {
        let bytes = metadata.len();
        walked.entries.push(Entry {
            path: PathBuf::new(),
            kind: kind(metadata.file_type()),
            bytes,
        });
    }
    Ok(walked)
}

fn descend(
    dir: &Dir,
    at: &Path,
    recursive: bool,
    stop: &Stop,
    into: &mut Walked,
) -> io::Result<()> {
    for entry in dir.entries()? {
        if into.entries.len() >= MOST {
            into.cut = true;
        }
        if into.cut || stop.is_set() {
            return Ok(());
        }
        let entry = entry?;
        let path = at.join(entry.file_name());
        let kind = kind(entry.file_type()?);
        let bytes = match kind {
            Kind::File => entry.metadata().map_or(0, |metadata| metadata.len()),
            _ => 0,
        };
        if recursive && kind == Kind::Folder {
            if path.components().count() > DEEPEST {
                into.cut = true;
                return Ok(());
            }
            // A folder that may not be opened is shown, and what is in it stays unknown.
            if let Ok(inner) = dir.open_dir_nofollow(entry.file_name()) {
                descend(&inner, &path, recursive, stop, into)?;
            }
        }
        into.entries.push(Entry { path, kind, bytes });
    }
    Ok(())
}

fn kind(of: cap_std::fs::FileType) -> Kind {
    if of.is_file() {
        Kind::File
    } else if of.is_dir() {
        Kind::Folder
    } else if of.is_symlink() {
        Kind::Link
    } else {
        Kind::Other
    }
}

/// The path of an entry as it is told.
pub(crate) fn shown(place: &Place, entry: &Entry) -> String {
    let path = entry.path.to_string_lossy();
    let path = if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.into_owned()
    };
    match (place.shown.as_str(), path.as_str()) {
        (shown, "") => shown.to_owned(),
        (".", path) => path.to_owned(),
        (shown, path) => format!("{}/{path}", shown.trim_end_matches('/')),
    }
}
