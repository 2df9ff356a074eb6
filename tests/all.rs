//! Real parts, real processes. One module for each area; `kit` starts what they need.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod budgets;
mod canary;
mod cli;
#[cfg(unix)]
mod durable;
mod examples;
mod faults;
mod kit;
#[cfg(target_os = "linux")]
mod needs_chromium;
mod needs_junit;
mod needs_sdks;
mod needs_statistics;
mod needs_strace;
#[cfg(target_os = "linux")]
mod needs_window;
mod suites;
mod upgrades;
