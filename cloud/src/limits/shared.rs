//! Redis while it answers, and this process while it does not.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout};

use super::{Leave, Limits, LocalLimits, NoLimits, Rate};
use crate::clock::Moment;
use crate::telemetry::LIMITS_APART;

/// How long Redis may take: a request is not held up for its rate limit.
const WAIT: Duration = Duration::from_millis(250);
/// How long it is not asked again when it did not answer, so that few requests wait for it.
const PAUSE: Duration = Duration::from_secs(5);

/// Redis while it answers, and this process while it does not: each copy then limits by itself, which
/// is looser than together and far tighter than not at all.
#[derive(Debug)]
pub struct SharedLimits<L> {
    shared: L,
    own: LocalLimits,
    /// When it is asked next, if it did not answer.
    next: Mutex<Option<Instant>>,
}

impl<L> SharedLimits<L> {
    /// With this as the shared one.
    pub fn new(shared: L) -> Self {
        metrics::gauge!(LIMITS_APART).set(0);
        Self {
            shared,
            own: LocalLimits::default(),
            next: Mutex::new(None),
        }
    }

    /// Whether it is to be asked now: while it does not answer, by one request each time that the pause is over.
    fn is_asked(&self) -> bool {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = *next else { return true };
        let now = Instant::now();
        let is_over = at <= now;
        if is_over {
            *next = Some(now + PAUSE);
        }
        is_over
    }

    /// Notes whether it answered, and tells of it when that is new.
    fn note(&self, trouble: Option<&str>) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        match (next.is_some(), trouble) {
            (false, Some(why)) => {
                tracing::warn!(
                    why,
                    "Redis does not answer: rate limits are this copy's own until it does"
                );
                metrics::gauge!(LIMITS_APART).set(1);
            }
            (true, None) => {
                tracing::info!("Redis answers: rate limits are shared");
                metrics::gauge!(LIMITS_APART).set(0);
            }
            (true, Some(_)) | (false, None) => {}
        }
        *next = trouble.map(|_| Instant::now() + PAUSE);
    }
}

#[async_trait]
impl<L: Limits> Limits for SharedLimits<L> {
    async fn take(&self, key: &str, rate: Rate, now: Moment) -> Result<Leave, NoLimits> {
        if self.is_asked() {
            match timeout(WAIT, self.shared.take(key, rate, now)).await {
                Ok(Ok(leave)) => {
                    self.note(None);
                    return Ok(leave);
                }
                Ok(Err(error)) => self.note(Some(&error.0)),
                Err(_) => self.note(Some("it is too slow")),
            }
        }
        self.own.take(key, rate, now).await
    }
}
