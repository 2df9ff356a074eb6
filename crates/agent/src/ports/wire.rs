//! What went over the wire, kept beside the journal for a person who wants to see it.
//!
//! Nothing that a run does depends on it, and losing it loses nothing: the journal alone says
//! what happened.

use slipway_contract::model::ModelRef;
use slipway_contract::{RunId, StepId, Timestamp};

use super::model::Exchanged;

/// One attempt at a model call, as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRecord {
    /// The run.
    pub run: RunId,
    /// The model call.
    pub step: StepId,
    /// Which attempt at it, from 1.
    pub attempt: u32,
    /// The model that was asked.
    pub model: ModelRef,
    /// When the attempt began.
    pub at: Timestamp,
    /// Milliseconds until it was over.
    pub took_ms: u64,
    /// What was sent and came back, without secrets.
    pub exchanged: Exchanged,
}

/// Keeps what went over the wire.
pub trait WireLog: Send + Sync {
    /// Whether it keeps anything at all: where it does not, nothing is collected.
    fn is_on(&self) -> bool;

    /// Keeps this. Must not block and cannot fail: what cannot be kept is dropped.
    fn keep(&self, record: WireRecord);
}

/// Nothing is kept.
impl WireLog for () {
    fn is_on(&self) -> bool {
        false
    }

    fn keep(&self, _: WireRecord) {}
}
