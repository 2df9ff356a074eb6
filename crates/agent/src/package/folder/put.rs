//! Writing one file of a package in its folder.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::write::new_folder;
use super::{UPDATE, failed};
use crate::package::error::PackageError;
use crate::package::path::PackagePath;

/// Gives a file this content, or removes it: whole or not at all, and never through a symbolic
/// link.
pub(in crate::package) fn put(
    folder: &Path,
    path: &PackagePath,
    content: Option<&[u8]>,
) -> Result<(), PackageError> {
    let whole = folder.join(path.as_str());
    let top = Dir::open_ambient_dir(folder, ambient_authority()).map_err(failed("open", folder))?;
    let (below, name) = path
        .as_str()
        .rsplit_once('/')
        .unwrap_or(("", path.as_str()));
    let mut dir = top.try_clone().map_err(failed("open", folder))?;
    for part in below.split('/').filter(|part| !part.is_empty()) {
        match dir.symlink_metadata(part) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                return Err(occupied(
                    &whole,
                    "cannot be written: a folder above it is a link or a file",
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if content.is_none() {
                    return Ok(());
                }
                dir.create_dir(part).map_err(failed("write", &whole))?;
            }
            Err(error) => return Err(failed("write", &whole)(error)),
        }
        dir = dir.open_dir(part).map_err(failed("open", &whole))?;
    }
    match dir.symlink_metadata(name) {
        Ok(found) if !found.is_file() => {
            return Err(occupied(
                &whole,
                "is a link or a folder, and no file of a package",
            ));
        }
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(failed("write", &whole)(error));
        }
        _ => {}
    }
    match content {
        Some(content) => replace(&top, &dir, name, content),
        None => match dir.remove_file(name) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        },
    }
    .map_err(failed("write", &whole))
}

fn replace(top: &Dir, dir: &Dir, name: &str, content: &[u8]) -> io::Result<()> {
    // At the top, where a name like this is no part of the package if it is left behind.
    let staging = new_folder(top, UPDATE)?;
    let replaced = (|| {
        let work = top.open_dir(&staging)?;
        let mut file = work.open_with(name, OpenOptions::new().write(true).create_new(true))?;
        file.write_all(content)?;
        file.sync_all()?;
        work.rename(name, dir, name)
    })();
    // A folder that cannot be removed is harmless; the first error is the one to tell.
    let _ = top.remove_dir_all(&staging);
    replaced
}

fn occupied(path: &Path, what: &'static str) -> PackageError {
    PackageError::Occupied {
        path: path.to_owned(),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Files;
    use crate::package::testing::valid;

    fn put_at(folder: &Path, path: &str, content: Option<&[u8]>) -> Result<(), PackageError> {
        put(folder, &path.parse().unwrap(), content)
    }

    #[test]
    fn one_file_changes_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("agent");
        valid()
            .write_folder(&place, crate::package::Existing::Refuse)
            .unwrap();
        std::fs::write(place.join("data.csv"), "mine").unwrap();
        put_at(&place, "README.md", Some(b"new")).unwrap();
        put_at(&place, "files/deep/down/a.txt", Some(b"a")).unwrap();
        put_at(&place, "files/deep/down/a.txt", Some(b"b")).unwrap();
        let read = Files::read_folder(&place).unwrap();
        assert_eq!(read.get("files/deep/down/a.txt"), Some(&b"b"[..]));
        assert_eq!(read.get("README.md"), Some(&b"new"[..]));
        put_at(&place, "files/deep/down/a.txt", None).unwrap();
        put_at(&place, "README.md", None).unwrap();
        put_at(&place, "tests/none.toml", None).unwrap();
        assert_eq!(Files::read_folder(&place).unwrap(), valid());
        let mut names: Vec<_> = std::fs::read_dir(&place)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["agent.toml", "data.csv", "files", "instructions.md"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (place, elsewhere) = (folder.path().join("agent"), folder.path().join("else"));
        std::fs::create_dir(&place).unwrap();
        std::fs::create_dir(&elsewhere).unwrap();
        std::fs::write(elsewhere.join("README.md"), "theirs").unwrap();
        std::os::unix::fs::symlink(&elsewhere, place.join("files")).unwrap();
        std::os::unix::fs::symlink(elsewhere.join("README.md"), place.join("README.md")).unwrap();
        for path in ["files/a.txt", "README.md"] {
            let refused = put_at(&place, path, Some(b"x")).unwrap_err();
            assert!(matches!(refused, PackageError::Occupied { .. }), "{path}");
        }
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1);
        assert_eq!(
            std::fs::read(elsewhere.join("README.md")).unwrap(),
            b"theirs"
        );
    }
}
