//! Signatures of thoughts. Google gives them with parts of an answer and wants them back on the
//! same parts, unchanged; newer models refuse a function call without.

use serde_json::{Value, json};

use crate::attempt::origin::Origin;

/// What Slipway calls this protocol in what it keeps of an answer.
pub(super) const PROTOCOL: &str = "gemini";

/// The name under which a signature is kept.
const SIGNATURE: &str = "signature";

/// What stands for the signature of a call that this model did not make, as Google says for
/// conversations that begin with another model.
pub(super) const NOT_OURS: &str = "skip_thought_signature_validator";

/// A signature as the conversation keeps it, right before its part.
pub(super) fn kept(origin: &Origin<'_>, signature: &str) -> Value {
    origin.mark(SIGNATURE, json!(signature))
}

/// The signature that is kept here; none when another model gave it.
pub(super) fn of<'a>(origin: &Origin<'_>, opaque: Option<&'a Value>) -> Option<&'a str> {
    let signature = origin.own(opaque?, SIGNATURE)?.as_str()?;
    Some(signature).filter(|text| !text.is_empty())
}
