//! Journals that earlier versions wrote give the states that they gave then: whatever a newer
//! library finds of a schema, an argument or an answer, what was decided is what the events say.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use slipway_agent::event::{FORMAT, Recorded};
use slipway_agent::machine::{CallStatus, State, Work, fold};

use super::fixtures;

fn folder(format: u32) -> PathBuf {
    fixtures().join("journals").join(format!("format-{format}"))
}

/// A journal of more bytes is not kept: that of the first version is enough.
const LONG: usize = 64 << 10;

/// Keeps a journal with the state that it gives.
pub(super) fn keep(name: &str, events: &[Recorded]) {
    let folder = folder(FORMAT);
    fs::create_dir_all(&folder).unwrap();
    let journal = folder.join(format!("{name}.jsonl"));
    assert!(!journal.exists(), "journals are never written again");
    let lines: String = events
        .iter()
        .map(|event| serde_json::to_string(event).unwrap() + "\n")
        .collect();
    if lines.len() > LONG {
        return;
    }
    let state = described(&fold(events).unwrap());
    fs::write(
        folder.join(format!("{name}.state.json")),
        serde_json::to_string_pretty(&state).unwrap() + "\n",
    )
    .unwrap();
    fs::write(journal, lines).unwrap();
}

/// What of a state decides what follows, and what people see of it.
fn described(state: &State) -> Value {
    let calls: Vec<Value> = state
        .calls()
        .iter()
        .map(|call| {
            let status = match &call.status {
                CallStatus::Wanted => json!("wanted"),
                CallStatus::Refused(message) => json!({"refused": message}),
                CallStatus::InFlight => json!("in flight"),
                CallStatus::Settled { result, is_error } => {
                    json!({"result": result, "is_error": is_error})
                }
                _ => json!("a person is to answer"),
            };
            json!({
                "step": call.step, "call_id": call.call_id, "tool": call.tool,
                "arguments": call.arguments, "effect": call.effect, "attempts": call.attempts,
                "status": status,
            })
        })
        .collect();
    let under_way: Vec<String> = state
        .under_way()
        .iter()
        .map(|work| match work {
            Work::Model { step, attempt } => format!("model call {}, attempt {attempt}", step.0),
            Work::Tool { step, attempt } => format!("tool call {}, attempt {attempt}", step.0),
            Work::Wait { step, ms } => format!("wait of {ms} ms at {}", step.0),
            Work::Ask(approval) => format!("question {}", approval.step.0),
            #[allow(unreachable_patterns, reason = "newer versions have more")]
            _ => "other work".to_owned(),
        })
        .collect();
    let questions: Vec<Value> = state
        .questions()
        .into_iter()
        .map(|approval| json!({"step": approval.step, "binding": approval.binding}))
        .collect();
    json!({
        "status": state.status(),
        "last_seq": state.last_seq(),
        "worked_ms": state.worked_ms(),
        "messages": state.messages(),
        "calls": calls,
        "under_way": under_way,
        "questions": questions,
        "parked": state.parked(),
        "end": state.end(),
        "usage": state.usage(),
        "shrink_wanted": state.shrink_wanted(),
        "answer_limit": state.answer_limit(),
    })
}

/// Whether everything that was expected is there; a newer version may say more.
fn holds(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => expected.iter().all(|(key, value)| {
            found
                .get(key)
                .map_or(value.is_null(), |found| holds(found, value))
        }),
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected)
                    .all(|(found, expected)| holds(found, expected))
        }
        _ => found == expected,
    }
}

#[test]
fn journals_of_every_format_fold_to_the_state_that_they_gave() {
    for format in 1..=FORMAT {
        let mut count = 0;
        for entry in fs::read_dir(folder(format)).unwrap() {
            let journal = entry.unwrap().path();
            if journal.extension().is_none_or(|ending| ending != "jsonl") {
                continue;
            }
            let name = journal.file_stem().unwrap().to_string_lossy().into_owned();
            let events: Vec<Recorded> = fs::read_to_string(&journal)
                .unwrap()
                .lines()
                .map(|line| {
                    serde_json::from_str(line)
                        .unwrap_or_else(|error| panic!("{name}: {error} in {line}"))
                })
                .collect();
            // Not only at its end: a run may have been killed after any event.
            for length in 1..events.len() {
                fold(&events[..length])
                    .unwrap_or_else(|error| panic!("{name}, {length} events: {error}"));
            }
            let state = described(&fold(&events).unwrap_or_else(|error| panic!("{name}: {error}")));
            let expected =
                fs::read_to_string(journal.with_file_name(format!("{name}.state.json"))).unwrap();
            let expected: Value = serde_json::from_str(&expected).unwrap();
            assert!(
                holds(&state, &expected),
                "{name}:\n{state:#}\nand not\n{expected:#}"
            );
            count += 1;
        }
        assert!(count >= 20, "{count} journals of format {format}");
    }
}

#[test]
fn a_state_that_lost_something_is_not_taken_for_the_same() {
    let expected = json!({"a": 1, "b": [{"c": null}], "d": null});
    assert!(holds(
        &json!({"a": 1, "b": [{"c": null, "e": 1}], "f": 2}),
        &expected
    ));
    for other in [
        json!({"a": 2, "b": [{"c": null}]}),
        json!({"a": 1, "b": []}),
        json!({"a": 1}),
        json!({"a": 1, "b": [{"c": 1}]}),
    ] {
        assert!(!holds(&other, &expected), "{other}");
    }
}
