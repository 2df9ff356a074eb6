//! `/account/second-factor`, `/account/totp` and `/account/recovery-codes`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;

use super::Nothing;
use super::done::Done;
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::pages::browser::Browser;
use crate::pages::fields::Wrong;
use crate::pages::form::Form;
use crate::pages::layout::{Layout, page};
use crate::pages::sign_in::{Next, Onward};
use crate::pages::visitor::{FACTOR, Visitor, go_to, own, with_next};
use crate::pages::{Page, PageAccess, fields};
use crate::people::{factors, recovery, totp};
use crate::server::Server;

/// The title where an app is added.
const TITLE: &str = "Add an authenticator app";

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get(FACTOR, PageAccess::Recent, first).leading_to_factor(),
        Page::get("/account/totp", PageAccess::Recent, show).leading_to_factor(),
        Page::post("/account/totp", PageAccess::Recent, begin).leading_to_factor(),
        Page::get("/account/totp/confirm", PageAccess::Recent, show).leading_to_factor(),
        Page::post("/account/totp/confirm", PageAccess::Recent, confirm).leading_to_factor(),
        Page::get("/account/totp/remove", PageAccess::Recent, ask_remove),
        Page::post("/account/totp/remove", PageAccess::Recent, remove),
        Page::get("/account/recovery-codes", PageAccess::Recent, ask_renew),
        Page::post("/account/recovery-codes", PageAccess::Recent, renew),
    ]
}

/// What somebody sees who must set up a second factor before anything else. Others go on.
async fn first(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    if !factors::is_missing(&server, visitor.id()).await? {
        return Ok(go_to(match &*next.next {
            "" => "/account#second-factor",
            next => next,
        }));
    }
    let next = own(&next.next);
    let content = html! {
        p { "This server asks everybody for a second factor: besides your password, something that only you have. Set one up, and you go on." }
        (fields::button(&browser, "/account/totp", "Add an authenticator app", "primary", &[("next", next)]))
        @if server.people.has_passkeys() {
            form method="get" action="/account/passkeys/new" {
                input type="hidden" name="next" value=(next);
                button { "Add a passkey" }
            }
        }
        (fields::button(&browser, "/sign-out", "Sign out", "", &[]))
    };
    Ok(page("Set up a second factor first", content))
}

/// The URI as a picture for a camera (ISO/IEC 18004), with the quiet zone that it asks for.
fn picture(uri: &str) -> Result<Markup, Failure> {
    let code = QrCode::encode_text(uri, QrCodeEcc::Medium);
    let code = code.map_err(|error| Failure::Internal(format!("a picture of a URI: {error}")))?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
        }
    }
    let side = size + 8;
    let drawn = format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"The secret for a camera\" shape-rendering=\"crispEdges\"><path d=\"{path}\" fill=\"#000\"/></svg>"
    );
    Ok(PreEscaped(drawn))
}

fn form(
    browser: &Browser,
    setup: &totp::Setup,
    next: &str,
    wrong: Option<Wrong<'_>>,
) -> Result<Markup, Failure> {
    let picture = picture(setup.uri.expose())?;
    Ok(html! {
        (fields::error(wrong))
        p { "Show this picture to your authenticator app, or type the secret. Then give the code that it shows." }
        (picture)
        p class="well" { code { (setup.secret.expose()) } }
        form method="post" action="/account/totp/confirm" {
            (browser.field())
            input type="hidden" name="next" value=(own(next));
            (fields::code("Code", wrong))
            button class="primary" { "Add the app" }
        }
    })
}

async fn begin(
    State(server): State<Server>,
    visitor: Visitor,
    Form(onward): Form<Onward>,
) -> Result<Response, Failure> {
    let (server, account) = (&server, &visitor.account);
    server
        .database
        .write(|on| async move { totp::begin(server, &on, account).await })
        .await?;
    Ok(go_to(&with_next("/account/totp", &onward.next)))
}

/// The app that was begun, also when the page is loaded again: phones let go of it while somebody is in their
/// authenticator app.
async fn show(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    let Some(setup) = totp::begun(&server, &visitor.account).await? else {
        return Ok(go_to("/account#second-factor"));
    };
    Ok(page(TITLE, form(&browser, &setup, &next.next, None)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    code: String,
    #[serde(default)]
    next: String,
}

async fn confirm(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    origin: Origin,
    Form(given): Form<Given>,
) -> Result<Response, Failure> {
    match totp::confirm(&server, &visitor.account, &given.code, &origin).await? {
        Some(codes) => Ok(added("The app is added", &codes, &given.next)),
        None => {
            let setup = totp::begun(&server, &visitor.account).await?;
            let setup =
                setup.ok_or_else(|| Failure::not_found("app that waits for its first code"))?;
            let wrong = Wrong {
                field: "code",
                text: "That is not the code. A new one comes every 30 seconds; is the device's clock right?",
            };
            let content = form(&browser, &setup, &given.next, Some(wrong))?;
            Ok(Layout::new(TITLE)
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .show(content))
        }
    }
}

/// What stands after a second factor was added, with the recovery codes if they are new.
pub(super) fn added(title: &str, codes: &[slipway_contract::Secret], next: &str) -> Response {
    page(
        title,
        html! {
            p class="done" { "Signing in asks for it from now on." }
            @if !codes.is_empty() { (fields::recovery_codes(codes)) }
            p { a href=(own(next)) { "Go on" } }
        },
    )
}

async fn ask_remove(browser: Browser) -> Response {
    let words = "Signing in does not ask for its code any more. Without another second factor, your recovery codes are void, too.";
    let path = "/account/totp/remove";
    let content = fields::ask_first(&browser, words, path, "Remove the app", &[]);
    page("Remove the authenticator app?", content)
}

async fn remove(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    totp::remove(&server, &visitor.account, &origin).await?;
    Ok(Done::AppRemoved.say())
}

async fn ask_renew(browser: Browser) -> Response {
    let words =
        "You get ten new ones. Those that you have are void at once, wherever you keep them.";
    let path = "/account/recovery-codes";
    let content = fields::ask_first(&browser, words, path, "Make new codes", &[]);
    page("Make new recovery codes?", content)
}

async fn renew(
    State(server): State<Server>,
    visitor: Visitor,
    origin: Origin,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (server, account, origin) = (&server, &visitor.account, &origin);
    let codes = server
        .database
        .write(|on| async move { recovery::renew(server, &on, account, origin).await })
        .await?;
    let content = html! {
        (fields::recovery_codes(&codes))
        p { a href="/account" { "Go to your account" } }
    };
    Ok(page("Your recovery codes", content))
}
