//! What each port promises, as tests that every part behind it passes. They panic where a
//! promise is broken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod clock;
pub mod journal;
pub mod lease;
pub mod ledger;
pub mod model;
pub mod prices;
pub mod random;
pub mod sample;
pub mod secrets;
pub mod tool;
pub mod wire;
