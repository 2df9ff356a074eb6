//! Models and their providers.

use slipway_contract::command::{CompareModels, ListModels, ListProviders, TestProvider};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ListModels| async move { Ok(app.list_models().await) })
        .on(|app, _: ListProviders| async move { Ok(app.list_providers().await) })
        .on(|app, ask: TestProvider| async move { Ok(app.test_provider(&ask.provider).await) })
        .on(|app, ask: CompareModels| async move {
            app.compare_models(ask.agent, ask.input, &ask.models).await
        })
}
