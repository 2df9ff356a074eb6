//! In what Anthropic's models differ, as the table of models says it.

use serde::Deserialize;

/// What a model takes. The default is for a model of which nobody says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaudeTraits {
    /// How it is told to think.
    pub thinking: ThinkingMode,
    /// Whether it can be made to call a tool.
    pub forced_tools: bool,
    /// Whether its thoughts come back to it only below the very same beginning.
    pub bound: bool,
    /// Tokens from which on a beginning is cached.
    pub cache_from: u32,
}

impl Default for ClaudeTraits {
    fn default() -> Self {
        Self {
            thinking: ThinkingMode::OnRequest,
            forced_tools: true,
            bound: true,
            cache_from: 1_024,
        }
    }
}

/// How a model is told to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinkingMode {
    /// It is given a number of tokens for it.
    Budget,
    /// It decides how much, when it is asked to think at all.
    OnRequest,
    /// It decides how much, unless it is told not to think.
    UnlessDisabled,
    /// It decides how much, unless it is told to think between tool calls alone.
    UnlessBetweenTools,
    /// It decides how much, and cannot be told not to.
    Always,
}
