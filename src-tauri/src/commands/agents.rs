//! Agents.

use slipway_contract::command::{AddExamples, ListAgents, ShowAgent};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, _: ListAgents| async move { app.list_agents().await })
        .on(|app, ask: ShowAgent| async move { app.show_agent(&ask.agent).await })
        .on(|app, _: AddExamples| async move { app.add_examples().await })
}
