//! `--json`, event by event as the design lists them.

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, model};

#[track_caller]
fn has(event: &Value, fields: &[&str]) {
    let all = ["type", "run_id", "at"];
    for field in all.iter().chain(fields) {
        assert!(
            !event[field].is_null(),
            "{} has no {field}: {event}",
            event["type"]
        );
    }
    let at = event["at"].as_str().expect("a time");
    assert!(
        at.ends_with('Z') && at.contains('T'),
        "RFC 3339 in UTC: {at}"
    );
}

#[test]
fn every_event_has_the_fields_that_are_promised() {
    let call = Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})).and_tool(
        "c2",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    );
    let server = model([call, Answer::text("One two three four five six.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let ran = desk
        .slipway(["run", agent, "--json", "--approve", "allow"])
        .exits(0);
    let events = ran.objects();
    let kinds: Vec<&str> = events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert_eq!(kinds.first(), Some(&"run.started"));
    assert_eq!(kinds.last(), Some(&"run.finished"));
    let run = ran.run();
    assert!(
        events.iter().all(|event| event["run_id"] == *run),
        "one run, one id"
    );

    has(
        &ran.event("run.started"),
        &["seq", "agent", "version", "model", "input"],
    );
    for event in ran.events("model.requested") {
        has(&event, &["seq", "step", "provider", "model"]);
        assert_eq!(
            (&event["provider"], &event["model"]),
            (&json!("openai"), &json!("gpt-5-mini"))
        );
    }
    let deltas = ran.events("model.delta");
    assert!(deltas.len() > 1, "the answer streams");
    for (index, event) in deltas.iter().enumerate() {
        has(event, &["step", "index", "text"]);
        assert_eq!(event["index"], index);
        assert!(event.get("seq").is_none(), "deltas are not journalled");
    }
    let text: String = deltas
        .iter()
        .filter_map(|event| event["text"].as_str())
        .collect();
    assert_eq!(text, "One two three four five six.");
    for event in ran.events("model.responded") {
        has(&event, &["seq", "step", "content", "usage"]);
    }
    let requested = ran.events("tool.requested");
    assert_eq!(requested.len(), 2);
    for event in &requested {
        has(
            event,
            &["seq", "step", "call_id", "tool", "arguments", "effect"],
        );
    }
    assert_eq!(requested[0]["arguments"], json!({"path": "in/a.txt"}));
    assert_eq!(requested[0]["effect"], "read");
    for event in ran.events("tool.returned") {
        has(&event, &["seq", "step", "call_id", "result", "is_error"]);
    }
    has(
        &ran.event("approval.requested"),
        &["seq", "step", "binding", "arguments", "effect", "tool"],
    );
    has(
        &ran.event("approval.resolved"),
        &["seq", "step", "binding", "answer", "by"],
    );

    let finished = ran.event("run.finished");
    has(&finished, &["seq", "status", "reason", "output", "usage"]);
    assert_eq!(finished["status"], "succeeded");
    assert_eq!(finished["output"], "One two three four five six.");
    let usage = &finished["usage"];
    assert_eq!(
        (&usage["input_tokens"], &usage["output_tokens"]),
        (&json!(200), &json!(40))
    );
    assert_eq!(
        (&usage["model_calls"], &usage["tool_calls"]),
        (&json!(2), &json!(2))
    );
    assert!(
        usage["cost_usd"].is_string(),
        "money is a decimal string: {usage}"
    );
}

#[test]
fn journalled_events_are_numbered_without_gaps() {
    let server = model([
        Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"})),
        Answer::text("Done."),
    ]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0);
    let numbers: Vec<u64> = ran
        .objects()
        .iter()
        .filter_map(|event| event["seq"].as_u64())
        .collect();
    let first = numbers[0];
    assert_eq!(
        numbers,
        (first..first + numbers.len() as u64).collect::<Vec<_>>()
    );
    let exported = desk.slipway(["runs", "export", &ran.run()]).exits(0);
    let journalled: Vec<Value> = ran
        .objects()
        .into_iter()
        .filter(|event| event.get("seq").is_some())
        .collect();
    assert_eq!(
        exported.objects(),
        journalled,
        "what was shown is what is in the journal"
    );
}

#[test]
fn a_parked_run_ends_with_its_reason() {
    let server = model([Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/b.txt", "content": "x"}),
    )]);
    let desk = Desk::with_model(&server);
    let ran = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(3);
    let last = ran.objects().pop().unwrap();
    assert_eq!(
        (&last["type"], &last["reason"]),
        (&json!("run.parked"), &json!("approval"))
    );
    ran.complains("slipway runs approve");
}

#[test]
fn errors_are_objects_too() {
    let desk = Desk::new();
    for arguments in [
        &["run", "./nowhere", "--json"][..],
        &["run", "--jason", "--json"],
        &["runs", "show", "ff", "--json"],
    ] {
        let ran = desk.slipway(arguments).exits(2);
        let error = ran.event("error");
        assert!(
            error["message"].is_string() && error["code"].is_string(),
            "{error}"
        );
        ran.complains("error: ");
    }
}
