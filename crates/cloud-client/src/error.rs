//! What can go wrong. No message holds a token.

use slipway_contract::cloud::Problem;
use slipway_vault::VaultError;

use crate::silence::Silence;

/// Why the cloud did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// There is no sign-in on this machine.
    #[error("nobody is signed in on this machine")]
    NotSignedIn,
    /// The server takes the sign-in no more. It was forgotten here.
    #[error("{server} has ended the sign-in of this machine")]
    Ended {
        /// The server.
        server: String,
    },
    /// While this was asked, somebody signed in anew; nothing was done in their name.
    #[error("somebody else signed in on this machine meanwhile, and nothing was done")]
    Another,
    /// No answer. Who is signed in stays so.
    #[error("{server} cannot be reached: {why}")]
    Unreachable {
        /// The server.
        server: String,
        /// Why not.
        why: Silence,
        /// Whether the request may have arrived all the same.
        sent: bool,
    },
    /// An answer that is none of the cloud's.
    #[error("{server} does not answer as Slipway's cloud does: {why}")]
    Foreign {
        /// The server.
        server: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server says why not.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The server, or the person at its page, did not let this machine in (RFC 6749, 4.1.2.1 and 5.2).
    #[error("{server} did not sign this machine in: {why}")]
    Denied {
        /// The server.
        server: String,
        /// The error's code.
        code: String,
        /// The same in words.
        why: String,
    },
    /// The person did not come back from the browser.
    #[error("nobody came back from the browser within {minutes} minutes")]
    NotInTime {
        /// How long was waited.
        minutes: u64,
    },
    /// What is kept of the sign-in cannot be read.
    #[error("what is kept of the sign-in cannot be read: {0}")]
    Damaged(String),
    /// What keeps the refresh token.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Another process of this home holds on to the sign-in.
    #[error("another Slipway on this machine is renewing the sign-in and does not finish")]
    Busy,
    /// The system.
    #[error("{0}")]
    System(String),
}

impl CloudError {
    pub(crate) fn system(error: impl std::fmt::Display) -> Self {
        Self::System(error.to_string())
    }
}
