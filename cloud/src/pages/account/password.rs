//! `/account/password`

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::Secret;

use super::done::Done;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::pages::browser::Browser;
use crate::pages::fields::Wrong;
use crate::pages::form::Form;
use crate::pages::layout::{Layout, page};
use crate::pages::visitor::Visitor;
use crate::pages::{Page, PageAccess, cookies, fields};
use crate::people::own;
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/account/password", PageAccess::Recent, show),
        Page::post("/account/password", PageAccess::Recent, send).signs_in(),
    ]
}

fn form(browser: &Browser, visitor: &Visitor, wrong: Option<Wrong<'_>>) -> Markup {
    html! {
        (fields::error(wrong))
        form method="post" action="/account/password" {
            (browser.field())
            @if visitor.account.password_hash.is_some() { (fields::password("present", "Present password", wrong)) }
            (fields::new_password(wrong))
            p class="meta" { "You are signed out everywhere else." }
            button class="primary" { "Set the password" }
        }
    }
}

async fn show(browser: Browser, visitor: Visitor) -> Response {
    page("Your password", form(&browser, &visitor, None))
}

fn none() -> Secret {
    Secret::new(String::new())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    #[serde(default = "none")]
    present: Secret,
    password: Secret,
}

async fn send(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    origin: Origin,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    let (account, session) = (&visitor.account, visitor.session_id());
    let done = own::change_password(
        &server,
        account,
        session,
        &chosen.present,
        &chosen.password,
        &origin,
    )
    .await;
    match done {
        Ok(mark) => {
            let mut response = Done::Password.say();
            cookies::know(&server, &mut response, &mark)?;
            Ok(response)
        }
        Err(failure) => fields::again(failure, Layout::new("Your password"), |wrong| {
            form(&browser, &visitor, Some(wrong))
        }),
    }
}
