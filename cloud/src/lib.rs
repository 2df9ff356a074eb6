//! Slipway's cloud: accounts, organizations, keys, and agents that their owners share.
//!
//! One program serves the API and the pages ([`endpoints`]), on SQLite or PostgreSQL ([`database`]).
//! Who may call what is said where an endpoint is added ([`http::access`]); every error is a problem
//! of RFC 9457 ([`failure`]); time, randomness and mail are parameters.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod admin;
pub mod agents;
pub mod api_keys;
pub mod audit;
pub mod chance;
pub mod clock;
pub mod config;
pub mod connections;
pub mod database;
pub mod descriptors;
pub mod endpoints;
pub mod failure;
pub mod http;
pub mod invitations;
pub mod limits;
pub mod mail;
pub mod notices;
pub mod oauth;
pub mod organizations;
pub mod package;
pub mod pages;
pub mod people;
pub mod quotas;
pub mod seal;
pub mod secret_key;
pub mod seed;
pub mod serve;
pub mod server;
pub mod start;
pub mod sweep;
pub mod tables;
pub mod telemetry;
pub mod tokens;
pub mod worker;
