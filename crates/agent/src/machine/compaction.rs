//! Keeping the conversation within the model's context window.

use serde::{Deserialize, Serialize};
use slipway_contract::StepId;

/// What was left out of the conversation that the model is given. The journal keeps all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compaction {
    /// Estimated tokens before.
    pub tokens_before: u64,
    /// Estimated tokens after.
    pub tokens_after: u64,
    /// Tool calls whose result's text was left out.
    pub elided: Vec<StepId>,
    /// Model calls whose whole turn (answer and tool results) was left out.
    pub dropped: Vec<StepId>,
}
