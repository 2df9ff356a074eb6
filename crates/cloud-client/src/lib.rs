//! The typed client of the cloud's API, and the sign-in of this machine.
//!
//! What can be asked stands in one table ([`operations`]), which a test holds against
//! `docs/api/openapi.json`; [`Client`] has a method for each. Requests go to the one server that the
//! person named, follow nothing, and take answers of a bounded size. The access token is in memory,
//! the refresh token in the vault, and [`Session`] exchanges one for the other, for all processes of
//! this home.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod account;
mod address;
mod audit;
mod call;
mod error;
mod factors;
mod invitations;
mod keys;
mod members;
mod oauth;
pub mod operations;
mod organizations;
mod pages;
mod session;
mod silence;
mod wire;

pub use address::{InvalidAddress, ServerAddress};
pub use call::{Client, Tagged};
pub use error::CloudError;
pub use oauth::{CodeSignIn, DeviceSignIn, Program, SignedIn, Tokens};
pub use session::{SECRET, Session, SignInId};
pub use silence::Silence;
