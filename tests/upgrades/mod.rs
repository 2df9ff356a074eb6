//! What earlier versions wrote stays readable: homes of every schema, and journals of every format.
//!
//! A new migration needs a fixture of its own, made by the version that has it:
//! `cargo nextest run -p slipway-tests --run-ignored only writes_the_fixture_of_this_version`.
//! Fixtures are never made again: they are what that version wrote.
#![allow(
    clippy::print_stdout,
    reason = "tests that are run by hand tell their figures"
)]

mod homes;
mod journals;
mod manifest;
#[cfg(target_os = "linux")]
mod needs_strace;
mod write;

use std::fs;
use std::path::{Path, PathBuf};

use manifest::Manifest;
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The migration that this version has last.
fn newest_migration() -> i64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/desktop");
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let numbers = names.filter_map(|name| {
        let name = name.into_string().unwrap();
        name.strip_suffix(".sql")?.split('_').next()?.parse().ok()
    });
    numbers.max().unwrap()
}

/// A home that an earlier version made, and what is in it.
struct Fixture {
    folder: PathBuf,
    manifest: Manifest,
}

impl Fixture {
    fn all() -> Vec<Self> {
        let entries = fs::read_dir(fixtures().join("homes")).unwrap();
        let mut all: Vec<Self> = entries
            .map(|entry| {
                let folder = entry.unwrap().path();
                let manifest = Manifest::read(&folder.join("manifest.json"));
                Self { folder, manifest }
            })
            .collect();
        all.sort_by_key(|fixture| fixture.manifest.migration);
        all
    }

    /// Where its runs worked.
    fn work_folders(&self) -> Vec<PathBuf> {
        let grants = &self.manifest.table("grants")["rows"];
        let agents = &self.manifest.table("agents")["rows"];
        let cells = [grants, agents]
            .into_iter()
            .flat_map(|rows| rows.as_array().unwrap());
        let texts = cells
            .flat_map(|row| row.as_array().unwrap())
            .filter_map(Value::as_str);
        texts
            .filter(|text| text.starts_with('/'))
            .map(PathBuf::from)
            .collect()
    }

    /// A copy of the home, to be opened.
    fn copy(&self, to: &Path) {
        copy(&self.folder.join("home"), to);
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
