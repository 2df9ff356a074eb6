//! `/invitations/{token}`: where an invitation's mail leads.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::Role;

use super::browser::Browser;
use super::form::Form;
use super::layout::{Layout, page};
use super::visitor::{Visiting, Visitor, go_to};
use super::{Page, PageAccess, fields};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Path;
use crate::invitations::{self, Offered, State as Found};
use crate::server::Server;
use crate::tables::invitations::Outcome;

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/invitations/{token}", PageAccess::Anybody, show),
        Page::post("/invitations/{token}/accept", PageAccess::SignedIn, accept),
        Page::post(
            "/invitations/{token}/decline",
            PageAccess::SignedIn,
            decline,
        ),
    ]
}

fn path(token: &str) -> String {
    format!("/invitations/{token}")
}

async fn show(
    State(server): State<Server>,
    browser: Browser,
    Visiting(visitor): Visiting,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let on = server.database.read();
    if let Some(visitor) = &visitor
        && let Some(joined) = invitations::joined(on, &visitor.account, &token).await?
    {
        let role = joined.role.map_or("a member", Role::with_article);
        return Ok(page(
            "You are in",
            html! {
                p class="done" { "You belong to " strong { (joined.name.as_str()) } ", as " (role) "." }
                p { "It is in the desktop now, at Settings, Account." }
            },
        ));
    }
    Ok(match invitations::look(&server, on, &token).await? {
        Found::Open(offered) => page(
            "You are invited",
            offer(&browser, visitor.as_ref(), &offered, &path(&token)),
        ),
        Found::Over(Outcome::Accepted) => over(
            "This invitation was accepted",
            "It is good once. Who joined by it may have left since, or been removed.",
        ),
        Found::Over(Outcome::Declined) => over(
            "This invitation was declined",
            "Nobody joined by it. If that was a mistake, ask for another one.",
        ),
        Found::Over(Outcome::Revoked) => over(
            "This invitation was taken back",
            "Who sent it took it back, or may not invite any more. Ask for another one.",
        ),
        Found::Expired => over(
            "This invitation is too old",
            "It could be answered within 7 days. Ask for another one.",
        ),
        Found::Unknown => Layout::new("There is no such invitation")
            .status(StatusCode::NOT_FOUND)
            .show(html! {
                p { "Is the whole link there? If it was sent again since, the newest mail has the link that is good." }
            }),
    })
}

fn over(title: &str, words: &str) -> Response {
    page(title, html! { p { (words) } })
}

fn offer(browser: &Browser, visitor: Option<&Visitor>, offered: &Offered, path: &str) -> Markup {
    let is_theirs = |visitor: &&Visitor| visitor.account.email_key == offered.invitation.email_key;
    let hidden = html! { input type="hidden" name="next" value=(path); };
    html! {
        p { (offered.inviter.name) " invites you to the organization " strong { (offered.organization.name) } ", as " (offered.role.with_article()) "." }
        @match visitor {
            Some(visitor) if is_theirs(&visitor) => {
                p { "You are signed in as " (visitor.account.email) "." }
                form method="post" action={ (path) "/accept" } { (browser.field()) button class="primary" { "Accept" } }
                (fields::button(browser, &format!("{path}/decline"), "Decline", "", &[]))
            }
            Some(visitor) => {
                p class="note" { "You are signed in as " (visitor.account.email) ", which is not the address that the invitation went to. Sign in with that one." }
                form method="get" action="/sign-in" { (hidden) button class="primary" { "Sign in with another account" } }
            }
            None => {
                p { "To answer, sign in with the address that the invitation went to." }
                form method="get" action="/sign-in" { (hidden) button class="primary" { "Sign in" } }
                form method="get" action="/register" { (hidden) button { "Make an account" } }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn accept(
    State(server): State<Server>,
    origin: Origin,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    invitations::accept(&server, &visitor.account, &origin, &token).await?;
    Ok(go_to(&path(&token)))
}

async fn decline(
    State(server): State<Server>,
    origin: Origin,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    invitations::decline(&server, &visitor.account, &origin, &token).await?;
    Ok(go_to(&path(&token)))
}
