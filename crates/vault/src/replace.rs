//! Replacing a file: afterwards it holds all of the old or all of the new, whatever happens.

use std::io::Write as _;
use std::path::Path;

use crate::error::VaultError;

/// Writes the file, for the owner's eyes alone, and makes sure that it is on the disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let failed = || VaultError::file("written", path);
    let folder = path.parent().unwrap_or(path);
    // Made with mode 0600, wherever there are modes.
    let mut new = tempfile::Builder::new()
        .prefix(".new-")
        .tempfile_in(folder)
        .map_err(failed())?;
    new.write_all(bytes).map_err(failed())?;
    new.as_file().sync_all().map_err(failed())?;
    new.persist(path).map_err(|error| failed()(error.error))?;
    #[cfg(unix)]
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed())?;
    Ok(())
}

/// Makes the vault's folder, for the owner alone.
pub(crate) fn make_folder(folder: &Path) -> Result<(), VaultError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(VaultError::file("made", folder))
}

/// A file's bytes, or none when there is none.
pub(crate) fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>, VaultError> {
    use std::io::Read as _;
    let file = match std::fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(VaultError::file("read", path))?,
    };
    let mut bytes = Vec::new();
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(VaultError::file("read", path))?;
    Ok(Some(bytes))
}
