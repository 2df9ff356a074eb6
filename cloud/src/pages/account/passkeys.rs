//! `/account/passkeys/…`

use axum::extract::State;
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use slipway_contract::cloud::{Line, PasskeyId};

use super::factors::added;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::pages::browser::Browser;
use crate::pages::form::Form;
use crate::pages::layout::Layout;
use crate::pages::register::typed;
use crate::pages::sign_in::Next;
use crate::pages::visitor::{Visitor, go_to, own};
use crate::pages::{Page, PageAccess, assets, passkey};
use crate::people::passkeys;
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/account/passkeys/new", PageAccess::Recent, show).leading_to_factor(),
        Page::post("/account/passkeys/new", PageAccess::Recent, add).leading_to_factor(),
        Page::post("/account/passkeys/remove", PageAccess::Recent, remove),
    ]
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    let (session, mark) = (visitor.session_id(), browser.mark());
    let question = passkeys::begin_adding(&server, &visitor.account, session, mark).await?;
    let hidden = html! {
        (browser.field())
        input type="hidden" name="next" value=(own(&next.next));
        label { "Name" span class="hint" { "By which you know it again, such as the device that it is on." } input name="name" value="Passkey" required maxlength="100"; }
    };
    let content = html! {
        p { "A passkey signs you in by itself. With a password, signing in asks for it as a second factor from now on." }
        (passkey::ask("create", "/account/passkeys/new", &question, &hidden, "Make the passkey"))
    };
    Ok(Layout::new("Add a passkey")
        .script(&assets::PASSKEYS)
        .show(content))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    question: String,
    answer: String,
    #[serde(default)]
    next: String,
}

async fn add(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    origin: Origin,
    Form(new): Form<New>,
) -> Result<Response, Failure> {
    let name: Line<100> = typed("name", "The name", &new.name)?;
    let (account, mark) = (&visitor.account, browser.mark());
    let codes = passkeys::add(
        &server,
        account,
        &name,
        &new.answer,
        &new.question,
        mark,
        &origin,
    )
    .await?;
    Ok(added("The passkey is added", &codes, &new.next))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    passkey: PasskeyId,
}

async fn remove(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(one): Form<One>,
) -> Result<Response, Failure> {
    passkeys::remove(&server, &visitor.account, one.passkey, &origin).await?;
    Ok(go_to("/account"))
}
