//! `/`: where to go from here.

use axum::response::Response;
use maud::html;

use super::layout::page;
use super::{Page, PageAccess};

pub(super) fn routes() -> Vec<Page> {
    vec![Page::get("/", PageAccess::Anybody, show)]
}

async fn show() -> Response {
    page(
        "Slipway cloud",
        html! {
            p { "Accounts, organizations, API keys, and agents that their owners share." }
            p { a href="/account" { "Your account" } }
            p { a href="/sign-in" { "Sign in" } " or " a href="/register" { "make an account" } }
            p { a href="/device" { "Let a program in by its code" } }
            p { a href="/api/docs" { "The API" } }
        },
    )
}
