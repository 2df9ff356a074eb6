//! Models that follow a script, for tests of the crates above, which name no provider.

pub use slipway_providers::scripted::{Answer, ScriptedServer};
pub use slipway_providers::{Environment, Providers};
