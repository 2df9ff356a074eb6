//! Programs that sign in for a person: the server as OAuth 2.1 has it
//! (draft-ietf-oauth-v2-1, RFC 8252, RFC 8414, RFC 8628, RFC 9207, RFC 9700).
//!
//! A program sends the browser with what it [`asked`] for, somebody agrees, and the program gets a code
//! for tokens ([`codes`]). Where a program has no browser, somebody lets it in from another device
//! ([`devices`]). Its tokens and their session are those of [`crate::tokens`].

pub mod asked;
pub mod begun;
pub mod codes;
pub mod devices;
pub mod metadata;
pub mod parameters;
pub mod pkce;
pub mod program;
pub mod redirect;
pub mod refusal;
pub mod revoke;
pub mod user_code;

use slipway_contract::cloud::{AccountId, Line, SessionId};

use crate::clock::Moment;

/// How a device names itself.
pub type DeviceName = Line<100>;

/// Who lets a program in.
#[derive(Debug, Clone, Copy)]
pub struct LetIn {
    /// Who.
    pub account: AccountId,
    /// In which session.
    pub session: SessionId,
    /// When they had shown who they are.
    pub signed_in_at: Moment,
}
