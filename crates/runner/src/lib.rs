//! Assembles a run from a version, grants and ports: the one way to start a run, for the window,
//! the command line, tests and the cloud's workers.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod assemble;
mod error;
mod machine;
mod pace;
mod recording;
mod routes;
mod runner;
pub mod system;
#[cfg(feature = "testing")]
pub mod testing;
mod tokens;
mod trust;

pub use assemble::{Assembly, Message, Order, Player};
pub use error::RunError;
pub use machine::{Own, tool_names, tool_summaries};
pub use pace::Pace;
pub use recording::{RecordingError, recording_of};
pub use runner::{Attendance, Runner, World};
pub use slipway_providers::embeddings::Embedder;
pub use slipway_providers::recording as recordings;
pub use slipway_providers::{OwnPrices, Registry};
pub use tokens::estimated_tokens;
pub use trust::{Origin, granted_by_origin};
