//! What a person can do about a problem, where the window and the command line do it in different ways.

use serde::{Deserialize, Serialize};

/// Window and command line say it in their own words; what both say alike is [`Problem::help`](crate::Problem::help).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Sign in.
    SignIn,
    /// Sign in again, and do it within a quarter of an hour.
    SignInAgain,
    /// Sign in again, with a code where no browser can be opened.
    SignInWithCode,
    /// See who is signed in now, and try again.
    SeeWho,
    /// Name a server, or start one.
    NameServer,
    /// Sign out first.
    SignOut,
    /// Give the organization to another member first.
    GiveAway,
}
