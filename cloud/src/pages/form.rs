//! Forms. Each carries a token that is bound to its browser and its session, and comes from a page of
//! ours (OWASP's signed double submit, and the fetch metadata of browsers that send it).

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use slipway_contract::cloud::ProblemCode;

use super::browser::Browser;
use crate::failure::Failure;
use crate::http::urlencoded::{Fields, is_form};
use crate::server::Server;

/// The field that carries the token.
pub const FIELD: &str = "form_token";
/// The most bytes of a form.
const LONGEST: usize = 64 * 1024;

/// What a form holds. Types that it is read into refuse fields that they do not know.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

fn foreign() -> Failure {
    let detail = "This form is too old, or does not come from a page of this server. Go back, load the page again, and send it once more.";
    Failure::new(ProblemCode::Forbidden, detail)
}

/// Whether browsers say that the request comes from a page of this server. Those that say nothing are
/// known by the token alone.
fn is_ours(server: &Server, headers: &HeaderMap) -> bool {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("?").to_owned())
    };
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let origin = text(ORIGIN.as_str()).is_none_or(|origin| origin == server.config.public_url);
    site && origin
}

/// The fields of a form that is one of ours.
pub(super) async fn read(
    server: &Server,
    browser: &Browser,
    headers: &HeaderMap,
    body: Body,
) -> Result<Fields, Failure> {
    if !is_ours(server, headers) {
        return Err(foreign());
    }
    if !is_form(headers) {
        let detail = "A form is sent as application/x-www-form-urlencoded.";
        return Err(Failure::new(ProblemCode::UnsupportedMediaType, detail));
    }
    let bytes = axum::body::to_bytes(body, LONGEST).await;
    let bytes = bytes.map_err(|_| Failure::new(ProblemCode::TooLarge, "The form is too large."))?;
    let fields = Fields::parse(&bytes);
    let mut fields = fields.map_err(|_| {
        let detail = "The form holds characters that no field takes.";
        Failure::new(ProblemCode::Malformed, detail)
    })?;
    if let Some(name) = fields.twice() {
        return Err(Failure::field(name, "it is there twice"));
    }
    let token = fields.take(FIELD).ok_or_else(foreign)?;
    if browser.is_token(&token) {
        Ok(fields)
    } else {
        Err(foreign())
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let fields = parts.extensions.remove::<Fields>();
        let fields =
            fields.ok_or_else(|| Failure::Internal("a form where none is sent".to_owned()))?;
        let unread = |detail: String| {
            Failure::new(
                ProblemCode::Invalid,
                format!("The form cannot be read: {detail}."),
            )
        };
        let value = fields.read().map_err(unread)?;
        Ok(Self(value))
    }
}
