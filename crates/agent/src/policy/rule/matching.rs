//! Whether a pattern covers arguments. It never covers more than it shows.

use std::collections::BTreeSet;

use serde_json::Value;
use slipway_contract::rule::{ArgumentPattern, ValuePattern};
use slipway_contract::visible;

use crate::canonical;

/// The longest text that a star is tried on, in bytes.
const LONGEST: usize = 1_024;

/// Whether these arguments are among those that the pattern shows: exactly its fields, each with
/// a value of its pattern.
#[must_use]
pub fn covers(pattern: &ArgumentPattern, arguments: &Value) -> bool {
    let Value::Object(fields) = arguments else {
        return false;
    };
    fields.len() == pattern.0.len()
        && pattern.0.iter().all(|(name, allowed)| {
            fields
                .get(name)
                .is_some_and(|value| covers_value(allowed, value))
        })
}

fn covers_value(allowed: &ValuePattern, value: &Value) -> bool {
    match (allowed, value) {
        (ValuePattern::Anything, _) => true,
        (ValuePattern::Is(wanted), value) => {
            canonical::to_string(wanted) == canonical::to_string(value)
        }
        (ValuePattern::Like(parts), Value::String(text)) => like(parts, text),
        (ValuePattern::Like(_), _) => false,
    }
}

/// Whether a text is these parts with parts of names between them.
fn like(parts: &[String], text: &str) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return false;
    };
    if rest.is_empty() || text.len() > LONGEST || leads_elsewhere(text) || !text.starts_with(first)
    {
        return false;
    }
    let mut reached = BTreeSet::from([first.len()]);
    for part in rest {
        let starts = std::mem::take(&mut reached);
        for start in starts {
            reached.extend(ends(text, start, part));
        }
    }
    reached.contains(&text.len())
}

/// The places where `part` can end when a star stands from `start` up to it.
fn ends(text: &str, start: usize, part: &str) -> Vec<usize> {
    let before = text.get(..start).unwrap_or_default();
    let rest = text.get(start..).unwrap_or_default();
    // A name that begins with a dot is hidden from who reads the pattern.
    if rest.starts_with('.') && (before.is_empty() || before.ends_with(['/', '\\'])) {
        return Vec::new();
    }
    let mut ends = Vec::new();
    for (offset, character) in rest.char_indices() {
        if !is_part_of_a_name(character) {
            break;
        }
        let end = start + offset + character.len_utf8();
        if text.get(end..).is_some_and(|rest| rest.starts_with(part)) {
            ends.push(end + part.len());
        }
    }
    ends
}

/// What a star stands for: nothing that ends a folder, a host or a query, or that cannot be seen.
fn is_part_of_a_name(character: char) -> bool {
    (character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.'))
        && !visible::deceives(character)
}

/// A path with `.` or `..` in it is somewhere else than it seems.
fn leads_elsewhere(text: &str) -> bool {
    text.split(['/', '\\'])
        .any(|segment| matches!(segment, "." | ".."))
}
