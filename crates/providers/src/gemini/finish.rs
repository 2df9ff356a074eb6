//! Why a model stopped, or never began.

use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::message::StopReason;

use crate::attempt::failure::Reporter;

/// Characters of the provider's own words that an error takes over.
const QUOTED: usize = 300;

/// Why the model stopped, in the provider's words.
pub(super) struct Finish {
    pub(super) word: String,
    pub(super) message: String,
}

impl Finish {
    /// The same in ours, or why the answer cannot be used. `calls` says whether it asks for tools.
    pub(super) fn stop_reason(
        &self,
        reporter: &Reporter,
        calls: bool,
    ) -> Result<StopReason, ModelError> {
        let unusable = |kind, what: &str, advice: &str| {
            let quoted = quoted(reporter, &self.message);
            let why = format!("{}{quoted}", self.word);
            Err(reporter.error(
                kind,
                format_args!("{} {what} ({why}). {advice}", reporter.model),
            ))
        };
        Ok(match self.word.as_str() {
            "STOP" => StopReason::End,
            "MAX_TOKENS" | "CONTINUATION" => StopReason::Length,
            "SAFETY"
            | "RECITATION"
            | "LANGUAGE"
            | "BLOCKLIST"
            | "PROHIBITED_CONTENT"
            | "SPII"
            | "IMAGE_SAFETY"
            | "ESCALATION"
            | "PUP_LIMITED_DISABLED"
            | "MODEL_ARMOR" => StopReason::Filtered,
            // A call of a tool that it was not given, which the engine can tell it.
            "UNEXPECTED_TOOL_CALL" if calls => StopReason::End,
            "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "MALFORMED_RESPONSE" => {
                return unusable(
                    ModelErrorKind::Malformed,
                    "wrote an answer that cannot be read",
                    "Try again.",
                );
            }
            "MISSING_THOUGHT_SIGNATURE" => {
                return unusable(
                    ModelErrorKind::Unsupported,
                    "cannot go on from a conversation that another model began",
                    "Begin a new run, or choose another model.",
                );
            }
            other => StopReason::Unknown(other.to_owned()),
        })
    }
}

/// The provider did not let the input through.
pub(super) fn blocked(reporter: &Reporter, reason: &str, message: &str) -> ModelError {
    reporter.error(
        ModelErrorKind::Refused,
        format_args!(
            "{} refused the input ({}{}). Change the input, or choose another model.",
            reporter.place,
            reason.chars().take(100).collect::<String>(),
            quoted(reporter, message)
        ),
    )
}

/// The provider's own words, cleaned before they are cut: half a key is one too.
fn quoted(reporter: &Reporter, message: &str) -> String {
    let said = reporter.clean(message);
    let said: String = said
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(QUOTED)
        .collect();
    match said.trim() {
        "" => String::new(),
        said => format!(": {said}"),
    }
}
