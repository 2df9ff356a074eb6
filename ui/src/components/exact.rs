//! Text shown exactly: what cannot be seen is made visible, so that nobody approves what they did not read.

use serde_json::Value;
use slipway_contract::visible::deceives;
use yew::prelude::*;

use super::fold::Fold;
use super::result::LongText;
use crate::{format, text};

/// More than this is folded away, except where a person decides about it.
const FOLDED: usize = 4_000;

/// A piece of a text.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Plain(&'a str),
    /// A character that has no shape or changes how others are shown.
    Hidden(char),
}

/// The text, with hidden characters as their code.
pub(crate) fn exact(text: &str) -> Html {
    shown(pieces(text, deceives))
}

/// Text to be read, by somebody who decides nothing by it: what turns other characters around or has no place in a text is
/// shown as its code, and what belongs to an emoji or a script is left to it.
pub(crate) fn prose(text: &str) -> Html {
    shown(pieces(text, is_no_prose))
}

fn is_no_prose(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{200b}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

fn shown(pieces: Vec<Piece<'_>>) -> Html {
    let shown = pieces.into_iter().map(|piece| match piece {
        Piece::Plain(text) => html! { { text.to_owned() } },
        Piece::Hidden(character) => {
            html! { <span class="hidden-char" title={text::HIDDEN_CHARACTER}>{ format!("U+{:04X}", u32::from(character)) }</span> }
        }
    });
    shown.collect()
}

/// Arguments, one a row: text as it is, everything else as JSON. Never folded: they are what an approval covers.
pub(crate) fn arguments(value: &Value) -> Html {
    match value {
        Value::Object(fields) if fields.is_empty() => {
            html! { <p class="t3">{ text::NO_ARGUMENTS }</p> }
        }
        Value::Object(fields) => html! {
            <dl class="approval__args selectable">
                { for fields.iter().map(|(name, value)| html! { <><dt>{ exact(name) }</dt><dd>{ argument(value) }</dd></> }) }
            </dl>
        },
        other => html! { <div class="selectable">{ argument(other) }</div> },
    }
}

fn argument(value: &Value) -> Html {
    match value {
        Value::String(text) if text.is_empty() => {
            html! { <span class="t3">{ text::EMPTY_TEXT }</span> }
        }
        Value::String(text) => html! { <span class="as-written">{ exact(text) }</span> },
        other => html! { <code class="as-written">{ exact(&pretty(other)) }</code> },
    }
}

/// A value in one cell: text as it is, everything else as JSON on one line.
pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A result in a well: text as it is, data as JSON; long ones are folded.
pub(crate) fn data(value: &Value) -> Html {
    let written = match value {
        Value::String(text) => text.clone(),
        other => pretty(other),
    };
    let head = written
        .get(..written.floor_char_boundary(FOLDED))
        .unwrap_or(&written);
    if head.len() == written.len() {
        return well(&written);
    }
    let size = format::bytes(written.len());
    html! {
        <>
            { well(head) }
            <Fold summary={text::all_of(&size)}><LongText text={AttrValue::from(written)} /></Fold>
        </>
    }
}

pub(super) fn well(text: &str) -> Html {
    html! { <pre class="well code code--wrap" tabindex="0">{ exact(text) }</pre> }
}

fn pretty(value: &Value) -> String {
    // A `Value` has only text keys, so that it always can be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn pieces(text: &str, hides: fn(char) -> bool) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, character) in text
        .char_indices()
        .filter(|(_, character)| hides(*character))
    {
        if let Some(plain) = text.get(from..at).filter(|plain| !plain.is_empty()) {
            pieces.push(Piece::Plain(plain));
        }
        pieces.push(Piece::Hidden(character));
        from = at + character.len_utf8();
    }
    if let Some(plain) = text.get(from..).filter(|plain| !plain.is_empty()) {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_one_piece() {
        let text = "October: €4,218.60\n\t41 receipts, größer, 領収書";
        assert_eq!(pieces(text, deceives), [Piece::Plain(text)]);
        assert!(pieces("", deceives).is_empty());
    }

    #[test]
    fn characters_that_deceive_are_shown() {
        let text = "pay \u{202e}nomel\u{200b}\u{7}";
        let expected = [
            Piece::Plain("pay "),
            Piece::Hidden('\u{202e}'),
            Piece::Plain("nomel"),
            Piece::Hidden('\u{200b}'),
            Piece::Hidden('\u{7}'),
        ];
        assert_eq!(pieces(text, deceives), expected);
        assert_eq!(
            pieces("\u{e0041}\r", deceives),
            [Piece::Hidden('\u{e0041}'), Piece::Hidden('\r')]
        );
        assert_eq!(
            pieces("\u{a0}\u{fe0f}", deceives),
            [Piece::Hidden('\u{a0}'), Piece::Hidden('\u{fe0f}')],
            "a space that is none, and a character without a shape"
        );
    }

    #[test]
    fn data_is_written_with_all_its_digits() {
        let value: Value =
            serde_json::json!({ "id": 12_345_678_901_234_567_890_u64, "share": 0.1 });
        assert_eq!(
            pretty(&value),
            "{\n  \"id\": 12345678901234567890,\n  \"share\": 0.1\n}"
        );
    }

    #[test]
    fn prose_keeps_its_emoji_and_shows_what_turns_it_around() {
        let plain = "❤\u{fe0f} 👩\u{200d}🚀 a\u{a0}b";
        assert_eq!(pieces(plain, is_no_prose), [Piece::Plain(plain)]);
        for hidden in ['\u{202e}', '\u{2066}', '\u{7}', '\u{e0041}', '\u{200b}'] {
            let text = format!("a{hidden}b");
            let expected = [Piece::Plain("a"), Piece::Hidden(hidden), Piece::Plain("b")];
            assert_eq!(pieces(&text, is_no_prose), expected);
        }
    }
}
