//! What a version is named by: hashes of its files.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use slipway_contract::ContentHash;

use super::files::Files;
use super::path::PackagePath;

/// The hash of all files. Two packages with the same hash are the same, byte for byte.
pub fn content(files: &Files) -> ContentHash {
    of(files.iter())
}

/// The hash of the files that decide how the agent behaves: all but the README, tests and
/// recordings. What a person grants is bound to it.
pub fn behaviour(files: &Files) -> ContentHash {
    of(files.iter().filter(|(path, _)| path.is_behaviour()))
}

/// SHA-256 of one line for each file, sorted by the path's UTF-8 bytes: the file's SHA-256 in
/// lower-case hex, a space, its size in decimal digits, a space, its path, a line feed. No path
/// holds a line feed, so that no two packages have the same lines.
fn of<'a>(files: impl Iterator<Item = (&'a PackagePath, &'a [u8])>) -> ContentHash {
    let mut list = Sha256::new();
    let mut line = String::new();
    for (path, bytes) in files {
        line.clear();
        let digest = ContentHash::from_bytes(Sha256::digest(bytes).into());
        // Writing to a String cannot fail.
        let _ = writeln!(line, "{digest} {} {path}", bytes.len());
        list.update(line.as_bytes());
    }
    ContentHash::from_bytes(list.finalize().into())
}
