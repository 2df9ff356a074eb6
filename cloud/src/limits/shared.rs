//! Redis while it answers, and this process while it does not.

use std::time::Duration;

use async_trait::async_trait;

use super::{Leave, Limits, LocalLimits, NoLimits, Rate};
use crate::clock::Moment;

/// How long Redis may take: a request is not held up for its rate limit.
const WAIT: Duration = Duration::from_millis(250);

/// Redis while it answers, and this process while it does not: each copy then limits by itself, which
/// is looser than together and far tighter than not at all.
#[derive(Debug)]
pub struct SharedLimits<L> {
    shared: L,
    own: LocalLimits,
}

impl<L> SharedLimits<L> {
    /// With this as the shared one.
    pub fn new(shared: L) -> Self {
        Self {
            shared,
            own: LocalLimits::default(),
        }
    }
}

#[async_trait]
impl<L: Limits> Limits for SharedLimits<L> {
    async fn take(&self, key: &str, rate: Rate, now: Moment) -> Result<Leave, NoLimits> {
        match tokio::time::timeout(WAIT, self.shared.take(key, rate, now)).await {
            Ok(Ok(leave)) => return Ok(leave),
            Ok(Err(error)) => tracing::warn!(%error, "rate limits are this copy's own for now"),
            Err(_) => tracing::warn!("Redis is slow: rate limits are this copy's own for now"),
        }
        self.own.take(key, rate, now).await
    }
}
