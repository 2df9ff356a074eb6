//! Runs and events to test with.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::run::{End, EndReason, RunStatus, Tokens, Usage};
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, ContentHash, RunId, StepId, Timestamp};

use crate::event::{Event, Recorded};
use crate::ports::journal::{Fork, Head, NewRun};
use crate::spec::{Limits, RunSpec};

/// A run id that names this number.
#[must_use]
pub const fn run_id(number: u64) -> RunId {
    let n = number.to_be_bytes();
    RunId::from_random([n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], 0xab, 0xcd])
}

/// So many milliseconds into 2026.
#[must_use]
pub fn moment(milliseconds: u64) -> Timestamp {
    Timestamp::constant(1_767_225_600, 0)
        .checked_add(Duration::from_millis(milliseconds))
        .unwrap_or(Timestamp::MAX)
}

/// A run's fixed facts.
#[must_use]
pub fn spec() -> RunSpec {
    RunSpec {
        agent: "expense-report".parse().unwrap(),
        title: "Expense report".to_owned(),
        version: ContentHash::from_bytes([1; 32]),
        behaviour: ContentHash::from_bytes([2; 32]),
        model: "openai/gpt-5-mini".parse().unwrap(),
        temperature: Some(0.2),
        context_tokens: Some(128_000),
        max_output_tokens: None,
        instructions: "Read the receipts and sum them up.".to_owned(),
        tools: Vec::new(),
        limits: Limits::default(),
        output_schema: None,
        granted: Vec::new(),
        missing: Vec::new(),
        folder: None,
        package_files: None,
        network: true,
        workdir: "/home/me/expense-report".to_owned(),
        input: "October, please".to_owned(),
        attachments: Vec::new(),
        reasoning: None,
        tool_choice: None,
        fallback: Vec::new(),
    }
}

/// An event of the first kind that a run has.
#[must_use]
pub fn started(seq: u64) -> Recorded {
    let event = Event::Started {
        spec: Box::new(spec()),
    };
    at(seq, event)
}

/// A tool's result.
#[must_use]
pub fn returned(seq: u64, result: Value) -> Recorded {
    let event = Event::ToolReturned {
        step: StepId(2),
        call_id: CallId(format!("call_{seq}")),
        tool: "read_file".to_owned(),
        result,
        is_error: false,
        took_ms: 3,
    };
    at(seq, event)
}

/// The event at its place; a second passes between two.
#[must_use]
pub fn at(seq: u64, event: Event) -> Recorded {
    Recorded {
        seq,
        at: moment(seq * 1_000),
        event,
    }
}

/// So many events from this number on: answers, intents and results in turn.
#[must_use]
pub fn events(first: u64, count: u64) -> Vec<Recorded> {
    (first..first + count)
        .map(|seq| match seq % 3 {
            1 => at(seq, responded()),
            2 => at(seq, requested()),
            _ => returned(
                seq,
                json!({"rows": seq, "sum": "12.50", "ratio": 0.1 + 0.2}),
            ),
        })
        .collect()
}

fn responded() -> Event {
    Event::ModelResponded {
        step: StepId(1),
        attempt: 1,
        content: vec![
            Content::Text {
                text: "I look at the receipts — “all” of them.\u{0}\n".to_owned(),
            },
            Content::ToolCall(ToolCall {
                call_id: CallId("call_1".to_owned()),
                tool: "read_file".to_owned(),
                arguments: json!({"path": "receipts/a.csv"}),
                malformed: None,
            }),
        ],
        stop: StopReason::ToolCalls,
        usage: Tokens {
            input_tokens: 1_200,
            output_tokens: 80,
            cached_tokens: 0,
            cache_write_tokens: None,
            reasoning_tokens: None,
        },
        usage_estimated: false,
        cost_from: slipway_contract::run::CostFrom::Price,
        cost_usd: "0.000123".parse().ok(),
        first_token_ms: Some(120),
        took_ms: 900,
        verdicts: None,
        request_id: None,
    }
}

fn requested() -> Event {
    Event::ToolRequested {
        step: StepId(2),
        attempt: 1,
        call_id: CallId("call_1".to_owned()),
        tool: "read_file".to_owned(),
        arguments: json!({"path": "receipts/a.csv"}),
        effect: Effect::Read,
    }
}

/// The row of a run at work.
#[must_use]
pub fn running() -> Head {
    Head {
        status: RunStatus::Running,
        parked: None,
        end: None,
        usage: Usage::default(),
        expires_at: None,
    }
}

/// The row of a run that has succeeded.
#[must_use]
pub fn succeeded(output: Value) -> Head {
    Head {
        status: RunStatus::Succeeded,
        end: Some(End {
            status: RunStatus::Succeeded,
            reason: EndReason::Answered,
            message: String::new(),
            output: Some(output),
        }),
        ..running()
    }
}

/// A new run at work, with these first events.
#[must_use]
pub fn new_run(run: RunId, parent: Option<Fork>, events: Vec<Recorded>) -> NewRun {
    let spec = spec();
    NewRun {
        run,
        parent,
        created_at: moment(0),
        agent: spec.agent,
        title: spec.title,
        version: spec.version,
        model: spec.model,
        input: spec.input,
        budget_usd: "0.50".parse().ok(),
        events,
        reserved: Vec::new(),
        head: running(),
    }
}
