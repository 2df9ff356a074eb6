//! What the vault keeps of a sign-in.

use oauth2::CsrfToken;
use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use slipway_vault::SecretName;

use crate::address::ServerAddress;
use crate::error::CloudError;
use crate::oauth::{self, Endpoints, Program, SignedIn};
use crate::wire::Wire;

/// The name under which it is kept. No run and no package gets what is kept there.
pub const SECRET: &str = "SLIPWAY_CLOUD_SIGN_IN";

const FORMAT: u32 = 1;

/// Tells one sign-in from another that took its place. It is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignInId(String);

/// The refresh token, and all that decides where it may go.
pub(super) struct Entry {
    pub(super) id: SignInId,
    pub(super) server: ServerAddress,
    pub(super) program: Program,
    pub(super) refresh: Secret,
}

/// The same as it is written.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    slipway_sign_in: u32,
    id: SignInId,
    server: ServerAddress,
    program: Program,
    refresh: std::borrow::Cow<'a, str>,
}

pub(super) fn name() -> Result<SecretName, CloudError> {
    SECRET.parse().map_err(CloudError::system)
}

impl Entry {
    pub(super) fn of(signed_in: &SignedIn) -> Self {
        Self {
            id: SignInId(CsrfToken::new_random().into_secret()),
            server: signed_in.server.clone(),
            program: signed_in.program,
            refresh: signed_in.tokens.refresh.clone(),
        }
    }

    pub(super) fn read(kept: &Secret) -> Result<Self, CloudError> {
        // The errors of the parser may repeat what is a secret.
        let damaged = |_| CloudError::Damaged("it was not written by Slipway".to_owned());
        let kept: Written<'_> = serde_json::from_str(kept.expose()).map_err(damaged)?;
        if kept.slipway_sign_in != FORMAT {
            let why = "it was written by another version of Slipway";
            return Err(CloudError::Damaged(why.to_owned()));
        }
        Ok(Self {
            id: kept.id,
            server: kept.server,
            program: kept.program,
            refresh: Secret::new(kept.refresh.into_owned()),
        })
    }

    pub(super) fn written(&self) -> Result<Secret, CloudError> {
        let written = serde_json::to_string(&Written {
            slipway_sign_in: FORMAT,
            id: self.id.clone(),
            server: self.server.clone(),
            program: self.program,
            refresh: self.refresh.expose().into(),
        });
        written.map(Secret::new).map_err(CloudError::system)
    }

    /// The way to its server.
    pub(super) async fn place(&self) -> Result<(Wire, Endpoints), CloudError> {
        let wire = Wire::to(self.server.clone())?;
        let endpoints = Endpoints::of(&wire).await?;
        Ok((wire, endpoints))
    }

    /// Tells its server that it is over.
    pub(super) async fn end(&self) -> Result<(), CloudError> {
        let (wire, endpoints) = self.place().await?;
        oauth::revoke(&wire, &endpoints, self.program, &self.refresh).await
    }
}
