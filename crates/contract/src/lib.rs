//! Every type that crosses a boundary of Slipway: window, command line, HTTP, SDK.
//!
//! This crate holds data and its checks, no behaviour; it builds for wasm, so that the window
//! and the host cannot disagree about a shape.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod about;
pub mod account;
pub mod advice;
pub mod again;
pub mod agent;
pub mod approval;
pub mod budget;
pub mod cloud;
pub mod command;
pub mod data;
pub mod draft;
pub mod error;
pub mod event;
pub mod history;
pub mod id;
pub mod message;
pub mod model;
pub mod money;
pub mod permission;
pub mod preferences;
pub mod privacy;
pub mod provider;
pub mod rule;
pub mod run;
pub mod secret;
pub mod shell;
pub mod shortcut;
pub mod test;
pub mod tool;
pub mod version;
pub mod visible;
pub mod wire;

pub use advice::Advice;
pub use error::{ErrorCode, Problem};
pub use id::{AgentName, CallId, ContentHash, ReportId, RuleId, RunId, StepId};
pub use jiff::Timestamp;
pub use money::Usd;
pub use secret::{Secret, SecretInput, SecretPlace};
