//! Time.

use std::time::Duration;

use async_trait::async_trait;
use slipway_contract::Timestamp;

/// The time of day and the passing of time.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time of day, which a person or a server may set back.
    fn now(&self) -> Timestamp;

    /// Time since some moment, never going back; for measuring.
    fn monotonic(&self) -> Duration;

    /// Returns after this much time.
    async fn sleep(&self, duration: Duration);
}
