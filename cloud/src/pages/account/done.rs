//! What was done just before, with a form of the account's page or on another one: said where it was done.

use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use crate::pages::visitor::go_to;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Done {
    Name,
    Password,
    AppRemoved,
    PasskeyRemoved,
    Connected,
    Disconnected,
    KeyRevoked,
    SessionEnded,
    OthersEnded,
}

impl Done {
    const ALL: [Self; 9] = [
        Self::Name,
        Self::Password,
        Self::AppRemoved,
        Self::PasskeyRemoved,
        Self::Connected,
        Self::Disconnected,
        Self::KeyRevoked,
        Self::SessionEnded,
        Self::OthersEnded,
    ];

    /// As an address carries it, in which section of the page, and in words.
    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Name => ("name", "profile", "Your name is saved."),
            Self::Password => (
                "password",
                "password",
                "Your password is changed. You are signed out everywhere else.",
            ),
            Self::AppRemoved => (
                "app-removed",
                "second-factor",
                "The authenticator app is removed.",
            ),
            Self::PasskeyRemoved => ("passkey-removed", "passkeys", "The passkey is removed."),
            Self::Connected => ("connected", "services", "The service is connected."),
            Self::Disconnected => ("disconnected", "services", "The service is disconnected."),
            Self::KeyRevoked => (
                "key-revoked",
                "keys",
                "The key is revoked. Nothing gets in with it any more.",
            ),
            Self::SessionEnded => ("session-ended", "sessions", "It is signed out."),
            Self::OthersEnded => (
                "others-ended",
                "sessions",
                "You are signed out everywhere else.",
            ),
        }
    }

    /// Sends a browser to where it is said.
    pub(in crate::pages) fn say(self) -> Response {
        let (name, section, _) = self.told();
        go_to(&format!("/account?done={name}#{section}"))
    }
}

/// What the address of the page carries. Whatever else a link to it carries changes nothing.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct After {
    #[serde(default)]
    done: String,
}

impl After {
    /// What was done, if anything.
    pub(super) fn done(&self) -> Option<Done> {
        let mut all = Done::ALL.into_iter();
        all.find(|done| done.told().0 == self.done)
    }
}

/// The words, in the section to which they belong.
pub(super) fn said(done: Option<Done>, section: &str) -> Markup {
    let told = done.map(Done::told).filter(|told| told.1 == section);
    html! { @if let Some((_, _, words)) = told { p class="done" role="status" { (words) } } }
}
