//! `/docs/problems`: what each code of a problem means. The `type` of every problem leads here (RFC 9457, 3.1.1).

use axum::response::Response;
use maud::html;
use slipway_contract::cloud::ProblemCode;

use super::layout::page;
use super::{Page, PageAccess};

pub(super) fn routes() -> Vec<Page> {
    vec![Page::get("/docs/problems", PageAccess::Anybody, show)]
}

async fn show() -> Response {
    page(
        "Problems",
        html! {
            p { "What is not done is answered with problem details (RFC 9457). A program branches on their " code { "code" } ", which never changes its meaning; codes are added. " code { "request_id" } " is in the server's log." }
            @for code in ProblemCode::ALL {
                h2 id=(code.as_str()) { code { (code.as_str()) } }
                p { (code.title()) "." @if !code.meaning().starts_with(code.title()) { " " (code.meaning()) } }
                p { (code.advice()) }
                p class="meta" { "Status " (code.status()) }
            }
            p { a href="/api/docs" { "The API" } }
        },
    )
}
