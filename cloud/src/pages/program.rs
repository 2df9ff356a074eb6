//! `/oauth/authorize` and `/oauth/consent`: a program asks to sign in, and somebody lets it in or not.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::browser::Browser;
use super::form::Form;
use super::layout::Layout;
use super::visitor::{Visitor, away, go_to};
use super::{Page, PageAccess};
use crate::failure::Failure;
use crate::oauth::asked::{Asked, Wrong};
use crate::oauth::codes;
use crate::oauth::refusal::{Code, Refusal};
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/oauth/authorize", PageAccess::Anybody, begin),
        Page::get("/oauth/consent", PageAccess::Recent, show),
        Page::post("/oauth/consent", PageAccess::RecentWhenOpened, send),
    ]
}

/// What a person says to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Allow,
    Deny,
}

/// What stands below every question whether a program may sign in.
pub(super) fn verdicts() -> Markup {
    html! {
        p class="note" { "It will be able to do what you can do here, until you sign it out on the page of your account. Allow this only if you began it yourself, just now." }
        button class="primary" name="verdict" value="allow" { "Allow" }
        " "
        button name="verdict" value="deny" { "Do not allow" }
    }
}

/// As whom somebody lets a program in, and how to do so as another.
pub(super) fn as_whom(visitor: &Visitor, here: &str) -> Markup {
    let next: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
    html! {
        p { "As " strong { (visitor.account.name) } " (" (visitor.account.email) "). " a href=(format!("/sign-in?next={next}")) { "Use another account" } }
    }
}

/// Where the browser goes, or what the person is told, if a request is wrong.
fn refused(server: &Server, wrong: Wrong) -> Response {
    match wrong {
        Wrong::Told(back, refusal) => away(back.refused(server, &refusal)),
        Wrong::Unknown(what) => Layout::new("This program cannot sign in")
            .status(StatusCode::BAD_REQUEST)
            .show(html! {
                p class="error" role="alert" { (what) }
                p { "Nothing was given to anybody. Close this page, and begin again in the program." }
            }),
    }
}

fn consent(asked: &Asked) -> String {
    format!("/oauth/consent?{}", asked.query())
}

/// The address that programs are told: sends who is not signed in there first.
async fn begin(State(server): State<Server>, RawQuery(query): RawQuery) -> Response {
    match Asked::read(&query.unwrap_or_default()) {
        Ok(asked) => go_to(&consent(&asked)),
        Err(wrong) => refused(&server, wrong),
    }
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = match Asked::read(&query.unwrap_or_default()) {
        Ok(asked) => asked,
        Err(wrong) => return refused(&server, wrong),
    };
    let back = &asked.back;
    let layout = Layout::new("Let a program sign in?").leads_to(&back.redirect.source());
    layout.show(html! {
        p {
            strong { (back.program.title()) }
            @if let Some(device) = &asked.device { " on the device " strong { (device.as_str()) } }
            " asks to sign in."
        }
        (as_whom(&visitor, &consent(&asked)))
        p class="meta" { "The answer goes to " code { (back.redirect) } ", which is this device." }
        form method="post" action="/oauth/consent" {
            (browser.field())
            input type="hidden" name="asked" value=(asked.query());
            (verdicts())
        }
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    asked: String,
    verdict: Verdict,
}

async fn send(
    State(server): State<Server>,
    visitor: Visitor,
    Form(answer): Form<Answer>,
) -> Result<Response, Failure> {
    let asked = match Asked::read(&answer.asked) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(refused(&server, wrong)),
    };
    if answer.verdict == Verdict::Deny {
        let refusal = Refusal::new(Code::AccessDenied, "The person did not let the program in.");
        return Ok(away(asked.back.refused(&server, &refusal)));
    }
    let code = codes::allow(&server, &asked, visitor.lets_in()).await?;
    Ok(away(asked.back.with(&server, &[("code", code.expose())])))
}
