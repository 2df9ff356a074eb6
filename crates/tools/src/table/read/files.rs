//! Which files a source names.

use std::path::PathBuf;
use std::rc::Rc;

use cap_std::fs::File;
use globset::GlobBuilder;
use slipway_agent::policy::{Access, Grants};
use slipway_agent::ports::tool::ToolError;

use crate::arguments::{cut, told};
use crate::blocking::Stop;
use crate::files::place::Place;
use crate::files::walk::{self, Kind};

const MOST_FILES: usize = 1_000;

/// A file to read: a place, or a file below it.
pub(super) struct Found {
    place: Rc<Place>,
    below: PathBuf,
    pub(super) shown: String,
}

/// The files that a path or a pattern names, sorted.
pub(super) fn files(grants: &Grants, path: &str, stop: &Stop) -> Result<Vec<Found>, ToolError> {
    let special = |part: &str| part.contains(['*', '?', '[', '{']);
    let literal = Place::new(grants, path, Access::Read);
    let is_file = |place: &Place| place.dir.is_file(place.name_or_dot());
    if !special(path) || literal.as_ref().is_ok_and(is_file) {
        let place = literal?;
        if place.dir.is_dir(place.name_or_dot()) {
            let shown = cut(&place.shown, 200);
            return Err(told(format!(
                "`{shown}` is a folder; name its files, such as `{shown}/*`."
            )));
        }
        let shown = place.shown.clone();
        return Ok(vec![Found {
            place: Rc::new(place),
            below: PathBuf::new(),
            shown,
        }]);
    }
    let parts: Vec<&str> = path.split('/').collect();
    let fixed = parts.iter().take_while(|part| !special(part)).count();
    let folder = match parts[..fixed].join("/") {
        folder if folder.is_empty() && path.starts_with('/') => "/".to_owned(),
        folder if folder.is_empty() => ".".to_owned(),
        folder => folder,
    };
    let pattern = parts[fixed..].join("/");
    let glob = GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| {
            told(format!(
                "`{}` is no pattern for files: {error}.",
                cut(path, 80)
            ))
        })?
        .compile_matcher();
    let place = Rc::new(Place::new(grants, &folder, Access::Read)?);
    let walked = walk::walk(
        &place,
        pattern.contains('/') || pattern.contains("**"),
        stop,
    )?;
    let found: Vec<Found> = walked
        .entries
        .iter()
        .filter(|entry| entry.kind == Kind::File && glob.is_match(&entry.path))
        // `~$book.xlsx` is the lock of a spreadsheet that is open.
        .filter(|entry| {
            let name = entry.path.file_name().unwrap_or_default();
            let name = name.to_string_lossy();
            !name.starts_with("~$") && !name.starts_with('.')
        })
        .map(|entry| Found {
            place: Rc::clone(&place),
            below: entry.path.clone(),
            shown: walk::shown(&place, entry),
        })
        .collect();
    if found.is_empty() {
        return Err(told(format!(
            "No file matches `{}`; list_files shows what there is.",
            cut(path, 200)
        )));
    }
    if found.len() > MOST_FILES || walked.cut {
        return Err(told(format!(
            "`{}` matches more than {MOST_FILES} files; read a part of them.",
            cut(path, 200)
        )));
    }
    Ok(found)
}

impl Found {
    /// Opens it for reading.
    pub(super) fn open(&self) -> Result<File, ToolError> {
        if self.below.as_os_str().is_empty() {
            self.place.open_file()
        } else {
            self.place.open_below(&self.below)
        }
    }
}
