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

/// The hash of one file's content.
#[must_use]
pub fn content_of(bytes: &[u8]) -> ContentHash {
    ContentHash::from_bytes(Sha256::digest(bytes).into())
}

/// SHA-256 of one line for each file, sorted by the path's UTF-8 bytes: the file's SHA-256 in
/// lower-case hex, a space, its size in decimal digits, a space, its path, a line feed. No path
/// holds a line feed, so that no two packages have the same lines.
fn of<'a>(files: impl Iterator<Item = (&'a PackagePath, &'a [u8])>) -> ContentHash {
    let mut list = Sha256::new();
    let mut line = String::new();
    for (path, bytes) in files {
        line.clear();
        let digest = content_of(bytes);
        // Writing to a String cannot fail.
        let _ = writeln!(line, "{digest} {} {path}", bytes.len());
        list.update(line.as_bytes());
    }
    ContentHash::from_bytes(list.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::testing::sample;

    /// Computed by a program of its own, from the words of docs/package-format.md alone.
    #[test]
    fn hashes_are_what_the_format_says() {
        let files = sample();
        assert_eq!(
            content(&files).to_string(),
            "7cfe6ac1b8bece58aa51ca11c66732b4a0f4b758de7c400c989196cf8c2b8e70"
        );
        assert_eq!(
            behaviour(&files).to_string(),
            "860920a195f069cf6bc4a93725934d5299027fc4439b525f5d618255d4e6a092"
        );
        assert_eq!(
            content(&Files::default()).to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn every_byte_and_name_counts_and_behaviour_ignores_what_it_should() {
        let files = sample();
        let before = (content(&files), behaviour(&files));
        for (path, decides) in [
            ("agent.toml", true),
            ("instructions.md", true),
            ("files/new.txt", true),
            ("README.md", false),
            ("tests/first.toml", false),
            ("recordings/november.jsonl", false),
        ] {
            let changed = files
                .clone()
                .with(path.parse().unwrap(), b"changed".to_vec());
            let changed = changed.unwrap();
            assert_ne!(content(&changed), before.0, "{path} is part of the version");
            let differs = behaviour(&changed) != before.1;
            assert_eq!(differs, decides, "{path} decides behaviour: {decides}");
        }
    }
}
