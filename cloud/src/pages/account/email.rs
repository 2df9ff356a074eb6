//! `/account/email`: another address, and the links in the letters to both.

use axum::extract::State;
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
use crate::pages::register::{Link as Ticket, look_into_mail, typed};
use crate::pages::visitor::Visitor;
use crate::pages::{Page, PageAccess, fields};
use crate::people::email::{self, Link};
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/account/email", PageAccess::Recent, show),
        Page::post("/account/email", PageAccess::Recent, send),
        Page::get("/account/email/confirm", PageAccess::Anybody, open_confirm),
        Page::post("/account/email/confirm", PageAccess::Anybody, confirm),
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
        email::begin(&server, &visitor.account, &address, &origin).await
    };
    match done.await {
        Ok(()) => Ok(look_into_mail()),
        Err(failure) => fields::again(failure, Layout::new("Change the address"), |wrong| {
            form(&browser, &new.email, Some(wrong))
        }),
    }
}

/// Opening a link changes nothing: mail is opened by programs, too.
async fn open(
    server: &Server,
    browser: &Browser,
    link: Link,
    ticket: &Ticket,
) -> Result<Response, Failure> {
    let Some(address) = email::address(server, link, &ticket.ticket).await? else {
        let content = html! { p { "It was used, or it is too old." } };
        return Ok(page("This link is not good any more", content));
    };
    let hidden = [("ticket", &**ticket.ticket.expose())];
    Ok(match link {
        Link::Confirm => page(
            "Confirm your new address",
            html! {
                p { "Press Confirm, and your account uses " strong { (address) } " from now on." }
                (fields::button(browser, "/account/email/confirm", "Confirm", "primary", &hidden))
            },
        ),
        Link::Undo => page(
            "Keep your address",
            html! {
                p { "Your account keeps, or gets back, " strong { (address) } ", and everybody is signed out of it." }
                (fields::button(browser, "/account/email/undo", "Keep it", "primary", &hidden))
            },
        ),
    })
}

async fn open_confirm(
    State(server): State<Server>,
    browser: Browser,
    Query(ticket): Query<Ticket>,
) -> Result<Response, Failure> {
    open(&server, &browser, Link::Confirm, &ticket).await
}

async fn open_undo(
    State(server): State<Server>,
    browser: Browser,
    Query(ticket): Query<Ticket>,
) -> Result<Response, Failure> {
    open(&server, &browser, Link::Undo, &ticket).await
}

async fn confirm(
    State(server): State<Server>,
    origin: Origin,
    Form(ticket): Form<Ticket>,
) -> Result<Response, Failure> {
    email::finish(&server, Link::Confirm, &ticket.ticket, &origin).await?;
    Ok(page(
        "The address is changed",
        html! { p { a href="/account" { "Go to your account" } } },
    ))
}

async fn undo(
    State(server): State<Server>,
    origin: Origin,
    Form(ticket): Form<Ticket>,
) -> Result<Response, Failure> {
    email::finish(&server, Link::Undo, &ticket.ticket, &origin).await?;
    let content = html! {
        p { "Whoever asked for the change knew your password or used your device. " a href="/forgot" { "Choose a new password" } " now." }
    };
    Ok(page("Your address stays", content))
}
