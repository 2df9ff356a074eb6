//! What came of running tests.

use slipway_agent::memory::contract::sample::{self, moment};
use slipway_agent::ports::journal::Journal as _;
use slipway_contract::id::ReportId;
use slipway_contract::test::{Mode, Outcome};
use slipway_contract::{AgentName, ContentHash};
use slipway_store::{AttemptRow, Counts, LabelRow, ReportRow, RunQuery};

use crate::place::Place;

fn name() -> AgentName {
    "clerk".parse().unwrap()
}

fn report(number: u16, seconds: u64) -> ReportRow {
    let mut bytes = [1; 10];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    ReportRow {
        id: ReportId::from_random(bytes),
        agent: name(),
        version: ContentHash::from_bytes([7; 32]),
        mode: Mode::Live,
        header: "{}".to_owned(),
        started_at: moment(seconds),
        seen_at: moment(seconds),
        finished_at: None,
        stopped: None,
        attempts: 3,
    }
}

fn attempt(case: &str, number: u32, outcome: Outcome) -> AttemptRow {
    AttemptRow {
        case: case.to_owned(),
        number,
        outcome,
        body: format!("{{\"number\":{number}}}"),
        trace: Some("[]".to_owned()),
    }
}

#[tokio::test]
async fn a_report_is_kept_as_it_grows_and_ends() {
    let place = Place::new();
    let store = place.open().await;
    let row = report(1, 10);
    store.begin_report(&row).await.unwrap();
    assert_eq!(
        store.open_reports().await.unwrap(),
        std::slice::from_ref(&row)
    );
    let rows = [
        attempt("b", 1, Outcome::Passed),
        attempt("a", 1, Outcome::Failed),
        attempt("a", 2, Outcome::Unjudged),
    ];
    store.keep_attempts(row.id, &rows[..2]).await.unwrap();
    store.keep_attempts(row.id, &rows[2..]).await.unwrap();
    store.keep_attempts(row.id, &[]).await.unwrap();
    let kept = store.attempts_of(row.id).await.unwrap();
    assert_eq!(kept.len(), 3);
    assert_eq!(
        (kept[1].case.as_str(), kept[1].outcome, &kept[1].trace),
        ("a", Outcome::Failed, &None)
    );
    assert_eq!(
        store.count_attempts(row.id).await.unwrap(),
        Counts { done: 3, passed: 1 }
    );
    assert_eq!(
        store.trace_of(row.id, "a", 2).await.unwrap().as_deref(),
        Some("[]")
    );
    assert_eq!(store.trace_of(row.id, "c", 1).await.unwrap(), None);
    store
        .end_report(row.id, moment(20), Some("stopped"))
        .await
        .unwrap();
    let ended = store.report(row.id).await.unwrap().unwrap();
    assert_eq!(
        (ended.finished_at, ended.stopped.as_deref()),
        (Some(moment(20)), Some("stopped"))
    );
    assert!(store.open_reports().await.unwrap().is_empty());
    store.see_report(row.id, moment(30)).await.unwrap();
    let again = store.report(row.id).await.unwrap().unwrap();
    assert_eq!(
        (again.finished_at, again.seen_at, again.stopped),
        (None, moment(30), None)
    );
    assert_eq!(store.report(report(9, 1).id).await.unwrap(), None);
}

#[tokio::test]
async fn what_a_person_says_can_be_taken_back() {
    let place = Place::new();
    let store = place.open().await;
    let row = report(1, 10);
    store.begin_report(&row).await.unwrap();
    let label = LabelRow {
        case: "a".to_owned(),
        number: 1,
        expected: "it is kind".to_owned(),
        met: false,
    };
    store.keep_label(row.id, &label, moment(11)).await.unwrap();
    let other = LabelRow {
        met: true,
        ..label.clone()
    };
    store.keep_label(row.id, &other, moment(12)).await.unwrap();
    assert_eq!(store.labels_of(row.id).await.unwrap(), [other]);
    store
        .remove_label(row.id, ("a", 1, "it is kind"))
        .await
        .unwrap();
    assert!(store.labels_of(row.id).await.unwrap().is_empty());
    store
        .set_regression(row.id, "a", Some(moment(13)))
        .await
        .unwrap();
    assert_eq!(
        store.regression(row.id, "a").await.unwrap(),
        Some(moment(13))
    );
    store.set_regression(row.id, "a", None).await.unwrap();
    assert_eq!(store.regression(row.id, "a").await.unwrap(), None);
}

#[tokio::test]
async fn runs_of_tests_are_in_no_list() {
    let place = Place::new();
    let store = place.open().await;
    let row = report(1, 10);
    store.begin_report(&row).await.unwrap();
    let (one, other) = (sample::run_id(1), sample::run_id(2));
    store
        .keep_attempt_run(row.id, ("a", 1, 0), one)
        .await
        .unwrap();
    store
        .create(sample::new_run(one, None, sample::events(1, 1)))
        .await
        .unwrap();
    store
        .create(sample::new_run(other, None, sample::events(1, 1)))
        .await
        .unwrap();
    let listed = store.runs(&RunQuery::default()).await.unwrap();
    assert_eq!(listed.iter().map(|run| run.id).collect::<Vec<_>>(), [other]);
    assert_eq!(
        store.attempt_runs(row.id).await.unwrap(),
        [("a".to_owned(), 1, one)]
    );
    let anew = sample::run_id(3);
    store
        .keep_attempt_run(row.id, ("a", 1, 0), anew)
        .await
        .unwrap();
    assert_eq!(
        store.attempt_runs(row.id).await.unwrap(),
        [("a".to_owned(), 1, anew)],
        "what was begun before for the same turn is given up"
    );
    let listed = store.runs(&RunQuery::default()).await.unwrap();
    assert_eq!(listed.len(), 1, "what is given up is a test's all the same");
}

#[tokio::test]
async fn old_reports_go_and_their_traces_before_them() {
    let place = Place::new();
    let store = place.open().await;
    for number in 0..305 {
        let row = report(number, 100 + u64::from(number));
        store.begin_report(&row).await.unwrap();
        store
            .keep_attempts(row.id, &[attempt("a", 1, Outcome::Passed)])
            .await
            .unwrap();
    }
    let kept = store.reports_of(&name(), 1_000).await.unwrap();
    assert_eq!(kept.len(), 300);
    assert_eq!(kept[0].started_at, moment(404), "the newest first");
    assert_eq!(
        store.trace_of(kept[0].id, "a", 1).await.unwrap().as_deref(),
        Some("[]")
    );
    assert_eq!(store.trace_of(kept[40].id, "a", 1).await.unwrap(), None);
    assert_eq!(
        store.attempts_of(report(0, 1).id).await.unwrap(),
        [],
        "they go with their report"
    );
}
