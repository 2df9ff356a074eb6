//! `/forgot` and `/reset`: a letter, and a new password.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::Secret;
use slipway_contract::cloud::Email;

use super::account::access::HERE;
use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::{Layout, page};
use super::register::{Link, look_into_mail, typed};
use super::sign_in::Next;
use super::visitor::{own, with_next};
use super::{Page, PageAccess, cookies, fields};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::people::destination::Destination;
use crate::people::reset;
use crate::server::Server;

/// The title where a letter is asked for.
const FORGOTTEN: &str = "A new password by mail";

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/forgot", PageAccess::Anybody, show),
        Page::post("/forgot", PageAccess::Anybody, send),
        Page::get("/reset", PageAccess::Anybody, open),
        Page::post("/reset", PageAccess::Anybody, finish).signs_in(),
    ]
}

fn form(browser: &Browser, email: &str, next: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let next = own(next);
    html! {
        (fields::error(wrong))
        p { "Give the address of your account. A letter goes there, with a link to choose a new password." }
        form method="post" action="/forgot" {
            (browser.field())
            input type="hidden" name="next" value=(next);
            (fields::email(email, wrong))
            button class="primary" { "Send a letter" }
        }
        p class="meta" { a href=(with_next("/sign-in", next)) { "Back to signing in" } }
    }
}

async fn show(browser: Browser, Query(next): Query<Next>) -> Response {
    page(FORGOTTEN, form(&browser, "", &next.next, None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    email: String,
    #[serde(default)]
    next: String,
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(asked): Form<Asked>,
) -> Result<Response, Failure> {
    let done = async {
        let email: Email = typed("email", "The address", &asked.email)?;
        reset::begin(
            &server,
            &email,
            &Destination::new(own(&asked.next), browser.mark()),
            &origin,
        )
        .await
    };
    match done.await {
        Ok(()) => Ok(look_into_mail()),
        Err(failure) => fields::again(failure, Layout::new(FORGOTTEN), |wrong| {
            form(&browser, &asked.email, &asked.next, Some(wrong))
        }),
    }
}

fn choose(browser: &Browser, ticket: &Secret, wrong: Option<Wrong<'_>>) -> Markup {
    html! {
        (fields::error(wrong))
        form method="post" action="/reset" {
            (browser.field())
            input type="hidden" name="ticket" value=(ticket.expose());
            (fields::new_password(wrong))
            p class="meta" { "You are signed out everywhere, and sign in with the new password." }
            button class="primary" { "Set the password" }
        }
    }
}

fn over() -> Response {
    page(
        "This link is not good any more",
        html! {
            p { "It was used, or it is too old." }
            p { a href="/forgot" { "Ask for a new one" } }
        },
    )
}

async fn open(
    State(server): State<Server>,
    browser: Browser,
    Query(link): Query<Link>,
) -> Result<Response, Failure> {
    let ticket = link.ticket()?;
    Ok(match reset::whose(&server, &ticket).await? {
        Some(_) => page("Choose a new password", choose(&browser, &ticket, None)),
        None => over(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    ticket: Secret,
    password: Secret,
}

async fn finish(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    if reset::whose(&server, &chosen.ticket).await?.is_none() {
        return Ok(over());
    }
    match reset::finish(
        &server,
        &chosen.ticket,
        &chosen.password,
        browser.mark(),
        &origin,
    )
    .await
    {
        Ok((mark, next)) => {
            let mut response = page(
                "The new password is set",
                html! {
                    p { "You are signed out everywhere. API keys, passkeys and connected services go on, whoever made them." }
                    p { a href=(with_next("/sign-in", HERE)) { "Sign in, and look through them" } }
                    @if own(&next) != "/account" { p { a href=(with_next("/sign-in", &next)) { "Sign in, and go on from where the letter was asked for" } } }
                },
            );
            cookies::forget(&server, &mut response, cookies::SESSION)?;
            cookies::know(&server, &mut response, &mark)?;
            Ok(response)
        }
        Err(failure) => fields::again(failure, Layout::new("Choose a new password"), |wrong| {
            choose(&browser, &chosen.ticket, Some(wrong))
        }),
    }
}
