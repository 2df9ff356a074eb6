//! `/account/passkeys/…`

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::{Line, PasskeyId};

use super::done::Done;
use super::factors::added;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::pages::browser::Browser;
use crate::pages::fields::Wrong;
use crate::pages::form::Form;
use crate::pages::layout::{Layout, page};
use crate::pages::passkey::{self, Asks};
use crate::pages::register::typed;
use crate::pages::sign_in::Next;
use crate::pages::visitor::{Visitor, own};
use crate::pages::{Page, PageAccess, assets, fields};
use crate::people::passkeys::{self, Question};
use crate::server::Server;
use crate::tables;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/account/passkeys/new", PageAccess::Recent, show).leading_to_factor(),
        Page::post("/account/passkeys/new", PageAccess::Recent, add).leading_to_factor(),
        Page::get("/account/passkeys/remove", PageAccess::Recent, ask_remove),
        Page::post("/account/passkeys/remove", PageAccess::Recent, remove),
    ]
}

fn layout() -> Layout {
    Layout::new("Add a passkey").script(&assets::PASSKEYS)
}

/// A name of blanks is refused before the device is asked: its passkey would be there, and here not.
fn form(
    browser: &Browser,
    question: &Question,
    name: &str,
    next: &str,
    wrong: Option<Wrong<'_>>,
) -> Markup {
    let marks = fields::marks(wrong, "name");
    let hidden = html! {
        (browser.field())
        input type="hidden" name="next" value=(own(next));
        label { "Name" span class="hint" { "By which you know it again, such as the device that it is on." } input name="name" value=(name) required maxlength="100" pattern=".*\\S.*" title="A name that is not blank" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus]; }
    };
    html! {
        (fields::error(wrong))
        p { "A passkey signs you in by itself. With a password, signing in asks for it as a second factor from now on." }
        (passkey::ask(Asks::Create, "/account/passkeys/new", question, &hidden, "Make the passkey"))
    }
}

async fn question(
    server: &Server,
    browser: &Browser,
    visitor: &Visitor,
) -> Result<Question, Failure> {
    let (session, mark) = (visitor.session_id(), browser.mark());
    passkeys::begin_adding(server, &visitor.account, session, mark).await
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    let question = question(&server, &browser, &visitor).await?;
    Ok(layout().show(form(&browser, &question, "Passkey", &next.next, None)))
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
    let name: Line<100> = match typed("name", "The name", &new.name) {
        Ok(name) => name,
        Err(failure) => {
            let question = question(&server, &browser, &visitor).await?;
            return fields::again(failure, layout(), |wrong| {
                form(&browser, &question, &new.name, &new.next, Some(wrong))
            });
        }
    };
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

/// A link to the question. Whatever else it carries changes nothing.
#[derive(Deserialize)]
struct Which {
    passkey: PasskeyId,
}

async fn ask_remove(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let found = tables::passkeys::find(server.database.read(), visitor.id(), which.passkey).await?;
    let passkey = found.ok_or_else(|| Failure::not_found("passkey"))?;
    let words = "It signs nobody in any more, and signing in does not ask for it. Without another second factor, your recovery codes are void, too.";
    let (path, id) = ("/account/passkeys/remove", passkey.id.to_string());
    let hidden = [("passkey", &*id)];
    Ok(page(
        &format!("Remove the passkey “{}”?", passkey.name),
        fields::ask_first(&browser, words, path, "Remove the passkey", &hidden),
    ))
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
    Ok(Done::PasskeyRemoved.say())
}
