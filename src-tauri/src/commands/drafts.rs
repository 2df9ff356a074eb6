//! Drafts: an agent as it is being edited.

use slipway_contract::command::{
    DiscardDraft, EditManifest, ListTools, ReadDraftFile, RemoveDraftFile, RenameDraftFile,
    SaveDraftFile, SettleConflict, ShowDraft,
};

use crate::dispatch::Handlers;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers
        .on(|app, ask: ShowDraft| async move { app.draft_page(&ask.agent).await })
        .on(|app, ask: ReadDraftFile| async move { app.draft_text(&ask.agent, &ask.path).await })
        .on(|app, ask: SaveDraftFile| async move {
            app.save_draft_file(&ask.agent, &ask.path, ask.content, ask.seen).await
        })
        .on(|app, ask: RemoveDraftFile| async move {
            app.remove_draft_file(&ask.agent, &ask.path, ask.seen).await
        })
        .on(|app, ask: RenameDraftFile| async move {
            app.rename_draft_file(&ask.agent, Some(ask.seen), &ask.path, &ask.to).await?;
            app.draft_page(&ask.agent).await
        })
        .on(|app, ask: EditManifest| async move {
            app.edit_manifest_page(&ask.agent, ask.seen, &ask.changes).await
        })
        .on(|app, ask: SettleConflict| async move {
            app.settle_conflict(&ask.agent, &ask.path, ask.mine, ask.keep).await
        })
        .on(|app, ask: DiscardDraft| async move { app.discard_draft_for(&ask.agent, ask.seen).await })
        .on(|_, _: ListTools| async move { Ok(slipway_app::tools()) })
}
