//! What changed in a text, line by line.

use similar::{ChangeTag, TextDiff};
use slipway_contract::version::{DiffLine, Hunk, LineChange};

/// Lines that are shown around a change.
const AROUND: usize = 3;
/// The most lines of both texts together: beyond it a comparison takes long and shows nothing
/// that a person reads.
const MAX_LINES: usize = 20_000;
/// The most bytes of both texts together.
const MAX_BYTES: usize = 4 << 20;

/// The lines that changed; none when the contents are no text or too long.
pub(super) fn hunks(before: &[u8], after: &[u8]) -> Option<Vec<Hunk>> {
    let (before, after) = texts(before, after)?;
    let diff = TextDiff::from_lines(before, after);
    let groups = diff.grouped_ops(AROUND);
    let hunks = groups.iter().map(|group| {
        let first = group.first();
        let lines = group.iter().flat_map(|op| diff.iter_changes(op));
        let lines = lines.map(|change| DiffLine {
            change: match change.tag() {
                ChangeTag::Equal => LineChange::Same,
                ChangeTag::Delete => LineChange::Removed,
                ChangeTag::Insert => LineChange::Added,
            },
            text: change
                .value()
                .strip_suffix('\n')
                .map_or_else(|| change.value().to_owned(), str::to_owned),
            no_line_feed: change.missing_newline(),
        });
        Hunk {
            before_line: first.map_or(0, |op| op.old_range().start) + 1,
            after_line: first.map_or(0, |op| op.new_range().start) + 1,
            lines: lines.collect(),
        }
    });
    Some(hunks.collect())
}

/// How much of two texts is the same, from 0 to 1; none when they cannot be compared.
pub(super) fn likeness(one: &[u8], other: &[u8]) -> Option<f32> {
    let (one, other) = texts(one, other)?;
    if one.is_empty() || other.is_empty() {
        return None;
    }
    Some(TextDiff::from_lines(one, other).ratio())
}

fn texts<'t>(one: &'t [u8], other: &'t [u8]) -> Option<(&'t str, &'t str)> {
    if one.len() + other.len() > MAX_BYTES || one.contains(&0) || other.contains(&0) {
        return None;
    }
    let lines = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
    if lines(one) + lines(other) > MAX_LINES {
        return None;
    }
    Some((
        std::str::from_utf8(one).ok()?,
        std::str::from_utf8(other).ok()?,
    ))
}
