//! `/sign-in/known`: a letter's link makes the browser known that opens it, while strangers guess.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::browser::Browser;
use super::form::Form;
use super::layout::page;
use super::register::{Link, Opened};
use super::visitor::sign_in_first;
use super::{Page, PageAccess, cookies, fields};
use crate::failure::Failure;
use crate::http::params::Query;
use crate::people::stranger;
use crate::server::Server;

const PATH: &str = "/sign-in/known";

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get(PATH, PageAccess::Anybody, open),
        Page::post(PATH, PageAccess::Anybody, finish).signs_in(),
    ]
}

/// The same whatever was typed, and whether or not there is such an account.
pub(super) fn look_into_mail() -> Response {
    page(
        "Look into your mail",
        html! {
            p { "Too many wrong passwords were tried for this address with browsers that are not known here, so none is looked at for now." }
            p { "A letter is in its mailbox. Open the link in it with this browser, then sign in." }
            p { "There are three such letters at most. If you find none, " a href="/forgot" { "choose a new password" } ": that makes this browser known, too." }
        },
    )
}

async fn open(
    State(server): State<Server>,
    browser: Browser,
    Query(link): Query<Link>,
) -> Result<Response, Failure> {
    let ticket = link.ticket()?;
    if !stranger::is_good(&server, &ticket).await? {
        return Ok(page(
            "This link is not good any more",
            html! {
                p { "It was used, or it is too old." }
                p { a href="/sign-in" { "Sign in" } " or " a href="/forgot" { "choose a new password" } "." }
            },
        ));
    }
    Ok(page(
        "Was it you?",
        html! {
            p { "Somebody wanted to sign in to your account. If it was you, go on: this browser is known from now on, and you sign in with your password." }
            p { "If it was not you, close this page." }
            (fields::button(&browser, PATH, "It was me", "primary", &[("ticket", ticket.expose())]))
        },
    ))
}

async fn finish(
    State(server): State<Server>,
    browser: Browser,
    Form(link): Form<Opened>,
) -> Result<Response, Failure> {
    let (mark, next) = stranger::know(&server, &link.ticket, browser.mark()).await?;
    let mut response = sign_in_first(&next);
    cookies::know(&server, &mut response, &mark)?;
    Ok(response)
}
