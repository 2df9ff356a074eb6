//! ETags (RFC 9110, sections 8.8.3 and 13.1.1): who changes something says which state of it they saw.

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use slipway_contract::cloud::ProblemCode;

use crate::failure::Failure;

/// The header that names the state of something.
#[must_use]
pub fn etag(revision: i64) -> [(HeaderName, HeaderValue); 1] {
    // Digits and quotes are always a header's value.
    let value = HeaderValue::from_str(&format!("\"{revision}\""))
        .unwrap_or(HeaderValue::from_static("\"\""));
    [(ETAG, value)]
}

/// The header that names something that never changes, by its own name.
#[must_use]
pub fn etag_named(name: &str) -> [(HeaderName, HeaderValue); 1] {
    let value =
        HeaderValue::from_str(&format!("\"{name}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    [(ETAG, value)]
}

/// Whether the caller has the state of this name already (RFC 9110, section 13.1.2).
#[must_use]
pub fn is_known(headers: &HeaderMap, name: &str) -> bool {
    let given = headers
        .get(IF_NONE_MATCH)
        .and_then(|given| given.to_str().ok());
    given.is_some_and(|given| {
        let present = format!("\"{name}\"");
        given.split(',').any(|each| {
            let each = each.trim();
            each == "*" || each.strip_prefix("W/").unwrap_or(each) == present
        })
    })
}

/// The state that the caller saw.
#[derive(Debug, Clone)]
pub struct IfMatch(String);

impl IfMatch {
    /// Goes on if it is the present one.
    ///
    /// # Errors
    /// When it is another.
    pub fn check(&self, revision: i64) -> Result<(), Failure> {
        let present = format!("\"{revision}\"");
        let is_it = self.0 == "*" || self.0.split(',').any(|each| each.trim() == present);
        if is_it {
            return Ok(());
        }
        Err(Failure::new(
            ProblemCode::Changed,
            format!(
                "It was changed in the meantime: its ETag is {present}, not {}. Read it again first.",
                self.0
            ),
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let given = parts
            .headers
            .get(IF_MATCH)
            .and_then(|given| given.to_str().ok());
        let given = given.ok_or_else(|| {
            Failure::new(
                ProblemCode::PreconditionRequired,
                "Say in If-Match which state you change: the ETag that you read.",
            )
        })?;
        Ok(Self(given.chars().take(200).collect()))
    }
}
