//! The state in this process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Leave, Limits, NoLimits, Rate, decide};
use crate::clock::Moment;

/// How many keys are kept before those are forgotten whose allowance is whole.
const MANY: usize = 100_000;

/// The state in this process.
#[derive(Debug, Default)]
pub struct LocalLimits {
    whole_at: Mutex<HashMap<String, i64>>,
}

#[async_trait]
impl Limits for LocalLimits {
    async fn take(&self, key: &str, rate: Rate, now: Moment) -> Result<Leave, NoLimits> {
        let now = now.0.saturating_mul(1000);
        let mut kept = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MANY && !kept.contains_key(key) {
            kept.retain(|_, whole_at| *whole_at > now);
            if kept.len() >= MANY {
                // More callers at once than can be told apart: rather all begin anew than that memory runs out.
                kept.clear();
            }
        }
        let (leave, next) = decide(kept.get(key).copied(), rate, now);
        kept.insert(key.to_owned(), next);
        Ok(leave)
    }
}
