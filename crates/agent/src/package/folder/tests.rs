use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Existing::{Refuse, Update};
use crate::package::testing::{files, sample, valid};
use crate::package::{Files, Package, PackageError};

/// Everything below a folder, links as their targets.
fn listing(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let short = path.strip_prefix(folder).unwrap().to_owned();
            if path.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(short, target.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                open.push(path);
            } else {
                found.insert(short, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn put(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A folder with a valid package.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in valid().iter() {
        put(folder.path(), path.as_str(), bytes);
    }
    folder
}

fn refused(folder: &Path) -> String {
    let error = Files::read_folder(folder).expect_err("this folder must be refused");
    error.to_string()
}

#[test]
fn folder_to_archive_to_folder_is_the_same_bytes() {
    let home = TempDir::new().unwrap();
    let (one, other) = (home.path().join("one"), home.path().join("other"));
    sample().write_folder(&one, Refuse).unwrap();
    let archive = Files::read_folder(&one).unwrap().to_archive().unwrap();
    let read = Files::read_archive(&archive).unwrap();
    read.write_folder(&other, Refuse).unwrap();
    assert_eq!(listing(&one), listing(&other));
    assert_eq!(listing(&one).len(), sample().len());
    assert_eq!(
        Files::read_folder(&other).unwrap().to_archive().unwrap(),
        archive
    );
    let names: Vec<_> = fs::read_dir(home.path()).unwrap().collect();
    assert_eq!(names.len(), 2, "nothing is left beside the folders");
}

#[test]
fn files_beside_the_package_are_the_users_own() {
    let folder = folder();
    for own in [
        "receipts/a.csv",
        "out/report.md",
        ".git/config",
        "notes.md",
        "files/.DS_Store",
    ] {
        put(folder.path(), own, b"own");
    }
    put(folder.path(), "files/rates.csv", b"EUR,1\n");
    fs::create_dir_all(folder.path().join("tests/empty")).unwrap();
    let package = Package::read_folder(folder.path(), &[]).unwrap();
    let paths: Vec<_> = package
        .files()
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(paths, ["agent.toml", "files/rates.csv", "instructions.md"]);
}

#[test]
fn missing_parts_are_named() {
    let empty = TempDir::new().unwrap();
    let error = Package::read_folder(empty.path(), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "agent.toml: the file is missing: every package has it\n\
         instructions.md: the file is missing: every package has it"
    );
    let nowhere = empty.path().join("nowhere");
    let error = Package::read_folder(&nowhere, &[]).unwrap_err();
    assert!(
        matches!(&error, PackageError::Io { path, .. } if *path == nowhere),
        "{error}"
    );
}

#[test]
fn texts_must_be_texts() {
    let folder = folder();
    put(folder.path(), "instructions.md", b"one\ntwo \xff\n");
    put(folder.path(), "README.md", b"\xff");
    let error = Package::read_folder(folder.path(), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "instructions.md:2: it is not UTF-8 text: save it as UTF-8\n\
         README.md:1: it is not UTF-8 text: save it as UTF-8"
    );
    put(folder.path(), "README.md", b"");
    put(folder.path(), "instructions.md", b" \n");
    let error = Package::read_folder(folder.path(), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "instructions.md: it is empty: say what the agent does"
    );
    put(folder.path(), "instructions.md", b"x");
    put(folder.path(), "agent.toml", &vec![b'#'; 300 << 10]);
    let error = Package::read_folder(folder.path(), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "agent.toml: it has 307200 bytes, and 256 KiB are the most"
    );
}

#[test]
fn the_wrong_case_is_a_finding_on_every_system() {
    let folder = TempDir::new().unwrap();
    for path in ["Agent.toml", "INSTRUCTIONS.md", "readme.md", "Tests/x"] {
        put(folder.path(), path, b"x");
    }
    assert_eq!(
        refused(folder.path()),
        "Agent.toml: the name is in the wrong case: rename it to `agent.toml`\n\
         INSTRUCTIONS.md: the name is in the wrong case: rename it to `instructions.md`\n\
         Tests: the name is in the wrong case: rename it to `tests`\n\
         readme.md: the name is in the wrong case: rename it to `README.md`"
    );
}

#[test]
fn folders_and_files_are_not_taken_for_each_other() {
    let folder = folder();
    put(folder.path(), "README.md/x", b"x");
    put(folder.path(), "files", b"x");
    assert_eq!(
        refused(folder.path()),
        "README.md: `README.md` must be a file\nfiles: `files` must be a folder"
    );
}

#[test]
fn names_are_kept_in_one_unicode_form() {
    let folder = folder();
    put(folder.path(), "files/cafe\u{301}.txt", b"x");
    let files = Files::read_folder(folder.path()).unwrap();
    assert_eq!(files.get("files/caf\u{e9}.txt"), Some(&b"x"[..]));
}

#[test]
fn more_than_a_package_may_have_is_refused() {
    let folder = folder();
    put(folder.path(), "files/huge", b"");
    let huge = fs::File::options()
        .write(true)
        .open(folder.path().join("files/huge"));
    huge.unwrap().set_len(65 << 20).unwrap();
    assert!(refused(folder.path()).contains("64 MiB are the most"));
}

#[cfg(unix)]
mod links {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn links_inside_the_package_are_refused_and_not_followed() {
        let outside = TempDir::new().unwrap();
        put(outside.path(), "secret", b"secret");
        for link in ["files/link", "files/deep/link", "tests", "README.md"] {
            for target in ["", "secret", "nowhere"] {
                let folder = folder();
                let link_path = folder.path().join(link);
                fs::create_dir_all(link_path.parent().unwrap()).unwrap();
                symlink(outside.path().join(target), link_path).unwrap();
                let told = format!("{link}: it is a symbolic link");
                assert!(
                    refused(folder.path()).starts_with(&told),
                    "{link} to {target}"
                );
            }
        }
        let folder = folder();
        symlink(outside.path(), folder.path().join("receipts")).unwrap();
        assert!(
            Files::read_folder(folder.path()).is_ok(),
            "a link beside the package is the user's"
        );
    }

    #[test]
    fn sockets_and_names_that_are_no_text_are_refused() {
        let folder = folder();
        fs::create_dir(folder.path().join("files")).unwrap();
        let socket = UnixListener::bind(folder.path().join("files/socket")).unwrap();
        fs::write(
            folder.path().join("files").join(OsStr::from_bytes(b"\xff")),
            b"",
        )
        .unwrap();
        fs::write(folder.path().join("files/a:b"), b"").unwrap();
        let error = refused(folder.path());
        drop(socket);
        assert!(
            error.contains("files/socket: it is a device, pipe or socket"),
            "{error}"
        );
        assert!(error.contains("its name is not UTF-8"), "{error}");
        assert!(
            error.contains("files/a:b: the path holds the character ':'"),
            "{error}"
        );
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let home = TempDir::new().unwrap();
        let elsewhere = TempDir::new().unwrap();
        let target = home.path().join("agent");
        symlink(elsewhere.path(), &target).unwrap();
        for existing in [Refuse, Update] {
            let error = valid().write_folder(&target, existing).unwrap_err();
            assert!(
                error
                    .to_string()
                    .contains("is a symbolic link; nothing was written")
            );
        }
        assert!(listing(elsewhere.path()).is_empty());

        let folder = folder();
        symlink(elsewhere.path(), folder.path().join("tests")).unwrap();
        let before = listing(folder.path());
        let error = sample().write_folder(folder.path(), Update).unwrap_err();
        assert_eq!(
            error.to_string(),
            "tests: it is a symbolic link: nothing is written there"
        );
        assert_eq!(listing(folder.path()), before);
        assert!(listing(elsewhere.path()).is_empty());
    }
}

#[test]
fn what_is_there_already_is_not_overwritten() {
    let home = TempDir::new().unwrap();
    put(home.path(), "file", b"own");
    put(home.path(), "folder/notes.md", b"own");
    fs::create_dir(home.path().join("empty")).unwrap();
    let before = listing(home.path());
    for (name, told) in [
        ("file", "exists and is not a folder; nothing was written"),
        ("folder", "exists and is not empty; nothing was written"),
    ] {
        let error = valid()
            .write_folder(&home.path().join(name), Refuse)
            .unwrap_err();
        assert!(matches!(error, PackageError::Occupied { .. }));
        assert!(error.to_string().ends_with(told), "{error}");
    }
    assert!(
        valid()
            .write_folder(&home.path().join("no/where"), Refuse)
            .is_err()
    );
    assert!(valid().write_folder(Path::new("/"), Update).is_err());
    assert_eq!(listing(home.path()), before);
    valid()
        .write_folder(&home.path().join("empty"), Refuse)
        .unwrap();
    assert_eq!(
        Files::read_folder(&home.path().join("empty")).unwrap(),
        valid()
    );
}

#[test]
fn an_update_replaces_the_package_and_leaves_the_rest() {
    let folder = folder();
    put(folder.path(), "tests/old.toml", b"old");
    put(folder.path(), "README.md", b"old");
    put(folder.path(), "out/report.md", b"own");
    let new = files(&[
        ("agent.toml", b"format = 1\n"),
        ("files/a", b"a"),
        ("instructions.md", b"new"),
    ]);
    new.write_folder(folder.path(), Update).unwrap();
    let found: Vec<_> = listing(folder.path()).into_keys().collect();
    let expected = ["agent.toml", "files/a", "instructions.md", "out/report.md"];
    assert_eq!(found, expected.map(PathBuf::from));
    assert_eq!(Files::read_folder(folder.path()).unwrap(), new);
}

#[test]
fn a_failed_update_puts_everything_back() {
    use cap_std::ambient_authority;
    use cap_std::fs::Dir;

    let home = TempDir::new().unwrap();
    for path in [
        "target/agent.toml",
        "target/instructions.md",
        "target/tests/a",
    ] {
        put(home.path(), path, b"old");
    }
    for path in [
        "new/agent.toml",
        "new/README.md",
        "new/tests/a",
        "old/tests/in-the-way",
    ] {
        put(home.path(), path, b"new");
    }
    let before = listing(home.path());
    let dir = |name| Dir::open_ambient_dir(home.path().join(name), ambient_authority()).unwrap();
    super::write::swap(&dir("target"), &dir("new"), &dir("old")).unwrap_err();
    assert_eq!(listing(home.path()), before);
}

#[test]
fn an_update_that_was_cut_off_says_where_the_files_are() {
    let folder = folder();
    let old = folder.path().join(".slipway-update-0/old");
    fs::create_dir_all(&old).unwrap();
    fs::rename(folder.path().join("agent.toml"), old.join("agent.toml")).unwrap();
    assert!(refused(folder.path()).contains("the previous files are in `.slipway-update-0/old`"));
    fs::rename(old.join("agent.toml"), folder.path().join("agent.toml")).unwrap();
    valid().write_folder(folder.path(), Update).unwrap();
    assert_eq!(Files::read_folder(folder.path()).unwrap(), valid());
}

#[test]
fn an_update_refuses_names_in_the_wrong_case() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "AGENT.TOML", b"own");
    let error = valid().write_folder(folder.path(), Update).unwrap_err();
    assert_eq!(
        error.to_string(),
        "AGENT.TOML: the name is in the wrong case: rename it to `agent.toml`"
    );
    assert_eq!(listing(folder.path()).len(), 1);
}
