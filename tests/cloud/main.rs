//! The cloud, driven through real requests, on a real SQLite file and a real PostgreSQL.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[macro_use]
mod kit;

mod asvs;
mod attacks;
mod client;
#[cfg(unix)]
mod copies;
mod full_disk;
mod ground;
mod limits;
mod matrix;
mod migrations;
mod needs_schemathesis;
mod notices;
mod oauth;
mod operator;
mod organizations;
mod people;
mod permissions;
