//! `/register` and `/verify`: an address, and after a letter a name and a password.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::Secret;
use slipway_contract::cloud::{Email, Line, ProblemCode};

use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::{Layout, page};
use super::sign_in::{Next, from, stepped};
use super::visitor::{own, with_next};
use super::{Page, PageAccess, fields};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::people::destination::Destination;
use crate::people::register;
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/register", PageAccess::Anybody, show),
        Page::post("/register", PageAccess::Anybody, send),
        Page::get("/verify", PageAccess::Anybody, open),
        Page::post("/verify", PageAccess::Anybody, finish).signs_in(),
    ]
}

/// A text that somebody typed, as what a field takes.
pub(super) fn typed<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    title: &str,
    text: &str,
) -> Result<T, Failure> {
    text.parse()
        .map_err(|error| Failure::field(name, format!("{title}: {error}.")))
}

/// A link in a letter. Whatever programs add to it on its way changes nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Link {
    ticket: Option<Secret>,
}

impl Link {
    /// Its ticket.
    pub(super) fn ticket(self) -> Result<Secret, Failure> {
        let detail = "This link is not whole. Open it from the letter again, or copy all of it.";
        self.ticket
            .filter(|ticket| !ticket.expose().is_empty())
            .ok_or_else(|| Failure::new(ProblemCode::Invalid, detail))
    }
}

/// Its ticket, as the page's form sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opened {
    pub(super) ticket: Secret,
}

fn form(browser: &Browser, email: &str, next: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let next = own(next);
    html! {
        (fields::error(wrong))
        form method="post" action="/register" {
            (browser.field())
            input type="hidden" name="next" value=(next);
            (fields::email(email, wrong))
            button class="primary" { "Go on" }
        }
        p class="meta" { "You have an account? " a href=(with_next("/sign-in", next)) { "Sign in" } }
    }
}

async fn show(browser: Browser, Query(next): Query<Next>) -> Response {
    page("Make an account", form(&browser, "", &next.next, None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    email: String,
    #[serde(default)]
    next: String,
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(new): Form<New>,
) -> Result<Response, Failure> {
    let done = async {
        let email: Email = typed("email", "The address", &new.email)?;
        register::begin(
            &server,
            &email,
            &Destination::new(own(&new.next), browser.mark()),
            &origin,
        )
        .await
    };
    match done.await {
        Ok(()) => Ok(look_into_mail()),
        Err(failure) => fields::again(failure, Layout::new("Make an account"), |wrong| {
            form(&browser, &new.email, &new.next, Some(wrong))
        }),
    }
}

/// The same for every address, whether it has an account or not.
pub(super) fn look_into_mail() -> Response {
    page(
        "Look into your mail",
        html! {
            p { "A letter is on its way to the address that you gave. Open the link in it within an hour." }
            p class="meta" { "Nothing there after some minutes? Look among the unwanted mail, and whether the address was right." }
        },
    )
}

fn choose(
    browser: &Browser,
    ticket: &Secret,
    email: &Email,
    name: &str,
    wrong: Option<Wrong<'_>>,
) -> Markup {
    html! {
        (fields::error(wrong))
        form method="post" action="/verify" {
            (browser.field())
            input type="hidden" name="ticket" value=(ticket.expose());
            input type="email" name="username" value=(email) autocomplete="username" readonly hidden disabled;
            p { "For " strong { (email) } }
            (fields::name(name, wrong))
            (fields::new_password(wrong))
            button class="primary" { "Make the account" }
        }
    }
}

fn over() -> Response {
    page(
        "This link is not good any more",
        html! {
            p { "It was used, or it is too old." }
            p { a href="/register" { "Ask for a new one" } " or " a href="/sign-in" { "sign in" } "." }
        },
    )
}

async fn open(
    State(server): State<Server>,
    browser: Browser,
    Query(link): Query<Link>,
) -> Result<Response, Failure> {
    let ticket = link.ticket()?;
    Ok(match register::address(&server, &ticket).await? {
        Some(email) => page(
            "Choose a password",
            choose(&browser, &ticket, &email, "", None),
        ),
        None => over(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    ticket: Secret,
    name: String,
    password: Secret,
}

async fn finish(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    let Some(email) = register::address(&server, &chosen.ticket).await? else {
        return Ok(over());
    };
    let done = async {
        let name: Line<100> = typed("name", "The name", &chosen.name)?;
        let from = from(&browser, &origin);
        register::finish(&server, &chosen.ticket, &name, &chosen.password, from).await
    };
    match done.await {
        Ok((step, next)) => stepped(&server, step, &next),
        Err(failure) => fields::again(failure, Layout::new("Choose a password"), |wrong| {
            choose(&browser, &chosen.ticket, &email, &chosen.name, Some(wrong))
        }),
    }
}
