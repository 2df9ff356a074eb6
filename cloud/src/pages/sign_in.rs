//! `/sign-in`, `/confirm` and `/sign-out`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::Secret;

use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::Layout;
use super::visitor::{Visitor, go_to, own, with_next};
use super::{Page, PageAccess, cookies, fields, known, second};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::people::enter::{Entry, From, Step};
use crate::people::sign_in::{self, Attempt, Outcome};
use crate::people::{browsers, providers};
use crate::server::Server;

/// The title where somebody who is signed in shows again that it is them.
const CONFIRM: &str = "Is it you?";

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/sign-in", PageAccess::Anybody, show),
        Page::post("/sign-in", PageAccess::Anybody, send).signs_in(),
        Page::get("/confirm", PageAccess::SignedIn, confirm).leading_to_factor(),
        Page::post("/sign-out", PageAccess::SignedIn, out).leading_to_factor(),
    ]
}

/// Where a page leads when it is done. Whatever else a link to it carries changes nothing.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    pub(super) next: String,
}

/// The same, as a form sends it that holds nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Onward {
    #[serde(default)]
    pub(super) next: String,
}

/// The browser, as the use cases see it.
pub(super) fn from<'a>(browser: &Browser, origin: &'a Origin) -> From<'a> {
    From {
        origin,
        mark: browser.mark(),
        before: browser
            .visitor
            .as_ref()
            .map(|visitor| (visitor.id(), visitor.session_id())),
    }
}

/// Sends a browser on with its new session.
fn signed_in(server: &Server, entry: &Entry, next: &str) -> Result<Response, Failure> {
    let mut response = go_to(next);
    let longest = Some(browsers::LONGEST_SECONDS);
    cookies::set(
        server,
        &mut response,
        cookies::SESSION,
        entry.cookie.expose(),
        longest,
    )?;
    cookies::know(server, &mut response, &entry.device)?;
    Ok(response)
}

/// Sends a browser on after its first factor.
pub(super) fn stepped(server: &Server, step: Step, next: &str) -> Result<Response, Failure> {
    match step {
        Step::In(entry) => signed_in(server, &entry, next),
        Step::Second(ticket) => Ok(second::ask_for(&ticket, next)),
        Step::Shut(failure) => Err(failure),
    }
}

/// The ways in; to make an account is none for who has one, and shows again that it is them.
fn form(
    server: &Server,
    browser: &Browser,
    email: &str,
    next: &str,
    wrong: Option<Wrong<'_>>,
) -> Markup {
    let next = own(next);
    let others = providers::available(server);
    html! {
        (fields::error(wrong))
        form method="post" action="/sign-in" {
            (browser.field())
            input type="hidden" name="next" value=(next);
            (fields::email(email, wrong))
            (fields::password("password", "Password", wrong))
            button class="primary" { "Sign in" }
        }
        @if server.people.has_passkeys() {
            form method="get" action="/sign-in/passkey" {
                input type="hidden" name="next" value=(next);
                button { "Sign in with a passkey" }
            }
        }
        @for (provider, _) in &others {
            (fields::button(browser, &format!("/sign-in/{}", provider.as_str()), &format!("Sign in with {}", provider.title()), "", &[("next", next)]))
        }
        p class="meta" {
            a href=(with_next("/forgot", next)) { "I forgot my password" }
            @if !is_visitor(browser, email) { " · " a href=(with_next("/register", next)) { "Make an account" } }
        }
    }
}

/// Whether this is the address of who is signed in.
fn is_visitor(browser: &Browser, email: &str) -> bool {
    let visitor = browser.visitor.as_ref();
    visitor.is_some_and(|visitor| visitor.account.email == email)
}

fn layout(server: &Server, title: &str) -> Layout {
    let others = providers::available(server);
    others
        .iter()
        .fold(Layout::new(title), |layout, (_, origin)| {
            layout.leads_to(origin)
        })
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    Query(next): Query<Next>,
) -> Response {
    layout(&server, "Sign in").show(form(&server, &browser, "", &next.next, None))
}

async fn confirm(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Response {
    let content = again(&server, &browser, &visitor.account.email, &next.next, None);
    layout(&server, CONFIRM).show(content)
}

/// The ways to show again that it is them, and why.
fn again(
    server: &Server,
    browser: &Browser,
    email: &str,
    next: &str,
    wrong: Option<Wrong<'_>>,
) -> Markup {
    html! {
        p { "What you want to do needs you to have signed in within the last quarter of an hour. Show again that it is you." }
        (form(server, browser, email, next, wrong))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    email: String,
    password: Secret,
    #[serde(default)]
    next: String,
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(given): Form<Given>,
) -> Result<Response, Failure> {
    let attempt = Attempt {
        email: &given.email,
        password: &given.password,
        device: browser.device.as_deref(),
        next: own(&given.next),
    };
    match sign_in::with_password(&server, &attempt, from(&browser, &origin)).await? {
        Outcome::Right(step) => stepped(&server, step, &given.next),
        Outcome::Letter => Ok(known::look_into_mail()),
        Outcome::Wrong => {
            let wrong = Wrong {
                field: "password",
                text: "Address and password do not belong together.",
            };
            let (title, content): (_, fn(_, _, _, _, _) -> _) =
                match is_visitor(&browser, &given.email) {
                    true => (CONFIRM, again),
                    false => ("Sign in", form),
                };
            let content = content(&server, &browser, &given.email, &given.next, Some(wrong));
            Ok(layout(&server, title)
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .show(content))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn out(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    visitor: Visitor,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    sign_in::out(&server, &visitor.account, from(&browser, &origin)).await?;
    let mut response = go_to("/sign-in");
    cookies::forget(&server, &mut response, cookies::SESSION)?;
    // Forms of before are not good any more, whoever comes next.
    cookies::forget(&server, &mut response, cookies::VISIT)?;
    Ok(response)
}
