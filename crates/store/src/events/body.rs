//! An event as it lies in the database.

use serde::Deserialize;
use slipway_agent::event::{Event, FORMAT, Recorded};
use slipway_agent::ports::journal::JournalError;
use slipway_contract::ContentHash;

use crate::blobs::Blobs;

/// A body of more bytes than this lies beside the database: 64 KiB.
pub(crate) const INLINE_BYTES: usize = 64 << 10;

/// The deepest that an event may nest: what a model or a tool says may nest 128 deep, and lies a
/// few levels down in its event. More could exhaust the stack of whoever reads it.
const MAX_DEPTH: usize = 192;

/// A text, or where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Inline(String),
    Beside(ContentHash),
}

impl Body {
    /// The text as it is to be kept; a long one is written beside the database first, so that no
    /// row ever names what is not there. May block.
    pub(crate) fn keep(text: String, blobs: &Blobs) -> Result<Self, JournalError> {
        if text.len() <= INLINE_BYTES {
            return Ok(Self::Inline(text));
        }
        match blobs.put([text.as_bytes()]).as_deref() {
            Ok([hash]) => Ok(Self::Beside(*hash)),
            Ok(_) => Err(JournalError::Storage("nothing was written".to_owned())),
            Err(error) => Err(JournalError::Storage(error.to_string())),
        }
    }

    pub(crate) fn inline(&self) -> Option<&str> {
        match self {
            Self::Inline(text) => Some(text),
            Self::Beside(_) => None,
        }
    }

    pub(crate) fn beside(&self) -> Option<&[u8]> {
        match self {
            Self::Inline(_) => None,
            Self::Beside(hash) => Some(hash.as_bytes()),
        }
    }
}

/// A row of the table `events`.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) seq: u64,
    pub(crate) at: i64,
    pub(crate) format: u32,
    pub(crate) body: Body,
}

/// An event as text, before it is decided where the text lies.
#[derive(Debug)]
pub(super) struct Text {
    seq: u64,
    at: i64,
    json: String,
}

impl Text {
    pub(super) fn of(event: &Recorded) -> Result<Self, JournalError> {
        let refused = |why: String| JournalError::Storage(format!("event {}: {why}", event.seq));
        let json =
            serde_json::to_string(&event.event).map_err(|error| refused(error.to_string()))?;
        if depth(&json) > MAX_DEPTH {
            return Err(refused(format!("it nests deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self {
            seq: event.seq,
            at: event.at.as_millisecond(),
            json,
        })
    }

    pub(super) fn is_long(&self) -> bool {
        self.json.len() > INLINE_BYTES
    }

    pub(super) fn keep(self, blobs: &Blobs) -> Result<Row, JournalError> {
        Ok(Row {
            seq: self.seq,
            at: self.at,
            format: FORMAT,
            body: Body::keep(self.json, blobs)?,
        })
    }
}

/// The event of a text in this format, or what is wrong with it.
pub(crate) fn event(format: u32, json: &str) -> Result<Event, String> {
    if format > FORMAT {
        return Err(format!(
            "it has format {format}, which a newer Slipway wrote, and this one reads up to {FORMAT}"
        ));
    }
    if depth(json) > MAX_DEPTH {
        return Err(format!("it nests deeper than {MAX_DEPTH} levels"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    deserializer.disable_recursion_limit();
    let event = Event::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(event)
}

/// How deep the brackets of a JSON text nest.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use slipway_agent::memory::contract::sample;

    use super::*;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!(0.1), |inner, _| json!([inner]))
    }

    #[test]
    fn depth_ignores_brackets_in_texts() {
        assert_eq!(depth(r#"{"a":["[[[\"[[",{"b":1}],"c":[]}"#), 3);
        assert_eq!(depth("12"), 0);
        assert_eq!(depth(r#""\\"[[]]"#), 2);
    }

    #[test]
    fn the_deepest_thing_that_comes_in_can_be_read_again() {
        let deepest: Value = serde_json::from_str(&nested(127).to_string()).unwrap();
        let recorded = sample::returned(1, deepest);
        let text = Text::of(&recorded).unwrap();
        assert_eq!(event(FORMAT, &text.json).unwrap(), recorded.event);
    }

    #[test]
    fn what_nests_deeper_is_refused_both_ways() {
        assert!(Text::of(&sample::returned(1, nested(400))).is_err());
        let hostile = format!(r#"{{"event":"resumed","x":{}}}"#, "[".repeat(1_000_000));
        assert!(event(FORMAT, &hostile).unwrap_err().contains("deeper"));
    }

    #[test]
    fn a_newer_format_is_not_guessed_at() {
        let text = Text::of(&sample::started(1)).unwrap();
        assert!(event(FORMAT + 1, &text.json).unwrap_err().contains("newer"));
        assert!(event(FORMAT, &format!("{}x", text.json)).is_err());
    }
}
