//! What an answer is made of on the wire.

use serde::Deserialize;
use serde_json::Value;

/// An event, or a whole answer. Everything may be missing: what speaks like Anthropic differs.
#[derive(Deserialize)]
pub(super) struct Event {
    #[serde(default)]
    pub(super) r#type: Value,
    #[serde(default)]
    pub(super) message: Option<Whole>,
    #[serde(default)]
    pub(super) index: Value,
    #[serde(default)]
    pub(super) content_block: Value,
    #[serde(default)]
    pub(super) delta: Value,
    #[serde(default)]
    pub(super) usage: Value,
    #[serde(default)]
    pub(super) error: Value,
}

/// A message: whole, or as it begins.
#[derive(Default, Deserialize)]
pub(super) struct Whole {
    #[serde(default)]
    pub(super) id: Value,
    #[serde(default)]
    pub(super) content: Option<Vec<Value>>,
    #[serde(default)]
    pub(super) stop_reason: Value,
    #[serde(default)]
    pub(super) stop_details: Value,
    #[serde(default)]
    pub(super) usage: Value,
    #[serde(default)]
    pub(super) error: Value,
}

/// A call's arguments where its first event holds them already, as a whole answer does; it holds
/// `{}` otherwise.
pub(super) fn given(input: Option<&Value>) -> String {
    match input {
        None | Some(Value::Null) => String::new(),
        Some(Value::Object(map)) if map.is_empty() => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
