//! How far long work is, and whether it is still wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far long work is. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    done: AtomicU64,
    /// 0 while nobody knows.
    total: AtomicU64,
    unwanted: AtomicBool,
}

/// The work is not wanted any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was stopped")]
pub struct Stopped;

impl Progress {
    /// Asks whoever does the work to stop. What was done once is not undone by it.
    pub fn stop(&self) {
        self.0.unwanted.store(true, Ordering::Relaxed);
    }

    /// What is done, and of how much, where that is known.
    #[must_use]
    pub fn standing(&self) -> (u64, Option<u64>) {
        let total = self.0.total.load(Ordering::Relaxed);
        let done = self.0.done.load(Ordering::Relaxed);
        (done, (total > 0).then_some(total.max(done)))
    }

    /// Says how much there is to do.
    pub fn of(&self, total: u64) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    /// Says that more is done.
    ///
    /// # Errors
    /// It is not wanted any more.
    pub fn step(&self) -> Result<(), Stopped> {
        if self.0.unwanted.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        self.0.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_until_it_is_unwanted() {
        let progress = Progress::default();
        assert_eq!(progress.standing(), (0, None));
        progress.of(2);
        progress.step().unwrap();
        assert_eq!(progress.standing(), (1, Some(2)));
        progress.stop();
        assert_eq!(progress.step(), Err(Stopped));
        assert_eq!(progress.standing(), (1, Some(2)));
    }
}
