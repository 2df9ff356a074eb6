//! Whose turn it is to write.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, TryLockError, mpsc};
use std::time::Duration;

use slipway_agent::ports::clock::Clock;

use super::batch::{Batches, MOST};
use super::{Job, lock};

/// A commit that takes longer is not made by the caller: it would hold up the thread of the
/// runtime that it runs on.
const QUICK: Duration = Duration::from_micros(500);

/// The connection, and how busy it is.
pub(super) struct Turn {
    /// None when closed.
    pub(super) batches: Mutex<Option<Batches>>,
    clock: Arc<dyn Clock>,
    /// Jobs that wait for the thread.
    waiting: AtomicUsize,
    /// Whether several waited when the thread looked last: then they are better off together.
    crowded: AtomicBool,
    /// Whether the last commit was not [`QUICK`].
    slow: AtomicBool,
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl Turn {
    pub(super) fn new(batches: Batches, clock: Arc<dyn Clock>) -> Self {
        Self {
            batches: Mutex::new(Some(batches)),
            clock,
            waiting: AtomicUsize::new(0),
            crowded: AtomicBool::new(false),
            slow: AtomicBool::new(false),
        }
    }

    /// Does the job on the caller's thread if nobody else wants to write and the disk is quick:
    /// the way to another thread and back can take longer than the write. Gives the job back
    /// otherwise.
    pub(super) fn take(&self, job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        let free = self.waiting.load(Ordering::Acquire) == 0
            && !self.crowded.load(Ordering::Relaxed)
            && !self.slow.load(Ordering::Relaxed);
        if !free {
            return Some(job);
        }
        let mut batches = match self.batches.try_lock() {
            Ok(batches) => batches,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Some(job),
        };
        match batches.as_mut() {
            Some(batches) => self.timed(|| batches.settle_now(job)),
            None => Some(job),
        }
    }

    /// Counts a job that is about to be sent to the thread.
    pub(super) fn announce(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
    }

    /// Works until nobody can ask any more.
    pub(super) fn serve(&self, jobs: &mpsc::Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let others = jobs.try_iter().take(MOST - 1);
            self.together(std::iter::once(first).chain(others).collect());
        }
    }

    fn together(&self, batch: Vec<Box<dyn Job>>) {
        let count = batch.len();
        self.crowded.store(count > 1, Ordering::Relaxed);
        if let Some(batches) = lock(&self.batches).as_mut() {
            self.timed(|| batches.settle(batch));
        }
        self.waiting.fetch_sub(count, Ordering::AcqRel);
    }

    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let start = self.clock.monotonic();
        let result = work();
        let took = self.clock.monotonic().saturating_sub(start);
        self.slow.store(took > QUICK, Ordering::Relaxed);
        result
    }

    /// Drops the connection.
    pub(super) fn close(&self) {
        drop(lock(&self.batches).take());
    }
}
