//! Parts that pages share.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use slipway_contract::Secret;
use slipway_contract::cloud::ProblemCode;

use super::browser::Browser;
use super::layout::Layout;
use crate::failure::Failure;

/// What stands above a form that was not taken.
#[must_use]
pub fn error(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { p class="error" role="alert" { (text) } } }
}

/// A field for an e-mail address.
#[must_use]
pub fn email(value: &str) -> Markup {
    html! {
        label { "E-mail" input type="email" name="email" value=(value) autocomplete="username" required maxlength="254"; }
    }
}

/// A field for the password that somebody has.
#[must_use]
pub fn password(name: &str, title: &str) -> Markup {
    html! {
        label { (title) input type="password" name=(name) autocomplete="current-password" required maxlength="512"; }
    }
}

/// A field for a password that somebody chooses.
#[must_use]
pub fn new_password() -> Markup {
    html! {
        label {
            "New password"
            span class="hint" { "At least 8 characters. A few words in a row are good." }
            input type="password" name="password" autocomplete="new-password" required minlength="8" maxlength="512";
        }
    }
}

/// A form with nothing but a button and hidden fields.
#[must_use]
pub fn button(
    browser: &Browser,
    action: &str,
    label: &str,
    class: &str,
    hidden: &[(&str, &str)],
) -> Markup {
    html! {
        form method="post" action=(action) {
            (browser.field())
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            button class=(class) { (label) }
        }
    }
}

/// The codes that stand in for a second factor, which are shown this once.
#[must_use]
pub fn recovery_codes(codes: &[Secret]) -> Markup {
    html! {
        p class="note" { "Keep these recovery codes where you find them without this device. Each lets you in once when your second factor is lost. They are shown this one time." }
        ul class="well codes" { @for code in codes { li { code { (code.expose()) } } } }
    }
}

/// A form again, with what was wrong with it. What is not the person's doing is a page of its own.
///
/// # Errors
/// The failure, if no form can mend it.
pub fn again(
    failure: Failure,
    layout: Layout,
    content: impl FnOnce(&str) -> Markup,
) -> Result<Response, Failure> {
    match failure {
        Failure::Problem(refusal)
            if matches!(refusal.code, ProblemCode::Invalid) && !refusal.errors.is_empty() =>
        {
            // The field is named by its label, not by what programs call it.
            let text = refusal
                .errors
                .first()
                .map_or(&*refusal.detail, |error| &*error.detail);
            let markup = content(text);
            Ok(layout.status(StatusCode::UNPROCESSABLE_ENTITY).show(markup))
        }
        other => Err(other),
    }
}
