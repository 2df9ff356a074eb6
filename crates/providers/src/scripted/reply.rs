//! What a scripted server says.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::interface::Interface;
use super::trouble::Trouble;

/// A model's answer, in no interface yet.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub(super) reasoning: Option<(String, Option<String>)>,
    pub(super) text: Option<String>,
    pub(super) refusal: Option<String>,
    /// Id, name, arguments as text; an empty id is left out.
    pub(super) calls: Vec<(String, String, String)>,
    /// Why it stops, in the words of Chat Completions.
    pub(super) finish: Option<String>,
    /// Input, output and cached tokens.
    pub(super) usage: Option<(u64, u64, u64)>,
    /// Of the input, the tokens written to the cache, where the interface tells them.
    pub(super) written: u64,
    /// Of the output, the tokens of reasoning; none where they are not told.
    pub(super) thought: Option<u64>,
}

impl Answer {
    /// An answer of this text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::nothing()
        }
    }

    /// An answer that says nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            usage: Some((100, 20, 0)),
            ..Self::default()
        }
    }

    /// An answer that asks for a tool call.
    #[must_use]
    pub fn tool(id: &str, name: &str, arguments: &Value) -> Self {
        Self::nothing().and_tool(id, name, arguments)
    }

    /// The same, asking for one more tool call.
    #[must_use]
    pub fn and_tool(self, id: &str, name: &str, arguments: &Value) -> Self {
        self.and_raw_tool(id, name, &arguments.to_string())
    }

    /// The same, asking for one more tool call with these bytes for arguments.
    #[must_use]
    pub fn and_raw_tool(mut self, id: &str, name: &str, arguments: &str) -> Self {
        self.calls
            .push((id.to_owned(), name.to_owned(), arguments.to_owned()));
        self
    }

    /// The same, with reasoning before it, and what the provider wants back of it.
    #[must_use]
    pub fn reasoning(mut self, text: &str, encrypted: Option<&str>) -> Self {
        self.reasoning = Some((text.to_owned(), encrypted.map(str::to_owned)));
        self
    }

    /// The same, with words of refusal.
    #[must_use]
    pub fn refusal(mut self, text: &str) -> Self {
        self.refusal = Some(text.to_owned());
        self
    }

    /// The same, stopping for this reason in the words of Chat Completions: `stop`,
    /// `tool_calls`, `length`, `content_filter`, or any other.
    #[must_use]
    pub fn finish(mut self, reason: &str) -> Self {
        self.finish = Some(reason.to_owned());
        self
    }

    /// The same, using these input, output and cached tokens.
    #[must_use]
    pub const fn usage(mut self, input: u64, output: u64, cached: u64) -> Self {
        self.usage = Some((input, output, cached));
        self
    }

    /// The same, of the input having written so many tokens to the cache, where the interface
    /// tells that.
    #[must_use]
    pub const fn cache_written(mut self, tokens: u64) -> Self {
        self.written = tokens;
        self
    }

    /// The same, of the output having spent so many tokens on reasoning.
    #[must_use]
    pub const fn reasoning_tokens(mut self, tokens: u64) -> Self {
        self.thought = Some(tokens);
        self
    }

    /// The same, not saying what it used.
    #[must_use]
    pub const fn without_usage(mut self) -> Self {
        self.usage = None;
        self
    }

    pub(super) fn stop_word(&self) -> &str {
        match &self.finish {
            Some(word) => word,
            None if self.calls.is_empty() => "stop",
            None => "tool_calls",
        }
    }
}

/// One reply of a script.
#[derive(Debug, Clone)]
pub struct Reply {
    said: Said,
    status: StatusCode,
    headers: HeaderMap,
    pub(super) delay: Duration,
    pub(super) pause: Duration,
    pub(super) linger: Duration,
    pub(super) piece: Option<usize>,
    cut: Option<usize>,
    /// What becomes of the body on its way.
    changes: Vec<fn(Vec<u8>) -> Vec<u8>>,
}

#[derive(Debug, Clone)]
enum Said {
    Answer(Answer),
    Bytes(Vec<u8>),
    Trouble(Trouble),
    /// After the beginning of an answer.
    Amid(Answer, Trouble),
}

/// A reply, ready to be sent.
pub(super) struct Rendered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) cut: bool,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::new(Said::Answer(answer), StatusCode::OK)
    }
}

impl Reply {
    fn new(said: Said, status: StatusCode) -> Self {
        Self {
            said,
            status,
            headers: HeaderMap::new(),
            delay: Duration::ZERO,
            pause: Duration::ZERO,
            linger: Duration::ZERO,
            piece: None,
            cut: None,
            changes: Vec::new(),
        }
    }

    /// An error, as the provider that is asked writes it.
    #[must_use]
    pub fn trouble(trouble: Trouble) -> Self {
        Self::new(Said::Trouble(trouble), StatusCode::OK)
    }

    /// An error in a success: after the beginning of this answer, where it streams.
    #[must_use]
    pub fn trouble_amid(answer: Answer, trouble: Trouble) -> Self {
        Self::new(Said::Amid(answer, trouble), StatusCode::OK)
    }

    /// An error with this status and JSON body.
    #[must_use]
    pub fn error(status: u16, body: &Value) -> Self {
        Self::bytes(status, "application/json", body.to_string())
    }

    /// Exactly these bytes.
    #[must_use]
    pub fn bytes(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = Self::new(Said::Bytes(body.into()), status);
        let kind = HeaderValue::from_static(content_type);
        reply.headers.insert(CONTENT_TYPE, kind);
        reply
    }

    /// These lines as a stream of events.
    #[must_use]
    pub fn events(body: impl Into<Vec<u8>>) -> Self {
        Self::bytes(200, "text/event-stream", body)
    }

    /// The same, with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// The same, beginning after this time.
    #[must_use]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same, sent in pieces of so many bytes, with this time before each.
    #[must_use]
    pub const fn in_pieces(mut self, bytes: usize, pause: Duration) -> Self {
        self.piece = Some(bytes);
        self.pause = pause;
        self
    }

    /// The same, with this time between the last byte and the end of the body.
    #[must_use]
    pub const fn ending_after(mut self, linger: Duration) -> Self {
        self.linger = linger;
        self
    }

    /// The same, with its body changed so on its way.
    #[must_use]
    pub fn changed(mut self, change: fn(Vec<u8>) -> Vec<u8>) -> Self {
        self.changes.push(change);
        self
    }

    /// The same, with the connection broken after so many bytes of the body.
    #[must_use]
    pub const fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    pub(super) fn rendered(&self, path: &str, streams: bool) -> Rendered {
        let mut headers = self.headers.clone();
        let mut status = self.status;
        let interface = Interface::of(path);
        let kind = match (&self.said, streams) {
            (Said::Answer(_) | Said::Amid(..), true) => "text/event-stream",
            _ => "application/json",
        };
        headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static(kind));
        let mut body = match &self.said {
            Said::Bytes(bytes) => bytes.clone(),
            Said::Answer(answer) if streams => interface.events(answer).into_bytes(),
            Said::Answer(answer) => interface.whole(answer).to_string().into_bytes(),
            Said::Amid(answer, trouble) if streams => {
                trouble.amid_events(interface, answer).into_bytes()
            }
            Said::Amid(_, trouble) => trouble.amid_whole(interface).to_string().into_bytes(),
            Said::Trouble(trouble) => {
                let (code, body) = trouble.alone(interface);
                status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                body.to_string().into_bytes()
            }
        };
        for change in &self.changes {
            body = change(body);
        }
        if let Some(cut) = self.cut {
            body.truncate(cut);
        }
        Rendered {
            status,
            headers,
            body,
            cut: self.cut.is_some(),
        }
    }
}

/// A text in the pieces in which a model would stream it.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive(' ').collect()
}
