//! What was damaged or tampered with is named, never guessed at.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::params;
use serde_json::json;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::journal::{Append, Fork, Journal, JournalError};
use slipway_store::{Store, StoreError};

use crate::place::{Place, append, continued, run_with};

async fn corrupt_at(store: &Store, run: u64) -> (slipway_contract::RunId, u64, String) {
    match store.read(sample::run_id(run)).await {
        Err(JournalError::Corrupt { run, seq, message }) => (run, seq, message),
        other => panic!("a damaged journal was read: {other:?}"),
    }
}

fn only_file(folder: &Path) -> PathBuf {
    let entry = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    if entry.is_dir() {
        only_file(&entry)
    } else {
        entry
    }
}

#[tokio::test]
async fn a_damaged_row_is_named() {
    let damages = [
        (
            "UPDATE events SET body = '{\"event\":\"started\"' WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 3",
            3,
        ),
        (
            "UPDATE events SET body = '{\"event\":\"nonsense\"}' WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 2",
            2,
        ),
        (
            "UPDATE events SET body = body || 'x' WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 4",
            4,
        ),
        (
            "UPDATE events SET format = 999 WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 4",
            4,
        ),
        (
            "UPDATE events SET at = 9223372036854775807 WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 1",
            1,
        ),
        (
            "DELETE FROM events WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 1",
            1,
        ),
        (
            "DELETE FROM events WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 3",
            3,
        ),
        (
            "DELETE FROM events WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 5",
            5,
        ),
        (
            "UPDATE events SET body = NULL, blob = zeroblob(32) WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 2",
            2,
        ),
    ];
    let place = Place::new();
    let store = place.open().await;
    for (number, (damage, seq)) in (1..).zip(damages) {
        let lease = run_with(&store, number, 5).await;
        let changed = place.sql().execute(damage, [lease.run.as_bytes()]).unwrap();
        assert_eq!(changed, 1);
        let (run, at, message) = corrupt_at(&store, number).await;
        assert_eq!((run, at), (lease.run, seq), "{damage}: {message}");
    }
}

#[tokio::test]
async fn damage_in_a_shared_prefix_is_the_parents() {
    let place = Place::new();
    let store = place.open().await;
    let parent = run_with(&store, 1, 4).await;
    let fork = Some(Fork {
        run: parent.run,
        seq: 4,
    });
    continued(&store, 2, fork, sample::events(5, 2)).await;
    let damage = "UPDATE events SET body = '' WHERE run = (SELECT number FROM runs WHERE id = ?1) AND seq = 2";
    place
        .sql()
        .execute(damage, [parent.run.as_bytes()])
        .unwrap();
    let (run, seq, _) = corrupt_at(&store, 2).await;
    assert_eq!((run, seq), (parent.run, 2));
}

#[tokio::test]
async fn runs_that_continue_each_other_are_refused() {
    let place = Place::new();
    let store = place.open().await;
    let parent = run_with(&store, 1, 4).await;
    let fork = Some(Fork {
        run: parent.run,
        seq: 4,
    });
    let child = continued(&store, 2, fork, sample::events(5, 2)).await;
    let loops = "UPDATE runs SET parent = ?2, fork_seq = 3 WHERE id = ?1";
    let ids = params![parent.run.as_bytes(), child.run.as_bytes()];
    place.sql().execute(loops, ids).unwrap();
    let (run, seq, message) = corrupt_at(&store, 2).await;
    assert_eq!((run, seq), (child.run, 3), "{message}");
}

#[tokio::test]
async fn a_parent_that_was_cut_short_is_named() {
    let place = Place::new();
    let store = place.open().await;
    let parent = run_with(&store, 1, 4).await;
    let fork = Some(Fork {
        run: parent.run,
        seq: 4,
    });
    continued(&store, 2, fork, sample::events(5, 2)).await;
    let sql = place.sql();
    let cut = "DELETE FROM events WHERE seq > 2 AND run = (SELECT number FROM runs WHERE id = ?1)";
    sql.execute(cut, [parent.run.as_bytes()]).unwrap();
    let hidden = "UPDATE runs SET last_seq = 2 WHERE id = ?1";
    sql.execute(hidden, [parent.run.as_bytes()]).unwrap();
    let (run, seq, message) = corrupt_at(&store, 2).await;
    assert_eq!((run, seq), (parent.run, 3), "{message}");
}

#[tokio::test]
async fn tampered_content_is_refused() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    let long = sample::returned(2, json!("x".repeat(100_000)));
    let appended = Append {
        events: vec![long],
        ..append(lease, 2, 0)
    };
    store.append(appended).await.unwrap();
    let file = only_file(&place.path().with_file_name("blobs"));
    let mut content = fs::read(&file).unwrap();
    content[50_000] = b'y';
    fs::write(&file, &content).unwrap();
    let (run, seq, message) = corrupt_at(&store, 1).await;
    assert_eq!((run, seq), (lease.run, 2), "{message}");
    fs::remove_file(&file).unwrap();
    assert_eq!(corrupt_at(&store, 1).await.1, 2);
}

#[tokio::test]
async fn a_row_that_says_what_cannot_be_is_named() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    let damage = "UPDATE runs SET model_calls = -1 WHERE id = ?1";
    place.sql().execute(damage, [lease.run.as_bytes()]).unwrap();
    let error = store.run(lease.run).await.unwrap_err();
    let StoreError::Unreadable { what, message } = error else {
        panic!("{error}");
    };
    assert!(what.contains(&lease.run.to_string()) && message.contains("model_calls"));
}
