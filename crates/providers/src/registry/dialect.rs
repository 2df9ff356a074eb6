//! In what places differ that speak the same protocol.

use serde::Deserialize;

/// What a place understands of OpenAI's Chat Completions. The default is what every compatible
/// server understands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dialect {
    /// What the limit of the answer's tokens is called.
    pub limit: LimitField,
    /// Whether a schema of the final answer may go with tools. Servers that hold a model to a
    /// schema at once would never let it call a tool.
    pub schema_with_tools: bool,
}

/// What the limit of the answer's tokens is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitField {
    /// As it was at first, and still is with most.
    #[default]
    MaxTokens,
    /// As OpenAI calls it now.
    MaxCompletionTokens,
}
