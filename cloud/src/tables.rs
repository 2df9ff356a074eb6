//! The tables: one file each, with its row and every query on it.
//!
//! Functions take a connection, so that several of them can be one transaction.

pub mod accounts;
pub mod agent_versions;
pub mod agents;
pub mod api_keys;
pub mod audit_events;
pub mod browser_cookies;
pub mod counts;
pub mod idempotency_keys;
pub mod identities;
pub mod invitations;
pub mod letters;
pub mod memberships;
pub mod organizations;
pub mod package_contents;
pub mod passkeys;
pub mod recovery_codes;
pub mod refresh_tokens;
pub mod sessions;
pub mod signing_keys;
pub mod tickets;
pub mod totp_secrets;
