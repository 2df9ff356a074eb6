use std::fs;

use slipway_contract::Timestamp;
use slipway_contract::permission::Permission;
use slipway_contract::run::ParkReason;
use slipway_runner::testing::Answer;

use super::*;
use crate::testing::{ASKING, Desk, run};
use crate::{Approve, Outcome, RunOptions, Target};

fn hash_of(byte: u8) -> ContentHash {
    ContentHash::from_bytes([byte; 32])
}

/// Versions in the order in which they were made.
fn history(made: &[(u8, VersionReason)]) -> Vec<VersionEntry> {
    let entries = made.iter().rev().map(|(byte, why)| VersionEntry {
        version: hash_of(*byte),
        made_at: Timestamp::UNIX_EPOCH,
        why: *why,
        note: None,
        runs: 0,
    });
    entries.collect()
}

#[test]
fn what_was_granted_stays_with_the_import_that_it_was_granted_to() {
    use VersionReason::{Imported, Restored, Saved};
    let made = history(&[
        (1, Imported),
        (2, Saved),
        (3, Imported),
        (4, Saved),
        (1, Restored),
        (5, Saved),
    ]);
    let of = |byte| lineage(&made, hash_of(byte));
    assert_eq!(of(1), of(2), "saved from what was imported");
    assert_ne!(of(1), of(3), "another package of the same name");
    assert_eq!(of(3), of(4));
    assert_eq!(of(5), of(1), "saved after going back");
    assert_eq!(of(9), None);
}

fn clerk() -> AgentName {
    "clerk".parse().unwrap()
}

#[tokio::test]
async fn what_was_taken_back_stays_taken_back() {
    let desk = Desk::new([Answer::text("Done."), Answer::text("Done.")]);
    let app = desk.app().await;
    app.import(&desk.clerk("own", ASKING), false).await.unwrap();
    let target = Target::Agent(clerk());
    let first = app.agent_versions(&clerk()).await.unwrap()[0].version;
    let granted = [Permission::Network {
        host: "api.example.com".into(),
    }];
    let remember = |behaviour| slipway_store::Grant {
        agent: clerk(),
        source: AgentSource::Imported,
        behaviour,
        workdir: app
            .own_workdir(&clerk())
            .unwrap()
            .to_string_lossy()
            .into_owned(),
        permission: granted[0].clone(),
        granted_at: Timestamp::UNIX_EPOCH,
    };
    let behaviour = app.version(first).await.unwrap().behaviour_hash();
    app.store().grant(&[remember(behaviour)]).await.unwrap();
    let asks = async || {
        let planned = app.plan(&target, RunOptions::default()).await.unwrap();
        planned.spec().missing.clone()
    };
    assert_eq!(asks().await, [], "it is granted");

    app.edit_draft(&clerk(), None, "README.md", Some(b"New.\n".to_vec()))
        .await
        .unwrap();
    app.save_agent(&clerk(), None).await.unwrap();
    assert_eq!(asks().await, [], "a new version asks only for what it adds");
    app.store().revoke_all(&clerk()).await.unwrap();
    assert_eq!(asks().await, granted);
    app.restore_agent(&clerk(), &first.to_string())
        .await
        .unwrap();
    assert_eq!(asks().await, granted, "restoring grants nothing");
    let parked = run(&app, &target, RunOptions::default()).await.unwrap();
    assert_eq!(parked.outcome, Outcome::Parked(ParkReason::Grant));
}

#[tokio::test]
async fn two_writers_at_once_lose_no_edit() {
    let desk = Desk::new([Answer::text("Done.")]);
    let app = desk.app().await;
    let folder = desk.clerk("own", "");
    let options = RunOptions {
        approve: Approve::Never,
        ..RunOptions::default()
    };
    for is_folder in [true, false] {
        if is_folder {
            let target = Target::Folder(folder.clone());
            run(&app, &target, options.clone()).await.unwrap();
        } else {
            app.import(&folder, true).await.unwrap();
        }
        let other = desk.app().await;
        let mut writers = Vec::new();
        for writer in 0..4 {
            let app = if writer % 2 == 0 {
                app.clone()
            } else {
                other.clone()
            };
            writers.push(tokio::spawn(async move {
                let mut refused = 0;
                for line in 0..5 {
                    // Each adds a line to what is there, again until nobody came between.
                    loop {
                        let draft = app.draft(&clerk()).await.unwrap();
                        let there = draft.files.iter().any(|file| file.path == "README.md");
                        let mut text = if there {
                            app.draft_file(&clerk(), "README.md").await.unwrap()
                        } else {
                            Vec::new()
                        };
                        text.extend(format!("{writer}.{line}\n").bytes());
                        let written = app
                            .edit_draft(&clerk(), Some(draft.hash), "README.md", Some(text))
                            .await;
                        match written {
                            Ok(_) => break,
                            Err(problem) => {
                                assert_eq!(problem.code, ErrorCode::Conflict, "{problem}");
                                refused += 1;
                            }
                        }
                    }
                }
                refused
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let text = app.draft_file(&clerk(), "README.md").await.unwrap();
        let mut lines: Vec<String> = String::from_utf8(text)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        let wanted: Vec<String> = (0..4)
            .flat_map(|writer| (0..5).map(move |line| format!("{writer}.{line}")))
            .collect();
        assert_eq!(lines, wanted, "folder: {is_folder}");
        if is_folder {
            fs::remove_file(folder.join("README.md")).unwrap();
        }
    }
}

#[tokio::test]
async fn a_draft_that_is_as_before_is_none() {
    let desk = Desk::new([]);
    let app = desk.app().await;
    app.import(&desk.clerk("own", ""), false).await.unwrap();
    let before = app.draft(&clerk()).await.unwrap();
    let text = app.draft_file(&clerk(), "instructions.md").await.unwrap();
    let put = |path: &'static str, content: Option<&[u8]>| {
        let content = content.map(<[u8]>::to_vec);
        let app = app.clone();
        async move { app.edit_draft(&clerk(), None, path, content).await }
    };
    put("instructions.md", Some(b"New.")).await.unwrap();
    put("files/a", Some(b"a")).await.unwrap();
    assert!(app.draft(&clerk()).await.unwrap().changed);
    put("instructions.md", Some(&text)).await.unwrap();
    put("files/a", None).await.unwrap();
    assert_eq!(app.draft(&clerk()).await.unwrap(), before);
    assert_eq!(app.store().draft(&clerk()).await.unwrap(), None);
    put("instructions.md", None).await.unwrap();
    let findings = app.draft(&clerk()).await.unwrap().findings;
    assert!(findings[0].file == "instructions.md", "{findings:?}");
    for path in ["agent.tom", "/etc/passwd", "files/../../x", "files/nul"] {
        let problem = app
            .edit_draft(&clerk(), None, path, Some(Vec::new()))
            .await
            .unwrap_err();
        assert_eq!(problem.code, ErrorCode::InvalidInput, "{path}");
    }
}
