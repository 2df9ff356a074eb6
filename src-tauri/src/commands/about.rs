//! Slipway itself.

use slipway_contract::command::{ShowAbout, ShowLicence};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|_, _: ShowAbout| async move { slipway_app::about() })
        .on(|_, ask: ShowLicence| async move { slipway_app::licence_text(ask.text) })
}
