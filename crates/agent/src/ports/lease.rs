//! Who drives a run. Two processes never drive one.

use async_trait::async_trait;
use slipway_contract::RunId;

/// Rises with each new owner of a run's lease; checked at every append, so that an owner who
/// lost the lease without noticing can write nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FencingToken(pub u64);

/// The right to drive one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The run.
    pub run: RunId,
    /// The owner's token.
    pub token: FencingToken,
}

/// How long a lease holds without being renewed.
pub const LEASE: std::time::Duration = std::time::Duration::from_secs(30);

/// How often a holder looks whether it was asked to end the run.
pub const ASKED: std::time::Duration = std::time::Duration::from_secs(1);

/// Where leases are kept.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the lease of a run that nobody holds.
    ///
    /// # Errors
    /// [`LeaseError::Held`] when another owner holds it.
    async fn acquire(&self, run: RunId) -> Result<Lease, LeaseError>;

    /// Holds the lease for another [`LEASE`].
    ///
    /// # Errors
    /// [`LeaseError::Lost`] when it went to another owner meanwhile.
    async fn renew(&self, lease: &Lease) -> Result<(), LeaseError>;

    /// Lets go; another may take it at once. A lease that was lost already is no error.
    ///
    /// # Errors
    /// Only storage can fail.
    async fn release(&self, lease: &Lease) -> Result<(), LeaseError>;

    /// Asks whoever holds the run's lease to end the run as cancelled. Where nobody holds it,
    /// nobody is asked: the next owner knows nothing of it.
    ///
    /// # Errors
    /// Only storage can fail.
    async fn ask_to_cancel(&self, run: RunId) -> Result<(), LeaseError>;

    /// Whether the holder of this lease was asked to end the run.
    ///
    /// # Errors
    /// Only storage can fail.
    async fn is_asked_to_cancel(&self, lease: &Lease) -> Result<bool, LeaseError>;
}

/// Why there is no lease.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// Another owner holds it.
    #[error("another process drives this run ({owner})")]
    Held {
        /// Who, as people read it.
        owner: String,
    },
    /// It went to another owner.
    #[error("another process has taken this run over")]
    Lost,
    /// The place where leases are kept failed.
    #[error("the lease could not be stored: {0}")]
    Storage(String),
}
