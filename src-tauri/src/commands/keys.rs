//! Keys.

use slipway_contract::command::{RemoveKey, SetKey, ShowKeyStore, UnlockKeys};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ShowKeyStore| async move { app.show_key_store().await })
        .on(|app, ask: SetKey| async move { app.set_key(&ask.name, ask.key, ask.passphrase).await })
        .on(|app, ask: RemoveKey| async move { app.remove_key(&ask.name).await })
        .on(|app, ask: UnlockKeys| async move { app.unlock_keys(ask.passphrase).await })
}
