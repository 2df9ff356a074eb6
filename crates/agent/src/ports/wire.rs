//! What went over the wire, kept beside the journal for a person who wants to see it.
//!
//! Nothing that a run does depends on it, and losing it loses nothing: the journal alone says
//! what happened.

use slipway_contract::model::ModelRef;
use slipway_contract::{RunId, StepId, Timestamp};

use super::model::{Exchanged, Unclean};

/// One attempt at a model call, as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRecord<E = Exchanged> {
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
    /// What was sent and came back.
    pub exchanged: E,
}

impl<E> WireRecord<E> {
    fn with<F>(self, change: impl FnOnce(E) -> F) -> WireRecord<F> {
        WireRecord {
            run: self.run,
            step: self.step,
            attempt: self.attempt,
            model: self.model,
            at: self.at,
            took_ms: self.took_ms,
            exchanged: change(self.exchanged),
        }
    }
}

impl WireRecord<Unclean> {
    /// Without secrets. May take a while.
    #[must_use]
    pub fn cleaned(self) -> WireRecord {
        self.with(Unclean::cleaned)
    }
}

impl From<WireRecord> for WireRecord<Unclean> {
    fn from(record: WireRecord) -> Self {
        record.with(Unclean::from)
    }
}

/// Keeps what went over the wire.
pub trait WireLog: Send + Sync {
    /// Whether it keeps anything at all: where it does not, nothing is collected.
    fn is_on(&self) -> bool;

    /// Keeps this, without secrets. Must not block and cannot fail: what cannot be kept is dropped.
    /// A long record is cleaned elsewhere than here.
    fn keep(&self, record: WireRecord<Unclean>);
}

/// Nothing is kept.
impl WireLog for () {
    fn is_on(&self) -> bool {
        false
    }

    fn keep(&self, _: WireRecord<Unclean>) {}
}
