//! The journal.

use async_trait::async_trait;
use slipway_contract::model::ModelRef;
use slipway_contract::run::{End, ParkReason, RunStatus, Usage};
use slipway_contract::{AgentName, ContentHash, RunId, Timestamp, Usd};

use super::lease::{FencingToken, Lease, LeaseError};
use super::ledger::{Attempt, Settlement};
use crate::event::Recorded;

/// Where the prefix of a continued run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fork {
    /// The run whose prefix is shared.
    pub run: RunId,
    /// The last event that is shared.
    pub seq: u64,
}

/// What the run's row says after an append; written in the same transaction, so that the ledger
/// of runs cannot differ from the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The state.
    pub status: RunStatus,
    /// Why it waits.
    pub parked: Option<ParkReason>,
    /// Its end.
    pub end: Option<End>,
    /// Its figures.
    pub usage: Usage,
    /// When the first of its open questions expires.
    pub expires_at: Option<Timestamp>,
}

impl Head {
    /// Whether its parts agree: a reason to wait exactly when parked, an end exactly when
    /// ended and of the same status. A journal refuses any other.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let end_agrees = match &self.end {
            Some(end) => end.status.is_end() && end.status == self.status,
            None => !self.status.is_end(),
        };
        end_agrees && self.parked.is_some() == (self.status == RunStatus::Parked)
    }
}

/// A run's row when it is made: what lists show without reading the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRun {
    /// The run.
    pub run: RunId,
    /// The run whose prefix it shares.
    pub parent: Option<Fork>,
    /// When it is made.
    pub created_at: Timestamp,
    /// The agent.
    pub agent: AgentName,
    /// The agent's title.
    pub title: String,
    /// The version.
    pub version: ContentHash,
    /// The model.
    pub model: ModelRef,
    /// The first words of its input.
    pub input: String,
    /// Its budget.
    pub budget_usd: Option<Usd>,
    /// Its first events, their `seq` from 1, or from the fork's on.
    pub events: Vec<Recorded>,
    /// The attempts that these events announce with a reservation, which must be there still.
    pub reserved: Vec<Attempt>,
    /// Its row after them.
    pub head: Head,
}

/// One append: an outcome and the intents that follow from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    /// The run.
    pub run: RunId,
    /// The appender's right to do so.
    pub token: FencingToken,
    /// The events, their `seq` without gaps from the journal's last.
    pub events: Vec<Recorded>,
    /// The run's row after them.
    pub head: Head,
    /// What the attempts cost that these events are the outcomes of; counted in the same
    /// transaction, so that outcome and money cannot differ.
    pub settled: Vec<Settlement>,
    /// At the run's end: all of its attempts that its journal announced with a reservation.
    /// Whatever else is reserved for it belongs to calls that never began, such as those whose
    /// append failed, and is settled for nothing in the same transaction.
    pub announced: Option<Vec<Attempt>>,
    /// Let go of the lease in the same transaction: the run has ended or is parked.
    pub release: bool,
}

/// Where events are kept. The same store keeps the leases (see [`super::lease::Leases`]).
#[async_trait]
pub trait Journal: Send + Sync {
    /// Makes a run with its first events, and takes its lease, in one transaction.
    ///
    /// # Errors
    /// [`JournalError::Exists`] when there is such a run; [`JournalError::Unknown`] when there
    /// is no parent; [`JournalError::OutOfOrder`] when the parent is shorter than the prefix, or
    /// the first event does not follow it; [`JournalError::Unreserved`] when a reservation is gone.
    async fn create(&self, new: NewRun) -> Result<Lease, JournalError>;

    /// Appends all of the events, or none. When it returns they survive a crash of the process.
    /// Times are kept to the millisecond.
    ///
    /// # Errors
    /// In this order: [`JournalError::Unknown`]; [`JournalError::Fenced`] when the token is not
    /// the newest of the run's lease; [`JournalError::Ended`]; [`JournalError::OutOfOrder`] when
    /// the events do not follow the journal's last, or each other.
    async fn append(&self, append: Append) -> Result<(), JournalError>;

    /// All events of the run in order, its parent's prefix first.
    ///
    /// # Errors
    /// [`JournalError::Unknown`] when there is no such run; [`JournalError::Corrupt`] when an
    /// event cannot be read.
    async fn read(&self, run: RunId) -> Result<Vec<Recorded>, JournalError>;
}

/// Why the journal refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// There is no such run.
    #[error("there is no run {0}")]
    Unknown(RunId),
    /// The run exists.
    #[error("the run {0} exists already")]
    Exists(RunId),
    /// Another process has taken the run over.
    #[error("another process has taken the run {0} over")]
    Fenced(RunId),
    /// The run has ended, and nothing follows an end.
    #[error("the run {0} has ended: nothing can be added to it")]
    Ended(RunId),
    /// The events do not follow the journal's last.
    #[error("the run {run} has {last} events, so number {first} cannot be appended")]
    OutOfOrder {
        /// The run.
        run: RunId,
        /// The journal's last number.
        last: u64,
        /// The first number to be appended.
        first: u64,
    },
    /// What was reserved for a run was let go of before the run was made.
    #[error(
        "the money for the first call of the run {0} was set aside too long ago, and others may have it by now: start the run again"
    )]
    Unreserved(RunId),
    /// An event cannot be read.
    #[error("event {seq} of the run {run} cannot be read: {message}")]
    Corrupt {
        /// The run.
        run: RunId,
        /// The event's number.
        seq: u64,
        /// What is wrong with it.
        message: String,
    },
    /// The lease could not be had.
    #[error(transparent)]
    Lease(#[from] LeaseError),
    /// The place where events are kept failed.
    #[error("the journal could not be written or read: {0}")]
    Storage(String),
}
