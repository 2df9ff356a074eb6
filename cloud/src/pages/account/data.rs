//! `/account/export` and `/account/delete`

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::Email;

use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::pages::browser::Browser;
use crate::pages::fields::Wrong;
use crate::pages::form::Form;
use crate::pages::layout::{Layout, page};
use crate::pages::visitor::Visitor;
use crate::pages::{Page, PageAccess, cookies, fields};
use crate::people::{delete, export};
use crate::server::Server;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/account/export", PageAccess::Recent, download),
        Page::get("/account/delete", PageAccess::Recent, show),
        Page::post("/account/delete", PageAccess::Recent, remove),
    ]
}

async fn download(State(server): State<Server>, visitor: Visitor) -> Result<Response, Failure> {
    let parts = export::export(&server, &visitor.account)?;
    let parts = futures::stream::unfold(parts, |mut parts| async move {
        let part = parts.recv().await?;
        Some((part, parts))
    });
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"slipway-account.json\"",
        ),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

fn form(browser: &Browser, wrong: Option<Wrong<'_>>) -> Markup {
    let marks = fields::marks(wrong, "email");
    html! {
        (fields::error(wrong))
        p { "This deletes, for good and at once:" }
        ul {
            li { "your account, your name and your address;" }
            li { "all your sessions, keys, passkeys and connected services;" }
            li { "your private agents, and organizations that nobody else belongs to, on this server." }
        }
        p { "What belongs to organizations with other members stays with them, and so does what their audit logs say, under a number and without your addresses. What is on your own machine stays there." }
        p { a href="/account/export" { "Download all that this server knows of you" } " first." }
        form method="post" action="/account/delete" {
            (browser.field())
            label { "Type your e-mail address to confirm" input type="email" name="email" autocomplete="off" required maxlength="254" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus]; }
            button class="danger" { "Delete the account" }
        }
    }
}

async fn show(browser: Browser) -> Response {
    page("Delete your account", form(&browser, None))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    email: String,
}

async fn remove(
    State(server): State<Server>,
    browser: Browser,
    visitor: Visitor,
    origin: Origin,
    Form(confirmed): Form<Confirmed>,
) -> Result<Response, Failure> {
    let is_theirs = confirmed
        .email
        .parse::<Email>()
        .is_ok_and(|email| email.key() == visitor.account.email_key);
    let done = match is_theirs {
        true => delete::delete(&server, &visitor.account, &origin).await,
        false => Err(Failure::field("email", "It is not your address.")),
    };
    match done {
        Ok(()) => {
            let mut response = page("Your account is deleted", html! { p { "Fair winds." } });
            for cookie in [cookies::SESSION, cookies::DEVICE, cookies::VISIT] {
                cookies::forget(&server, &mut response, cookie)?;
            }
            Ok(response)
        }
        Err(failure) => fields::again(failure, Layout::new("Delete your account"), |wrong| {
            form(&browser, Some(wrong))
        }),
    }
}
