//! The working folder of an attempt: what lies in it when the run begins, and what the run wrote.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slipway_agent::package::Package;

use crate::evidence::WrittenFiles;
use crate::suite::{Case, FileContent};

/// The most files that are looked at after a run.
const MOST_FILES: usize = 2_000;
/// The most bytes of them: 64 MiB.
const MOST_BYTES: u64 = 64 << 20;

/// A working folder, which goes when this is dropped.
pub(super) struct Place {
    root: PathBuf,
    laid: BTreeMap<String, Arc<[u8]>>,
    is_there: bool,
}

impl Place {
    /// A folder for an attempt at this case; only its name, where nothing will look into it. One
    /// that is there already stays as it is.
    ///
    /// # Errors
    /// It cannot be made or filled.
    pub(super) fn new(
        root: PathBuf,
        package: &Package,
        case: &Case,
        is_used: bool,
    ) -> io::Result<Self> {
        let mut laid = BTreeMap::new();
        if is_used {
            for (path, bytes) in package.files().iter() {
                if path.as_str().starts_with("files/") {
                    laid.insert(path.to_string(), Arc::from(bytes));
                }
            }
            for file in &case.files {
                match &file.content {
                    FileContent::Text(text) => {
                        laid.insert(file.path.clone(), Arc::from(text.as_bytes()));
                    }
                    FileContent::Copied(path) => {
                        let bytes = package.files().get(path.as_str()).unwrap_or_default();
                        laid.insert(file.path.clone(), Arc::from(bytes));
                    }
                }
            }
        }
        let place = Self {
            root,
            laid,
            is_there: is_used,
        };
        if is_used && !place.root.exists() {
            place.lay().inspect_err(|_| place.clear())?;
        }
        Ok(place)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.root
    }

    fn lay(&self) -> io::Result<()> {
        fs::create_dir_all(&self.root)?;
        for (path, bytes) in &self.laid {
            let file = self.root.join(path);
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(file, bytes)?;
        }
        Ok(())
    }

    /// The files that are new or others than they were.
    pub(super) fn written(&self) -> WrittenFiles {
        if !self.is_there {
            return WrittenFiles::Known(BTreeMap::new());
        }
        let mut found = Found::default();
        match found.look(&self.root, "") {
            Ok(()) => {
                let changed = |(path, bytes): &(String, Arc<[u8]>)| {
                    self.laid.get(path).is_none_or(|laid| laid != bytes)
                };
                WrittenFiles::Known(found.files.into_iter().filter(changed).collect())
            }
            Err(error) => {
                tracing::warn!(%error, "what a run of a test wrote was not looked at");
                WrittenFiles::Unknown
            }
        }
    }

    fn clear(&self) {
        if self.is_there
            && let Err(error) = fs::remove_dir_all(&self.root)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a test's working folder was not removed");
        }
    }

    /// Takes it away.
    pub(super) fn leave(self) {
        self.clear();
    }
}

#[derive(Default)]
struct Found {
    files: Vec<(String, Arc<[u8]>)>,
    bytes: u64,
}

impl Found {
    /// Looks into a folder; links are not followed, and names that are no text are nobody's.
    fn look(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = match prefix {
                "" => name,
                prefix => format!("{prefix}/{name}"),
            };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.look(&entry.path(), &path)?;
            } else if kind.is_file() {
                self.bytes += entry.metadata()?.len();
                if self.files.len() == MOST_FILES || self.bytes > MOST_BYTES {
                    return Err(io::Error::other(format!(
                        "it holds more than {MOST_FILES} files or {} MiB",
                        MOST_BYTES >> 20
                    )));
                }
                self.files.push((path, fs::read(entry.path())?.into()));
            }
        }
        Ok(())
    }
}
