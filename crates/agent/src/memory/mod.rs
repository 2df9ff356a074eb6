//! The ports' in-memory parts, and the contract tests that they and the real parts pass.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub mod approvals;
pub mod clock;
pub mod contract;
pub mod journal;
pub mod lease;
pub mod ledger;
pub mod model;
pub mod prices;
pub mod random;
pub mod secrets;
pub mod tool;
pub mod wire;

/// A test that panicked must not make the next one fail with a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
