use serde_json::{Value, json};
use slipway_contract::run::RunStatus;
use slipway_contract::{ContentHash, RunId};

use super::*;

/// Events a second apart, as `--json` writes them.
fn events(kinds: &[Value]) -> Vec<slipway_contract::event::RunEvent> {
    let run = RunId::from_random([0xab; 10]);
    let events = kinds.iter().enumerate().map(|(at, kind)| {
        let mut event = json!({"run_id": run, "at": format!("2026-11-22T10:00:{at:02}Z")});
        let fields = kind.as_object().unwrap().clone();
        event.as_object_mut().unwrap().extend(fields);
        serde_json::from_value(event).unwrap()
    });
    events.collect()
}

fn started() -> Value {
    json!({"type": "run.started", "agent": "clerk", "title": "Clerk", "model": "openai/x",
        "version": ContentHash::from_bytes([1; 32]), "input": "Go", "budget_usd": "0.50"})
}

fn finished(status: &str, cost: &Value) -> Value {
    json!({"type": "run.finished", "status": status, "reason": "answered", "output": "Done",
        "usage": {"input_tokens": 10, "output_tokens": 2, "cost_usd": cost, "model_calls": 2, "tool_calls": 1}})
}

fn requested(step: u32, tool: &str) -> Value {
    json!({"type": "tool.requested", "step": step, "call_id": "c", "tool": tool,
        "arguments": {"step": step}, "effect": "write"})
}

fn asked(step: u32, tool: &str) -> Value {
    json!({"type": "approval.requested", "step": step, "ask": "call", "call_id": "c", "tool": tool,
        "server": "built-in", "arguments": {}, "effect": "write",
        "binding": ContentHash::from_bytes([2; 32])})
}

fn answered(step: u32, answer: &str) -> Value {
    json!({"type": "approval.resolved", "step": step, "binding": ContentHash::from_bytes([2; 32]),
        "answer": answer, "reason": "", "by": "person"})
}

fn model(step: u32) -> Value {
    json!({"type": "model.requested", "step": step, "attempt": 1, "provider": "openai", "model": "x"})
}

fn returned(step: u32, tool: &str, is_error: bool) -> Value {
    json!({"type": "tool.returned", "step": step, "call_id": "c", "tool": tool, "result": "ok",
        "is_error": is_error})
}

#[test]
fn a_run_leaves_its_answer_calls_questions_and_figures() {
    let evidence = Evidence::from_events(&events(&[
        started(),
        model(1),
        asked(2, "save_table"),
        json!({"type": "run.parked", "reason": "approval"}),
        json!({"type": "run.resumed"}),
        answered(2, "approve"),
        requested(2, "save_table"),
        returned(2, "save_table", false),
        asked(3, "send"),
        answered(3, "deny"),
        returned(3, "send", true),
        model(4),
        model(4),
        finished("succeeded", &json!("0.02")),
    ]));
    assert_eq!(evidence.answer, Some(json!("Done")));
    assert_eq!(evidence.input, ["Go"]);
    assert_eq!(
        evidence.calls.len(),
        1,
        "a call that was refused never began"
    );
    assert_eq!(evidence.calls[0].result, Some(json!("ok")));
    let questions: Vec<_> = evidence
        .questions
        .iter()
        .map(|q| (q.tool.as_str(), q.allowed))
        .collect();
    assert_eq!(
        questions,
        [("save_table", Some(true)), ("send", Some(false))]
    );
    let figures = evidence.figures;
    assert_eq!(figures.cost_usd, Some("0.02".parse().unwrap()));
    assert_eq!(figures.budget_usd, Some("0.5".parse().unwrap()));
    assert_eq!(figures.steps, 3, "an attempt made again is no further step");
    assert_eq!(
        figures.latency_ms, 12_000,
        "the second in which it waited does not count"
    );
    assert_eq!(figures.tokens, 12);
    assert_eq!(evidence.files, WrittenFiles::Unknown);
}

#[test]
fn turns_are_taken_together() {
    let evidence = Evidence::from_events(&events(&[
        started(),
        requested(2, "a"),
        finished("succeeded", &json!("0.01")),
        json!({"type": "run.continued", "parent": RunId::from_random([1; 10]), "input": "And?"}),
        requested(4, "b"),
        finished("succeeded", &json!("0.02")),
    ]));
    assert_eq!(evidence.input, ["Go", "And?"]);
    assert_eq!(evidence.calls.len(), 2);
    assert_eq!(evidence.figures.cost_usd, Some("0.03".parse().unwrap()));
    assert_eq!(
        evidence.figures.latency_ms, 4_000,
        "the time between turns is the person's"
    );
}

#[test]
fn a_run_without_a_good_end_has_no_answer() {
    let failed = Evidence::from_events(&events(&[started(), finished("failed", &Value::Null)]));
    assert_eq!(failed.answer, None);
    assert!(matches!(
        failed.state,
        State::Ended {
            status: RunStatus::Failed,
            ..
        }
    ));
    assert_eq!(failed.figures.cost_usd, None);
    let parked = json!({"type": "run.parked", "reason": "approval"});
    let parked = Evidence::from_events(&events(&[started(), parked]));
    assert!(matches!(
        parked.state,
        State::Parked {
            for_approval: true,
            ..
        }
    ));
    let cut_off = Evidence::from_events(&events(&[started(), model(1)]));
    assert_eq!(
        (cut_off.state, cut_off.figures.cost_usd),
        (State::CutOff, None)
    );
    assert_eq!(Evidence::from_events(&[]).state, State::CutOff);
}
