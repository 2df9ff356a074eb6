//! The ports: all that the engine needs from the world. Each has an in-memory part in
//! [`crate::memory`] and a contract test there that the real part passes too.

pub mod approvals;
pub mod clock;
mod exchanged;
pub mod journal;
pub mod lease;
pub mod ledger;
pub mod model;
pub mod observer;
pub mod prices;
pub mod random;
pub mod secrets;
pub mod tool;
pub mod wire;
