//! What a program is told that gets no tokens (RFC 6749, section 5.2; RFC 8628, section 3.5).

use std::borrow::Cow;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;

/// What a program branches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OAuthErrorCode)]
pub enum Code {
    /// Something is missing, is there twice, or cannot be read.
    InvalidRequest,
    /// The program is not known.
    InvalidClient,
    /// The code or token is not good, not any more, or not the program's.
    InvalidGrant,
    /// There is no such way to get tokens.
    UnsupportedGrantType,
    /// Programs get no such answer.
    UnsupportedResponseType,
    /// People's tokens have no scopes.
    InvalidScope,
    /// The person said no.
    AccessDenied,
    /// Nobody answered yet: ask again after the interval.
    AuthorizationPending,
    /// The same, and the interval is five seconds longer from now on.
    SlowDown,
    /// Nobody answered in time.
    ExpiredToken,
}

impl Code {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
        }
    }
}

/// Why a program gets no tokens.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub struct Refusal {
    /// What a program branches on.
    pub error: Code,
    /// The same in words.
    #[serde(rename = "error_description")]
    #[schema(value_type = String)]
    pub description: Cow<'static, str>,
}

impl Refusal {
    /// With this code, in these words: ASCII without `"` and `\`.
    #[must_use]
    pub const fn new(error: Code, description: &'static str) -> Self {
        Self {
            error,
            description: Cow::Borrowed(description),
        }
    }
}

/// Why a request of a program's is not answered as asked: by the rules of OAuth, or as any other request.
#[derive(Debug)]
pub enum Refused {
    /// By the rules of OAuth.
    Program(Refusal),
    /// As any other request.
    Failure(Failure),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Program(refusal)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Program(refusal) => (StatusCode::BAD_REQUEST, Json(refusal)).into_response(),
            Self::Failure(failure) => failure.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_in_one_way() {
        for code in [
            Code::InvalidRequest,
            Code::InvalidClient,
            Code::InvalidGrant,
            Code::UnsupportedGrantType,
            Code::UnsupportedResponseType,
            Code::InvalidScope,
            Code::AccessDenied,
            Code::AuthorizationPending,
            Code::SlowDown,
            Code::ExpiredToken,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
