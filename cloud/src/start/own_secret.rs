//! The secret that a server in development makes for itself, in a file that its owner alone reads.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use zeroize::Zeroizing;

use crate::chance::Chance;

/// The secret in this folder; made where there is none, unless the database was begun with one.
///
/// # Errors
/// When it is lost or broken, or cannot be written.
pub(super) fn own_secret(
    data: &Path,
    chance: &dyn Chance,
    is_needed: bool,
) -> Result<Zeroizing<[u8; 32]>> {
    let path = data.join("secret.key");
    let named = || path.display().to_string();
    if let Some(secret) = read(&path)? {
        return Ok(secret);
    }
    ensure!(
        !is_needed,
        "{} is not there, and the database was begun with it: what it holds of authenticator apps, of letters and of its own \
         keys is sealed with it. Put it back from the backup; docs/cloud.md says what can be done when it is lost",
        path.display()
    );
    let secret = Zeroizing::new(chance.bytes::<32>()?);
    let mut file = tempfile::NamedTempFile::new_in(data).with_context(named)?;
    file.write_all(&*secret)
        .and_then(|()| file.as_file().sync_all())
        .with_context(named)?;
    match file.persist_noclobber(&path) {
        Ok(_) => Ok(secret),
        // Another program was quicker; there is one secret.
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
            read(&path)?.with_context(named)
        }
        Err(error) => Err(error.error).with_context(named),
    }
}

fn read(path: &Path) -> Result<Option<Zeroizing<[u8; 32]>>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let secret = bytes.as_slice().try_into().ok();
    let secret = secret.with_context(|| {
        format!(
            "{} must have 32 bytes: put it back from the backup. Another one does not open what the database holds of \
             authenticator apps, of letters and of its own keys",
            path.display()
        )
    })?;
    Ok(Some(Zeroizing::new(secret)))
}
