//! One walk through all of it, as whoever runs cases takes it: suite, concrete cases, evidence,
//! verdicts, report, comparison.

use serde_json::{Value, json};
use slipway_agent::package::Files;
use slipway_contract::ContentHash;
use slipway_contract::RunId;
use slipway_contract::event::RunEvent;

use crate::assertion::{judge, ports::Ports};
use crate::evidence::Evidence;
use crate::report::{Attempt, CaseReport, Change, FORMAT, Mode, Report, SuiteReport, console};
use crate::suite::{Suite, Tested};

const SUITE: &str = r#"
format = 1
title = "Sums"

[[case]]
name = "Adds"
input = "How much is {{a}} and {{b}}?"
table = "tests/sums.csv"

[[case.expect]]
equals = "{{sum}}"

[[case.expect]]
tool_called = "calculator"
with = { expression = "{{a}} + {{b}}" }
"#;

/// A run of an agent that adds, or that guesses.
fn run(input: &str, adds: bool) -> Vec<RunEvent> {
    let numbers: Vec<i64> = input
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .collect();
    let answer = if adds { numbers[0] + numbers[1] } else { 5 };
    let expression = format!("{} + {}", numbers[0], numbers[1]);
    let mut kinds = vec![
        json!({"type": "run.started", "agent": "adder", "title": "Adder",
        "version": ContentHash::from_bytes([1; 32]), "model": "recording/sums", "input": input,
        "budget_usd": null}),
    ];
    if adds {
        kinds.push(
            json!({"type": "tool.requested", "step": 2, "call_id": "c", "tool": "calculator",
            "arguments": {"expression": expression}, "effect": "read"}),
        );
    }
    kinds.push(
        json!({"type": "run.finished", "status": "succeeded", "reason": "answered",
        "output": answer.to_string(), "usage": {"input_tokens": 1, "output_tokens": 1,
        "cost_usd": "0", "model_calls": 2, "tool_calls": 1}}),
    );
    let events = kinds.into_iter().map(|kind| {
        let mut event =
            json!({"run_id": RunId::from_random([3; 10]), "at": "2026-11-22T10:00:00Z"});
        let Value::Object(kind) = kind else {
            panic!("an event is an object")
        };
        event.as_object_mut().unwrap().extend(kind);
        serde_json::from_value(event).unwrap()
    });
    events.collect()
}

async fn report(adds: bool) -> Report {
    let entries = [
        (
            "tests/sums.toml".parse().unwrap(),
            SUITE.as_bytes().to_vec(),
        ),
        (
            "tests/sums.csv".parse().unwrap(),
            b"name,a,b,sum\nsmall,2,3,5\nlarge,20,30,50\n".to_vec(),
        ),
    ];
    let files = Files::from_entries(entries).unwrap();
    let agent = "adder".parse().unwrap();
    let tested = Tested {
        agent: &agent,
        tools: vec!["calculator".to_owned()],
        files: &files,
    };
    let mut suites = Vec::new();
    for (file, suite) in Suite::all(&tested) {
        let suite = suite.unwrap();
        let mut cases = Vec::new();
        for concrete in suite.expand() {
            let case = concrete.filled();
            let mut attempts = Vec::new();
            for attempt in concrete.attempts() {
                let evidence = Evidence::from_events(&run(&case.turns[0], adds));
                let judged =
                    judge(&case.expect, case.threshold, &evidence, &Ports::default()).await;
                attempts.push(Attempt::judged(attempt.number, &evidence, judged));
            }
            cases.push(CaseReport::new(&concrete, attempts));
        }
        suites.push(SuiteReport {
            file: file.to_string(),
            title: suite.title,
            skipped: Vec::new(),
            findings: Vec::new(),
            cases,
        });
    }
    Report {
        format: FORMAT,
        agent,
        title: "Adder".to_owned(),
        version: None,
        mode: Mode::Replay,
        started_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        took_ms: 3,
        suites,
        against: None,
    }
}

#[tokio::test]
async fn a_change_that_makes_the_agent_worse_is_named_with_what_it_did() {
    let before = report(true).await;
    assert!(before.passed(), "{}", console::render(&before));
    let after = report(false).await.compared_with(&before);
    let against = after.against.as_ref().unwrap();
    assert_eq!(
        (against.count(Change::Broken), against.count(Change::Fixed)),
        (2, 0)
    );
    let told = console::render(&after);
    for line in [
        "FAILED   Sums › Adds [large]",
        "the answer is \"50\": expected 50, got 5",
        "calls calculator with {\"expression\":\"20 + 30\"}: calculator was never called with such arguments, and it should be at least once",
        "Against 2026-11-22T10:00:00Z: 2 broken, 0 fixed, 0 flaky, 0 unchanged",
    ] {
        assert!(told.contains(line), "{told}\n--- lacks\n{line}");
    }
}
