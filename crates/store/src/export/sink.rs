//! Where an export is written: a folder, or an archive. It appears under its name whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::{NamedTempFile, TempDir};

use super::ExportCounts;
use super::error::ExportError;
use super::layout::LISTING;
use super::listing::{FORMAT, Listed, Listing};
use crate::blobs::hash_of;
use crate::progress::Progress;

/// An export that is being written.
pub(super) struct Sink {
    to: PathBuf,
    files: Vec<Listed>,
    medium: Medium,
    progress: Progress,
}

enum Medium {
    Folder(TempDir),
    Archive(Box<tar::Builder<Packed>>),
}

/// What an archive's bytes go through.
enum Packed {
    Plain(BufWriter<NamedTempFile>),
    Gzip(Box<GzEncoder<BufWriter<NamedTempFile>>>),
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Gzip(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Gzip(file) => file.flush(),
        }
    }
}

/// Whether this is the name of an archive, and whether of a compressed one.
pub(super) fn archive(path: &Path) -> Option<bool> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        Some(true)
    } else {
        name.ends_with(".tar").then_some(false)
    }
}

impl Sink {
    pub(super) fn create(to: &Path, progress: Progress) -> Result<Self, ExportError> {
        let to = std::path::absolute(to).map_err(ExportError::io("found", to))?;
        let parent = to.parent().unwrap_or(Path::new("/"));
        let packed = archive(&to);
        match fs::symlink_metadata(&to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(ExportError::io("looked at", &to)(error)),
            Ok(found) if packed.is_none() && found.is_dir() && is_empty(&to)? => {}
            Ok(_) => return Err(ExportError::Occupied(to)),
        }
        let mut beside = tempfile::Builder::new();
        beside.prefix(".slipway-export-");
        let failed = ExportError::io("written", parent);
        let medium = match packed {
            None => Medium::Folder(beside.tempdir_in(parent).map_err(failed)?),
            Some(is_compressed) => {
                let file = BufWriter::new(beside.tempfile_in(parent).map_err(failed)?);
                Medium::Archive(Box::new(tar::Builder::new(if is_compressed {
                    Packed::Gzip(Box::new(GzEncoder::new(file, Compression::default())))
                } else {
                    Packed::Plain(file)
                })))
            }
        };
        Ok(Self {
            to,
            files: Vec::new(),
            medium,
            progress,
        })
    }

    /// Writes a file and lists it.
    pub(super) fn put(&mut self, path: String, content: &[u8]) -> Result<(), ExportError> {
        self.progress.step()?;
        self.write(&path, content)?;
        self.files.push(Listed {
            path,
            size: content.len() as u64,
            sha256: hash_of(content),
        });
        Ok(())
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), ExportError> {
        let written = match &mut self.medium {
            Medium::Folder(folder) => {
                let place = folder.path().join(path);
                let parent = place.parent().unwrap_or(folder.path());
                fs::create_dir_all(parent).and_then(|()| fs::write(&place, content))
            }
            Medium::Archive(archive) => {
                let mut header = tar::Header::new_gnu();
                header.set_size(content.len() as u64);
                header.set_mode(0o644);
                header.set_mtime(0);
                archive.append_data(&mut header, path, content)
            }
        };
        written.map_err(ExportError::io("written", &self.to))
    }

    /// Writes the listing, the last file, and gives the export its name.
    pub(super) fn finish(
        mut self,
        migration: i64,
        counts: ExportCounts,
    ) -> Result<(), ExportError> {
        let mut files = std::mem::take(&mut self.files);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let listing = Listing {
            slipway_export: FORMAT,
            slipway: env!("CARGO_PKG_VERSION").to_owned(),
            migration,
            counts,
            files,
        };
        let mut json = super::write::json(&listing)?;
        json.push('\n');
        self.write(LISTING, json.as_bytes())?;
        let to = self.to;
        let named = match self.medium {
            Medium::Folder(folder) => name_folder(folder, &to),
            Medium::Archive(archive) => name_archive(*archive, &to),
        };
        named.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => {
                ExportError::Occupied(to)
            }
            _ => ExportError::io("written", &to)(error),
        })
    }
}

fn name_folder(folder: TempDir, to: &Path) -> io::Result<()> {
    match fs::remove_dir(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::rename(folder.path(), to)?;
    // It has another name by now, under which nothing is to be removed.
    let _ = folder.keep();
    Ok(())
}

fn name_archive(archive: tar::Builder<Packed>, to: &Path) -> io::Result<()> {
    let file = match archive.into_inner()? {
        Packed::Plain(file) => file,
        Packed::Gzip(packed) => packed.finish()?,
    };
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(to)
        .map(drop::<File>)
        .map_err(|error| error.error)
}

fn is_empty(folder: &Path) -> Result<bool, ExportError> {
    let mut entries = fs::read_dir(folder).map_err(ExportError::io("listed", folder))?;
    Ok(entries.next().is_none())
}
