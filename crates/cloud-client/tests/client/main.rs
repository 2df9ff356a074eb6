//! The client against a server that does what a test wants, also what no server of ours would do.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod hostile;
mod requests;
mod sign_in;
mod stand_in;
mod tokens;
