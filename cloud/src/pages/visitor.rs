//! Who looks at a page, and who may.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use slipway_contract::cloud::{AccountId, SessionId};
use uuid::Uuid;

use super::PageAccess;
use super::browser::Browser;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::access::RECENT_SECONDS;
use crate::server::Server;
use crate::tables::{accounts, sessions};

/// The longest path that is led to: one that carries what a program asks for, twice escaped.
const LONGEST: usize = 8192;

/// Somebody who is signed in with their browser.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who.
    pub account: accounts::Model,
    /// In which session.
    pub session: Uuid,
    /// When they last showed who they are.
    pub signed_in_at: Moment,
}

impl Visitor {
    pub(super) fn of((account, session): (accounts::Model, sessions::Model)) -> Self {
        Self {
            account,
            session: session.id,
            signed_in_at: session.signed_in_at,
        }
    }

    /// Whose account it is.
    #[must_use]
    pub fn id(&self) -> AccountId {
        self.account.id()
    }

    /// Which session it is.
    #[must_use]
    pub fn session_id(&self) -> SessionId {
        SessionId(self.session)
    }

    /// Whether they showed a short while ago who they are.
    #[must_use]
    pub fn is_recent(&self, now: Moment) -> bool {
        now < self.signed_in_at.plus_seconds(RECENT_SECONDS)
    }
}

/// Who looks at a page, if they are signed in.
#[derive(Debug, Clone)]
pub struct Visiting(pub Option<Visitor>);

impl<S: Send + Sync> FromRequestParts<S> for Visiting {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let browser = <Browser as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        Ok(Self(browser.visitor))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Visiting(visitor) =
            <Visiting as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        visitor
            .ok_or_else(|| Failure::Internal("a page that anybody opens asks who it is".to_owned()))
    }
}

/// Sends a browser to a place of this server.
#[must_use]
pub fn go_to(path: &str) -> Response {
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, own(path).to_owned())],
    )
        .into_response()
}

/// Sends a browser to another place, which was checked: an operator's choice, or a program of the person's.
#[must_use]
pub fn away(url: String) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response()
}

/// A path of this server, or the account's where it is none: no scheme, no other host, nothing that
/// browsers read as one (they take `\` for `/` and drop line breaks).
#[must_use]
pub fn own(next: &str) -> &str {
    let is_own = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= LONGEST
        && next
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own { next } else { "/account" }
}

fn with_next(path: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(own(next).as_bytes()).collect();
    format!("{path}?next={next}")
}

/// Sends a browser to sign in, and from there on to a path of this server.
#[must_use]
pub fn sign_in_first(next: &str) -> Response {
    go_to(&with_next("/sign-in", next))
}

/// Sends somebody who is signed in to show again who they are, and from there on.
#[must_use]
pub fn confirm_first(next: &str) -> Response {
    go_to(&with_next("/confirm", next))
}

/// Lets a browser through to a page, or sends it where it has to go first.
pub(super) async fn check(
    State((server, access)): State<(Server, PageAccess)>,
    browser: Result<Browser, Failure>,
    request: Request,
    next: Next,
) -> Response {
    if access == PageAccess::Anybody {
        return next.run(request).await;
    }
    let visitor = match browser {
        Ok(browser) => browser.visitor,
        Err(failure) => return failure.into_response(),
    };
    // What was in a form is not kept: it begins again at the account.
    let target = match *request.method() {
        Method::GET => request
            .uri()
            .path_and_query()
            .map_or("/account", |path| path.as_str()),
        _ => "/account",
    };
    match visitor {
        None => sign_in_first(target),
        Some(visitor) if access == PageAccess::Recent && !visitor.is_recent(server.clock.now()) => {
            confirm_first(target)
        }
        Some(_) => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_gone_to() {
        for path in ["/", "/account", "/authorize?a=b&c=%2F", "/a//b"] {
            assert_eq!(own(path), path);
        }
        for path in [
            "",
            "account",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            " //evil.example",
            "/ /evil.example",
            "/\u{2028}x",
            "/\0",
        ] {
            assert_eq!(own(path), "/account", "{path:?}");
        }
    }
}
