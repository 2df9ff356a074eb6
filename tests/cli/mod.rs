//! The command as people and scripts use it.

mod agents;
mod answers;
mod anthropic;
mod approvals;
mod attachments;
mod bills;
mod budgets;
mod compare;
mod cut_off;
mod data;
mod drafts;
mod exit_codes;
mod export_all;
mod fallback;
mod gemini;
mod help;
mod history;
mod hostile;
mod input;
mod json;
mod link;
mod listings;
mod local_models;
mod models;
mod packages;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod prompt;
mod providers;
mod retry;
mod rules;
mod run;
mod secrets;
mod settings;
#[cfg(unix)]
mod signals;
mod snapshots;
mod versions;
mod wire;
