use std::io::Write;

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use slipway_contract::ContentHash;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::package::testing::{sample, valid};
use crate::package::{Files, Package, PackageError, PackagePath};

type Zip = ZipWriter<std::io::Cursor<Vec<u8>>>;

fn zipped(build: impl FnOnce(&mut Zip)) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    build(&mut zip);
    zip.finish().unwrap().into_inner()
}

fn add(zip: &mut Zip, name: &str, bytes: &[u8]) {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(name, options).unwrap();
    zip.write_all(bytes).unwrap();
}

/// The same bytes with every occurrence of one text replaced by another of the same length.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut found = 0;
    for at in 0..=bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + from.len()].copy_from_slice(to);
            found += 1;
        }
    }
    assert!(found > 0, "nothing to patch");
    bytes
}

/// Sets a field of every local header (at this offset) and central header (two further in, where
/// the version that made it stands before).
fn with_field(mut bytes: Vec<u8>, local_offset: usize, value: &[u8]) -> Vec<u8> {
    for (magic, offset) in [
        (b"PK\x03\x04", local_offset),
        (b"PK\x01\x02", local_offset + 2),
    ] {
        for at in 0..bytes.len() - 4 {
            if bytes[at..].starts_with(magic) {
                bytes[at + offset..at + offset + value.len()].copy_from_slice(value);
            }
        }
    }
    bytes
}

fn refused(bytes: &[u8]) -> String {
    Files::read_archive(bytes)
        .expect_err("this archive must be refused")
        .to_string()
}

#[test]
fn the_bytes_follow_from_the_files_alone() {
    let archive = sample().to_archive().unwrap();
    // Python's zipfile, told to store these files in this order with one time and mode, writes
    // the same bytes.
    assert_eq!(
        ContentHash::from_bytes(Sha256::digest(&archive).into()).to_string(),
        "776f6cff04b480d8468941cb24a87df1af48642a4e23222787e3bd384ce235cb"
    );
    assert_eq!(Files::read_archive(&archive).unwrap(), sample());
}

#[test]
fn archives_that_other_programs_make_are_read() {
    let bytes = zipped(|zip| {
        zip.add_directory("tests/", SimpleFileOptions::default())
            .unwrap();
        for (path, bytes) in valid().iter() {
            add(zip, path.as_str(), bytes);
        }
        add(zip, "files/rates.csv", &b"EUR,1.08\n".repeat(1000));
    });
    let package = Package::read_archive(&bytes, &[]).unwrap();
    assert_eq!(package.files().len(), 3);
    assert_eq!(package.files().get("files/rates.csv").unwrap().len(), 9000);
}

#[test]
fn what_is_no_archive_is_refused() {
    let good = sample().to_archive().unwrap();
    for (what, bytes, told) in [
        ("nothing", vec![], "not a zip"),
        ("text", b"format = 1\n".to_vec(), "not a zip"),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), "not a zip"),
        ("the first half", good[..good.len() / 2].to_vec(), "cut off"),
        ("all but a byte", good[..good.len() - 1].to_vec(), "cut off"),
        ("a start alone", b"PK\x03\x04".to_vec(), "cut off"),
        (
            "bytes behind",
            [&good[..], b"x"].concat(),
            "something follows its end",
        ),
        (
            "bytes before",
            [b"#!/bin/sh\n", &good[..]].concat(),
            "not a zip",
        ),
        (
            "a hole before",
            [b"PK\x03\x04", &good[..]].concat(),
            "something follows",
        ),
    ] {
        let error = refused(&bytes);
        assert!(error.contains(told), "{what}: {error}");
    }
    let empty = zipped(|_| {});
    let error = Package::read_archive(&empty, &[]).unwrap_err().to_string();
    assert!(error.contains("agent.toml: the file is missing"), "{error}");
}

#[test]
fn every_end_short_of_the_whole_is_refused() {
    let good = sample().to_archive().unwrap();
    for end in 0..good.len() {
        assert!(Files::read_archive(&good[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn an_archive_without_a_manifest_says_where_it_is() {
    let wrapped = zipped(|zip| {
        add(zip, "counter/agent.toml", b"format = 1\n");
        add(zip, "counter/instructions.md", b"x");
    });
    let error = refused(&wrapped);
    assert!(error.contains("it lies in the folder `counter`"), "{error}");
    let foreign = zipped(|zip| add(zip, "word/document.xml", b"<x/>"));
    assert!(refused(&foreign).contains("word/document.xml: this is no part of a package"));
}

#[test]
fn entries_that_lead_out_or_deceive_are_refused() {
    let named = |name: &str| refused(&zipped(|zip| add(zip, name, b"x")));
    for (name, told) in [
        ("../agent.toml", "could so lead out"),
        ("files/../../evil", "could so lead out"),
        ("/etc/cron.d/evil", "is absolute"),
        ("files\\..\\evil", "backslash"),
        ("C:/evil", "character ':'"),
        ("files/nul", "a device on Windows"),
        ("files/a\u{1b}[2J", "character '\\u{1b}'"),
        ("files/e\u{301}", "normalisation form C"),
        ("Agent.toml", "rename it to `agent.toml`"),
        ("__MACOSX/._agent.toml", "no part of a package"),
        ("files/.DS_Store", "systems leave in folders"),
    ] {
        let error = named(name);
        assert!(error.contains(told), "{name:?}: {error}");
        assert!(
            !error.contains('\u{1b}'),
            "{name:?} steers the terminal: {error:?}"
        );
    }
    let folder = zipped(|zip| {
        zip.add_directory("../evil/", SimpleFileOptions::default())
            .unwrap();
    });
    assert!(refused(&folder).contains("could so lead out"));
}

#[test]
fn links_and_devices_are_refused() {
    let link = zipped(|zip| {
        zip.add_symlink("files/link", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
    });
    assert_eq!(
        refused(&link),
        "files/link: it is a symbolic link; a package holds plain files"
    );
    let pipe = zipped(|zip| {
        let options = SimpleFileOptions::default().external_attributes(0o010_644 << 16);
        zip.start_file("files/pipe", options).unwrap();
    });
    assert!(refused(&pipe).contains("it is a device or pipe"));
}

#[test]
fn duplicates_are_refused() {
    let two = |one: &str, other: &str| {
        zipped(|zip| {
            add(zip, one, b"1");
            add(zip, other, b"2");
        })
    };
    let same = patched(two("files/a", "files/b"), b"files/b", b"files/a");
    assert!(refused(&same).contains("two entries with the same name"));
    for (one, other) in [("files/a", "files/A"), ("files/ß/x", "files/SS/y")] {
        let error = refused(&two(one, other));
        assert!(error.contains("the same name on some systems"), "{error}");
    }
    let both = two("files/a", "files/a/b");
    assert!(refused(&both).contains("is a file and a folder"));
}

#[test]
fn bombs_are_refused_by_what_they_declare_and_by_what_they_hold() {
    let zeros = vec![0; 12 << 20];
    let bomb = zipped(|zip| add(zip, "files/zeros", &zeros));
    assert!(bomb.len() < 100_000);
    assert!(refused(&bomb).contains("times when unpacked"));

    // 40 MiB twice, each growing less than the ratio allows by hiding among stored noise.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let large = zipped(|zip| {
        for name in ["files/a", "files/b"] {
            zip.start_file(name, stored).unwrap();
            zip.write_all(&vec![7; 39 << 20]).unwrap();
        }
    });
    assert!(refused(&large).contains("64 MiB are the most"));

    // It declares 10 bytes and holds 12 MiB.
    let lying = with_field(bomb, 22, &10_u32.to_le_bytes());
    assert!(
        refused(&lying).contains("files/zeros: it "),
        "{}",
        refused(&lying)
    );

    let many = zipped(|zip| {
        for n in 0..=10_000 {
            zip.start_file(format!("files/{n}"), stored).unwrap();
        }
    });
    assert!(refused(&many).contains("10000 are the most"));
    let more = zipped(|zip| {
        for n in 0..=20_000 {
            zip.start_file(format!("files/{n}"), stored).unwrap();
        }
    });
    assert!(refused(&more).contains("20000 are the most"));
}

#[test]
fn an_archive_larger_than_any_package_is_not_looked_at() {
    let length = usize::try_from(MAX_ARCHIVE_BYTES).unwrap() + 1;
    let mut bytes = vec![0; length];
    bytes[..4].copy_from_slice(b"PK\x03\x04");
    assert!(refused(&bytes).contains("80 MiB are the most"));
}

#[test]
fn variants_that_readers_disagree_about_are_refused() {
    let good = sample().to_archive().unwrap();
    let encrypted = with_field(good.clone(), 6, &1_u16.to_le_bytes());
    assert!(
        refused(&encrypted).contains("it is encrypted"),
        "{}",
        refused(&encrypted)
    );
    let bzip = with_field(good.clone(), 8, &12_u16.to_le_bytes());
    assert!(
        refused(&bzip).contains("it is compressed as"),
        "{}",
        refused(&bzip)
    );

    // One name in the directory, another before the data.
    let mut two_faced = good.clone();
    let name = two_faced
        .windows(10)
        .position(|w| w == b"agent.toml")
        .unwrap();
    two_faced[name] = b'A';
    assert!(refused(&two_faced).contains("made to deceive"));

    // A file that the directory does not list.
    let end = good.len() - 22;
    let mut unlisted = good.clone();
    let count = u16::from_le_bytes([good[end + 10], good[end + 11]]) - 1;
    for at in [8, 10] {
        unlisted[end + at..end + at + 2].copy_from_slice(&count.to_le_bytes());
    }
    assert!(Files::read_archive(&unlisted).is_err());

    // Two entries over the same bytes.
    let mut overlapping = good.clone();
    let last = (0..end)
        .rfind(|at| good[*at..].starts_with(b"PK\x01\x02"))
        .unwrap();
    overlapping[last + 42..last + 46].copy_from_slice(&0_u32.to_le_bytes());
    assert!(refused(&overlapping).contains("made to deceive"));

    // Another content than its checksum says.
    let changed = patched(good, b"format = 1", b"format = 2");
    assert!(refused(&changed).contains("cannot be unpacked"));
}

fn packages() -> impl Strategy<Value = Files> {
    let name = "[a-zäöü0-9][a-z0-9 _.-]{0,6}[a-z0-9]x";
    let path = proptest::collection::vec(name, 1..4).prop_map(|names| names.join("/"));
    let bytes = proptest::collection::vec(any::<u8>(), 0..200);
    proptest::collection::btree_map(path, bytes, 0..12).prop_map(|entries| {
        let entries = entries.into_iter().filter_map(|(path, bytes)| {
            let path = format!("files/{path}").parse::<PackagePath>().ok()?;
            Some((path, bytes))
        });
        Files::from_entries(entries).unwrap_or_default()
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(files in packages()) {
        let archive = files.to_archive().unwrap();
        prop_assert_eq!(&Files::read_archive(&archive).unwrap(), &files);
        let backwards: Vec<_> = files.iter().map(|(p, b)| (p.clone(), b.to_vec())).collect();
        let backwards = Files::from_entries(backwards.into_iter().rev()).unwrap();
        prop_assert_eq!(backwards.to_archive().unwrap(), archive);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = Files::read_archive(&bytes);
        let _ = Files::read_archive(&[&b"PK\x03\x04"[..], &bytes].concat());
    }

    #[test]
    fn no_damage_makes_the_reader_panic_or_accept_other_content(
        at in 0..871_usize,
        value in any::<u8>(),
    ) {
        let mut bytes = sample().to_archive().unwrap();
        bytes[at] = value;
        match Files::read_archive(&bytes) {
            Ok(files) => prop_assert_eq!(files, sample(), "byte {} may not change content", at),
            Err(PackageError::Invalid(findings)) => prop_assert!(!findings.is_empty()),
            Err(error) => prop_assert!(matches!(error, PackageError::Archive(_))),
        }
    }
}
