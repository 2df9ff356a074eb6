//! How the person wants Slipway to be.

use slipway_contract::command::{SetPreference, ShowPreferences};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ShowPreferences| async move { app.preferences().await })
        .on(|app, ask: SetPreference| async move {
            app.set_preference(ask.preference, &ask.value).await
        })
}
