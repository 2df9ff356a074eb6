//! With a browser anywhere else, by a short code (RFC 8628).

use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{
    ClientId, DeviceAuthorizationUrl, DeviceCodeErrorResponse, RequestTokenError,
    StandardDeviceAuthorizationResponse, TokenUrl,
};
use slipway_contract::account::SignInCode;
use slipway_contract::cloud::Line;
use url::Url;

use super::tokens::{Tokens, denied, failed};
use super::{Place, Program, SignedIn};
use crate::address::ServerAddress;
use crate::error::CloudError;

/// A server that wants to be asked less often than this wants not to be asked.
const SLOWEST: Duration = Duration::from_secs(60);
/// The longest that is waited for the person, whatever the server says.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// A code that a person types has fewer characters.
const CHARACTERS: usize = 40;

/// A sign-in whose person is to type a code elsewhere. Whoever lets go of it gives it up.
pub struct DeviceSignIn {
    details: StandardDeviceAuthorizationResponse,
    code: SignInCode,
    place: Place,
}

impl DeviceSignIn {
    /// Gets a code.
    ///
    /// # Errors
    /// There is no such server there, or it gives none.
    pub async fn begin(
        server: ServerAddress,
        program: Program,
        device: Line<100>,
    ) -> Result<Self, CloudError> {
        let place = Place::find(server, program, device).await?;
        let wire = &place.wire;
        let Some(url) = place.endpoints.device_authorization_endpoint.clone() else {
            return Err(wire.foreign("one can sign in there with a browser alone"));
        };
        let client = BasicClient::new(ClientId::new(program.client_id().to_owned()))
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(url));
        let details: Result<StandardDeviceAuthorizationResponse, _> = client
            .exchange_device_code()
            .add_extra_param("device_name", place.device.as_str())
            .request_async(wire)
            .await;
        let details = details.map_err(|error| failed(wire, error))?;
        let code = shown(&place, &details)?;
        Ok(Self {
            details,
            code,
            place,
        })
    }

    /// What the person types, and where.
    #[must_use]
    pub const fn code(&self) -> &SignInCode {
        &self.code
    }

    /// Asks until the person has answered, as often as the server wants.
    ///
    /// # Errors
    /// The person declined or took too long, or the server gave no tokens.
    pub async fn finish(self) -> Result<SignedIn, CloudError> {
        let Self { details, place, .. } = self;
        let wire = &place.wire;
        let client = BasicClient::new(ClientId::new(place.program.client_id().to_owned()))
            .set_token_uri(TokenUrl::from_url(place.endpoints.token_endpoint.clone()));
        let limit = details.expires_in().min(LONGEST);
        let asking = client.exchange_device_access_token(&details).request_async(
            wire,
            tokio::time::sleep,
            Some(limit),
        );
        // A little longer than the code lasts: the server is to say that it is over.
        let answer = tokio::time::timeout(limit + SLOWEST, asking).await;
        let answer = answer.map_err(|_| denied(wire, "expired_token", None))?;
        let tokens = Tokens::of(wire, &answer.map_err(|error| refused(&place, error))?, None)?;
        place.signed_in(tokens).await
    }
}

fn shown(
    place: &Place,
    details: &StandardDeviceAuthorizationResponse,
) -> Result<SignInCode, CloudError> {
    let wire = &place.wire;
    let code = details.user_code().secret().clone();
    let is_code = !code.is_empty()
        && code.len() <= CHARACTERS
        && code.bytes().all(|byte| byte.is_ascii_graphic());
    let own = |text: &str| {
        let url = Url::parse(text).ok();
        url.filter(|url| wire.server().has(url))
    };
    let url = own(details.verification_uri().as_str());
    match url {
        Some(url) if is_code && details.interval() <= SLOWEST => Ok(SignInCode {
            code,
            url: url.to_string(),
            complete_url: details
                .verification_uri_complete()
                .and_then(|complete| own(complete.secret()))
                .map(|url| url.to_string()),
            seconds: details.expires_in().min(LONGEST).as_secs(),
        }),
        _ => Err(wire.foreign("it gave no code that can be used")),
    }
}

fn refused(
    place: &Place,
    error: RequestTokenError<CloudError, DeviceCodeErrorResponse>,
) -> CloudError {
    let wire = &place.wire;
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(told) => {
            let code = serde_json::to_value(told.error()).unwrap_or_default();
            let words = told.error_description().map(String::as_str);
            denied(wire, code.as_str().unwrap_or_default(), words)
        }
        RequestTokenError::Parse(..) => wire.foreign("it gave no tokens that can be read"),
        RequestTokenError::Other(why) => wire.foreign(why),
    }
}
