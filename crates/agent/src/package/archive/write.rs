//! Writing an archive.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::ArchiveFault;
use crate::package::files::Files;

/// The archive of these files. Its bytes follow from the files alone: sorted paths, one fixed
/// time, one fixed mode, no compression. A compressor's output changes with its version; stored
/// bytes do not, so that any program in any year writes the same archive of the same package.
pub(in crate::package) fn write(files: &Files) -> Result<Vec<u8>, ArchiveFault> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files.iter() {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(bytes).map_err(zip::result::ZipError::from)?;
    }
    Ok(zip.finish()?.into_inner())
}
