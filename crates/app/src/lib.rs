//! The use cases, host-neutral: what the window and the command line both call.
//!
//! Nothing here knows Tauri, a terminal or a process's standard streams. Who is asked and who
//! watches comes in as an [`Attendance`].
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod about;
mod agents;
mod app;
mod approve;
mod budgets;
mod closing;
mod cloud;
mod damage;
pub mod data;
mod doctor;
mod drafts;
mod errand;
mod examples;
mod export_all;
mod home;
mod incoming;
mod keys;
pub mod links;
mod live;
mod models;
mod moment;
mod own_files;
mod packages;
mod permission;
mod preferences;
mod preview;
mod prices;
mod privacy;
mod problem;
mod providers;
mod rules;
mod runs;
pub mod secrets;
pub mod snapshots;
mod suites;
mod target;
#[cfg(test)]
mod testing;
mod updates;
mod validate;
mod versions;
mod wire;
mod workdir;

pub use about::{about, licence_text};
pub use agents::templates;
pub use app::App;
pub use approve::{Approve, Person};
pub use budgets::local_time;
pub use cloud::{BrowserSignIn, Cloud, CodeSignIn, Program};
pub use doctor::{Check, Health, doctor};
pub use examples::{Example, examples};
pub use export_all::Transfer;
pub use home::Home;
pub use live::LiveRuns;
pub use models::{Compared, ModelListing, tools};
pub use moment::moment;
pub use packages::{Import, new_agent};
pub use permission::absolute;
pub use providers::provider_keys;
pub use rules::{Said, Stricter, choices};
pub use runs::{
    Ask, Elsewhere, ExportPlace, Planned, RunOptions, RunReport, ask_command, fit_for_window,
};
pub use slipway_agent::driver::{Control, Outcome};
pub use slipway_agent::machine::Edit;
pub use slipway_agent::package::{MAX_TOTAL_BYTES as MAX_PACKAGE_BYTES, edit};
pub use slipway_agent::ports::observer::Observer;
pub use slipway_agent::spec::RunSpec;
pub use slipway_runner::Attendance;
pub use slipway_runner::system::new_run_id;
pub use slipway_store::{Progress, RunQuery};
pub use suites::{Baseline, PlannedTests, Since, StoppedBy, TestOptions, TestedReport, written};
pub use target::Target;
pub use updates::{UpdateSource, update_source};
pub use validate::{Validated, validate};
pub use wire::Wired;
