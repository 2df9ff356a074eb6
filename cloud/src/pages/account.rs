//! `/account`: what somebody sees and changes of their own.

pub(super) mod access;
mod data;
pub(super) mod done;
mod email;
mod factors;
mod passkeys;
mod password;
mod sessions;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::Timestamp;
use slipway_contract::cloud::Line;

use self::done::{After, Done, said};
use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::Layout;
use super::register::typed;
use super::visitor::Visitor;
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
pub(super) fn day(moment: Moment) -> Markup {
    let moment = Timestamp::from(moment);
    html! { time datetime=(moment) { (moment.strftime("%Y-%m-%d %H:%M UTC")) } }
}

/// The first section, with the name that is typed or kept.
fn profile(
    browser: &Browser,
    visitor: &Visitor,
    done: Option<Done>,
    name: &str,
    wrong: Option<Wrong<'_>>,
) -> Markup {
    html! {
        div class="row" { div { "You are signed in as " strong { (visitor.account.name) } "." } (fields::button(browser, "/sign-out", "Sign out", "", &[])) }

        h2 id="profile" { "Profile" }
        (said(done, "profile"))
        (fields::error(wrong))
        form method="post" action="/account/name" {
            (browser.field())
            (fields::name(name, wrong))
            button { "Save" }
        }
    }
}

/// The sections after the first.
async fn others(
    server: &Server,
    browser: &Browser,
    visitor: &Visitor,
    done: Option<Done>,
) -> Result<Markup, Failure> {
    let (account, id, on) = (&visitor.account, visitor.id(), server.database.read());
    let asks = crate::people::factors::of(on, id).await?;
    let codes = recovery_codes::left(on, id).await?;
    Ok(html! {
        h2 { "E-mail" }
        p { (account.email) }
        p { a href="/account/email" { "Change the address" } }

        h2 id="password" { "Password" }
        (said(done, "password"))
        p { a href="/account/password" { @if account.password_hash.is_some() { "Change the password" } @else { "Choose a password" } } }

        h2 id="second-factor" { "Second factor" }
        (said(done, "second-factor"))
        @if asks.totp {
            div class="row" { div { "Authenticator app" } a class="button" href="/account/totp/remove" aria-label="Remove the authenticator app" { "Remove" } }
        } @else {
            div class="row" { div { "Authenticator app" } (fields::row_button(browser, "/account/totp", "Add", "an authenticator app", &[])) }
        }
        @if asks.any() {
            div class="row" { div { "Recovery codes: " (codes) " left" } a class="button" href="/account/recovery-codes" { "Make new codes" } }
        }

        (access::show(server, browser, visitor, done).await?)

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

async fn show(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let done = after.done();
    let others = others(&server, &browser, &visitor, done).await?;
    Ok(layout(&server).show(html! {
        (profile(&browser, &visitor, done, &visitor.account.name, None))
        (others)
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
            Ok(Done::Name.say())
        }
        Err(failure) => {
            let others = others(&server, &browser, &visitor, None).await?;
            fields::again(failure, layout(&server), |wrong| {
                html! {
                    (profile(&browser, &visitor, None, &new.name, Some(wrong)))
                    (others)
                }
            })
        }
    }
}
