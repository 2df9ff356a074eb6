//! With the browser of this machine (RFC 8252).

use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, TokenUrl,
};
use slipway_contract::cloud::Line;
use url::Url;

use super::back::Back;
use super::callback::{Came, Door};
use super::tokens::{Tokens, denied, failed};
use super::{Place, Program, SignedIn};
use crate::address::ServerAddress;
use crate::error::CloudError;

/// A sign-in whose person is in their browser. Whoever lets go of it gives it up.
pub struct CodeSignIn {
    url: Url,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
    door: Door,
    place: Place,
}

impl CodeSignIn {
    /// How long a person may take in their browser, in minutes.
    pub const MINUTES: u64 = 5;

    /// Finds out where one signs in, and waits on this machine for the browser to come back.
    ///
    /// # Errors
    /// There is no such server there, or this machine gives no port.
    pub async fn begin(
        server: ServerAddress,
        program: Program,
        device: Line<100>,
    ) -> Result<Self, CloudError> {
        let place = Place::find(server, program, device).await?;
        let door = Door::open().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = BasicClient::new(ClientId::new(program.client_id().to_owned()))
            .set_auth_uri(AuthUrl::from_url(
                place.endpoints.authorization_endpoint.clone(),
            ))
            .set_redirect_uri(RedirectUrl::from_url(door.redirect().clone()));
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .set_pkce_challenge(challenge)
            .add_extra_param("device_name", place.device.as_str())
            .url();
        Ok(Self {
            url,
            state,
            verifier,
            door,
            place,
        })
    }

    /// What the browser opens.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the browser, and for the server's tokens.
    ///
    /// # Errors
    /// The person declined or did not come back, or the server gave none.
    pub async fn finish(self) -> Result<SignedIn, CloudError> {
        let Self {
            state,
            verifier,
            door,
            place,
            ..
        } = self;
        let redirect = RedirectUrl::from_url(door.redirect().clone());
        let limit = Duration::from_secs(Self::MINUTES * 60);
        let came = tokio::time::timeout(limit, door.wait(state.secret())).await;
        let (came, visitor) = came.map_err(|_| CloudError::NotInTime {
            minutes: Self::MINUTES,
        })??;
        let done = exchanged(place, redirect, verifier, came).await;
        visitor
            .tell(match &done {
                Ok(_) => Back::SignedIn,
                Err(CloudError::Denied { .. }) => Back::Declined,
                Err(_) => Back::Failed,
            })
            .await;
        done
    }
}

/// What the server gives for what the browser brought.
async fn exchanged(
    place: Place,
    redirect: RedirectUrl,
    verifier: PkceCodeVerifier,
    came: Came,
) -> Result<SignedIn, CloudError> {
    let wire = &place.wire;
    // An answer of another server in this one's name (RFC 9207).
    let is_from_here = match &came.issuer {
        Some(issuer) => *issuer == place.endpoints.issuer,
        None => {
            !place
                .endpoints
                .authorization_response_iss_parameter_supported
        }
    };
    if !is_from_here {
        return Err(wire.foreign("the browser came back from another server"));
    }
    let code = came
        .code
        .map_err(|(code, words)| denied(wire, &code, words.as_deref()))?;
    let client = BasicClient::new(ClientId::new(place.program.client_id().to_owned()))
        .set_token_uri(TokenUrl::from_url(place.endpoints.token_endpoint.clone()))
        .set_redirect_uri(redirect);
    let answer = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(wire)
        .await;
    let answer = answer.map_err(|error| failed(wire, error))?;
    let tokens = Tokens::of(wire, &answer, None)?;
    place.signed_in(tokens).await
}
