//! In which interface a request asks.

use serde_json::Value;

use super::reply::Answer;
use super::{anthropic, chat, gemini, responses};

/// The wire formats that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interface {
    Chat,
    Responses,
    Anthropic,
    Gemini,
}

impl Interface {
    /// That of this path.
    pub(super) fn of(path: &str) -> Self {
        match path.rsplit('/').next() {
            Some("messages") => Self::Anthropic,
            Some("responses") => Self::Responses,
            Some(method) if gemini::is_asked(method) => Self::Gemini,
            _ => Self::Chat,
        }
    }

    pub(super) fn whole(self, answer: &Answer) -> Value {
        match self {
            Self::Chat => chat::whole(answer),
            Self::Responses => responses::whole(answer),
            Self::Anthropic => anthropic::whole(answer),
            Self::Gemini => gemini::whole(answer),
        }
    }

    pub(super) fn events(self, answer: &Answer) -> String {
        match self {
            Self::Chat => chat::events(answer),
            Self::Responses => responses::events(answer),
            Self::Anthropic => anthropic::events(answer),
            Self::Gemini => gemini::events(answer),
        }
    }
}
