//! `/sign-in/passkey`, and how pages ask a browser for a passkey.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::Layout;
use super::sign_in::{Next, from, stepped};
use super::visitor::{own, with_next};
use super::{Page, PageAccess, assets, fields};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::people::passkeys::{self, Question};
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/sign-in/passkey", PageAccess::Anybody, show),
        Page::post("/sign-in/passkey", PageAccess::Anybody, send).signs_in(),
    ]
}

/// What a form asks a browser for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asks {
    /// A passkey that it has.
    Get,
    /// A new one.
    Create,
}

impl Asks {
    /// The function of the browser's that is called, and what is said when it did not answer.
    const fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Get => (
                "get",
                "The passkey was not used. Try again, or go on in another way.",
            ),
            Self::Create => (
                "create",
                "The passkey was not made. Try again, or go on in another way.",
            ),
        }
    }
}

/// A form whose button asks the browser for a passkey, and sends what it answers. Passkeys are the one thing
/// that needs a script; without it the form says so.
pub(super) fn ask(
    what: Asks,
    action: &str,
    question: &Question,
    hidden: &Markup,
    label: &str,
) -> Markup {
    let (function, failed) = what.told();
    html! {
        form method="post" action=(action) data-passkey=(function) data-options=(question.options) {
            (hidden)
            input type="hidden" name="question" value=(question.ticket.expose());
            input type="hidden" name="answer" value="";
            p class="error" role="alert" data-said="failed" hidden { (failed) }
            p class="error" role="alert" data-said="there" hidden { "This device has a passkey of this account already." }
            p class="note" data-said="none" hidden { "This browser cannot use passkeys. Take another one, or go on in another way." }
            noscript { p class="note" { "Passkeys need JavaScript. All else here works without it." } }
            button class="primary" disabled { (label) }
        }
    }
}

async fn content(
    server: &Server,
    browser: &Browser,
    next: &str,
    wrong: Option<Wrong<'_>>,
) -> Result<Markup, Failure> {
    let question = passkeys::begin_entering(server, browser.mark()).await?;
    let hidden = html! {
        (browser.field())
        input type="hidden" name="next" value=(own(next));
    };
    Ok(html! {
        (fields::error(wrong))
        (ask(Asks::Get, "/sign-in/passkey", &question, &hidden, "Use a passkey"))
        p class="meta" { a href=(with_next("/sign-in", next)) { "Sign in with a password" } }
    })
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    let content = content(&server, &browser, &next.next, None).await?;
    Ok(Layout::new("Sign in with a passkey")
        .script(&assets::PASSKEYS)
        .show(content))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    question: String,
    answer: String,
    #[serde(default)]
    next: String,
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(given): Form<Answered>,
) -> Result<Response, Failure> {
    let from = from(&browser, &origin);
    match passkeys::enter(&server, &given.answer, &given.question, from).await? {
        Some(step) => stepped(&server, step, &given.next),
        None => {
            let wrong = Wrong {
                field: "",
                text: "This passkey is not known here, or took too long.",
            };
            let content = content(&server, &browser, &given.next, Some(wrong)).await?;
            let layout = Layout::new("Sign in with a passkey").script(&assets::PASSKEYS);
            Ok(layout
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .show(content))
        }
    }
}
