//! `/account/sessions/…`: signing out elsewhere.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::{SessionId, session as names};

use super::done::Done;
use super::{Nothing, day};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::pages::browser::Browser;
use crate::pages::form::Form;
use crate::pages::visitor::{Visitor, go_to};
use crate::pages::{Page, PageAccess, cookies, fields};
use crate::people::own;
use crate::server::Server;
use crate::tables::sessions;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::post("/account/sessions/end", PageAccess::SignedIn, end),
        Page::post(
            "/account/sessions/end-others",
            PageAccess::SignedIn,
            end_others,
        ),
        Page::post("/account/sessions/end-all", PageAccess::SignedIn, end_all),
    ]
}

/// A session in the list of them.
pub(super) fn row(browser: &Browser, visitor: &Visitor, session: &sessions::Model) -> Markup {
    let device = names::device(&session.client, &session.device);
    html! {
        div class="row" {
            div {
                (device)
                p class="meta" { (names::program(&session.client)) " · " (session.address) " · used " (day(session.last_used_at)) }
            }
            @if session.id == visitor.session { span class="meta" { "This one" } }
            @else { (fields::row_button(browser, "/account/sessions/end", "Sign out", &device, &[("session", &session.id.to_string())])) }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    session: SessionId,
}

async fn end(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(one): Form<One>,
) -> Result<Response, Failure> {
    own::end_session(&server, &visitor.account, one.session, &origin).await?;
    Ok(Done::SessionEnded.say())
}

async fn end_others(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    own::end_sessions(
        &server,
        &visitor.account,
        Some(visitor.session_id()),
        &origin,
    )
    .await?;
    Ok(Done::OthersEnded.say())
}

async fn end_all(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    own::end_sessions(&server, &visitor.account, None, &origin).await?;
    let mut response = go_to("/sign-in");
    for cookie in [cookies::SESSION, cookies::DEVICE] {
        cookies::forget(&server, &mut response, cookie)?;
    }
    Ok(response)
}
