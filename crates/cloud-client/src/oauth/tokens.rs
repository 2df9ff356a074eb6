//! What a server gives to who signed in, and giving it back.

use std::fmt;
use std::time::Duration;

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    ClientId, HttpRequest, RefreshToken, RequestTokenError, TokenResponse as _, TokenUrl,
};
use slipway_contract::Secret;
use url::form_urlencoded;

use super::again::Again;
use super::{Endpoints, Program};
use crate::error::CloudError;
use crate::wire::Wire;

/// For how long an access token is taken to be good, whatever its server says.
const SHORTEST: Duration = Duration::from_secs(30);
const USUAL: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(3600);
/// The most characters of a server's own words that are shown.
const WORDS: usize = 300;

/// What a server gives to who signed in.
pub struct Tokens {
    pub(crate) access: Secret,
    pub(crate) refresh: Secret,
    /// For how long the first is good.
    pub(crate) lasts: Duration,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    /// Those of an answer; a server may leave the refresh token as it is (RFC 6749, section 6).
    pub(super) fn of(
        wire: &Wire,
        answer: &BasicTokenResponse,
        before: Option<&Secret>,
    ) -> Result<Self, CloudError> {
        let refresh = answer
            .refresh_token()
            .map(|refresh| Secret::new(refresh.secret().clone()))
            .or_else(|| before.cloned());
        Ok(Self {
            access: Secret::new(answer.access_token().secret().clone()),
            refresh: refresh.ok_or_else(|| wire.foreign("it gave no refresh token"))?,
            lasts: answer
                .expires_in()
                .map_or(USUAL, |lasts| lasts.clamp(SHORTEST, LONGEST)),
        })
    }
}

/// Exchanges a refresh token for new tokens. It is void then; where the answer was lost, it is asked for again.
pub(crate) async fn refresh(
    wire: &Wire,
    endpoints: &Endpoints,
    program: Program,
    token: &Secret,
) -> Result<Tokens, CloudError> {
    let client = BasicClient::new(ClientId::new(program.client_id().to_owned()))
        .set_token_uri(TokenUrl::from_url(endpoints.token_endpoint.clone()));
    let presented = RefreshToken::new(token.expose().clone());
    let answer = client
        .exchange_refresh_token(&presented)
        .request_async(&Again(wire))
        .await;
    match answer {
        Ok(answer) => Tokens::of(wire, &answer, Some(token)),
        Err(RequestTokenError::ServerResponse(told))
            if *told.error() == BasicErrorResponseType::InvalidGrant =>
        {
            Err(CloudError::Ended {
                server: wire.server().to_string(),
            })
        }
        Err(error) => Err(failed(wire, error)),
    }
}

/// What went wrong at the token's endpoint. Its words may hold a token, so those that cannot be read are not
/// repeated.
pub(super) fn failed(
    wire: &Wire,
    error: RequestTokenError<CloudError, BasicErrorResponse>,
) -> CloudError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(told) => denied(
            wire,
            told.error().as_ref(),
            told.error_description().map(String::as_str),
        ),
        RequestTokenError::Parse(..) => wire.foreign("it gave no tokens that can be read"),
        RequestTokenError::Other(why) => wire.foreign(why),
    }
}

pub(super) fn denied(wire: &Wire, code: &str, words: Option<&str>) -> CloudError {
    let why = match (code, words) {
        ("access_denied", _) => "that was declined",
        ("expired_token", _) => "it took too long",
        (_, Some(words)) => words,
        (code, None) => code,
    };
    CloudError::Denied {
        server: wire.server().to_string(),
        code: code.chars().take(WORDS).collect(),
        why: why.chars().take(WORDS).collect(),
    }
}

/// Tells the server that a sign-in is over (RFC 7009).
pub(crate) async fn revoke(
    wire: &Wire,
    endpoints: &Endpoints,
    program: Program,
    token: &Secret,
) -> Result<(), CloudError> {
    let Some(url) = &endpoints.revocation_endpoint else {
        return Err(wire.foreign("it does not say how one signs out"));
    };
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token.expose())
        .append_pair("token_type_hint", "refresh_token")
        .append_pair("client_id", program.client_id())
        .finish();
    let mut request = HttpRequest::new(form.into_bytes());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.as_str().parse().map_err(CloudError::system)?;
    request.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    let response = wire.send(request).await?;
    wire.refusal(&response).map_or(Ok(()), Err)
}
