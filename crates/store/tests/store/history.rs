//! Finding runs by their words, and noticing what others do to them.

use std::time::Duration;

use serde_json::json;
use slipway_agent::event::Event;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::journal::{Append, Fork, Journal as _, NewRun};
use slipway_agent::ports::lease::{LEASE, Lease};
use slipway_agent::spec::RunSpec;
use slipway_contract::RunId;
use slipway_contract::history::RunFilter;
use slipway_contract::message::Content;
use slipway_contract::run::RunState;
use slipway_store::{RunQuery, Store};

use crate::place::{Place, append, run_with};

/// A run that was asked this, its first event.
async fn asked(store: &Store, number: u64, input: &str) -> Lease {
    let Event::Started { spec } = sample::started(1).event else {
        panic!("a run starts with its spec");
    };
    let spec = RunSpec {
        input: input.to_owned(),
        ..*spec
    };
    let started = sample::at(1, Event::Started { spec: spec.into() });
    let new = sample::new_run(sample::run_id(number), None, vec![started]);
    store.create(new).await.unwrap()
}

async fn said(store: &Store, lease: Lease, seq: u64, words: &str) {
    let mut answer = sample::events(1, 1).remove(0);
    answer.seq = seq;
    if let Event::ModelResponded { content, .. } = &mut answer.event {
        *content = vec![Content::Text {
            text: words.to_owned(),
        }];
    }
    let append = Append {
        events: vec![answer],
        ..append(lease, seq, 1)
    };
    store.append(append).await.unwrap();
}

async fn ended(store: &Store, lease: Lease, seq: u64) {
    let end = Append {
        head: sample::succeeded(json!("done")),
        release: true,
        ..append(lease, seq, 1)
    };
    store.append(end).await.unwrap();
}

async fn found(store: &Store, text: &str) -> Vec<RunId> {
    let query = RunQuery {
        filter: RunFilter {
            text: Some(text.to_owned()),
            ..RunFilter::default()
        },
        ..RunQuery::default()
    };
    let runs = store.runs(&query).await.unwrap();
    let totals = store.run_totals(&query.filter).await.unwrap();
    assert_eq!(totals.all.runs, runs.len() as u64, "the sum says the same");
    let mut runs: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    runs.sort_unstable();
    runs
}

#[tokio::test]
async fn a_run_is_found_by_what_was_asked_and_said() {
    let place = Place::new();
    let store = place.open().await;
    let one = asked(&store, 1, "Quarterly Größe of the café").await;
    let two = asked(&store, 2, "Something else").await;
    assert_eq!(found(&store, "quarterly").await, [one.run]);
    assert_eq!(found(&store, "CAFE quart").await, [one.run], "in any order");
    assert_eq!(found(&store, "gross").await, [], "ß is a letter of its own");
    assert_eq!(found(&store, "grö").await, [one.run], "by its beginning");
    assert_eq!(found(&store, "fé").await, [], "not by its middle");
    assert_eq!(found(&store, "…").await, [], "nothing holds no word");
    // What is said after a search is found by the next.
    said(&store, two, 2, "The quarterly figures are in.").await;
    assert_eq!(found(&store, "quarterly").await, [one.run, two.run]);
    ended(&store, two, 3).await;
    assert_eq!(found(&store, "figures").await, [two.run], "it ended");
    assert_eq!(found(&store, "\" OR quarterly").await, [], "no operators");
    store.close().await;
    place.assert_intact();
}

#[tokio::test]
async fn a_run_that_goes_on_from_another_is_found_by_its_own_words() {
    let place = Place::new();
    let store = place.open().await;
    let first = asked(&store, 1, "apples").await;
    ended(&store, first, 2).await;
    let fork = Fork {
        run: first.run,
        seq: 2,
    };
    let Event::Started { spec } = sample::started(1).event else {
        panic!("a run starts with its spec");
    };
    let spec = RunSpec {
        input: "pears".to_owned(),
        ..*spec
    };
    let parent = first.run;
    let event = Event::Continued {
        parent,
        spec: spec.into(),
    };
    let new = NewRun {
        events: vec![sample::at(3, event)],
        ..sample::new_run(sample::run_id(2), Some(fork), Vec::new())
    };
    let second = store.create(new).await.unwrap();
    assert_eq!(found(&store, "apples").await, [first.run]);
    assert_eq!(found(&store, "pears").await, [second.run]);
}

#[tokio::test]
async fn words_that_were_thrown_away_are_learnt_again() {
    let place = Place::new();
    let store = place.open().await;
    let one = asked(&store, 1, "apples").await;
    ended(&store, one, 2).await;
    assert_eq!(found(&store, "apples").await, [one.run]);
    place
        .sql()
        .execute_batch("DELETE FROM run_texts; DELETE FROM run_texts_known;")
        .unwrap();
    assert_eq!(found(&store, "apples").await, [one.run]);
}

#[tokio::test]
async fn whoever_watches_notices_what_another_does() {
    let place = Place::new();
    let (mine, other) = (place.open().await, place.open().await);
    let before = run_with(&other, 1, 1).await;
    let mut watch = mine.watch_runs().await.unwrap();
    assert_eq!(
        watch.changed().await.unwrap(),
        [],
        "what was there is no news"
    );
    let made = run_with(&other, 2, 1).await;
    assert_eq!(watch.changed().await.unwrap(), [made.run]);
    assert_eq!(watch.changed().await.unwrap(), [], "it is told once");
    other.append(append(before, 2, 1)).await.unwrap();
    assert_eq!(watch.changed().await.unwrap(), [before.run], "it went on");
    ended(&other, made, 2).await;
    assert_eq!(watch.changed().await.unwrap(), [made.run], "it ended");
    // Begun and ended between two looks.
    let brief = run_with(&other, 3, 1).await;
    ended(&other, brief, 2).await;
    assert_eq!(watch.changed().await.unwrap(), [brief.run]);
    // What is no run is no news.
    let key = "day".parse().unwrap();
    let key = slipway_contract::budget::BudgetKey {
        agent: None,
        period: key,
    };
    other.set_budget(&key, "1".parse().unwrap()).await.unwrap();
    assert_eq!(watch.changed().await.unwrap(), []);
}

#[tokio::test]
async fn a_run_whose_driver_is_gone_is_noticed_though_nobody_writes() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    let mut watch = store.watch_runs().await.unwrap();
    place.clock.advance(LEASE + Duration::from_secs(1));
    assert_eq!(watch.changed().await.unwrap(), [lease.run]);
    let cut_off = store.runs(&RunQuery::of_states(&[RunState::CutOff])).await;
    assert_eq!(cut_off.unwrap().len(), 1);
}
