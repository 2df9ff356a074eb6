use serde_json::json;
use slipway_contract::draft::{Keep, ManifestChange, NewContent};
use slipway_contract::error::Fix;
use slipway_contract::{AgentName, ErrorCode};

use crate::App;
use crate::testing::Desk;

const REST: &str = "# what it may call\n[[tools]]\nuse = \"calculator\" # sums\n";

fn clerk() -> AgentName {
    "clerk".parse().unwrap()
}

/// The agent `clerk` in a folder, and the same agent imported: its draft is in the store.
async fn both(desk: &Desk) -> [App; 2] {
    let folder = desk.clerk("clerk", REST);
    let app = desk.app().await;
    app.add_folder(&folder).await.unwrap();
    let archive = desk.path("clerk.slipway");
    let target = crate::Target::Agent(clerk());
    app.export(&target, Some(&archive)).await.unwrap();
    let other = App::open(crate::Home::at(&desk.path("other")))
        .await
        .unwrap();
    other.import(&archive, false).await.unwrap();
    [app, other]
}

fn text(text: &str) -> NewContent {
    NewContent::Text(text.to_owned())
}

#[tokio::test]
async fn a_text_that_was_changed_meanwhile_is_not_overwritten_and_both_are_kept() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        let read = app.draft_text(&agent, "instructions.md").await.unwrap();
        assert_eq!(read.text, read.base, "nothing was changed yet");
        let theirs = app
            .edit_draft(&agent, None, "instructions.md", Some(b"Theirs.\n".to_vec()))
            .await
            .unwrap();
        let refused = app
            .save_draft_file(
                &agent,
                "instructions.md",
                text("Mine.\n"),
                Some(read.content),
            )
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::Conflict, "{refused}");
        let now = app.draft_text(&agent, "instructions.md").await.unwrap();
        assert_eq!(now.text.as_deref(), Some("Theirs.\n"));

        for (keep, kept, aside) in [
            (Keep::Theirs, "Theirs.\n", "Mine.\n"),
            (Keep::Mine, "Mine.\n", "Theirs.\n"),
        ] {
            let page = app
                .settle_conflict(&agent, "instructions.md", "Mine.\n".to_owned(), keep)
                .await
                .unwrap();
            let now = app.draft_text(&agent, "instructions.md").await.unwrap();
            assert_eq!(now.text.as_deref(), Some(kept), "{keep:?}");
            let newest = app.agent_versions(&agent).await.unwrap().remove(0);
            assert_eq!(newest.version, page.draft.version);
            assert!(newest.note.is_some(), "the version says where it is from");
            let files = app.version_files(newest.version).await.unwrap();
            assert_eq!(
                files.get("instructions.md"),
                Some(aside.as_bytes()),
                "{keep:?}"
            );
        }
        assert!(theirs.changed);
    }
}

#[tokio::test]
async fn writers_of_different_files_do_not_disturb_each_other() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        let read = app.draft_text(&agent, "instructions.md").await.unwrap();
        let new = app.save_draft_file(&agent, "files/a.csv", text("a,b\n"), None);
        new.await.unwrap();
        let page = app
            .save_draft_file(
                &agent,
                "instructions.md",
                text("Else.\n"),
                Some(read.content),
            )
            .await
            .unwrap();
        assert_eq!(page.draft.files.len(), 3);
        assert!(page.instruction_tokens > 0);
        let again = app.save_draft_file(&agent, "files/a.csv", text("c\n"), None);
        let again = again.await.unwrap_err();
        assert_eq!(
            again.code,
            ErrorCode::Conflict,
            "there is such a file already"
        );
        let bytes = NewContent::Base64("AAEC".to_owned());
        let page = app
            .save_draft_file(&agent, "files/b.bin", bytes, None)
            .await
            .unwrap();
        assert_eq!(page.draft.files[2].size, 3);
        let binary = app.draft_text(&agent, "files/b.bin").await.unwrap();
        assert_eq!((binary.text, binary.size), (None, 3));
    }
}

#[tokio::test]
async fn a_file_gets_another_path_and_never_that_of_another_file() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        for path in ["files/a.csv", "files/b.csv"] {
            let new = app.save_draft_file(&agent, path, text(path), None);
            new.await.unwrap();
        }
        let taken = app.rename_draft_file(&agent, None, "files/a.csv", "files/b.csv");
        assert_eq!(taken.await.unwrap_err().code, ErrorCode::Conflict);
        let outside = app.rename_draft_file(&agent, None, "files/a.csv", "../a.csv");
        assert_eq!(outside.await.unwrap_err().code, ErrorCode::InvalidInput);
        let draft = app
            .rename_draft_file(&agent, None, "files/a.csv", "files/deep/c.csv")
            .await
            .unwrap();
        let paths: Vec<&str> = draft.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "agent.toml",
                "files/b.csv",
                "files/deep/c.csv",
                "instructions.md"
            ]
        );
        let moved = app.draft_file(&agent, "files/deep/c.csv").await.unwrap();
        assert_eq!(moved, b"files/a.csv");
    }
}

#[tokio::test]
async fn a_file_that_is_in_no_version_is_kept_when_it_is_removed() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        let page = app.save_draft_file(&agent, "files/a.csv", text("a\n"), None);
        let page = page.await.unwrap();
        let seen = page.draft.files[1].content;
        let stale = app
            .remove_draft_file(&agent, "files/a.csv", page.draft.hash)
            .await;
        assert_eq!(stale.unwrap_err().code, ErrorCode::Conflict);
        let page = app
            .remove_draft_file(&agent, "files/a.csv", seen)
            .await
            .unwrap();
        assert_eq!(page.draft.files.len(), 2);
        let newest = app.agent_versions(&agent).await.unwrap().remove(0);
        let files = app.version_files(newest.version).await.unwrap();
        assert_eq!(files.get("files/a.csv"), Some(b"a\n".as_slice()));
    }
}

#[tokio::test]
async fn a_form_changes_values_and_keeps_what_the_author_wrote() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        let read = app.draft_text(&agent, "agent.toml").await.unwrap();
        let changes = [
            ManifestChange::set(vec!["limits".into(), "max_steps".into()], 7),
            ManifestChange::set(vec!["tools".into(), 0.into(), "approval".into()], "ask"),
            ManifestChange::set(
                vec!["tools".into(), 1.into()],
                json!({ "use": "read_file" }),
            ),
            ManifestChange::set(
                vec!["permissions".into(), "files".into()],
                json!(["read:./in"]),
            ),
        ];
        let page = app
            .edit_manifest_page(&agent, read.content, &changes)
            .await
            .unwrap();
        let written = page.manifest.unwrap();
        assert!(
            written.contains("# what it may call\n[[tools]]"),
            "{written}"
        );
        assert!(
            written.contains("use = \"calculator\" # sums\napproval = \"ask\""),
            "{written}"
        );
        let values = page.values.unwrap();
        assert_eq!(values["limits"]["max_steps"], 7);
        assert_eq!(values["tools"][1]["use"], "read_file");
        assert_eq!(page.draft.findings, []);
        assert_eq!(page.asks_anew.len(), 1, "{:?}", page.asks_anew);

        let stale = app.edit_manifest_page(&agent, read.content, &changes).await;
        assert_eq!(stale.unwrap_err().code, ErrorCode::Conflict);
        let nowhere = ManifestChange::set(vec!["tools".into(), 9.into(), "use".into()], "x");
        let nowhere = app.edit_manifest(&agent, None, &[nowhere]).await;
        assert_eq!(nowhere.unwrap_err().code, ErrorCode::InvalidInput);
        let back = ManifestChange::remove(vec!["limits".into()]);
        app.edit_manifest(&agent, None, &[back]).await.unwrap();
        let page = app.draft_page(&agent).await.unwrap();
        assert!(page.values.unwrap().get("limits").is_none());
    }
}

#[tokio::test]
async fn what_is_wrong_says_where_and_what_was_meant() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        let read = app.draft_text(&agent, "agent.toml").await.unwrap();
        let wrong = read.text.unwrap() + "aproval = \"alow\"\n\n[[tools]]\nuse = \"read_fiel\"\n";
        let page = app
            .save_draft_file(&agent, "agent.toml", text(&wrong), Some(read.content))
            .await
            .unwrap();
        let found: Vec<_> = page
            .draft
            .findings
            .iter()
            .map(|finding| (finding.line, finding.fix.clone()))
            .collect();
        let fix = |found: &str, meant: &str| {
            let (found, meant) = (found.to_owned(), meant.to_owned());
            Some(Box::new(Fix { found, meant }))
        };
        assert_eq!(
            found,
            [
                (Some(13), fix("aproval", "approval")),
                (Some(16), fix("\"read_fiel\"", "\"read_file\"")),
            ]
        );
        assert!(page.asks.is_none(), "nobody knows what it asks for");
        let refused = app.save_agent(&agent, None).await.unwrap_err();
        assert_eq!(refused.findings, page.draft.findings);

        let broken = app
            .save_draft_file(
                &agent,
                "agent.toml",
                text("format = "),
                Some(page.draft.files[0].content),
            )
            .await
            .unwrap();
        assert!(broken.values.is_none());
        let change = ManifestChange::set(vec!["format".into()], 1);
        let refused = app
            .edit_manifest(&agent, None, &[change])
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidPackage);
        assert!(!refused.findings.is_empty());
    }
}

#[tokio::test]
async fn what_was_discarded_can_be_taken_up_again() {
    let desk = Desk::new([]);
    for app in both(&desk).await {
        let agent = clerk();
        let read = app.draft_text(&agent, "instructions.md").await.unwrap();
        let page = app
            .save_draft_file(
                &agent,
                "instructions.md",
                text("Else.\n"),
                Some(read.content),
            )
            .await
            .unwrap();
        let stale = app.discard_draft_for(&agent, page.draft.version).await;
        assert_eq!(stale.unwrap_err().code, ErrorCode::Conflict);
        let discarded = app
            .discard_draft_for(&agent, page.draft.hash)
            .await
            .unwrap();
        assert!(!app.draft(&agent).await.unwrap().changed);
        app.restore_agent(&agent, &discarded.before.to_string())
            .await
            .unwrap();
        let now = app.draft_text(&agent, "instructions.md").await.unwrap();
        assert_eq!(now.text.as_deref(), Some("Else.\n"));
    }
}
