//! What a place and a model understand.

use slipway_contract::model::ModelRef;

use crate::catalog::ModelFacts;
use crate::endpoint::BaseUrl;

/// Which of OpenAI's two interfaces is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// `POST /chat/completions`, which every compatible server knows.
    ChatCompletions,
    /// `POST /responses`, which keeps a reasoning model's thoughts between calls.
    Responses,
}

impl Api {
    /// The interface that is spoken with this place when nothing else is said.
    #[must_use]
    pub fn usual(base: &BaseUrl) -> Self {
        if base.is_openai() {
            Self::Responses
        } else {
            Self::ChatCompletions
        }
    }
}

/// What differs between places and models within one interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// OpenAI itself.
    pub(super) official: bool,
    /// The model reasons: it takes no temperature, and its limit has another name.
    pub(super) reasoning: bool,
}

impl Dialect {
    pub(super) fn of(base: &BaseUrl, model: &ModelRef, facts: Option<&ModelFacts>) -> Self {
        let official = base.is_openai();
        let reasoning = facts.map_or(official && reasons(&model.model), |facts| facts.reasoning);
        Self {
            official,
            reasoning,
        }
    }
}

/// What OpenAI brought out after GPT-4 reasons, unless its name says that it chats.
fn reasons(name: &str) -> bool {
    let name = name.strip_prefix("ft:").unwrap_or(name);
    let older = ["gpt-3", "gpt-4", "chatgpt-", "davinci", "babbage"];
    !older.iter().any(|start| name.starts_with(start)) && !name.contains("-chat")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unlisted_models_are_told_by_their_names() {
        for (name, expected) in [
            ("gpt-4.5-preview", false),
            ("ft:gpt-4o-mini-2024-07-18:acme::1", false),
            ("gpt-5-chat-latest", false),
            ("gpt-5-codex", true),
            ("o1", true),
            ("gpt-7", true),
        ] {
            assert_eq!(reasons(name), expected, "{name}");
        }
    }
}
