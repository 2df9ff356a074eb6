//! `/device`: somebody lets a program in that runs where no browser is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use slipway_contract::cloud::ProblemCode;

use super::account::day;
use super::browser::Browser;
use super::fields::Wrong;
use super::form::Form;
use super::layout::{Layout, page};
use super::program::{Verdict, as_whom, verdicts};
use super::visitor::Visitor;
use super::{Page, PageAccess, fields};
use crate::failure::Failure;
use crate::http::origin::Origin;
use crate::http::params::Query;
use crate::oauth::devices;
use crate::oauth::program::Program;
use crate::oauth::user_code::UserCode;
use crate::server::Server;
use crate::tables::device_requests;

const TITLE: &str = "Let a device sign in";

pub(super) fn routes() -> Vec<Page> {
    vec![
        Page::get("/device", PageAccess::Recent, show),
        Page::post("/device", PageAccess::RecentWhenOpened, look),
        Page::post("/device/answer", PageAccess::RecentWhenOpened, answer),
    ]
}

/// A link with the code in it. Whatever else it carries changes nothing.
#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    user_code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(default)]
    user_code: String,
}

fn ask(browser: &Browser, typed: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let marks = fields::marks(wrong, "user_code");
    html! {
        (fields::error(wrong))
        form method="post" action="/device" {
            (browser.field())
            label {
                "Code"
                span class="hint" {
                    "As your device shows it: eight letters."
                    @if !typed.is_empty() { " If it shows another one, do not go on." }
                }
                input name="user_code" value=(typed) autocomplete="off" autocapitalize="characters" spellcheck="false" required maxlength="32" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus];
            }
            button class="primary" { "Go on" }
        }
    }
}

/// A code in the address is only filled in: whoever was sent a link compares it first (RFC 8628, section 5.4).
async fn show(browser: Browser, Query(link): Query<Link>) -> Response {
    page(TITLE, ask(&browser, &link.user_code, None))
}

async fn look(
    State(server): State<Server>,
    browser: Browser,
    origin: Origin,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let found = devices::look(&server, &visitor.account, &typed.user_code, &origin).await?;
    let Some((code, row)) = found else {
        let wrong = Wrong {
            field: "user_code",
            text: "No device waits with this code. It may be mistyped, answered, or older than ten minutes.",
        };
        let content = ask(&browser, &typed.user_code, Some(wrong));
        return Ok(Layout::new(TITLE)
            .status(StatusCode::UNPROCESSABLE_ENTITY)
            .show(content));
    };
    Ok(page(
        "Let this device sign in?",
        question(&browser, &visitor, &code, &row),
    ))
}

fn question(
    browser: &Browser,
    visitor: &Visitor,
    code: &UserCode,
    row: &device_requests::Model,
) -> Markup {
    let program = Program::named(&row.client).map(Program::title);
    html! {
        p {
            strong { (program.unwrap_or(&row.client)) }
            @if !row.device.is_empty() { " on the device " strong { (row.device) } }
            " asks to sign in with the code " strong class="whole" { (code) } "."
        }
        (as_whom(visitor, &format!("/device?user_code={code}")))
        p class="meta" { "It asked from the address " (row.address) " at " (day(row.asked_at)) "." }
        form method="post" action="/device/answer" {
            (browser.field())
            input type="hidden" name="user_code" value=(code);
            (verdicts())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    user_code: String,
    verdict: Verdict,
}

async fn answer(
    State(server): State<Server>,
    origin: Origin,
    visitor: Visitor,
    Form(answer): Form<Answer>,
) -> Result<Response, Failure> {
    let found = devices::look(&server, &visitor.account, &answer.user_code, &origin).await?;
    let (code, _) = found.ok_or_else(|| {
        let detail = "No device waits with this code any more. Begin again there.";
        Failure::new(ProblemCode::Invalid, detail)
    })?;
    let is_allowed = answer.verdict == Verdict::Allow;
    let by = is_allowed.then(|| visitor.lets_in());
    devices::answer(&server, &code, by).await?;
    Ok(match is_allowed {
        true => page(
            "Your device is let in",
            html! { p class="done" role="status" { "Go back to it. You may close this page." } },
        ),
        false => page(
            "The device is not let in",
            html! { p role="status" { "Nothing was given to it. You may close this page." } },
        ),
    })
}
