//! Models.

use slipway_contract::command::ListModels;

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers.on(|app, _: ListModels| async move { Ok(app.list_models().await) })
}
