//! The frame of every page, and what it may load and where its forms may go.

use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::assets::{Asset, MARK, STYLE};

/// A page that is being put together.
#[derive(Debug, Clone)]
pub struct Layout {
    title: String,
    status: StatusCode,
    form_action: String,
    script: Option<String>,
}

impl Layout {
    /// With this title.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            form_action: "'self'".to_owned(),
            script: None,
        }
    }

    /// With this status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Lets its forms lead here, too: browsers check where the answer to a form sends them. What is no
    /// source of CSP (level 3, section 2.3.1) is left out.
    #[must_use]
    pub fn leads_to(mut self, source: &str) -> Self {
        let is_source = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'\'');
        if !source.is_empty() && source.bytes().all(is_source) {
            self.form_action.push(' ');
            self.form_action.push_str(source);
        }
        self
    }

    /// With a script of ours, that makes something easier which works without it.
    #[must_use]
    pub fn script(mut self, script: &Asset) -> Self {
        self.script = Some(script.path.clone());
        self
    }

    /// The page with this content.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "markup is made where it is given"
    )]
    pub fn show(self, content: Markup) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Slipway" }
                    link rel="stylesheet" href=(STYLE.path);
                    link rel="icon" type="image/svg+xml" href=(MARK.path);
                    @if let Some(script) = &self.script { script src=(script) defer {} }
                }
                body {
                    header class="top" {
                        a href="/account" class="brand" { img src=(MARK.path) alt="" width="24" height="24"; "Slipway" }
                    }
                    main { h1 { (self.title) } (content) }
                }
            }
        };
        let scripts = if self.script.is_some() {
            "'self'"
        } else {
            "'none'"
        };
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src {scripts}; form-action {}; frame-ancestors 'none'; base-uri 'none'",
            self.form_action
        );
        let policy = HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        let headers = [
            (
                CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (CONTENT_SECURITY_POLICY, policy),
            // With `no-referrer`, browsers say `Origin: null` of our own forms. No other site learns anything.
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        (self.status, headers, page.into_string()).into_response()
    }
}

/// A page whose forms stay on this server.
#[must_use]
pub fn page(title: &str, content: Markup) -> Response {
    Layout::new(title).show(content)
}
