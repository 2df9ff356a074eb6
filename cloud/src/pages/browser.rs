//! Which browser asks: found out once, before any page runs.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT, HOST, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, html};
use slipway_contract::cloud::{Problem, ProblemCode};

use super::visitor::{Visitor, away};
use super::{cookies, form, layout};
use crate::failure::Failure;
use crate::http::layers::RequestId;
use crate::http::origin::Origin;
use crate::people::browsers;
use crate::seal::fingerprint;
use crate::server::Server;

/// The browser that asks.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Who is signed in with it.
    pub visitor: Option<Visitor>,
    /// What it says by itself of having been used to sign in before.
    pub device: Option<String>,
    /// What its forms are bound to.
    visit: String,
    token: String,
}

impl Browser {
    /// The hidden field that every form carries.
    #[must_use]
    pub fn field(&self) -> Markup {
        html! { input type="hidden" name=(form::FIELD) value=(self.token); }
    }

    /// Whether this is the token of its forms.
    pub(super) fn is_token(&self, given: &str) -> bool {
        // Of fingerprints, so that the time that it takes tells nothing.
        fingerprint(given) == fingerprint(&self.token)
    }

    /// By which something that was begun in this browser is known to go on in it.
    #[must_use]
    pub fn mark(&self) -> [u8; 32] {
        fingerprint(&self.visit)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| Failure::Internal("no page asks for a browser".to_owned()))
    }
}

async fn of(
    server: &Server,
    headers: &HeaderMap,
    origin: &Origin,
) -> Result<(Browser, bool), Failure> {
    let is_sound = |visit: &String| {
        visit.len() == 43
            && visit
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    let known = cookies::get(server, headers, cookies::VISIT).filter(is_sound);
    let is_new = known.is_none();
    let visit = match known {
        Some(visit) => visit,
        None => browsers::opaque(&*server.chance)?.expose().clone(),
    };
    let visitor = match cookies::get(server, headers, cookies::SESSION) {
        Some(cookie) => browsers::find(server, &cookie, origin)
            .await?
            .map(Visitor::of),
        None => None,
    };
    let session = visitor.as_ref().map(|visitor| *visitor.session.as_bytes());
    let bound = [visit.as_bytes(), session.as_ref().map_or(&[], |id| &id[..])].concat();
    let token = URL_SAFE_NO_PAD.encode(server.sealer.derive("form", &bound));
    let device = cookies::get(server, headers, cookies::DEVICE);
    Ok((
        Browser {
            visitor,
            device,
            visit,
            token,
        },
        is_new,
    ))
}

/// The same page at `localhost`, where that is the server's address and a browser asks for it at a bare address
/// of this machine: there its forms are another place's, and it has no passkeys.
fn by_name(server: &Server, request: &Request) -> Option<String> {
    let own = &server.config.public_url;
    let named: Authority = own.strip_prefix("http://")?.parse().ok()?;
    let asked = request.headers().get(HOST)?.to_str().ok()?;
    let asked: Authority = asked.parse().ok()?;
    let is_bare = matches!(asked.host(), "127.0.0.1" | "[::1]");
    let leads = request.method() == Method::GET
        && named.host() == "localhost"
        && is_bare
        && named.port_u16() == asked.port_u16();
    let path = request.uri().path_and_query()?;
    leads.then(|| format!("{own}{path}"))
}

/// Recognises the browser, checks what it posts, and gives it a page for every failure.
pub(super) async fn recognise(
    State(server): State<Server>,
    origin: Origin,
    request: Request,
    next: Next,
) -> Response {
    if let Some(url) = by_name(&server, &request) {
        return away(url);
    }
    let id = request.extensions().get::<RequestId>().cloned();
    let (response, visit) = match answer(&server, &origin, request, next).await {
        Ok((response, visit)) => (response, visit),
        Err(failure) => (failure.into_response(), None),
    };
    let mut response = with_page(response, id.as_ref());
    if let Some(visit) = visit
        && let Err(failure) = cookies::set(&server, &mut response, cookies::VISIT, &visit, None)
    {
        return failure.into_response();
    }
    response
}

async fn answer(
    server: &Server,
    origin: &Origin,
    request: Request,
    next: Next,
) -> Result<(Response, Option<String>), Failure> {
    // A style sheet is the same for everybody, and is kept where everybody can get it.
    if request.uri().path().starts_with("/assets/") {
        return Ok((next.run(request).await, None));
    }
    let (browser, is_new) = of(server, request.headers(), origin).await?;
    let visit = is_new.then(|| browser.visit.clone());
    let (mut parts, body) = request.into_parts();
    let request = if parts.method == Method::POST {
        let fields = form::read(server, &browser, &parts.headers, body).await;
        let fields = match fields {
            Ok(fields) => fields,
            Err(failure) => return Ok((failure.into_response(), visit)),
        };
        parts.extensions.insert(fields);
        parts.extensions.insert(browser);
        Request::from_parts(parts, axum::body::Body::empty())
    } else {
        parts.extensions.insert(browser);
        Request::from_parts(parts, body)
    };
    Ok((next.run(request).await, visit))
}

/// A problem as a page.
fn with_page(mut response: Response, id: Option<&RequestId>) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let status = response.status();
    let mut page = failure(&problem, id.map(|id| &*id.0));
    // A browser asks by itself for a name and password where it is told 401.
    let shown = if status == StatusCode::UNAUTHORIZED {
        StatusCode::FORBIDDEN
    } else {
        status
    };
    *page.status_mut() = shown;
    if let Some(after) = response.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, after.clone());
    }
    page
}

fn failure(problem: &Problem, id: Option<&str>) -> Response {
    let title = match problem.code {
        ProblemCode::Malformed | ProblemCode::Invalid => "That did not work",
        ProblemCode::NotFound => "There is nothing here",
        ProblemCode::MethodNotAllowed => "This page cannot be loaded again",
        _ => &problem.title,
    };
    layout::page(
        title,
        html! {
            p { (problem.detail) }
            // Who signs in too often cannot go to an account, nor can who has none to go to any more.
            @if matches!(problem.code, ProblemCode::RateLimited | ProblemCode::Suspended) { p { a href="/" { "Go to the first page" } } }
            @else { p { a href="/account" { "Go to your account" } } }
            @if let Some(id) = id { p class="meta" { "If you ask who runs this server about it, name the request " code { (id) } "." } }
        },
    )
}

/// Whether it is a browser that looks for a page.
fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    let is_api = request.uri().path().starts_with("/api/");
    accept.is_some_and(|accept| accept.contains("text/html")) && !is_api
}

/// Where a browser goes where nothing is: a page, and for programs a problem.
pub async fn not_found(request: Request) -> Response {
    let response = Failure::not_found("page").into_response();
    if wants_page(&request) {
        with_page(response, request.extensions().get::<RequestId>())
    } else {
        response
    }
}

/// What a path answers to a method that it does not take: for a browser a page, as it loads what was the answer
/// to a form.
pub async fn not_taken(request: Request) -> Response {
    let refused = |detail| Failure::new(ProblemCode::MethodNotAllowed, detail).into_response();
    if wants_page(&request) {
        let response = refused(
            "It was the answer to a form, which is sent only once. Go back to the form, or begin again.",
        );
        with_page(response, request.extensions().get::<RequestId>())
    } else {
        refused("This path does not take this method.")
    }
}
