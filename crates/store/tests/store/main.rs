//! The store over real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod budgets;
mod contract;
mod crash;
mod damage;
mod driven;
mod history;
mod journal;
mod open;
mod place;
mod processes;
mod reports;
mod rules;
mod runs;
mod snapshots;
mod workspace;
