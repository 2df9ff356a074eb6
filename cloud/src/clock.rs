//! Time, as a parameter.

use sea_orm::DeriveValueType;
use slipway_contract::Timestamp;

/// A moment as the database keeps it: milliseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Moment(pub i64);

impl Moment {
    /// This many seconds later, or at the end of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Whole seconds since 1970, as tokens carry it.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

impl From<Moment> for Timestamp {
    /// What lies outside of what a timestamp can say is the nearest that it can.
    fn from(moment: Moment) -> Self {
        let nearest = if moment.0 < 0 { Self::MIN } else { Self::MAX };
        Self::from_millisecond(moment.0).unwrap_or(nearest)
    }
}

/// The time of day.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the server reads the clock"
    )]
    fn now(&self) -> Moment {
        Timestamp::now().into()
    }
}
