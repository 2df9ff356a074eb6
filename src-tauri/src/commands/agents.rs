//! Agents.

use slipway_contract::command::{
    AddExample, AddExamples, ArchiveAgent, CreateAgent, DuplicateAgent, ListAgents,
    ListArchivedAgents, ListExamples, ListRemovedAgents, ListTemplates, PutAgentBack, RemoveAgent,
    RenameAgent, ShowAgent,
};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: ListAgents| async move { app.agents_since(ask.known.as_deref()).await })
        .on(|app, _: ListArchivedAgents| async move { app.archived_agents().await })
        .on(|app, _: ListRemovedAgents| async move { app.removed_agents().await })
        .on(|app, ask: ShowAgent| async move { app.show_agent(&ask.agent).await })
        .on(|app, _: AddExamples| async move { app.add_examples().await })
        .on(|app, ask: AddExample| async move { app.add_example(&ask.example).await })
        .on(|app, _: ListExamples| async move { app.list_examples().await })
        .on(|_, _: ListTemplates| async move { Ok(slipway_app::templates()) })
        .on(|app, ask: CreateAgent| async move {
            app.create_agent(&ask.name, ask.title.as_deref(), ask.template.as_deref()).await
        })
        .on(|app, ask: DuplicateAgent| async move {
            app.duplicate_agent(&ask.agent, &ask.name, ask.title.as_deref()).await
        })
        .on(|app, ask: RenameAgent| async move { app.rename_agent(&ask.agent, &ask.title).await })
        .on(|app, ask: ArchiveAgent| async move { app.archive_agent(&ask.agent, ask.archived).await })
        .on(|app, ask: RemoveAgent| async move { app.remove_agent(&ask.agent).await })
        .on(|app, ask: PutAgentBack| async move { app.put_agent_back(&ask.agent).await })
}
