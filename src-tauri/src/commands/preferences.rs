//! How the person wants Slipway to be, and what leaves this machine.

use slipway_contract::command::{SetPreference, ShowPreferences, ShowPrivacy};

use crate::dispatch::Handlers;
use crate::window;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ShowPrivacy| async move { app.show_privacy().await })
        .on(|app, _: ShowPreferences| async move { app.preferences().await })
        .on_shell(|shell, app, ask: SetPreference| async move {
            let preferences = app.set_preference(ask.preference, &ask.value).await?;
            if let Ok(window) = shell.window() {
                window::wear(window, preferences.theme);
            }
            Ok(preferences)
        })
}
