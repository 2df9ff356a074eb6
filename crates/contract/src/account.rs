//! Who is signed in to the cloud on this machine, as window and command line show it.

use serde::{Deserialize, Serialize};

use crate::cloud::{AccountId, Email, Line};
use crate::{Problem, Timestamp};

/// Who is signed in here, and whether that is from now or from then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The server's address; absent where nobody named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Who is signed in; absent where nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<KnownPerson>,
    /// Whether the server said so just now; else it is what it said when it was last asked.
    pub from_now: bool,
    /// Why it could not be asked, or why nobody is signed in any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What is known of who is signed in here, without asking the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// Their account's id.
    pub account: AccountId,
    /// How others see them.
    pub name: Line<100>,
    /// Where mail goes.
    pub email: Email,
    /// What the server calls this sign-in in its list of sessions.
    pub device: Line<100>,
    /// When they signed in here.
    pub signed_in_at: Timestamp,
    /// When the server last said who they are.
    pub seen_at: Timestamp,
}

/// How a person without a browser on this machine signs in: on any other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInCode {
    /// What is typed there.
    pub code: String,
    /// Where.
    pub url: String,
    /// The same with the code in it, for a link; absent where the server has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete_url: Option<String>,
    /// For how many seconds the code can be used.
    pub seconds: u64,
}

/// A sign-in that waits for its person in a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunSignIn {
    /// The server's address.
    pub server: String,
    /// What the browser of this machine was sent to; absent where a code is typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is typed in any browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<SignInCode>,
    /// Why the browser could not be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What became of a sign-out. This machine has forgotten the sign-in in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// Where one was signed in; absent where nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Why the server could not be told: there the sign-in lasts until it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}
