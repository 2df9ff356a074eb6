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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use slipway_app::{App, Home};
    use slipway_contract::{ErrorCode, Problem};

    use crate::commands::all;

    async fn ask(app: &App, name: &str, payload: Value) -> Result<Value, Problem> {
        let answer = all().answer(app.clone(), name, payload).await?;
        Ok(serde_json::from_slice(&answer).expect("an answer is JSON"))
    }

    #[tokio::test]
    async fn a_draft_is_written_made_a_version_and_gone_back_from() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(Home::at(folder.path())).await.unwrap();
        ask(&app, "add_examples", json!({})).await.unwrap();
        let agent = "expense-report";
        let read = json!({ "agent": agent, "path": "instructions.md" });
        let read = ask(&app, "read_draft_file", read).await.unwrap();
        let save = |seen: &Value, text: &str| json!({ "agent": agent, "path": "instructions.md", "content": { "text": text }, "seen": seen });
        let page = ask(&app, "save_draft_file", save(&read["content"], "Else.\n"))
            .await
            .unwrap();
        assert_eq!(page["draft"]["changed"], json!(true), "{page}");
        let stale = ask(&app, "save_draft_file", save(&read["content"], "Mine.\n")).await;
        assert_eq!(stale.unwrap_err().code, ErrorCode::Conflict);
        let diff = json!({ "agent": agent, "from": null, "to": null });
        let diff = ask(&app, "diff_agent", diff).await.unwrap();
        assert_eq!(diff["files"][0]["path"], json!("instructions.md"), "{diff}");
        let made = json!({ "agent": agent, "note": "else" });
        ask(&app, "save_version", made).await.unwrap();
        let versions = json!({ "agent": agent });
        let versions = ask(&app, "list_versions", versions).await.unwrap();
        assert_eq!(versions[0]["note"], json!("else"), "{versions}");
        let back = json!({ "agent": agent, "version": versions[1]["version"] });
        ask(&app, "restore_version", back).await.unwrap();
        let now = json!({ "agent": agent, "path": "instructions.md" });
        let now = ask(&app, "read_draft_file", now).await.unwrap();
        assert_eq!(now["text"], read["text"]);
    }
}
