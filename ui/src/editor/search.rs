//! Finding a text in a text, whatever the case of its letters.

use std::ops::Range;

/// More are not counted.
pub(super) const MOST: usize = 10_000;

/// Where a text is found: the line from 0, and the bytes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) line: usize,
    pub(super) bytes: Range<usize>,
}

/// All places of `wanted`, none of which overlap; the first [`MOST`] of them.
pub(super) fn find<'a>(lines: impl Iterator<Item = &'a str>, wanted: &str) -> Vec<Found> {
    let wanted: Vec<char> = wanted.chars().flat_map(char::to_lowercase).collect();
    let mut all = Vec::new();
    if wanted.is_empty() {
        return all;
    }
    for (line, text) in lines.enumerate() {
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            match ends(&text[at..], &wanted) {
                Some(length) => {
                    all.push(Found {
                        line,
                        bytes: at..at + length,
                    });
                    if all.len() == MOST {
                        return all;
                    }
                    at += length;
                }
                None => at += c.len_utf8(),
            }
        }
    }
    all
}

/// The bytes with which a text begins that are `wanted` in some case.
fn ends(text: &str, wanted: &[char]) -> Option<usize> {
    let mut left = wanted.iter();
    let mut length = 0;
    for c in text.chars() {
        if left.as_slice().is_empty() {
            break;
        }
        for lower in c.to_lowercase() {
            if left.next() != Some(&lower) {
                return None;
            }
        }
        length += c.len_utf8();
    }
    left.as_slice().is_empty().then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, wanted: &str) -> Vec<(usize, String)> {
        let found = find(text.split('\n'), wanted);
        let lines: Vec<&str> = text.split('\n').collect();
        let found = found.into_iter();
        found
            .map(|found| (found.line, lines[found.line][found.bytes].to_owned()))
            .collect()
    }

    #[test]
    fn the_case_of_letters_does_not_count() {
        let text = "Sum the sums.\nÉTÉ, été\nISTANBUL İ";
        assert_eq!(
            found(text, "SUM"),
            [(0, "Sum".to_owned()), (0, "sum".to_owned())]
        );
        assert_eq!(
            found(text, "été"),
            [(1, "ÉTÉ".to_owned()), (1, "été".to_owned())]
        );
        assert_eq!(found(text, "nothing"), []);
        assert_eq!(found(text, ""), []);
        assert_eq!(found(text, "."), [(0, ".".to_owned())]);
    }

    #[test]
    fn places_do_not_overlap_and_are_not_endless() {
        assert_eq!(found("aaaaa", "aa").len(), 2);
        assert_eq!(found(&"a".repeat(MOST * 2), "a").len(), MOST);
        assert_eq!(found("ab", "abc"), []);
    }
}
