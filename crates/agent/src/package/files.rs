//! A package's files: paths and bytes, within the format's limits.

use std::collections::{BTreeMap, HashMap};

use slipway_contract::error::Finding;

use super::error::{PackageError, finding};
use super::path::{PackagePath, RECORDINGS, folded};

/// The most files of a package.
pub const MAX_FILES: usize = 10_000;
/// The most bytes of all files together: 64 MiB.
pub const MAX_TOTAL_BYTES: u64 = 64 << 20;
/// The most bytes of `agent.toml`: 256 KiB.
pub const MAX_MANIFEST_BYTES: u64 = 256 << 10;
/// The most bytes of `instructions.md`, which goes to the model whole: 1 MiB.
pub const MAX_INSTRUCTIONS_BYTES: u64 = 1 << 20;

/// The files of a package, sorted by path. Every path is a [`PackagePath`], no two of them are
/// the same file on any system, and the limits hold; whether the files make a valid package is
/// [`super::Package`]'s to say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    files: BTreeMap<PackagePath, Vec<u8>>,
}

impl Files {
    /// These files.
    ///
    /// # Errors
    /// [`PackageError::Invalid`] for two paths that some system takes for the same file, and for
    /// more than the limits allow.
    pub fn from_entries(
        entries: impl IntoIterator<Item = (PackagePath, Vec<u8>)>,
    ) -> Result<Self, PackageError> {
        let mut files = Self::default();
        let mut findings = Vec::new();
        for (path, bytes) in entries {
            if let Some(twice) = files.files.insert(path.clone(), bytes).map(|_| path) {
                findings.push(finding(twice.as_str(), "the path occurs twice"));
            }
        }
        findings.extend(collisions(files.files.keys()));
        findings.extend(files.over_limits());
        if findings.is_empty() {
            Ok(files)
        } else {
            Err(PackageError::invalid(findings))
        }
    }

    /// The same files with this one added or replaced, such as an edited `agent.toml`.
    ///
    /// # Errors
    /// As [`Self::from_entries`].
    pub fn with(mut self, path: PackagePath, bytes: Vec<u8>) -> Result<Self, PackageError> {
        self.files.insert(path, bytes);
        Self::from_entries(self.files)
    }

    /// The same files without this one.
    #[must_use]
    pub fn without(mut self, path: &PackagePath) -> Self {
        self.files.remove(path);
        self
    }

    /// A file's bytes.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        let path = path.parse().ok()?;
        self.files.get::<PackagePath>(&path).map(Vec::as_slice)
    }

    /// The files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&PackagePath, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path, bytes.as_slice()))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The bytes of all files together.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }

    /// The names of the recordings: `NAME` of each `recordings/NAME.jsonl`.
    pub fn recordings(&self) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(|path| {
            let below = path.as_str().strip_prefix(RECORDINGS)?;
            below.strip_prefix('/')?.strip_suffix(".jsonl")
        })
    }

    fn over_limits(&self) -> Option<Finding> {
        over_limits(self.len(), self.total_bytes())
    }
}

/// The finding when so many files or bytes are more than a package may have.
pub(super) fn over_limits(files: usize, bytes: u64) -> Option<Finding> {
    if files > MAX_FILES {
        let message = format!("there are {files} files, and {MAX_FILES} are the most");
        return Some(finding("package", message));
    }
    if bytes > MAX_TOTAL_BYTES {
        let most = MAX_TOTAL_BYTES >> 20;
        let message = format!("the files have {bytes} bytes, and {most} MiB are the most");
        return Some(finding("package", message));
    }
    None
}

/// Paths that differ, yet are one file or folder where case or Unicode form does not count, and
/// files that would have to be folders too.
pub(super) fn collisions<'a>(paths: impl Iterator<Item = &'a PackagePath>) -> Vec<Finding> {
    let mut seen: HashMap<String, (&str, bool)> = HashMap::new();
    let mut findings = Vec::new();
    for path in paths {
        let path = path.as_str();
        let folders = path.match_indices('/').map(|(end, _)| (&path[..end], true));
        for (spelling, is_folder) in folders.chain([(path, false)]) {
            let (first, was_folder) = *seen
                .entry(folded(spelling))
                .or_insert((spelling, is_folder));
            if first != spelling {
                let message = format!("`{first}` is the same name on some systems: rename one");
                findings.push(finding(path, message));
            } else if was_folder != is_folder {
                findings.push(finding(path, format!("`{first}` is a file and a folder")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Result<Files, PackageError> {
        Files::from_entries(paths.iter().map(|path| (path.parse().unwrap(), vec![])))
    }

    #[test]
    fn names_that_meet_on_some_system_are_refused() {
        for (paths, told) in [
            (
                &["files/a", "files/A"][..],
                "files/a: `files/A` is the same name",
            ),
            (
                &["files/Größe.txt", "files/GRÖSSE.txt"],
                "is the same name on some systems",
            ),
            (
                &["files/Data/a", "files/data/b"],
                "files/data/b: `files/Data` is the same name",
            ),
            (
                &["files/a", "files/a/b"],
                "files/a/b: `files/a` is a file and a folder",
            ),
            (&["files/a", "files/a"], "files/a: the path occurs twice"),
        ] {
            let error = files(paths).unwrap_err().to_string();
            assert!(error.contains(told), "{paths:?}: {error}");
        }
        assert!(files(&["files/a", "files/ab", "tests/a"]).is_ok());
    }

    #[test]
    fn limits_hold() {
        let many: Vec<String> = (0..=MAX_FILES).map(|n| format!("files/{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(files(&many[1..]).is_ok());
        let error = files(&many).unwrap_err().to_string();
        assert_eq!(
            error,
            "package: there are 10001 files, and 10000 are the most"
        );
        assert!(over_limits(1, MAX_TOTAL_BYTES).is_none());
        assert!(over_limits(1, MAX_TOTAL_BYTES + 1).is_some());
    }

    #[test]
    fn recordings_are_named_by_their_files() {
        let files = files(&["recordings/a.jsonl", "recordings/b.txt", "tests/c.jsonl"]).unwrap();
        assert_eq!(files.recordings().collect::<Vec<_>>(), ["a"]);
    }
}
