//! Ten thousand runs are found by indexes. What SQLite intends to do says so, whatever the machine
//! is busy with.

use std::sync::Arc;

use rusqlite::Connection;
use slipway_agent::memory::clock::ManualClock;
use slipway_contract::history::{RunColumn, RunFilter, RunOrder, RunQuery};
use slipway_contract::run::RunState;
use sqlx::{QueryBuilder, Sqlite};
use tempfile::TempDir;

use crate::{Options, Store};

const RUNS: u64 = 10_000;

/// A database with very many runs, all of which ended but the newest, which nobody drives.
async fn many() -> (TempDir, Store, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slipway.db");
    let store = Store::open(&path, Options::new(Arc::new(ManualClock::new())))
        .await
        .unwrap();
    let sql = Connection::open(&path).unwrap();
    sql.execute_batch(&format!(
        "BEGIN;
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {RUNS})
         INSERT INTO runs (id, created_at, agent, title, version, model, input, last_seq,
             input_tokens, output_tokens, cost_usd, model_calls, tool_calls, status, parked,
             end_reason, end_message, end_output, finished_at)
         SELECT unhex(printf('%020x', i)), i * 60000, 'agent-' || (i % 7), 'Agent', zeroblob(32),
             'local/m' || (i % 3), 'Do it.', 1, i % 900, 5, printf('%d.%04d', i % 3, i % 9999), 1, 0,
             iif(i = {RUNS} - 1, 'running', 'succeeded'), NULL,
             iif(i = {RUNS} - 1, NULL, 'answered'), iif(i = {RUNS} - 1, NULL, ''),
             iif(i = {RUNS} - 1, NULL, '\"Done.\"'), iif(i = {RUNS} - 1, NULL, i * 60000 + i % 500)
         FROM n;
         INSERT INTO leases (run, token, owner, expires_at)
         SELECT id, 1, NULL, 0 FROM runs WHERE status = 'running';
         COMMIT;"
    ))
    .unwrap();
    (folder, store, sql)
}

fn plan(sql: &Connection, query: &QueryBuilder<Sqlite>) -> String {
    let text = format!("EXPLAIN QUERY PLAN {}", query.sql().as_str());
    let mut statement = sql.prepare(&text).unwrap();
    let mut rows = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        lines.push(row.get::<_, String>(3).unwrap());
    }
    lines.join("\n")
}

fn filter(states: &[RunState]) -> RunFilter {
    RunFilter {
        states: states.to_vec(),
        ..RunFilter::default()
    }
}

#[tokio::test]
async fn a_page_is_read_along_an_index_and_never_sorted() {
    let (_folder, store, sql) = many().await;
    let newest = RunQuery::default();
    let first = store.runs(&newest).await.unwrap();
    let after = RunQuery {
        after: first.last().map(|run| run.id),
        ..newest.clone()
    };
    let since = RunQuery {
        filter: RunFilter {
            since: Some(first[40].created_at),
            ..RunFilter::default()
        },
        ..newest.clone()
    };
    let of_agent = RunQuery {
        filter: RunFilter {
            agents: vec!["agent-3".parse().unwrap()],
            ..RunFilter::default()
        },
        ..newest.clone()
    };
    for (query, index) in [
        (&newest, "SCAN runs USING INDEX runs_by_time"),
        (&after, "SEARCH runs USING INDEX runs_by_time"),
        (&since, "SEARCH runs USING INDEX runs_by_time"),
        (&of_agent, "SEARCH runs USING INDEX runs_by_agent"),
    ] {
        let plan = plan(&sql, &store.page(query).await.unwrap());
        assert!(plan.contains(index), "{index} for {query:?}:\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{query:?}:\n{plan}");
    }
    assert_eq!(store.runs(&since).await.unwrap().len(), 41);
    let next = store.runs(&after).await.unwrap();
    assert!(next[0].created_at < first[49].created_at);
}

#[tokio::test]
async fn what_waits_for_a_person_is_found_without_reading_what_ended() {
    let (_folder, store, sql) = many().await;
    for states in [
        &[RunState::Parked, RunState::CutOff][..],
        &[RunState::Queued, RunState::Running],
    ] {
        let query = RunQuery::of_states(states);
        let plan = plan(&sql, &store.page(&query).await.unwrap());
        let by_lease = plan.contains("runs USING INDEX sqlite_autoindex_runs_1 (id=?)");
        assert!(by_lease, "{states:?}:\n{plan}");
    }
    let cut_off = store.runs(&RunQuery::of_states(&[RunState::CutOff])).await;
    assert_eq!(cut_off.unwrap().len(), 1);
}

#[tokio::test]
async fn sums_read_the_index_of_what_ended_and_no_row() {
    let (_folder, store, sql) = many().await;
    let costs = RunFilter {
        min_cost_usd: Some("1".parse().unwrap()),
        models: vec!["local/m1".to_owned()],
        ..RunFilter::default()
    };
    for filter in [RunFilter::default(), costs, filter(&[RunState::Failed])] {
        let plan = plan(&sql, &store.sums(&filter).await.unwrap());
        assert!(
            plan.contains("USING COVERING INDEX runs_ended"),
            "{filter:?}:\n{plan}"
        );
        assert!(!plan.contains("SCAN runs\n"), "{filter:?}:\n{plan}");
    }
    let totals = store.run_totals(&RunFilter::default()).await.unwrap();
    assert_eq!(totals.all.runs, RUNS);
    let days = totals.days.iter().map(|day| day.sum.runs);
    assert_eq!(days.clone().sum::<u64>(), RUNS, "the days add up");
    assert_eq!(days.len(), 7, "a run a minute");
    assert!(
        totals
            .days
            .is_sorted_by(|newer, older| newer.day > older.day)
    );
}

#[tokio::test]
async fn every_order_has_pages_without_gap_or_repetition() {
    let (_folder, store, _sql) = many().await;
    let narrow = RunFilter {
        agents: vec!["agent-3".parse().unwrap(), "agent-5".parse().unwrap()],
        ..RunFilter::default()
    };
    for by in [
        RunColumn::Started,
        RunColumn::Took,
        RunColumn::Cost,
        RunColumn::Tokens,
    ] {
        for ascending in [false, true] {
            let page = |after, skip, limit| RunQuery {
                filter: narrow.clone(),
                order: RunOrder { by, ascending },
                after,
                skip,
                limit,
            };
            let all = store.runs(&page(None, 0, 300)).await.unwrap();
            let after = store.runs(&page(Some(all[99].id), 0, 200)).await.unwrap();
            let skipped = store.runs(&page(None, 100, 200)).await.unwrap();
            assert_eq!(all[100..], after, "{by:?} {ascending}");
            assert_eq!(all[100..], skipped, "{by:?} {ascending}");
        }
    }
    let nowhere = RunQuery {
        after: Some(slipway_contract::RunId::from_random([0xee; 10])),
        ..RunQuery::default()
    };
    assert_eq!(store.runs(&nowhere).await.unwrap(), []);
}

#[tokio::test]
async fn a_range_of_cost_takes_its_ends_in() {
    let (_folder, store, _sql) = many().await;
    let within = async |min: &str, max: &str| {
        let filter = RunFilter {
            min_cost_usd: Some(min.parse().unwrap()),
            max_cost_usd: Some(max.parse().unwrap()),
            ..RunFilter::default()
        };
        store.run_totals(&filter).await.unwrap().all.runs
    };
    assert_eq!(within("1.0001", "1.0001").await, 1);
    assert_eq!(within("1.00010", "1.000100").await, 1, "zeros do not count");
    assert_eq!(within("0", "0").await, 2);
    assert_eq!(within("5", "9").await, 0);
}
