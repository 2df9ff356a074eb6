//! What has to be loaded: the pages' code, and the package for Debian where one was made.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::figures::Line;
use crate::measure::{Programs, Wanted};

const WASM: &str = "window, its wasm, gzipped";
const DEB: &str = "window, its package for Debian";

/// The lines' names.
pub(crate) const NAMES: &[&str] = &[WASM, DEB];

pub(crate) fn measure(programs: &Programs, wanted: &Wanted) {
    let pages = std::env::var_os("SLIPWAY_PAGES").map(PathBuf::from);
    let wasm = pages.map(|pages| pages.join("slipway-ui_bg.wasm"));
    if wanted.has(WASM) {
        match wasm.and_then(|wasm| fs::read(wasm).ok()) {
            Some(wasm) => print(WASM, gzipped(&wasm), "≤ 1 MiB"),
            None => println!("{WASM:<38} left out: SLIPWAY_PAGES names no built pages"),
        }
    }
    if wanted.has(DEB) {
        match package(&programs.slipway) {
            Some(size) => print(DEB, size, "≤ 25 MiB"),
            None => println!("{DEB:<38} left out: `cargo xtask build` makes it"),
        }
    }
}

fn gzipped(bytes: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len() as u64
}

/// The size of the newest package beside the program.
fn package(program: &Path) -> Option<u64> {
    let folder = program.parent()?.join("bundle/deb");
    let files = fs::read_dir(folder).ok()?.flatten();
    let packages = files.filter(|file| file.path().extension().is_some_and(|ext| ext == "deb"));
    let known = packages.filter_map(|file| file.metadata().ok());
    let newest = known.max_by_key(|metadata| metadata.modified().ok())?;
    Some(newest.len())
}

fn print(name: &str, bytes: u64, goal: &str) {
    #[expect(clippy::cast_precision_loss, reason = "a figure for readers")]
    let measured = bytes as f64 / 1024.0 / 1024.0;
    Line {
        name,
        measured,
        floor: 0.0,
        unit: "MiB",
        goal: goal.to_owned(),
    }
    .print();
}
