//! Lists of runs.

use std::str::FromStr;

use serde_json::json;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::journal::{Append, Fork, Head, Journal};
use slipway_agent::ports::lease::Leases;
use slipway_contract::history::RunFilter;
use slipway_contract::run::{EndReason, ParkReason, RunState, RunStatus, RunSummary, Usage};
use slipway_contract::{AgentName, RunId};
use slipway_store::{RunQuery, Store, StoreError};

use crate::place::{Place, append, continued, run_with};

async fn made(
    store: &Store,
    number: u64,
    at: u64,
    agent: &str,
) -> slipway_agent::ports::lease::Lease {
    let new = slipway_agent::ports::journal::NewRun {
        created_at: sample::moment(at),
        agent: AgentName::from_str(agent).unwrap(),
        ..sample::new_run(sample::run_id(number), None, sample::events(1, 1))
    };
    store.create(new).await.unwrap()
}

fn ids(runs: &[RunSummary]) -> Vec<RunId> {
    runs.iter().map(|run| run.id).collect()
}

#[tokio::test]
async fn a_row_says_what_the_last_append_said() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 2).await;
    let fresh = store.run(lease.run).await.unwrap().unwrap();
    let new = sample::new_run(lease.run, None, Vec::new());
    assert_eq!(fresh.agent, new.agent);
    assert_eq!(fresh.title, new.title);
    assert_eq!(fresh.version, new.version);
    assert_eq!(fresh.model, new.model.to_string());
    assert_eq!(fresh.input, new.input);
    assert_eq!(fresh.budget_usd, new.budget_usd);
    assert_eq!(fresh.created_at, new.created_at);
    assert_eq!(
        (fresh.parent, fresh.parked, fresh.finished_at),
        (None, None, None)
    );
    assert_eq!((fresh.status, fresh.driven), (RunStatus::Running, true));

    let parked = Head {
        status: RunStatus::Parked,
        parked: Some(ParkReason::Approval),
        usage: Usage {
            input_tokens: 1_234,
            cost_usd: None,
            model_calls: 3,
            ..Usage::default()
        },
        ..sample::running()
    };
    let parking = Append {
        head: parked.clone(),
        release: true,
        ..append(lease, 3, 1)
    };
    store.append(parking).await.unwrap();
    let run = store.run(lease.run).await.unwrap().unwrap();
    assert_eq!(
        (run.status, run.parked),
        (RunStatus::Parked, Some(ParkReason::Approval))
    );
    assert_eq!(run.usage, parked.usage);
    assert!(!run.driven, "it was let go");

    let lease = store.acquire(lease.run).await.unwrap();
    let figures = Head {
        usage: Usage {
            tool_calls: 7,
            ..parked.usage.clone()
        },
        ..sample::running()
    };
    for first in [4, 5] {
        let append = Append {
            head: figures.clone(),
            ..append(lease, first, 1)
        };
        store.append(append).await.unwrap();
    }
    let run = store.run(lease.run).await.unwrap().unwrap();
    assert_eq!((run.status, run.parked), (RunStatus::Running, None));
    assert_eq!(run.usage.tool_calls, 7);

    let end = sample::succeeded(json!({"sum": "12.50"}));
    let last = Append {
        head: end.clone(),
        ..append(lease, 6, 2)
    };
    store.append(last).await.unwrap();
    let run = store.run(lease.run).await.unwrap().unwrap();
    assert_eq!(run.end, end.end);
    assert_eq!(
        run.finished_at,
        Some(sample::moment(7_000)),
        "its last event's time"
    );
    assert!(!run.driven, "an ended run is driven by nobody");
    assert_eq!(store.runs(&RunQuery::default()).await.unwrap(), [run]);
}

#[tokio::test]
async fn a_long_answer_is_left_out_of_lists_alone() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    let answer = json!("word ".repeat(20_000));
    let last = Append {
        head: sample::succeeded(answer.clone()),
        ..append(lease, 2, 1)
    };
    store.append(last).await.unwrap();
    let run = store.run(lease.run).await.unwrap().unwrap();
    assert!(run.end.unwrap().output == Some(answer));
    let listed = store.runs(&RunQuery::default()).await.unwrap().remove(0);
    let end = listed.end.unwrap();
    assert_eq!((end.reason, end.output), (EndReason::Answered, None));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let place = Place::new();
    let store = place.open().await;
    for number in 0..25 {
        // Several runs are made in the same millisecond.
        made(&store, (number * 7) % 25, number / 4, "one").await;
    }
    let all = store.runs(&RunQuery::default()).await.unwrap();
    assert_eq!(all.len(), 25);
    let newest_first = all.is_sorted_by_key(|run| std::cmp::Reverse((run.created_at, run.id)));
    assert!(newest_first);
    for limit in [1, 3, 7, 24, 25, 26] {
        let mut pages = Vec::new();
        let mut after = None;
        loop {
            let page = RunQuery {
                after,
                limit,
                ..RunQuery::default()
            };
            let page = store.runs(&page).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            // A run that is made meanwhile is newer than every page to come.
            assert!(page.len() <= limit as usize);
            pages.extend(page);
        }
        assert_eq!(ids(&pages), ids(&all), "pages of {limit}");
    }
}

#[tokio::test]
async fn lists_can_be_narrowed() {
    let place = Place::new();
    let store = place.open().await;
    let first = made(&store, 1, 1, "one").await;
    let second = made(&store, 2, 2, "two").await;
    let third = made(&store, 3, 3, "one").await;
    let end = |lease| Append {
        head: sample::succeeded(json!("done")),
        ..append(lease, 2, 1)
    };
    store.append(end(first)).await.unwrap();
    store.append(end(second)).await.unwrap();
    let list = async |states: &[RunState], agent: Option<&str>| {
        let query = RunQuery {
            filter: RunFilter {
                states: states.to_vec(),
                agents: agent
                    .map(|name| name.parse().unwrap())
                    .into_iter()
                    .collect(),
                ..RunFilter::default()
            },
            ..RunQuery::default()
        };
        ids(&store.runs(&query).await.unwrap())
    };
    let (one, two, three) = (first.run, second.run, third.run);
    assert_eq!(list(&[], None).await, [three, two, one]);
    assert_eq!(list(&[], Some("one")).await, [three, one]);
    assert_eq!(list(&[], Some("nobody")).await, []);
    assert_eq!(list(&[RunState::Succeeded], None).await, [two, one]);
    assert_eq!(
        list(&[RunState::Running, RunState::Succeeded], Some("one")).await,
        [three, one]
    );
    assert_eq!(list(&[RunState::Parked], None).await, []);

    let parked = Head {
        status: RunStatus::Parked,
        parked: Some(ParkReason::Grant),
        ..sample::running()
    };
    let parking = Append {
        head: parked,
        release: true,
        ..append(third, 2, 1)
    };
    store.append(parking).await.unwrap();
    assert_eq!(list(&[RunState::Parked], None).await, [three]);
    assert_eq!(list(&[RunState::Running], None).await, []);
}

#[tokio::test]
async fn leases_are_kept_for_runs_that_have_not_ended() {
    let place = Place::new();
    let store = place.open().await;
    let leases = || -> i64 {
        let count = "SELECT count(*) FROM leases";
        place.sql().query_row(count, [], |row| row.get(0)).unwrap()
    };
    let (one, two) = (run_with(&store, 1, 1).await, run_with(&store, 2, 1).await);
    let end = |lease, release| Append {
        head: sample::succeeded(json!("done")),
        release,
        ..append(lease, 2, 1)
    };
    store.append(end(one, true)).await.unwrap();
    store.append(end(two, false)).await.unwrap();
    assert_eq!(leases(), 1);
    store.release(&two).await.unwrap();
    assert_eq!(leases(), 0);
    let again = store.acquire(one.run).await.unwrap();
    assert!(
        store.acquire(one.run).await.is_err(),
        "also an ended run has one owner"
    );
    store.release(&again).await.unwrap();
    assert_eq!(leases(), 0);
}

#[tokio::test]
async fn a_unique_beginning_names_a_run() {
    let place = Place::new();
    let store = place.open().await;
    for (number, byte) in [(0, 0xa1), (1, 0xa2), (2, 0xff)] {
        let mut id = [number; 10];
        id[0] = byte;
        let new = sample::new_run(RunId::from_random(id), None, Vec::new());
        store.create(new).await.unwrap();
    }
    let find = async |prefix: &str| store.find_run(prefix).await;
    let found = find("a1").await.unwrap().unwrap();
    assert_eq!(found.to_string(), "a1000000000000000000");
    assert_eq!(find(&found.to_string()).await.unwrap(), Some(found));
    assert_eq!(find("A100").await.unwrap(), Some(found));
    assert!(find("f").await.unwrap().is_some(), "the last id of all");
    for nothing in [
        "b",
        "",
        "a3",
        "zz",
        "expense-report",
        "a10000000000000000000",
    ] {
        assert_eq!(find(nothing).await.unwrap(), None, "{nothing:?}");
    }
    let error = find("a").await.unwrap_err();
    let StoreError::Ambiguous { matches, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(matches.len(), 2);
    assert!(
        error.to_string().contains(&found.to_string()),
        "{error} lists them"
    );
    assert_eq!(store.run(sample::run_id(9)).await.unwrap(), None);
}

#[tokio::test]
async fn a_continued_run_names_its_parent() {
    let place = Place::new();
    let store = place.open().await;
    let parent = run_with(&store, 1, 3).await;
    let fork = Some(Fork {
        run: parent.run,
        seq: 3,
    });
    let child = continued(&store, 2, fork, sample::events(4, 1)).await;
    let run = store.run(child.run).await.unwrap().unwrap();
    assert_eq!(run.parent, Some(parent.run));
}
