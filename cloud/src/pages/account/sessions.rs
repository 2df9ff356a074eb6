//! `/account/sessions/…`: signing out elsewhere.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use slipway_contract::cloud::SessionId;

use super::Nothing;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::pages::form::Form;
use crate::pages::visitor::{Visitor, go_to};
use crate::pages::{Page, PageAccess, cookies};
use crate::people::own;
use crate::server::Server;

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
    Ok(go_to("/account"))
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
    Ok(go_to("/account"))
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
