//! Signatures of thoughts. Google gives them with parts of an answer and wants them back on the
//! same parts, unchanged; newer models refuse a function call without.

use serde_json::{Value, json};

/// What stands for the signature of a call that no Gemini model made, as Google says for
/// conversations that begin with another model.
pub(super) const NOT_OURS: &str = "skip_thought_signature_validator";

/// A signature as the conversation keeps it, right before its part.
pub(super) fn kept(signature: &str) -> Value {
    json!({"protocol": "gemini", "signature": signature})
}

/// The signature that is kept here; none when it is another provider's.
pub(super) fn of(opaque: Option<&Value>) -> Option<&str> {
    let opaque = opaque.filter(|opaque| opaque["protocol"] == "gemini")?;
    opaque["signature"].as_str().filter(|text| !text.is_empty())
}
