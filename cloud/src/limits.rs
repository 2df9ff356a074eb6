//! How often callers may ask: one algorithm, whose state lies in this process or in Redis.
//!
//! GCRA (ITU-T I.371, as a virtual schedule): of each key only the moment is kept at which its
//! allowance is whole again. One request moves that moment on by its share; a request that would move
//! it further ahead than the whole allowance is refused and moves nothing.

mod local;
mod redis;
mod shared;

use async_trait::async_trait;

pub use self::local::LocalLimits;
pub use self::redis::{RedisLimits, lazily};
pub use self::shared::SharedLimits;
use crate::clock::Moment;

/// So many in so long, all at once or spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at most.
    pub count: u32,
    /// In how many seconds the allowance grows back.
    pub seconds: u32,
}

impl Rate {
    /// So many a minute.
    #[must_use]
    pub const fn a_minute(count: u32) -> Self {
        Self { count, seconds: 60 }
    }

    /// The share of one request, in microseconds.
    const fn share(self) -> i64 {
        let count = if self.count == 0 { 1 } else { self.count };
        (self.seconds as i64 * 1_000_000) / count as i64
    }

    /// The whole allowance, in microseconds.
    const fn whole(self) -> i64 {
        self.share() * self.count as i64
    }
}

/// How often callers may ask, by what they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// One address, whatever it asks for.
    pub address: Rate,
    /// One caller, reading.
    pub reads: Rate,
    /// One caller, writing.
    pub writes: Rate,
    /// One address, signing in.
    pub sign_in: Rate,
    /// One address, getting tokens for what nobody guesses.
    pub tokens: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            address: Rate::a_minute(3000),
            reads: Rate::a_minute(600),
            writes: Rate::a_minute(120),
            sign_in: Rate::a_minute(60),
            tokens: Rate::a_minute(600),
        }
    }
}

/// What became of a request for leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// Whether it was given.
    pub given: bool,
    /// How many more would be given now.
    pub remaining: u32,
    /// In how many seconds one is given again, or 0.
    pub retry_after: u32,
    /// In how many seconds the allowance is whole, or 0.
    pub whole_after: u32,
}

/// The state is not to be had.
#[derive(Debug, thiserror::Error)]
#[error("the rate limits cannot be reached: {0}")]
pub struct NoLimits(pub String);

/// Where the state lies.
#[async_trait]
pub trait Limits: Send + Sync {
    /// Takes one from the allowance of a key, if there is one.
    ///
    /// # Errors
    /// When the state is not to be had.
    async fn take(&self, key: &str, rate: Rate, now: Moment) -> Result<Leave, NoLimits>;
}

/// Seconds, rounded up.
fn seconds(micros: i64) -> u32 {
    u32::try_from((micros.max(0) + 999_999) / 1_000_000).unwrap_or(u32::MAX)
}

/// What a request comes to, and the moment that is kept then. All in microseconds.
fn decide(whole_at: Option<i64>, rate: Rate, now: i64) -> (Leave, i64) {
    // A clock that was set back leaves nobody shut out for longer than the whole allowance takes.
    let whole_at = whole_at.unwrap_or(now).clamp(now, now + rate.whole());
    let next = whole_at + rate.share();
    let given = next - now <= rate.whole();
    let kept = if given { next } else { whole_at };
    let leave = Leave {
        given,
        remaining: u32::try_from((rate.whole() - (kept - now)) / rate.share().max(1)).unwrap_or(0),
        retry_after: if given {
            0
        } else {
            seconds(next - now - rate.whole()).max(1)
        },
        whole_after: seconds(kept - now),
    };
    (leave, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_grows_back_evenly() {
        let rate = Rate {
            count: 3,
            seconds: 6,
        };
        let mut kept = None;
        let mut ask = |at: i64| {
            let (leave, next) = decide(kept, rate, at);
            kept = Some(next);
            (leave.given, leave.remaining, leave.retry_after)
        };
        assert_eq!(ask(0), (true, 2, 0));
        assert_eq!(ask(0), (true, 1, 0));
        assert_eq!(ask(0), (true, 0, 0));
        assert_eq!(ask(0), (false, 0, 2));
        assert_eq!(ask(1_000_000), (false, 0, 1));
        assert_eq!(ask(2_000_000), (true, 0, 0));
        assert_eq!(ask(8_000_000), (true, 2, 0));
        // Set back by a day: no worse than an allowance that was just used up.
        assert_eq!(ask(8_000_000 - 86_400_000_000), (false, 0, 2));
    }
}
