//! The engine: a pure machine that decides, a driver that carries out, the ports it needs,
//! what a person grants, and the package format.
//!
//! The machine ([`machine`]) does no I/O and knows no clock and no chance: `state = fold(events)`,
//! `effects = decide(state)`. The driver ([`driver`]) journals every outcome together with the
//! intents that follow from it, in one append, and only then starts them.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod canonical;
pub mod driver;
pub mod event;
pub mod machine;
pub mod memory;
pub mod package;
pub mod policy;
pub mod ports;
pub mod projection;
pub mod spec;
