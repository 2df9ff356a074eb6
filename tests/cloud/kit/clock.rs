//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};

use slipway_cloud::clock::{Clock, Moment};

/// A clock that stands still unless a test moves it.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// At this moment, in milliseconds since 1970.
    pub fn at(moment: i64) -> Self {
        Self(AtomicI64::new(moment))
    }

    /// Moves it on.
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}
