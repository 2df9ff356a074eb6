//! How often sign-in may fail, without strangers being able to keep somebody out.
//!
//! Wrong tries are counted for each address, for each account from one address, and for each account from
//! everywhere. The last of these counts stands in the way of browsers that nobody signed in with before
//! and of no other: a browser that did has a count of its own. So who guesses from many places stops
//! themselves, and the person goes on with the browser they use, with a passkey, or with a reset by mail.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use slipway_contract::cloud::ProblemCode;

use crate::clock::Moment;
use crate::failure::Failure;

/// How many in how many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// How many.
    pub most: u64,
    /// In how many seconds.
    pub seconds: i64,
}

/// Wrong passwords or codes for one account from one address or one known browser.
pub const ONE_ACCOUNT_ONE_PLACE: Limit = Limit {
    most: 10,
    seconds: 15 * 60,
};
/// Wrong passwords from one address, behind which may be many people.
pub const ONE_ADDRESS: Limit = Limit {
    most: 100,
    seconds: 15 * 60,
};
/// Wrong passwords for one account from browsers that are not known.
pub const ONE_ACCOUNT: Limit = Limit {
    most: 100,
    seconds: 3600,
};
/// Wrong codes of a second factor, whose right one is one of a million.
pub const CODES: Limit = Limit {
    most: 20,
    seconds: 24 * 3600,
};
/// Wrong codes of devices by one account, whose right ones are some of 25 thousand million.
pub const DEVICE_CODES: Limit = Limit {
    most: 20,
    seconds: 3600,
};
/// Letters to one mailbox that anybody can ask for.
pub const LETTERS: Limit = Limit {
    most: 4,
    seconds: 3600,
};
/// Letters that are asked for from one address.
pub const LETTERS_OF_ADDRESS: Limit = Limit {
    most: 30,
    seconds: 3600,
};

/// A count that is going on.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    /// How many so far.
    pub count: u64,
    /// When it begins anew.
    pub ends_at: Moment,
}

/// Where counts are kept.
#[async_trait::async_trait]
pub trait Counters: Send + Sync {
    /// Adds to a count, takes off it, or with 0 reads it.
    ///
    /// # Errors
    /// When they cannot be reached.
    async fn add(&self, key: &str, by: i64, seconds: i64, now: Moment) -> Result<Count, Failure>;
}

/// Counts of this process.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<HashMap<String, Count>>);

/// From how many counts on those that are over are looked for.
const MANY: usize = 50_000;

#[async_trait::async_trait]
impl Counters for InMemory {
    async fn add(&self, key: &str, by: i64, seconds: i64, now: Moment) -> Result<Count, Failure> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MANY {
            counts.retain(|_, count| now < count.ends_at);
        }
        let fresh = Count {
            count: 0,
            ends_at: now.plus_seconds(seconds),
        };
        if by == 0 {
            let known = counts.get(key).copied().filter(|count| now < count.ends_at);
            return Ok(known.unwrap_or(fresh));
        }
        let count = counts.entry(key.to_owned()).or_insert(fresh);
        if count.ends_at <= now {
            *count = fresh;
        }
        count.count = count.count.saturating_add_signed(by);
        Ok(*count)
    }
}

/// Counts of what went wrong, and whether it was too often.
pub struct Throttle(Box<dyn Counters>);

impl std::fmt::Debug for Throttle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Throttle(…)")
    }
}

impl Throttle {
    /// With counts that are kept here.
    #[must_use]
    pub fn new(counters: Box<dyn Counters>) -> Self {
        Self(counters)
    }

    /// Goes on if none of these counts is used up. Keys say what is counted, and of whom.
    ///
    /// # Errors
    /// That it was too often, and when to come again.
    pub async fn check(&self, limits: &[(String, Limit)], now: Moment) -> Result<(), Failure> {
        for (key, limit) in limits {
            let count = self.0.add(key, 0, limit.seconds, now).await?;
            if count.count >= limit.most {
                return Err(too_often(count.ends_at, now));
            }
        }
        Ok(())
    }

    /// Counts one more for each, and goes on if it was not too often.
    ///
    /// # Errors
    /// That it was too often, and when to come again.
    pub async fn take(&self, limits: &[(String, Limit)], now: Moment) -> Result<(), Failure> {
        self.check(limits, now).await?;
        for (key, limit) in limits {
            let count = self.0.add(key, 1, limit.seconds, now).await?;
            if count.count > limit.most {
                return Err(too_often(count.ends_at, now));
            }
        }
        Ok(())
    }

    /// Takes one off each of these, as nothing was wrong.
    ///
    /// # Errors
    /// When counts cannot be reached.
    pub async fn give_back(&self, limits: &[(String, Limit)], now: Moment) -> Result<(), Failure> {
        for (key, limit) in limits {
            self.0.add(key, -1, limit.seconds, now).await?;
        }
        Ok(())
    }
}

fn too_often(ends_at: Moment, now: Moment) -> Failure {
    let seconds = u32::try_from((ends_at.0 - now.0).max(0) / 1000 + 1).unwrap_or(u32::MAX);
    let minutes = seconds.div_ceil(60);
    Failure::later(
        ProblemCode::RateLimited,
        format!("That was tried too often. Try again in {minutes} min."),
        seconds,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_count_ends_with_its_time() {
        let throttle = Throttle::new(Box::<InMemory>::default());
        let limits = [(
            "a".to_owned(),
            Limit {
                most: 2,
                seconds: 60,
            },
        )];
        let at = |seconds: i64| Moment(0).plus_seconds(seconds);
        throttle.take(&limits, at(0)).await.unwrap();
        throttle.take(&limits, at(30)).await.unwrap();
        let refusal = throttle.take(&limits, at(59)).await.unwrap_err().refusal();
        assert_eq!(
            (refusal.code, refusal.retry_after),
            (ProblemCode::RateLimited, Some(2))
        );
        throttle.take(&limits, at(60)).await.unwrap();
        throttle
            .check(&[("b".to_owned(), limits[0].1)], at(0))
            .await
            .unwrap();
    }
}
