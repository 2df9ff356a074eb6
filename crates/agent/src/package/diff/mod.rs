//! What differs between two packages: every file, and what it means.

mod meaning;
mod text;

use slipway_contract::version::{FileDiff, FileFacts, Hunk, PackageDiff};

use super::files::Files;
use super::hash;
use super::path::PackagePath;

/// The most pairs of a file that is gone and one that is new which are compared with each other,
/// to find what was renamed and changed at once.
const MAX_PAIRS: usize = 64;
/// How much of a file's text must have stayed for it to be the same file under another name.
const RENAMED: f32 = 0.6;

/// The lines that differ between two texts; none when they are too long to compare.
#[must_use]
pub fn text_diff(before: &str, after: &str) -> Option<Vec<Hunk>> {
    text::hunks(before.as_bytes(), after.as_bytes())
}

/// What differs, from the files before to the files after; neither need be a valid package.
/// `known_tools` are the tools that exist.
#[must_use]
pub fn diff(before: &Files, after: &Files, known_tools: &[&str]) -> PackageDiff {
    let mut gone: Vec<Entry<'_>> = Vec::new();
    let mut new: Vec<Entry<'_>> = Vec::new();
    let mut files = Vec::new();
    for (path, bytes) in before.iter() {
        match after.get(path.as_str()) {
            None => gone.push((path, bytes)),
            Some(now) if now == bytes => {}
            Some(now) => files.push(pair((path, bytes), (path, now))),
        }
    }
    for (path, bytes) in after.iter() {
        if before.get(path.as_str()).is_none() {
            new.push((path, bytes));
        }
    }
    take_pairs(&mut gone, &mut new, &mut files, |one, other| {
        !one.is_empty() && one == other
    });
    if gone.len() * new.len() <= MAX_PAIRS {
        take_pairs(&mut gone, &mut new, &mut files, |one, other| {
            text::likeness(one, other).is_some_and(|likeness| likeness >= RENAMED)
        });
    }
    files.extend(gone.into_iter().map(|(path, bytes)| FileDiff {
        path: path.to_string(),
        renamed_from: None,
        before: Some(facts(bytes)),
        after: None,
        hunks: text::hunks(bytes, b""),
    }));
    files.extend(new.into_iter().map(|(path, bytes)| FileDiff {
        path: path.to_string(),
        renamed_from: None,
        before: None,
        after: Some(facts(bytes)),
        hunks: text::hunks(b"", bytes),
    }));
    files.sort_by(|one, other| one.path.cmp(&other.path));
    PackageDiff {
        meaning: meaning::of(before, after, known_tools),
        files,
    }
}

type Entry<'f> = (&'f PackagePath, &'f [u8]);

/// Takes the first pair for each file that is gone: what is new and counts as the same file.
fn take_pairs<'f>(
    gone: &mut Vec<Entry<'f>>,
    new: &mut Vec<Entry<'f>>,
    files: &mut Vec<FileDiff>,
    is_same: impl Fn(&[u8], &[u8]) -> bool,
) {
    gone.retain(|one| {
        let Some(at) = new.iter().position(|other| is_same(one.1, other.1)) else {
            return true;
        };
        files.push(pair(*one, new.remove(at)));
        false
    });
}

fn pair(before: Entry<'_>, after: Entry<'_>) -> FileDiff {
    FileDiff {
        path: after.0.to_string(),
        renamed_from: (before.0 != after.0).then(|| before.0.to_string()),
        before: Some(facts(before.1)),
        after: Some(facts(after.1)),
        hunks: text::hunks(before.1, after.1),
    }
}

fn facts(bytes: &[u8]) -> FileFacts {
    FileFacts {
        size: bytes.len() as u64,
        content: hash::content_of(bytes),
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::version::LineChange;

    use super::*;
    use crate::package::testing::{files, valid};

    fn changed(path: &str, content: &[u8]) -> Files {
        valid()
            .with(path.parse().unwrap(), content.to_vec())
            .unwrap()
    }

    #[test]
    fn equal_packages_differ_in_nothing() {
        assert_eq!(diff(&valid(), &valid(), &[]), PackageDiff::default());
    }

    #[test]
    fn every_kind_of_change_is_told_for_every_part() {
        for path in [
            "README.md",
            "tests/a.toml",
            "recordings/x.jsonl",
            "files/rates.csv",
        ] {
            let (one, two) = (changed(path, b"a\nb\n"), changed(path, b"a\nc\n"));
            let found = diff(&one, &two, &[]).files;
            assert_eq!(found.len(), 1, "{path}");
            let hunk = &found[0].hunks.as_ref().unwrap()[0];
            let lines: Vec<_> = hunk
                .lines
                .iter()
                .map(|line| (line.change, line.text.as_str()))
                .collect();
            assert_eq!(
                lines,
                [
                    (LineChange::Same, "a"),
                    (LineChange::Removed, "b"),
                    (LineChange::Added, "c")
                ]
            );
            let added = diff(&valid(), &one, &[]).files;
            assert_eq!((added.len(), added[0].before), (1, None));
            let removed = diff(&one, &valid(), &[]).files;
            assert_eq!((removed.len(), removed[0].after), (1, None));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_by_size_and_hash() {
        let found = diff(
            &changed("files/a.bin", b"\x00\x01"),
            &changed("files/a.bin", b"\x00\x02\x03"),
            &[],
        );
        let [file] = found.files.as_slice() else {
            panic!("one file: {found:?}")
        };
        assert_eq!(file.hunks, None);
        assert_eq!(file.before.unwrap().size, 2);
        assert_eq!(file.after.unwrap().size, 3);
        assert_ne!(file.before.unwrap().content, file.after.unwrap().content);
    }

    #[test]
    fn a_file_under_another_name_is_renamed() {
        let text = b"one\ntwo\nthree\nfour\nfive\n";
        let (one, two) = (changed("files/a.txt", text), changed("files/b.txt", text));
        let found = diff(&one, &two, &[]).files;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].renamed_from.as_deref(), Some("files/a.txt"));
        assert_eq!(found[0].hunks.as_deref(), Some(&[][..]));
        let two = changed("files/b.txt", b"one\ntwo\nthree\nfour\nsix\n");
        let found = diff(&one, &two, &[]).files;
        assert_eq!(found[0].renamed_from.as_deref(), Some("files/a.txt"));
        assert_eq!(found[0].hunks.as_ref().unwrap().len(), 1);
        let two = changed("files/b.txt", b"something else\n");
        assert_eq!(diff(&one, &two, &[]).files.len(), 2);
    }

    #[test]
    fn empty_files_are_no_renames_of_each_other() {
        let (one, two) = (changed("files/a", b""), changed("files/b", b""));
        assert_eq!(diff(&one, &two, &[]).files.len(), 2);
        assert_eq!(diff(&files(&[]), &valid(), &[]).files.len(), 2);
    }

    #[test]
    fn a_last_line_without_a_line_feed_is_said() {
        let found = diff(&changed("files/a", b"x\n"), &changed("files/a", b"x"), &[]);
        let lines = &found.files[0].hunks.as_ref().unwrap()[0].lines;
        assert!(!lines[0].no_line_feed && lines[1].no_line_feed);
    }
}
