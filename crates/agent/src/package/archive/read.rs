//! Reading an archive that anybody may have made.

use std::io::{Cursor, Read};

use slipway_contract::error::Finding;
use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::package::error::{PackageError, finding, printable};
use crate::package::files::{Files, MAX_FILES, collisions, over_limits};
use crate::package::path::{MANIFEST, PackagePath, PathFault};

/// The most bytes of an archive: 80 MiB, a full package with its directory.
pub const MAX_ARCHIVE_BYTES: u64 = 80 << 20;

/// The most entries: files, and the folders that some programs list too.
const MAX_ENTRIES: usize = 2 * MAX_FILES;
/// What a compressed file may grow by. Text reaches 30; a bomb goes to 1,000.
const MAX_RATIO: u64 = 200;
/// Below this many bytes, growth harms nobody.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// Why an archive as a whole is refused.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    /// Larger than [`MAX_ARCHIVE_BYTES`].
    #[error("it has {0} bytes, and 80 MiB are the most")]
    TooLarge(u64),
    /// It does not begin like a zip.
    #[error("it is not a zip file, and so no .slipway archive")]
    Foreign,
    /// It does not end like a zip.
    #[error("it is cut off, or something follows its end")]
    Truncated,
    /// More entries than [`MAX_ENTRIES`].
    #[error("it lists {0} entries, and {MAX_ENTRIES} are the most")]
    TooManyEntries(usize),
    /// A zip variant that the format does not use.
    #[error("it uses {0}, which the package format does not")]
    Variant(&'static str),
    /// The same name twice.
    #[error("it holds two entries with the same name")]
    Duplicates,
    /// Its parts contradict each other.
    #[error("it is damaged or made to deceive: {0}")]
    Inconsistent(String),
}

impl From<ZipError> for ArchiveFault {
    fn from(error: ZipError) -> Self {
        Self::Inconsistent(printable(&error.to_string()))
    }
}

/// An entry that may be unpacked.
struct Entry {
    index: usize,
    path: PackagePath,
    size: u64,
}

/// The files of an archive. Everything is checked by what the archive declares before the first
/// byte is unpacked, and checked again by what comes out.
pub(in crate::package) fn read(bytes: &[u8]) -> Result<Files, PackageError> {
    check_frame(bytes)?;
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    let mut zip =
        ZipArchive::with_config(config, Cursor::new(bytes)).map_err(ArchiveFault::from)?;
    if zip.has_duplicate_names() {
        return Err(ArchiveFault::Duplicates.into());
    }
    zip.validate_header_consistency()
        .map_err(ArchiveFault::from)?;
    let entries = declared(&zip)?;
    let mut files = Vec::with_capacity(entries.len());
    let mut findings = Vec::new();
    for entry in entries {
        match unpack(&mut zip, &entry) {
            Ok(bytes) => files.push((entry.path, bytes)),
            Err(message) => findings.push(finding(entry.path.as_str(), message)),
        }
    }
    if findings.is_empty() {
        Files::from_entries(files)
    } else {
        Err(PackageError::invalid(findings))
    }
}

/// The zip must fill the bytes exactly, from the first entry to the record at the very end
/// (APPNOTE 4.3.16): then every reader sees the same directory, and the number of entries is
/// known before memory is taken for them.
fn check_frame(bytes: &[u8]) -> Result<(), ArchiveFault> {
    const END: usize = 22;
    if bytes.len() as u64 > MAX_ARCHIVE_BYTES {
        return Err(ArchiveFault::TooLarge(bytes.len() as u64));
    }
    if !bytes.starts_with(b"PK\x03\x04") && !bytes.starts_with(b"PK\x05\x06") {
        return Err(ArchiveFault::Foreign);
    }
    let end = bytes.len().checked_sub(END);
    let record = end.and_then(|end| bytes.get(end..));
    let Some(record) = record.filter(|record| record.starts_with(b"PK\x05\x06")) else {
        return Err(ArchiveFault::Truncated);
    };
    let short = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
    let long = |at: usize| u64::from(short(at)) | u64::from(short(at + 2)) << 16;
    let (disk, entries, size, start) = (short(4), short(10), long(12), long(16));
    if entries == u16::MAX || start == u64::from(u32::MAX) {
        return Err(ArchiveFault::Variant("the zip64 form"));
    }
    if disk != 0 || short(6) != 0 || short(8) != entries {
        return Err(ArchiveFault::Variant("several disks"));
    }
    if usize::from(entries) > MAX_ENTRIES {
        return Err(ArchiveFault::TooManyEntries(entries.into()));
    }
    if start + size + END as u64 != bytes.len() as u64 || short(20) != 0 {
        return Err(ArchiveFault::Truncated);
    }
    Ok(())
}

/// The entries by what the archive says of them, all of them acceptable.
fn declared(zip: &ZipArchive<Cursor<&[u8]>>) -> Result<Vec<Entry>, PackageError> {
    let mut entries = Vec::new();
    let mut findings = Vec::new();
    let mut total = 0_u64;
    for index in 0..zip.len() {
        let data = zip.by_index_data(index).map_err(ArchiveFault::from)?;
        let name = String::from_utf8_lossy(data.name_raw()).into_owned();
        let kind = Kind {
            mode: data.unix_mode(),
            encrypted: data.encrypted(),
            method: data.compression(),
            packed: data.compressed_size(),
            size: data.size(),
        };
        total = total.saturating_add(kind.size);
        match kind.check().and_then(|()| path_of(data.name_raw())) {
            Ok(Some(path)) => entries.push(Entry {
                index,
                path,
                size: kind.size,
            }),
            Ok(None) => {}
            Err(message) => findings.push(finding(&name, message)),
        }
    }
    findings.extend(over_limits(entries.len(), total));
    findings.extend(collisions(entries.iter().map(|entry| &entry.path)));
    findings.extend(wrapped(zip, &entries));
    if findings.is_empty() {
        Ok(entries)
    } else {
        Err(PackageError::invalid(findings))
    }
}

/// What an entry says that it is.
struct Kind {
    mode: Option<u32>,
    encrypted: bool,
    method: CompressionMethod,
    packed: u64,
    size: u64,
}

impl Kind {
    fn check(&self) -> Result<(), String> {
        const TYPE: u32 = 0o170_000;
        match self.mode.unwrap_or_default() & TYPE {
            0 | 0o100_000 | 0o040_000 => {}
            0o120_000 => return Err("it is a symbolic link; a package holds plain files".into()),
            _ => return Err("it is a device or pipe; a package holds plain files".into()),
        }
        if self.encrypted {
            return Err("it is encrypted; a package is not".into());
        }
        match self.method {
            CompressionMethod::Stored | CompressionMethod::Deflated => {}
            other => {
                return Err(format!(
                    "it is compressed as {other}; a package is stored or deflated"
                ));
            }
        }
        let grows = self.size / self.packed.max(1);
        if self.size > RATIO_FREE_BYTES && grows > MAX_RATIO {
            return Err(format!(
                "it would grow {grows} times when unpacked, and {MAX_RATIO} times is the most"
            ));
        }
        Ok(())
    }
}

/// The entry's path; none for a folder, which a package implies by its files.
fn path_of(name: &[u8]) -> Result<Option<PackagePath>, String> {
    let Ok(name) = std::str::from_utf8(name) else {
        return Err("its name is not UTF-8".into());
    };
    let Some(folder) = name.strip_suffix('/') else {
        return name
            .parse()
            .map(Some)
            .map_err(|fault: PathFault| fault.to_string());
    };
    // A folder is checked by a file that could lie in it.
    match format!("{folder}/x").parse::<PackagePath>() {
        Ok(_) => Ok(None),
        Err(fault) => Err(fault.to_string()),
    }
}

/// The usual mistake: the folder was zipped, not what is in it.
fn wrapped(zip: &ZipArchive<Cursor<&[u8]>>, entries: &[Entry]) -> Option<Finding> {
    if entries.iter().any(|entry| entry.path.as_str() == MANIFEST) {
        return None;
    }
    let inside = zip.file_names_raw().find_map(|name| {
        let name = std::str::from_utf8(name).ok()?;
        let folder = name.strip_suffix(MANIFEST)?.strip_suffix('/')?;
        (!folder.is_empty() && !folder.contains('/')).then(|| printable(folder))
    })?;
    Some(finding(
        MANIFEST,
        format!("it lies in the folder `{inside}`: zip what is in that folder, not the folder"),
    ))
}

fn unpack(zip: &mut ZipArchive<Cursor<&[u8]>>, entry: &Entry) -> Result<Vec<u8>, String> {
    let refused = |error: &dyn std::fmt::Display| {
        let error = printable(&error.to_string());
        format!("it cannot be unpacked: {error}")
    };
    let file = zip.by_index(entry.index).map_err(|e| refused(&e))?;
    let mut bytes = Vec::new();
    file.take(entry.size + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| refused(&e))?;
    if bytes.len() as u64 == entry.size {
        Ok(bytes)
    } else {
        Err("it holds another number of bytes than it declares".into())
    }
}
