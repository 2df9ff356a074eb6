//! The command as people and scripts use it.

mod anthropic;
mod answers;
mod approvals;
mod budgets;
mod exit_codes;
mod export_all;
mod help;
mod hostile;
mod input;
mod json;
mod listings;
mod packages;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod prompt;
mod retry;
mod rules;
mod run;
mod secrets;
#[cfg(unix)]
mod signals;
mod snapshots;
mod versions;
