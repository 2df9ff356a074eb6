//! Text from models, tools and packages as a terminal may show it. Whatever could move the
//! cursor, change colours or hide other text is shown as an escape instead of being obeyed.

use std::borrow::Cow;

use slipway_contract::visible;

/// Text of several lines: line feeds and tabs stay.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    escaped(text, |c| matches!(c, '\n' | '\t') || is_harmless(c))
}

/// Text that must stay on one line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_harmless)
}

/// Text that a person decides about: every character that looks like another or like nothing
/// is shown as an escape too.
pub(crate) fn exact(text: &str) -> Cow<'_, str> {
    escaped(text, |c| !visible::deceives(c) && !matches!(c, '\n' | '\t'))
}

/// JSON with the characters escaped that JSON lets through and a terminal obeys. It stays the
/// same JSON: outside of strings there are no such characters.
pub(crate) fn json(json: &str) -> Cow<'_, str> {
    if json.chars().all(is_harmless) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    let mut units = [0; 2];
    for c in json.chars() {
        if is_harmless(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Cow::Owned(out)
}

/// Makes a text that arrives in pieces fit to be shown.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// The last piece ended in a carriage return: alone it goes back over the line, before a
    /// line feed it is half of a line's end.
    carriage_return: bool,
}

impl Pieces {
    /// The next piece.
    pub(crate) fn next(&mut self, piece: &str) -> String {
        let mut whole = String::with_capacity(piece.len() + 1);
        if std::mem::take(&mut self.carriage_return) {
            whole.push('\r');
        }
        whole.push_str(piece);
        if whole.ends_with('\r') {
            whole.pop();
            self.carriage_return = true;
        }
        text(&whole.replace("\r\n", "\n")).into_owned()
    }
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().all(&keep) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if keep(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    Cow::Owned(out)
}

fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            // Invisible, or changing the direction of what follows (Unicode's Cf, and fillers).
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_shown_and_not_obeyed() {
        let hostile = "a\u{1b}[2J\u{9b}31mb\u{7}\u{8}c\u{7f}";
        assert_eq!(text(hostile), "a\\u{1b}[2J\\u{9b}31mb\\u{7}\\u{8}c\\u{7f}");
        assert_eq!(text("two\nlines\tü 👩‍👩‍👧"), "two\nlines\tü 👩‍👩‍👧");
        assert_eq!(line("two\nlines\r"), "two\\nlines\\r");
    }

    #[test]
    fn text_that_hides_or_turns_around_is_shown() {
        assert_eq!(text("a\u{202e}cba"), "a\\u{202e}cba");
        assert_eq!(line("a\u{200b}b\u{e0041}"), "a\\u{200b}b\\u{e0041}");
        assert_eq!(
            exact("a\u{a0}b\u{200d}c d\u{fe0f}\n"),
            "a\\u{a0}b\\u{200d}c d\\u{fe0f}\\n"
        );
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!({"text": "a\u{9b}b\u{7f}\u{202e}\u{e0041}ü\n"});
        let written = value.to_string();
        let shown = json(&written);
        assert!(shown.chars().all(is_harmless), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }

    #[test]
    fn a_line_end_may_be_cut_in_two() {
        let mut pieces = Pieces::default();
        assert_eq!(pieces.next("one\r"), "one");
        assert_eq!(pieces.next("\ntwo\r"), "\ntwo");
        assert_eq!(pieces.next("three"), "\\rthree");
    }
}
