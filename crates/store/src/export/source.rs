//! An export that is read: a folder, or an archive that is unpacked first.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use tempfile::TempDir;

use super::error::{ExportError, shown};
use super::layout::{LISTING, Part};
use super::listing::{FORMAT, Listed, Listing, MAX_BYTES};
use super::sink::archive;
use super::{ExportCounts, SettingsFile, rows};
use crate::blobs::hash_of;
use crate::progress::Progress;

/// What an archive may grow by when it is unpacked. Journals reach 30; a bomb goes to 1,000.
const MAX_RATIO: u64 = 200;
/// Below this many bytes, growth harms nobody.
const RATIO_FREE_BYTES: u64 = 64 << 20;

/// An export whose files are those that it lists.
#[derive(Debug)]
pub struct Source {
    root: PathBuf,
    /// Holds what was unpacked until it is dropped.
    _unpacked: Option<TempDir>,
    files: BTreeMap<String, Listed>,
    parts: Vec<Part>,
    migration: i64,
    counts: ExportCounts,
    progress: Progress,
}

impl Source {
    /// Opens an export; an archive is unpacked into a folder in `scratch`.
    pub(super) fn open(
        from: &Path,
        scratch: &Path,
        progress: Progress,
    ) -> Result<Self, ExportError> {
        let found = fs::metadata(from).map_err(ExportError::io("opened", from))?;
        let (root, unpacked) = if found.is_dir() {
            (from.to_owned(), None)
        } else {
            let folder = unpack(from, scratch)?;
            (folder.path().to_owned(), Some(folder))
        };
        let listing = listing(from, &root)?;
        let mut files = BTreeMap::new();
        let mut parts = Vec::with_capacity(listing.files.len());
        for listed in listing.files {
            let part = Part::of(&listed.path);
            let part = part
                .ok_or_else(|| ExportError::refused(&listed.path, "an export has no such file"))?;
            let path = listed.path.clone();
            if files.insert(path.clone(), listed).is_some() {
                return Err(ExportError::refused(&path, "it is listed twice"));
            }
            parts.push(part);
        }
        let source = Self {
            root,
            _unpacked: unpacked,
            files,
            parts,
            migration: listing.migration,
            counts: listing.counts,
            progress,
        };
        // Each file is read to be checked, and once more to be brought in.
        source.progress.of(2 * source.files.len() as u64);
        source.compare(&source.root.clone(), "")?;
        Ok(source)
    }

    /// How many of each it says that it has; checked when it was opened for an import.
    #[must_use]
    pub const fn counts(&self) -> ExportCounts {
        self.counts
    }

    /// The files of settings that it holds.
    ///
    /// # Errors
    /// One was changed since the export was checked, or cannot be read.
    pub fn settings(&self) -> Result<Vec<SettingsFile>, ExportError> {
        let mut settings = Vec::new();
        for part in &self.parts {
            if let Part::Setting(name) = part {
                settings.push(SettingsFile {
                    name: name.clone(),
                    content: self.read(part)?,
                });
            }
        }
        Ok(settings)
    }

    /// The newest migration of the database that it was read from.
    pub(super) const fn migration(&self) -> i64 {
        self.migration
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// A file's content: exactly what is listed.
    pub(super) fn read(&self, part: &Part) -> Result<Vec<u8>, ExportError> {
        self.progress.step()?;
        let path = part.path();
        let listed = self
            .files
            .get(&path)
            .ok_or_else(|| ExportError::refused(&path, "it is missing"))?;
        let place = self.root.join(&path);
        let file = File::open(&place).map_err(ExportError::io("read", &place))?;
        let mut content = Vec::new();
        file.take(listed.size.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(ExportError::io("read", &place))?;
        if content.len() as u64 != listed.size {
            return Err(ExportError::refused(
                &path,
                "it has another size than is listed: the export was cut off or changed",
            ));
        }
        if hash_of(&content) != listed.sha256 {
            return Err(ExportError::refused(
                &path,
                "it was changed: its SHA-256 is another than is listed",
            ));
        }
        Ok(content)
    }

    pub(super) fn text(&self, part: &Part) -> Result<String, ExportError> {
        String::from_utf8(self.read(part)?)
            .map_err(|_| ExportError::refused(&part.path(), "it is not UTF-8 text"))
    }

    pub(super) fn row(&self, part: &Part) -> Result<rows::JsonRow, ExportError> {
        self.json(part)
    }

    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &self,
        part: &Part,
    ) -> Result<T, ExportError> {
        serde_json::from_slice(&self.read(part)?)
            .map_err(|error| ExportError::refused(&part.path(), error.to_string()))
    }

    /// Whether a folder holds plain files that are listed, and nothing else. What is listed and
    /// missing is found when it is read.
    fn compare(&self, folder: &Path, prefix: &str) -> Result<(), ExportError> {
        for entry in fs::read_dir(folder).map_err(ExportError::io("listed", folder))? {
            let entry = entry.map_err(ExportError::io("listed", folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry
                .file_type()
                .map_err(ExportError::io("looked at", &entry.path()))?;
            if kind.is_dir() {
                self.compare(&entry.path(), &format!("{path}/"))?;
            } else if !kind.is_file() {
                return Err(ExportError::refused(
                    &path,
                    "it is a link or a device; an export holds plain files",
                ));
            } else if path != LISTING && !self.files.contains_key(&path) {
                return Err(ExportError::refused(
                    &path,
                    "it is not listed in manifest.json",
                ));
            }
        }
        Ok(())
    }
}

fn listing(from: &Path, root: &Path) -> Result<Listing, ExportError> {
    let foreign = |message: String| ExportError::Foreign {
        path: from.to_owned(),
        message,
    };
    let place = root.join(LISTING);
    let mut json = Vec::new();
    let read = File::open(&place).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut json));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(foreign(format!("it has no {LISTING}, or was cut off")));
        }
        read => read.map_err(ExportError::io("read", &place))?,
    };
    if json.len() as u64 > MAX_BYTES {
        return Err(foreign(format!("its {LISTING} is too large")));
    }
    #[derive(serde::Deserialize)]
    struct Written {
        slipway_export: u32,
        slipway: String,
    }
    let written: Written = serde_json::from_slice(&json)
        .map_err(|error| foreign(format!("its {LISTING} cannot be read: {error}")))?;
    if written.slipway_export > FORMAT {
        return Err(ExportError::Newer {
            needs: shown(&written.slipway),
        });
    }
    serde_json::from_slice(&json)
        .map_err(|error| foreign(format!("its {LISTING} cannot be read: {error}")))
}

/// Unpacks an archive: plain files only, each where an export has one.
fn unpack(from: &Path, scratch: &Path) -> Result<TempDir, ExportError> {
    let file = File::open(from).map_err(ExportError::io("opened", from))?;
    let size = file
        .metadata()
        .map_err(ExportError::io("read", from))?
        .len();
    let most = size.saturating_mul(MAX_RATIO).max(RATIO_FREE_BYTES);
    let folder = tempfile::Builder::new()
        .prefix(".import-")
        .tempdir_in(scratch)
        .map_err(ExportError::io("written", scratch))?;
    let Some(is_compressed) = archive(from) else {
        return Err(ExportError::Foreign {
            path: from.to_owned(),
            message: "it is neither a folder nor a .tar, .tar.gz or .tgz".to_owned(),
        });
    };
    let reader = io::BufReader::new(file);
    let reader: Box<dyn Read> = if is_compressed {
        Box::new(GzDecoder::new(reader))
    } else {
        Box::new(reader)
    };
    let mut archive = tar::Archive::new(reader.take(most));
    let broken = |error: io::Error| ExportError::Foreign {
        path: from.to_owned(),
        message: format!("it cannot be unpacked: {error}"),
    };
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.strip_prefix("./").unwrap_or(&name);
        if entry.header().entry_type().is_dir() {
            continue;
        }
        if !entry.header().entry_type().is_file() {
            return Err(ExportError::refused(
                name,
                "it is a link or a device; an export holds plain files",
            ));
        }
        if name != LISTING && Part::of(name).is_none() {
            return Err(ExportError::refused(name, "an export has no such file"));
        }
        let place = folder.path().join(name);
        let parent = place.parent().unwrap_or(folder.path());
        fs::create_dir_all(parent).map_err(ExportError::io("written", parent))?;
        let mut file = File::create_new(&place).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => ExportError::refused(name, "it occurs twice"),
            _ => ExportError::io("written", &place)(error),
        })?;
        io::copy(&mut entry, &mut file).map_err(broken)?;
    }
    Ok(folder)
}
