//! `/sign-in/second`: a code, a recovery code or a passkey after the first factor.

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
use super::passkey::{self, Asks};
use super::sign_in::{from, stepped};
use super::visitor::{go_to, own};
use super::{Page, PageAccess, assets, fields};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::people::factors::{self, Proof};
use crate::people::passkeys;
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/sign-in/second", PageAccess::Anybody, show),
        Page::post("/sign-in/second", PageAccess::Anybody, send).signs_in(),
    ]
}

/// Sends a browser to show a second factor.
pub(super) fn ask_for(ticket: &Secret, next: &str) -> Response {
    let next: String = url::form_urlencoded::byte_serialize(own(next).as_bytes()).collect();
    go_to(&format!(
        "/sign-in/second?ticket={}&next={next}",
        ticket.expose()
    ))
}

/// Whatever else is in the address changes nothing.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    next: String,
}

async fn content(
    server: &Server,
    browser: &Browser,
    ticket: &Secret,
    next: &str,
    wrong: Option<Wrong<'_>>,
) -> Result<Markup, Failure> {
    let (account, asks) = factors::half(server, ticket, browser.mark()).await?;
    let question = match asks.passkeys && server.people.has_passkeys() {
        true => Some(passkeys::begin_second(server, account, browser.mark()).await?),
        false => None,
    };
    let hidden = html! {
        (browser.field())
        input type="hidden" name="ticket" value=(ticket.expose());
        input type="hidden" name="next" value=(own(next));
    };
    let recovery = fields::marks(wrong, "recovery");
    Ok(html! {
        (fields::error(wrong))
        p { "Show that it is you with your second factor." }
        @if let Some(question) = &question {
            (passkey::ask(Asks::Get, "/sign-in/second", question, &hidden, "Use a passkey"))
        }
        @if asks.totp {
            form method="post" action="/sign-in/second" {
                (hidden)
                (fields::code("Code of your authenticator app", wrong))
                button class=[question.is_none().then_some("primary")] { "Sign in" }
            }
        }
        details open[recovery.focus] {
            summary { "I lost my second factor" }
            form method="post" action="/sign-in/second" {
                (hidden)
                label { "Recovery code" input name="recovery" autocomplete="off" required maxlength="64" aria-invalid=[recovery.invalid] aria-describedby=[recovery.why] autofocus[recovery.focus]; }
                button { "Sign in" }
            }
        }
    })
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let ticket = Secret::new(asked.ticket);
    let content = content(&server, &browser, &ticket, &asked.next, None).await?;
    Ok(Layout::new("One more step")
        .script(&assets::PASSKEYS)
        .show(content))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    ticket: Secret,
    #[serde(default)]
    next: String,
    code: Option<String>,
    recovery: Option<String>,
    answer: Option<String>,
    question: Option<String>,
}

const fn wrong(proof: &Proof<'_>) -> Wrong<'static> {
    match proof {
        Proof::Code(_) => Wrong {
            field: "code",
            text: "That is not right, or was used before. A new code comes every 30 seconds.",
        },
        Proof::Recovery(_) => Wrong {
            field: "recovery",
            text: "That is no recovery code of yours, or it was used before.",
        },
        Proof::Passkey { .. } => Wrong {
            field: "",
            text: "This passkey is not known here, or took too long.",
        },
    }
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(shown): Form<Shown>,
) -> Result<Response, Failure> {
    let proof = match (&shown.code, &shown.recovery, &shown.answer, &shown.question) {
        (Some(code), None, None, None) => Proof::Code(code),
        (None, Some(code), None, None) => Proof::Recovery(code),
        (None, None, Some(answer), Some(question)) => Proof::Passkey { answer, question },
        _ => {
            return Err(Failure::field(
                "code",
                "give one of a code, a recovery code and a passkey",
            ));
        }
    };
    let from = from(&browser, &origin);
    match factors::finish(&server, &shown.ticket, &proof, from).await? {
        Some(step) => stepped(&server, step, &shown.next),
        None => {
            let wrong = wrong(&proof);
            let content =
                content(&server, &browser, &shown.ticket, &shown.next, Some(wrong)).await?;
            let layout = Layout::new("One more step").script(&assets::PASSKEYS);
            Ok(layout
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .show(content))
        }
    }
}
