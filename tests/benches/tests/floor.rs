//! What the same work takes without agents, tools, budgets, journals and reports.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::server::Server;

/// Rows that are kept in one transaction, as suites keep them.
const AT_ONCE: usize = 512;

/// The same conversations: each recording is read and parsed, what is asked is compared with what
/// was, the answer is looked into, and a row is stored.
pub(crate) fn replay(folder: &Path, cases: usize) {
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut database = Connection::open(place.path().join("floor.db")).unwrap();
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;\nCREATE TABLE attempts (case_id TEXT PRIMARY KEY, outcome TEXT, body TEXT) STRICT;",
        )
        .unwrap();
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(folder.join("recordings")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let call = lines.last().unwrap();
        let number = name["case-".len()..].split('-').next().unwrap();
        let asked = format!("Say number {number}.");
        assert_eq!(call["given"][0]["user"], Value::from(asked), "{name}");
        let answer = call["answer"]["content"][0]["text"].as_str().unwrap();
        let outcome = match answer.contains("two") && answer.contains("four") {
            true => "passed",
            false => "failed",
        };
        rows.push((name, outcome, call["answer"].to_string()));
    }
    assert_eq!(rows.len(), cases);
    for some in rows.chunks(AT_ONCE) {
        let transaction = database.transaction().unwrap();
        for (name, outcome, body) in some {
            let sql = "INSERT INTO attempts (case_id, outcome, body) VALUES (?1, ?2, ?3)";
            let mut statement = transaction.prepare_cached(sql).unwrap();
            statement.execute(params![name, outcome, body]).unwrap();
        }
        transaction.commit().unwrap();
    }
}

/// The same calls, so many at once, and nothing else.
pub(crate) async fn live(server: &Server, cases: usize, at_once: usize) {
    let client = slipway_net::provider_client().unwrap();
    let left = Arc::new(std::sync::atomic::AtomicUsize::new(cases));
    let lanes = (0..at_once).map(|_| {
        let (client, left) = (client.clone(), Arc::clone(&left));
        async move {
            use std::sync::atomic::Ordering::Relaxed;
            let one = |left: usize| left.checked_sub(1);
            while left.fetch_update(Relaxed, Relaxed, one).is_ok() {
                server.bare_call(&client).await;
            }
        }
    });
    futures::future::join_all(lanes).await;
}
