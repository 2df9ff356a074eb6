//! Tests of agents: suites of cases, what is expected of each, what a run left behind judged by
//! it, and reports that tell a change from luck.
//!
//! Everything here but [`execute`] is pure: no clock, no chance, no I/O. Who runs a case gives its
//! [`evidence::Evidence`], and what needs a model comes in through the ports of
//! [`assertion::ports`].
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod asking;
pub mod assertion;
pub mod evidence;
pub mod execute;
pub mod generate;
pub mod judge;
pub mod report;
pub mod statistics;
pub mod suite;
#[cfg(test)]
mod walk;

pub use asking::AskedModel;
