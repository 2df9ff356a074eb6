//! The ports in memory: a journal, leases and a ledger for runs that nobody keeps, such as replayed
//! tests; for tests of the engine also scripted parts, and the contract tests that these and the
//! real parts pass.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(any(test, feature = "testing"))]
pub mod approvals;
#[cfg(any(test, feature = "testing"))]
pub mod clock;
#[cfg(any(test, feature = "testing"))]
pub mod contract;
pub mod journal;
pub mod lease;
pub mod ledger;
#[cfg(any(test, feature = "testing"))]
pub mod model;
#[cfg(any(test, feature = "testing"))]
pub mod prices;
#[cfg(any(test, feature = "testing"))]
pub mod random;
#[cfg(any(test, feature = "testing"))]
pub mod secrets;
#[cfg(any(test, feature = "testing"))]
pub mod tool;
#[cfg(any(test, feature = "testing"))]
pub mod wire;

/// A test that panicked must not make the next one fail with a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
