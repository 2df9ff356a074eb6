//! `/account/email`: another address, and the links in the letters to both.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::Email;

use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::pages::browser::Browser;
use crate::pages::fields::Wrong;
use crate::pages::form::Form;
use crate::pages::layout::{Layout, page};
use crate::pages::register::{Link, Opened, look_into_mail, typed};
use crate::pages::visitor::{Visitor, with_next};
use crate::pages::{Page, PageAccess, cookies, fields};
use crate::people::email;
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/account/email", PageAccess::Recent, show),
        Page::post("/account/email", PageAccess::Recent, send),
        Page::get("/account/email/confirm", PageAccess::SignedIn, open_confirm),
        Page::post("/account/email/confirm", PageAccess::SignedIn, confirm),
        Page::get("/account/email/undo", PageAccess::Anybody, open_undo),
        Page::post("/account/email/undo", PageAccess::Anybody, undo),
    ]
}

fn form(browser: &Browser, value: &str, wrong: Option<Wrong<'_>>) -> Markup {
    html! {
        (fields::error(wrong))
        p { "A letter goes to the new address to confirm it, and one to the present address, from which it can be stopped or taken back." }
        form method="post" action="/account/email" {
            (browser.field())
            (fields::email(value, wrong))
            button class="primary" { "Go on" }
        }
    }
}

async fn show(browser: Browser) -> Response {
    page("Change the address", form(&browser, "", None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    email: String,
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    origin: Origin,
    Form(new): Form<New>,
) -> Result<Response, Failure> {
    let done = async {
        let address: Email = typed("email", "The address", &new.email)?;
        let session = visitor.session_id();
        email::begin(&server, &visitor.account, session, &address, &origin).await
    };
    match done.await {
        Ok(()) => Ok(look_into_mail()),
        Err(failure) => fields::again(failure, Layout::new("Change the address"), |wrong| {
            form(&browser, &new.email, Some(wrong))
        }),
    }
}

fn over() -> Response {
    let content = html! { p { "It was used, or it is too old." } };
    page("This link is not good any more", content)
}

/// Opening a link changes nothing: mail is opened by programs, too.
async fn open_confirm(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(link): Query<Link>,
) -> Result<Response, Failure> {
    let ticket = link.ticket()?;
    let Some(link) = email::asked(&server, &ticket).await? else {
        return Ok(over());
    };
    if link.account != visitor.id() {
        let here = format!("/account/email/confirm?ticket={}", ticket.expose());
        return Ok(Layout::new("The link of another account")
            .status(StatusCode::FORBIDDEN)
            .show(html! {
                p { "You are signed in as " strong { (visitor.account.email) } ". The link belongs to another account." }
                p { "If you asked for it, " a href=(with_next("/sign-in", &here)) { "sign in to that account" } ". If you did not, do nothing: without you nobody can use your address." }
            }));
    }
    let account = &visitor.account;
    let hidden = [("ticket", &**ticket.expose())];
    Ok(page(
        "Confirm your new address",
        html! {
            p { "Press " strong { "Confirm" } ", and the account of " strong { (account.name) } " (" (account.email) ") uses " strong { (link.email) } " from now on." }
            (fields::button(&browser, "/account/email/confirm", "Confirm", "primary", &hidden))
        },
    ))
}

async fn open_undo(
    State(server): State<Server>,
    browser: Browser,
    Query(link): Query<Link>,
) -> Result<Response, Failure> {
    let ticket = link.ticket()?;
    let Some(link) = email::undoable(&server, &ticket).await? else {
        return Ok(over());
    };
    let hidden = [("ticket", &**ticket.expose())];
    Ok(page(
        "Keep your address",
        html! {
            p { "Your account keeps, or gets back, " strong { (link.email) } ". Everybody is signed out of it, and you choose a new password." }
            (fields::button(&browser, "/account/email/undo", "Keep it", "primary", &hidden))
        },
    ))
}

async fn confirm(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(link): Form<Opened>,
) -> Result<Response, Failure> {
    email::confirm(&server, visitor.id(), &link.ticket, &origin).await?;
    Ok(page(
        "The address is changed",
        html! { p { a href="/account" { "Go to your account" } } },
    ))
}

async fn undo(
    State(server): State<Server>,
    origin: Origin,
    Form(link): Form<Opened>,
) -> Result<Response, Failure> {
    let ticket = email::undo(&server, &link.ticket, &origin).await?;
    let choose = format!("/reset?ticket={}", ticket.expose());
    let content = html! {
        p { "Whoever asked for the change knew your password or used your device. Everybody is signed out, and the password is void." }
        p { a href=(choose) { "Choose a new password" } " now." }
    };
    let mut response = page("Your address stays", content);
    cookies::forget(&server, &mut response, cookies::SESSION)?;
    Ok(response)
}
