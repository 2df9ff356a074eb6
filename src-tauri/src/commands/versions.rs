//! Versions of agents.

use slipway_contract::command::{DiffAgent, ListVersions, RestoreVersion, SaveVersion};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: SaveVersion| async move { app.save_agent(&ask.agent, ask.note).await })
        .on(|app, ask: ListVersions| async move { app.agent_versions(&ask.agent).await })
        .on(|app, ask: DiffAgent| async move {
            app.diff_agent(&ask.agent, ask.from.as_deref(), ask.to.as_deref())
                .await
        })
        .on(|app, ask: RestoreVersion| async move {
            app.restore_agent(&ask.agent, &ask.version.to_string())
                .await
        })
}
