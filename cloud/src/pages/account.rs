//! `/account`: what somebody sees and changes of their own.

pub(super) mod access;
mod data;
mod email;
mod factors;
mod passkeys;
mod password;
mod sessions;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::Timestamp;
use slipway_contract::cloud::Line;

use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::Layout;
use super::register::typed;
use super::visitor::{Visitor, go_to};
use super::{Page, PageAccess, fields};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::http::params::Query;
use crate::people::{own, providers};
use crate::server::Server;
use crate::tables::recovery_codes;

pub(super) fn routes() -> Vec<Page> {
    let mut routes = vec![
        Page::get("/account", PageAccess::SignedIn, show),
        Page::post("/account/name", PageAccess::SignedIn, rename),
    ];
    for more in [
        email::routes(),
        password::routes(),
        sessions::routes(),
        factors::routes(),
        passkeys::routes(),
        access::routes(),
        data::routes(),
    ] {
        routes.extend(more);
    }
    routes
}

/// A form with nothing in it but its token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// A moment as people read it.
pub(super) fn day(moment: Moment) -> String {
    Timestamp::from(moment)
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string()
}

async fn content(
    server: &Server,
    browser: &Browser,
    visitor: &Visitor,
    wrong: Option<Wrong<'_>>,
) -> Result<Markup, Failure> {
    let (account, id, on) = (&visitor.account, visitor.id(), server.database.read());
    let asks = crate::people::factors::of(on, id).await?;
    let codes = recovery_codes::left(on, id).await?;
    Ok(html! {
        div class="row" { div { "You are signed in." p class="meta" { (account.email) } } (fields::button(browser, "/sign-out", "Sign out", "", &[])) }

        h2 { "Profile" }
        (fields::error(wrong))
        form method="post" action="/account/name" {
            (browser.field())
            (fields::name(&account.name, wrong))
            button { "Save" }
        }

        h2 { "E-mail" }
        p { (account.email) }
        p { a href="/account/email" { "Change the address" } }

        h2 { "Password" }
        p { a href="/account/password" { @if account.password_hash.is_some() { "Change the password" } @else { "Choose a password" } } }

        h2 { "Second factor" }
        @if asks.totp {
            div class="row" { div { "Authenticator app" } a class="button" href="/account/totp/remove" aria-label="Remove the authenticator app" { "Remove" } }
        } @else {
            div class="row" { div { "Authenticator app" } (fields::row_button(browser, "/account/totp", "Add", "an authenticator app", &[])) }
        }
        @if asks.any() {
            div class="row" { div { "Recovery codes: " (codes) " left" } a class="button" href="/account/recovery-codes" { "Make new codes" } }
        }

        (access::show(server, browser, visitor).await?)

        h2 { "Your data" }
        p { a href="/account/export" { "Download all that this server knows of you" } }
        p { a href="/account/delete" { "Delete the account" } }
    })
}

fn layout(server: &Server) -> Layout {
    let others = providers::available(server);
    others
        .iter()
        .fold(Layout::new("Your account"), |layout, (_, origin)| {
            layout.leads_to(origin)
        })
}

/// What was done just before, on another page or with a form of this one. Whatever else a link to this page
/// carries changes nothing.
#[derive(Deserialize)]
struct After {
    #[serde(default)]
    done: String,
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let done = match &*after.done {
        "name" => Some("Your name is saved."),
        "password" => Some("Your password is changed. You are signed out everywhere else."),
        _ => None,
    };
    let content = content(&server, &browser, &visitor, None).await?;
    Ok(layout(&server).show(html! {
        @if let Some(done) = done { p class="done" role="status" { (done) } }
        (content)
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

async fn rename(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Form(new): Form<Name>,
) -> Result<Response, Failure> {
    let name: Result<Line<100>, Failure> = typed("name", "The name", &new.name);
    match name {
        Ok(name) => {
            own::rename(&server, &visitor.account, &name).await?;
            Ok(go_to("/account?done=name"))
        }
        Err(failure) => {
            let refusal = failure.refusal();
            let text = refusal.errors.first();
            let wrong = text.map(|error| Wrong {
                field: "name",
                text: &error.detail,
            });
            let content = content(&server, &browser, &visitor, wrong).await?;
            Ok(layout(&server)
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .show(content))
        }
    }
}
