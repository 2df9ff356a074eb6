//! `/sign-in/github` and `/sign-in/google`, where they send a browser back to, and connecting them.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::account::done::Done;
use super::browser::Browser;
use super::form::Form;
use super::sign_in::{Onward, from, stepped};
use super::visitor::{Visitor, away, own};
use super::{Page, PageAccess};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::{Path, Query};
use crate::people::providers::{self, Back, Outcome, Provider};
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::post("/sign-in/{provider}", PageAccess::Anybody, begin),
        Page::get("/sign-in/{provider}/back", PageAccess::Anybody, back).signs_in(),
        Page::post("/account/services/{provider}", PageAccess::Recent, connect),
        Page::post(
            "/account/services/{provider}/remove",
            PageAccess::Recent,
            remove,
        ),
    ]
}

fn named(name: &str) -> Result<Provider, Failure> {
    Provider::named(name).ok_or_else(|| Failure::not_found("service to sign in with"))
}

async fn begin(
    State(server): State<Server>,
    browser: Browser,
    Path(provider): Path<String>,
    Form(next): Form<Onward>,
) -> Result<Response, Failure> {
    let provider = named(&provider)?;
    let url = providers::begin(&server, provider, own(&next.next), browser.mark(), None).await?;
    Ok(away(url))
}

/// What services add to their answer is theirs to say: other fields are not refused.
#[derive(Deserialize)]
struct Returned {
    #[serde(default)]
    state: String,
    code: Option<String>,
}

async fn back(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    Path(provider): Path<String>,
    Query(returned): Query<Returned>,
) -> Result<Response, Failure> {
    let back = Back {
        provider: named(&provider)?,
        state: &returned.state,
        code: returned.code.as_deref(),
    };
    match providers::back(&server, &back, from(&browser, &origin)).await? {
        Outcome::Step(step, next) => stepped(&server, step, &next),
        Outcome::Connected => Ok(Done::Connected.say()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn connect(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Path(provider): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let provider = named(&provider)?;
    let connects = Some((visitor.id(), visitor.session_id()));
    Ok(away(
        providers::begin(&server, provider, "/account", browser.mark(), connects).await?,
    ))
}

async fn remove(
    State(server): State<Server>,
    origin: Origin,
    visitor: Visitor,
    Path(provider): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    providers::disconnect(&server, named(&provider)?, &visitor.account, &origin).await?;
    Ok(Done::Disconnected.say())
}
