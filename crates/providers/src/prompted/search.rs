//! Where in an answer a call may begin. The same search decides what a reader sees while the
//! answer comes in and what is read in it at its end, so that the two cannot differ.

/// With which words an object begins that may be a call.
const KEYS: [&str; 7] = [
    "calls",
    "tool_calls",
    "name",
    "tool",
    "tool_name",
    "function",
    "type",
];

/// Bytes behind a bracket within which its first word has to stand.
const NEAR: usize = 256;

/// Bytes at the end of a text that are held back at most.
const HELD_BACK: usize = 4 << 10;

/// Bytes of the line that opens a fence.
const FENCE: usize = 40;

pub(super) const THINKS: &str = "<think>";
pub(super) const THOUGHT: &str = "</think>";

/// Marks that stand before a call in the words of some models.
const MARKS: [&str; 3] = ["<tool_call>", "<tools>", "[TOOL_CALLS]"];

/// Marks that stand behind one.
const END_MARKS: [&str; 3] = ["</tool_call>", "</tools>", "```"];

/// Where a call may begin, from a place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Nowhere.
    Nowhere,
    /// Here, if it goes on so.
    Perhaps(usize),
    /// Here an object begins as a call does.
    Here(usize),
}

/// Looks for the first object that begins as a call does.
pub(super) fn start(text: &str, from: usize) -> Start {
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        at += found;
        match begins_as_call(&text[at + 1..]) {
            Some(true) => return Start::Here(at),
            Some(false) => at += 1,
            None => return Start::Perhaps(at),
        }
    }
    Start::Nowhere
}

/// Whether what follows a bracket may be a key.
pub(super) fn may_be_json(rest: &str) -> bool {
    let first = rest.chars().take(NEAR).find(|c| !c.is_whitespace());
    first.is_some_and(|c| matches!(c, '"' | '\'') || c.is_alphabetic())
}

/// Whether an object begins with one of the words; none while it may.
pub(super) fn begins_as_call(rest: &str) -> Option<bool> {
    let near = (0..=NEAR.min(rest.len()))
        .rev()
        .find(|at| rest.is_char_boundary(*at));
    let is_all = near == Some(rest.len());
    let key = rest[..near.unwrap_or(0)].trim_start();
    if key.is_empty() && !is_all {
        return Some(false);
    }
    let key = key.strip_prefix(['"', '\'']).unwrap_or(key);
    for word in KEYS {
        if word.starts_with(key) {
            return None;
        }
        if let Some(after) = key.strip_prefix(word) {
            let after = after
                .strip_prefix(['"', '\''])
                .unwrap_or(after)
                .trim_start();
            if after.is_empty() {
                return None;
            }
            if after.starts_with(':') {
                return Some(true);
            }
        }
    }
    Some(false)
}

/// Where what leads to an object begins: the bracket of a list, a fence, a mark, white space.
pub(super) fn lead_in(text: &str, object: usize) -> usize {
    let mut before = text[..object].trim_end();
    if let Some(list) = before.strip_suffix('[') {
        before = list.trim_end();
    }
    if let Some(mark) = MARKS.iter().find_map(|mark| before.strip_suffix(mark)) {
        before = mark.trim_end();
    }
    without_fence(before).trim_end().len()
}

/// Where the end of a text begins that may lead to a call.
pub(super) fn open_end(text: &str) -> usize {
    let skipped = text.len() - last(text, HELD_BACK).len();
    let mut before = text[skipped..].trim_end();
    before = before.strip_suffix('[').unwrap_or(before).trim_end();
    let begun = |mark: &&str| {
        (1..=mark.len())
            .rev()
            .find(|n| before.ends_with(&mark[..*n]))
    };
    if let Some(begun) = MARKS.iter().filter_map(begun).max() {
        before = before[..before.len() - begun].trim_end();
    }
    let before = without_fence(before).trim_end_matches('`');
    skipped + before.trim_end().len()
}

/// A text without the line at its end that opens a fence.
fn without_fence(text: &str) -> &str {
    let line = last(text, FENCE);
    let line = line.rfind('\n').map_or(line, |at| &line[at + 1..]);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match line.trim_start().strip_prefix("```") {
        Some(name) if name.trim_end().chars().all(is_name) => &text[..text.len() - line.len()],
        _ => text,
    }
}

/// So many bytes at the end of a text.
fn last(text: &str, bytes: usize) -> &str {
    let from = text.len().saturating_sub(bytes);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at));
    &text[from.unwrap_or(text.len())..]
}

/// What follows a call without what closes it.
pub(super) fn after(text: &str) -> &str {
    let mut rest = text;
    loop {
        let shorter = rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | ';' | '}'));
        let shorter = END_MARKS
            .iter()
            .find_map(|mark| shorter.strip_prefix(mark))
            .unwrap_or(shorter);
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}

/// The thoughts at the beginning of an answer, where the server leaves them there, and the rest.
pub(super) fn thought(text: &str) -> (Option<&str>, &str) {
    let Some(thinking) = text.trim_start().strip_prefix(THINKS) else {
        return (None, text);
    };
    match thinking.split_once(THOUGHT) {
        Some((thought, rest)) => (Some(thought), rest.trim_start()),
        None => (Some(thinking), ""),
    }
}

/// Where the end of thoughts begins that may be the beginning of their end mark.
pub(super) fn before_thought(thought: &str) -> usize {
    let begun = (1..THOUGHT.len())
        .rev()
        .find(|n| thought.ends_with(&THOUGHT[..*n]));
    thought.len() - begun.unwrap_or(0)
}

/// Whether an answer may still turn out to begin with thoughts, or does.
pub(super) fn may_think(text: &str) -> bool {
    let text = text.trim_start();
    THINKS.starts_with(text) || text.starts_with(THINKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_known_by_its_first_word() {
        for (text, start) in [
            ("no object", Start::Nowhere),
            ("{\"total\": 1}", Start::Nowhere),
            ("{} {\"total\": 1}", Start::Nowhere),
            ("a {", Start::Perhaps(2)),
            ("a {\"ca", Start::Perhaps(2)),
            ("a { \"calls\" ", Start::Perhaps(2)),
            ("a { \"calls\" :", Start::Here(2)),
            ("{'name':", Start::Here(0)),
            ("{\"named\": 1}", Start::Nowhere),
            ("{\"tool_calls\":", Start::Here(0)),
            ("{\"a\": {\"name\": 1}}", Start::Here(6)),
        ] {
            assert_eq!(super::start(text, 0), start, "{text}");
        }
    }

    #[test]
    fn what_leads_to_a_call_belongs_to_it() {
        for (text, lead) in [
            ("{", ""),
            ("Look: {", "Look:"),
            ("Look:\n```json\n{", "Look:"),
            ("Look:\n```\n[{", "Look:"),
            ("Look: <tool_call>\n{", "Look:"),
            ("a ```b``` {", "a ```b```"),
        ] {
            let object = text.rfind('{').unwrap();
            assert_eq!(&text[..lead_in(text, object)], lead, "{text}");
            let before = &text[..object];
            assert!(open_end(before) <= lead.len(), "{text} shows too much");
        }
        for (text, lead) in [
            ("Look ``", "Look"),
            ("Look: <tool_", "Look:"),
            ("Look:\n```js", "Look:"),
            ("Look.", "Look."),
            ("a < b", "a < b"),
        ] {
            assert_eq!(&text[..open_end(text)], lead, "{text}");
        }
    }
}
