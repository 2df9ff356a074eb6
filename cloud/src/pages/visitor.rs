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
use crate::http::origin::Address;
use crate::http::rate::{self, Allowance, Class};
use crate::oauth::LetIn;
use crate::people::factors;
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

    /// As whom they let a program in.
    #[must_use]
    pub fn lets_in(&self) -> LetIn {
        LetIn {
            account: self.id(),
            session: self.session_id(),
            signed_in_at: self.signed_in_at,
        }
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

/// Where somebody sets up a second factor who must.
pub(super) const FACTOR: &str = "/account/second-factor";

/// A path that leads on to another one of this server.
pub(super) fn with_next(path: &str, next: &str) -> String {
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

/// What stands before a page.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    /// The server.
    pub(super) server: Server,
    /// Who may open it.
    pub(super) access: PageAccess,
    /// How often.
    pub(super) class: Option<Class>,
    /// Whether it is there for who must set up a second factor first.
    pub(super) leads_to_factor: bool,
}

/// Lets a browser through to a page, or sends it where it has to go first.
pub(super) async fn check(
    State(gate): State<Gate>,
    browser: Result<Browser, Failure>,
    request: Request,
    next: Next,
) -> Response {
    let address = request.extensions().get::<Address>().copied();
    let mut allowance = None;
    if let Some(class) = gate.class {
        let visitor = browser.as_ref().ok().and_then(|each| each.visitor.as_ref());
        let who = match visitor {
            Some(visitor) if !class.is_of_address() => format!("account:{}", visitor.id()),
            _ => address.map_or_else(String::new, Address::network),
        };
        match rate::ask(&gate.server, class, &who).await {
            Ok(asked) => allowance = Some(asked),
            Err(failure) => return failure.into_response(),
        }
    }
    let mut response = match allowance.map_or(Ok(()), Allowance::check) {
        Ok(()) => admit(&gate, browser, request, next).await,
        Err(failure) => failure.into_response(),
    };
    if let Some(allowance) = allowance {
        allowance.tell(&mut response);
    }
    response
}

async fn admit(
    gate: &Gate,
    browser: Result<Browser, Failure>,
    request: Request,
    next: Next,
) -> Response {
    if gate.access == PageAccess::Anybody {
        return next.run(request).await;
    }
    // What was in a form is not kept: it begins again at the account.
    let target = match *request.method() {
        Method::GET => request
            .uri()
            .path_and_query()
            .map_or("/account", |path| path.as_str()),
        _ => "/account",
    };
    match first(gate, browser, target).await {
        Ok(None) => next.run(request).await,
        Ok(Some(response)) => response,
        Err(failure) => failure.into_response(),
    }
}

/// Where a browser has to go before it gets to a page that not everybody may open.
async fn first(
    gate: &Gate,
    browser: Result<Browser, Failure>,
    target: &str,
) -> Result<Option<Response>, Failure> {
    let Some(visitor) = browser?.visitor else {
        return Ok(Some(sign_in_first(target)));
    };
    if !gate.leads_to_factor && factors::is_missing(&gate.server, visitor.id()).await? {
        return Ok(Some(go_to(&with_next(FACTOR, target))));
    }
    let within = match gate.access {
        PageAccess::Anybody | PageAccess::SignedIn => return Ok(None),
        PageAccess::Recent => RECENT_SECONDS,
        PageAccess::RecentWhenOpened => 2 * RECENT_SECONDS,
    };
    if gate.server.clock.now() < visitor.signed_in_at.plus_seconds(within) {
        Ok(None)
    } else {
        Ok(Some(confirm_first(target)))
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
