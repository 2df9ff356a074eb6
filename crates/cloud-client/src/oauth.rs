//! Signing this machine in: OAuth 2.1 with a browser here (RFC 8252) or anywhere else (RFC 8628).

mod again;
mod back;
mod callback;
mod code;
mod device;
mod metadata;
mod tokens;

pub use code::CodeSignIn;
pub use device::DeviceSignIn;
pub use tokens::Tokens;

pub(crate) use metadata::Endpoints;
pub(crate) use tokens::{refresh, revoke};

use std::fmt;

use serde::{Deserialize, Serialize};
use slipway_contract::cloud::Line;
use slipway_contract::cloud::account::Account;

use crate::address::ServerAddress;
use crate::call::{Call, ask_as};
use crate::error::CloudError;
use crate::operations::SHOW_ACCOUNT;
use crate::wire::Wire;

/// Which program signs in: both are clients that every server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Program {
    /// The window.
    #[serde(rename = "slipway-desktop")]
    Desktop,
    /// The command line.
    #[serde(rename = "slipway-cli")]
    CommandLine,
}

impl Program {
    pub(crate) const fn client_id(self) -> &'static str {
        match self {
            Self::Desktop => "slipway-desktop",
            Self::CommandLine => "slipway-cli",
        }
    }
}

/// What becomes of a sign-in, before it is kept.
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// Where.
    pub server: ServerAddress,
    /// What the server calls it in its list of sessions.
    pub device: Line<100>,
    /// With which program.
    pub(crate) program: Program,
    pub(crate) tokens: Tokens,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("account", &self.account.id)
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// One server, and where things are there.
pub(crate) struct Place {
    pub(crate) wire: Wire,
    pub(crate) endpoints: Endpoints,
    pub(crate) program: Program,
    pub(crate) device: Line<100>,
}

impl Place {
    async fn find(
        server: ServerAddress,
        program: Program,
        device: Line<100>,
    ) -> Result<Self, CloudError> {
        let (wire, endpoints) = Endpoints::find(server).await?;
        Ok(Self {
            wire,
            endpoints,
            program,
            device,
        })
    }

    /// Asks who it is that has these tokens; without an answer the server is told that they go unused.
    async fn signed_in(self, tokens: Tokens) -> Result<SignedIn, CloudError> {
        match ask_as(&self.wire, &tokens.access, Call::of(&SHOW_ACCOUNT)).await {
            Ok(account) => Ok(SignedIn {
                account,
                server: self.wire.server().clone(),
                device: self.device,
                program: self.program,
                tokens,
            }),
            Err(error) => {
                if let Err(error) =
                    revoke(&self.wire, &self.endpoints, self.program, &tokens.refresh).await
                {
                    tracing::warn!(%error, "a sign-in that is not used could not be ended");
                }
                Err(error)
            }
        }
    }
}
