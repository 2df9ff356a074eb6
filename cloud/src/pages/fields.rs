//! Parts that pages share.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use slipway_contract::Secret;
use slipway_contract::cloud::ProblemCode;

use super::browser::Browser;
use super::layout::Layout;
use crate::failure::Failure;

/// Why a form was not taken.
#[derive(Debug, Clone, Copy)]
pub struct Wrong<'a> {
    /// The name of the field that is wrong; empty where it is none of them.
    pub field: &'a str,
    /// What is wrong with it.
    pub text: &'a str,
}

/// By which a wrong field names what stands above its form.
const WHY: &str = "wrong";

/// What stands above a form that was not taken.
#[must_use]
pub fn error(wrong: Option<Wrong<'_>>) -> Markup {
    html! { @if let Some(wrong) = wrong { p id=(WHY) class="error" role="alert" { (wrong.text) } } }
}

/// What a field says of itself to those who do not see its form. The wrong one has the focus.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// `aria-invalid`
    pub invalid: Option<&'static str>,
    /// `aria-describedby`
    pub why: Option<&'static str>,
    /// `autofocus`
    pub focus: bool,
}

/// The marks of the field with this name.
#[must_use]
pub fn marks(wrong: Option<Wrong<'_>>, name: &str) -> Marks {
    let focus = wrong.is_some_and(|wrong| wrong.field == name);
    Marks {
        invalid: focus.then_some("true"),
        why: focus.then_some(WHY),
        focus,
    }
}

/// A field for an e-mail address.
#[must_use]
pub fn email(value: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let marks = marks(wrong, "email");
    html! {
        label { "E-mail" input type="email" name="email" value=(value) autocomplete="username" required maxlength="254" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus]; }
    }
}

/// A field for a name that others see.
#[must_use]
pub fn name(value: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let marks = marks(wrong, "name");
    html! {
        label { "Name" span class="hint" { "How others see you." } input name="name" value=(value) autocomplete="name" required maxlength="100" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus]; }
    }
}

/// A field for the password that somebody has.
#[must_use]
pub fn password(name: &str, title: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let marks = marks(wrong, name);
    html! {
        label { (title) input type="password" name=(name) autocomplete="current-password" required maxlength="512" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus]; }
    }
}

/// A field for a password that somebody chooses.
#[must_use]
pub fn new_password(wrong: Option<Wrong<'_>>) -> Markup {
    let marks = marks(wrong, "password");
    html! {
        label {
            "New password"
            span class="hint" { "At least 8 characters. A few words in a row are good." }
            input type="password" name="password" autocomplete="new-password" required minlength="8" maxlength="512" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus];
        }
    }
}

/// A field for the code of an authenticator app.
#[must_use]
pub fn code(title: &str, wrong: Option<Wrong<'_>>) -> Markup {
    let marks = marks(wrong, "code");
    html! {
        label { (title) input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="16" aria-invalid=[marks.invalid] aria-describedby=[marks.why] autofocus[marks.focus]; }
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
    lone(
        browser,
        action,
        hidden,
        &html! { button class=(class) { (label) } },
    )
}

/// The same beside what it is for, which who only hears it hears with it.
#[must_use]
pub fn row_button(
    browser: &Browser,
    action: &str,
    label: &str,
    of: &str,
    hidden: &[(&str, &str)],
) -> Markup {
    let name = format!("{label} {of}");
    lone(
        browser,
        action,
        hidden,
        &html! { button aria-label=(name) { (label) } },
    )
}

fn lone(browser: &Browser, action: &str, hidden: &[(&str, &str)], button: &Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            (browser.field())
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            (button)
        }
    }
}

/// What asks before something that cannot be taken back, with a way out.
#[must_use]
pub fn ask_first(
    browser: &Browser,
    words: &str,
    action: &str,
    label: &str,
    hidden: &[(&str, &str)],
) -> Markup {
    html! {
        p { (words) }
        (button(browser, action, label, "danger", hidden))
        p { a href="/account" { "Back to your account" } }
    }
}

/// The codes that stand in for a second factor, which are shown this once.
#[must_use]
pub fn recovery_codes(codes: &[Secret]) -> Markup {
    html! {
        p class="note" { "Keep these recovery codes where you find them without this device. Each lets you in once when your second factor is lost. They are shown this one time." }
        ul class="well codes" { @for code in codes { li { code { (code.expose()) } } } }
        p { a class="button" download="slipway-recovery-codes.txt" href=(as_file(codes)) { "Download as text" } }
    }
}

/// The codes as a file that comes with the page (RFC 2397), a line each: the server has them no more.
fn as_file(codes: &[Secret]) -> String {
    let lines: String = codes
        .iter()
        .map(|code| format!("{}%0A", code.expose()))
        .collect();
    format!(
        "data:text/plain,Recovery%20codes%20for%20Slipway.%20Each%20is%20good%20once.%0A%0A{lines}"
    )
}

/// A form again, with what was wrong with it. What is not the person's doing is a page of its own.
///
/// # Errors
/// The failure, if no form can mend it.
pub fn again(
    failure: Failure,
    layout: Layout,
    content: impl FnOnce(Wrong<'_>) -> Markup,
) -> Result<Response, Failure> {
    match failure {
        Failure::Problem(refusal)
            if matches!(refusal.code, ProblemCode::Invalid) && !refusal.errors.is_empty() =>
        {
            // The field is named by its label, not by what programs call it.
            let wrong = refusal.errors.first();
            let markup = content(Wrong {
                field: wrong.map_or("", |error| &*error.at),
                text: wrong.map_or(&*refusal.detail, |error| &*error.detail),
            });
            Ok(layout.status(StatusCode::UNPROCESSABLE_ENTITY).show(markup))
        }
        other => Err(other),
    }
}
