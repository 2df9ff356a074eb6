//! Content in files named by its hash.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use slipway_contract::ContentHash;

use crate::error::StoreError;

/// A folder of immutable files `ab/cdef…`, each named by the SHA-256 of its content. A name is
/// there only with all of its content behind it, and nothing is ever changed or moved.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    root: PathBuf,
}

impl Blobs {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Keeps each of these; when it returns they survive a loss of power.
    pub(crate) fn put<'a>(
        &self,
        contents: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<ContentHash>, StoreError> {
        let mut folders = BTreeSet::new();
        let mut hashes = Vec::new();
        for content in contents {
            let hash = hash_of(content);
            let path = self.path(hash);
            let folder = path.parent().unwrap_or(&self.root).to_owned();
            self.keep(&folder, &path, hash, content)?;
            folders.insert(folder);
            hashes.push(hash);
        }
        // Also for what was there already: who wrote it may not have got this far.
        for folder in &folders {
            sync_folder(folder).map_err(StoreError::io("written", folder))?;
        }
        if !folders.is_empty() {
            sync_folder(&self.root).map_err(StoreError::io("written", &self.root))?;
        }
        Ok(hashes)
    }

    fn keep(
        &self,
        folder: &Path,
        path: &Path,
        hash: ContentHash,
        content: &[u8],
    ) -> Result<(), StoreError> {
        if fs::read(path).is_ok_and(|there| hash_of(&there) == hash) {
            return Ok(());
        }
        create_private(folder).map_err(StoreError::io("created", folder))?;
        let written = || -> io::Result<()> {
            let mut file = tempfile::Builder::new()
                .prefix(".new-")
                .tempfile_in(folder)?;
            file.write_all(content)?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        written().map_err(StoreError::io("written", path))
    }

    /// The content of this hash, checked against it.
    pub(crate) fn get(&self, hash: ContentHash) -> Result<Vec<u8>, StoreError> {
        let path = self.path(hash);
        let unusable = |message| StoreError::Content { hash, message };
        let content =
            fs::read(&path).map_err(|error| unusable(format!("{}: {error}", path.display())))?;
        if hash_of(&content) == hash {
            Ok(content)
        } else {
            Err(unusable(format!("{} was changed", path.display())))
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, hash: ContentHash) -> PathBuf {
        let name = hash.to_string();
        let (folder, file) = name.split_at(2);
        self.root.join(folder).join(file)
    }
}

pub(crate) fn hash_of(content: &[u8]) -> ContentHash {
    ContentHash::from_bytes(Sha256::digest(content).into())
}

/// Makes a folder, and those above it, that only its owner may enter.
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a file's content survive a loss of power.
pub(crate) fn sync_file(path: &Path) -> io::Result<()> {
    // Some systems sync only what is open for writing.
    fs::File::options().write(true).open(path)?.sync_all()
}

/// Makes the names in a folder survive a loss of power, where the system has a way to.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_back_and_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path().join("blobs"));
        let contents: [&[u8]; 3] = [b"one", b"", b"one"];
        let hashes = blobs.put(contents).unwrap();
        assert_eq!(hashes[0], hashes[2]);
        for (hash, content) in hashes.iter().zip(contents) {
            assert_eq!(blobs.get(*hash).unwrap(), content);
        }
        let name = hashes[0].to_string();
        let path = folder
            .path()
            .join("blobs")
            .join(&name[..2])
            .join(&name[2..]);
        let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(names, 1, "nothing is left beside it");
        assert_eq!(fs::read(path).unwrap(), b"one");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("blobs");
        let blobs = Blobs::new(root.clone());
        let hash = blobs.put([&b"private"[..]]).unwrap()[0];
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&root), 0o700);
        assert_eq!(mode(&blobs.path(hash)), 0o600);
    }

    #[test]
    fn changed_content_is_refused_and_put_right_again() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path().to_owned());
        let hash = blobs.put([&b"right"[..]]).unwrap()[0];
        fs::write(blobs.path(hash), b"wrong").unwrap();
        assert!(blobs.get(hash).is_err());
        blobs.put([&b"right"[..]]).unwrap();
        assert_eq!(blobs.get(hash).unwrap(), b"right");
        fs::remove_file(blobs.path(hash)).unwrap();
        assert!(blobs.get(hash).is_err());
    }
}
