//! Reading a package from a folder.

use std::io::Read;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirEntry, FileType};
use slipway_contract::error::Finding;
use unicode_normalization::UnicodeNormalization;

use super::{UPDATE, failed};
use crate::package::error::{PackageError, finding, printable};
use crate::package::files::{Files, MAX_FILES, MAX_TOTAL_BYTES, over_limits};
use crate::package::path::{MANIFEST, PackagePath, PathFault, Top, left_by_system, top_level};

/// The package's files in this folder; other files beside them are the user's own and are not
/// looked into.
pub(in crate::package) fn read(folder: &Path) -> Result<Files, PackageError> {
    let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(failed("open", folder))?;
    let mut walk = Walk {
        folder,
        files: Vec::new(),
        findings: Vec::new(),
        entries: 0,
        bytes: 0,
    };
    walk.top(&dir)?;
    if walk.findings.is_empty() {
        Files::from_entries(walk.files)
    } else {
        Err(PackageError::invalid(walk.findings))
    }
}

struct Walk<'a> {
    folder: &'a Path,
    files: Vec<(PackagePath, Vec<u8>)>,
    findings: Vec<Finding>,
    entries: usize,
    bytes: u64,
}

impl Walk<'_> {
    fn top(&mut self, dir: &Dir) -> Result<(), PackageError> {
        let mut has_manifest = false;
        let mut cut_off = None;
        for (name, entry) in self.list(dir, "")? {
            let Some(name) = name else { continue };
            match top_level(&name) {
                Ok(top) => {
                    has_manifest |= top == Top::File(MANIFEST);
                    self.part(&name, &entry)?;
                }
                Err(PathFault::Foreign) if name.starts_with(UPDATE) => cut_off = Some(name),
                Err(PathFault::Foreign) => {}
                Err(fault) => self.refuse(&name, fault.to_string()),
            }
        }
        if let (false, Some(update)) = (has_manifest, cut_off) {
            let message = format!(
                "the file is missing: an update of this folder was cut off, and the previous files are in `{}/old`",
                printable(&update)
            );
            self.refuse(MANIFEST, message);
        }
        Ok(())
    }

    fn below(&mut self, dir: &Dir, path: &str) -> Result<(), PackageError> {
        for (name, entry) in self.list(dir, path)? {
            self.entries += 1;
            if let Some(full) = over_limits(self.files.len(), self.bytes) {
                return Err(PackageError::invalid(vec![full]));
            }
            if self.entries > 2 * MAX_FILES {
                let message = format!("there are more than {} files and folders", 2 * MAX_FILES);
                return Err(PackageError::invalid(vec![finding("package", message)]));
            }
            match name {
                Some(name) if left_by_system(&name).is_some() => {}
                Some(name) => self.part(&format!("{path}/{name}"), &entry)?,
                None => {
                    let name = entry.file_name();
                    let shown = format!("{path}/{}", name.to_string_lossy());
                    self.refuse(&shown, "its name is not UTF-8: rename it");
                }
            }
        }
        Ok(())
    }

    /// A file or folder of the package.
    fn part(&mut self, path: &str, entry: &DirEntry) -> Result<(), PackageError> {
        let kind = self.io("look at", path, entry.file_type())?;
        if let Some(message) = unfit(kind) {
            self.refuse(path, message);
        } else if kind.is_dir() {
            match format!("{path}/x").parse::<PackagePath>() {
                Ok(_) => {
                    let dir = self.io("open", path, entry.open_dir())?;
                    self.below(&dir, path)?;
                }
                Err(fault) => self.refuse(path, fault.to_string()),
            }
        } else {
            match path.parse() {
                Ok(parsed) => {
                    let bytes = self.content(path, entry)?;
                    self.bytes += bytes.len() as u64;
                    self.files.push((parsed, bytes));
                }
                Err(fault) => self.refuse(path, fault.to_string()),
            }
        }
        Ok(())
    }

    /// A file's bytes, no more than the package may still have.
    fn content(&self, path: &str, entry: &DirEntry) -> Result<Vec<u8>, PackageError> {
        let file = self.io("open", path, entry.open())?;
        let room = MAX_TOTAL_BYTES.saturating_sub(self.bytes);
        let mut bytes = Vec::new();
        let read = file.take(room + 1).read_to_end(&mut bytes);
        self.io("read", path, read)?;
        let total = self.bytes + bytes.len() as u64;
        match over_limits(0, total) {
            Some(mut full) => {
                // Of how much there would be no more than this was read.
                full.message = format!(
                    "the files have more bytes than a package may: {0} MiB are the most, and {1} does not fit in",
                    MAX_TOTAL_BYTES >> 20,
                    printable(path),
                );
                Err(PackageError::invalid(vec![full]))
            }
            None => Ok(bytes),
        }
    }

    /// The folder's entries, sorted, each with its name in Unicode form C (some systems store
    /// another form than was typed); none for a name that is not UTF-8.
    fn list(&self, dir: &Dir, path: &str) -> Result<Vec<(Option<String>, DirEntry)>, PackageError> {
        let mut entries = Vec::new();
        for entry in self.io("list", path, dir.entries())? {
            let entry = self.io("list", path, entry)?;
            let name = entry.file_name().to_str().map(|name| name.nfc().collect());
            entries.push((name, entry));
        }
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(entries)
    }

    fn refuse(&mut self, path: &str, message: impl Into<String>) {
        self.findings.push(finding(path, message));
    }

    fn io<T>(
        &self,
        action: &'static str,
        path: &str,
        result: std::io::Result<T>,
    ) -> Result<T, PackageError> {
        let full: PathBuf = self.folder.join(path);
        result.map_err(failed(action, &full))
    }
}

fn unfit(kind: FileType) -> Option<&'static str> {
    if kind.is_symlink() {
        Some("it is a symbolic link; a package holds plain files: put the file itself here")
    } else if kind.is_dir() || kind.is_file() {
        None
    } else {
        Some("it is a device, pipe or socket; a package holds plain files")
    }
}
