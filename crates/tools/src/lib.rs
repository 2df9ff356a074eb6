//! The built-in tools.
//!
//! A tool reaches nothing but through its invocation's grants: files through the module `files`,
//! which opens the granted folder and works inside it, hosts through `slipway-net`. Work that blocks
//! runs on a thread of its own and stops when nobody waits for it.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod arguments;
mod blocking;
mod built_in;
mod calculator;
mod clock;
mod definition;
mod files;
mod http_request;
#[cfg(test)]
mod sample;
mod table;
mod template;

pub use built_in::{Deps, built_in};
pub use definition::definitions;
pub use files::Backups;
