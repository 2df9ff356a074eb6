//! The machine alone: a run that grows event by event.

use serde_json::json;
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::run::{EndReason, RunStatus, Tokens};
use slipway_contract::tool::{DeclaredEffect, Effect as ToolEffect, ToolDefinition};
use slipway_contract::{CallId, ContentHash, StepId, Timestamp, Usd};

use super::*;
use crate::event::{Event, Recorded};
use crate::spec::{Limits, RunSpec, ToolSpec};

mod calls;
mod ends;
mod fallback;
mod histories;
mod questions;

fn tool(name: &str, effect: ToolEffect) -> ToolSpec {
    ToolSpec {
        definition: ToolDefinition {
            name: name.into(),
            description: format!("The tool {name}"),
            schema: json!({"type": "object"}),
            effect: DeclaredEffect::Always(effect),
            server: "built-in".into(),
        },
        approval: None,
        reconciles: name == "send",
    }
}

fn spec() -> RunSpec {
    RunSpec {
        agent: "tester".parse().unwrap(),
        title: "Tester".into(),
        version: ContentHash::from_bytes([1; 32]),
        behaviour: ContentHash::from_bytes([2; 32]),
        model: "test/model".parse().unwrap(),
        temperature: None,
        context_tokens: None,
        max_output_tokens: None,
        instructions: "Do it.".into(),
        tools: vec![
            tool("read", ToolEffect::Read),
            tool("put", ToolEffect::Idempotent),
            tool("post", ToolEffect::Write),
            tool("send", ToolEffect::Write),
        ],
        limits: Limits {
            max_steps: 30,
            ..Limits::default()
        },
        output_schema: None,
        granted: vec![Permission::Unasked { tool: "put".into() }],
        missing: vec![],
        folder: None,
        package_files: None,
        network: true,
        workdir: "/nowhere".into(),
        input: "Go.".into(),
        attachments: Vec::new(),
        reasoning: None,
        tool_choice: None,
        fallback: Vec::new(),
    }
}

/// A run that grows event by event.
struct Run {
    state: State,
    events: Vec<Recorded>,
}

impl Run {
    fn started(spec: RunSpec) -> Self {
        let mut run = Self {
            state: State::default(),
            events: vec![],
        };
        run.add(Event::Started {
            spec: Box::new(spec),
        })
        .unwrap();
        run
    }

    fn add(&mut self, event: Event) -> Result<(), Illegal> {
        let seq = self.state.last_seq() + 1;
        let at = Timestamp::from_millisecond(i64::try_from(seq).unwrap() * 10).unwrap();
        let recorded = Recorded { seq, at, event };
        self.state.apply(&recorded)?;
        self.events.push(recorded);
        Ok(())
    }

    /// Journals the intents of all that follows.
    fn follow(&mut self) {
        loop {
            let Some(effect) = decide(&self.state).into_iter().next() else {
                return;
            };
            let event = intent(&self.state, effect);
            self.add(event).expect("a decided effect's intent is legal");
        }
    }

    fn answer(&mut self, content: Vec<Content>, stop: StopReason) {
        let Some(Work::Model { step, attempt }) = self.state.under_way().into_iter().next() else {
            panic!("no model call is under way")
        };
        self.add(responded(step, attempt, content, stop)).unwrap();
        self.follow();
    }
}

fn intent(state: &State, effect: Effect) -> Event {
    match effect {
        Effect::CallModel { step, attempt } => Event::ModelRequested {
            step,
            attempt,
            model: state.model_in_force().unwrap().clone(),
            max_output_tokens: None,
            reserved_usd: None,
            budgeted: false,
            prompted: false,
            unpriced: false,
        },
        Effect::CallTool { step } => {
            let call = state.call(step).unwrap();
            Event::ToolRequested {
                step,
                attempt: call.attempts + 1,
                call_id: call.call_id.clone(),
                tool: call.tool.clone(),
                arguments: call.arguments.clone(),
                effect: call.effect,
            }
        }
        Effect::RejectTool { step, message } => {
            let call = state.call(step).unwrap();
            Event::ToolRejected {
                step,
                call_id: call.call_id.clone(),
                tool: call.tool.clone(),
                message,
            }
        }
        Effect::Reconcile { step } => Event::ReconcileRequested {
            step,
            call_id: state.call(step).unwrap().call_id.clone(),
        },
        Effect::Ask(approval) => Event::ApprovalRequested(approval),
        Effect::Finish(end) => Event::Finished(end),
    }
}

fn responded(step: StepId, attempt: u32, content: Vec<Content>, stop: StopReason) -> Event {
    Event::ModelResponded {
        step,
        attempt,
        content,
        stop,
        usage: Tokens {
            input_tokens: 10,
            output_tokens: 5,
            cached_tokens: 0,
            cache_write_tokens: None,
            reasoning_tokens: None,
        },
        usage_estimated: false,
        cost_from: slipway_contract::run::CostFrom::Price,
        cost_usd: Some(Usd::ZERO),
        first_token_ms: None,
        took_ms: 1,
        verdicts: None,
        request_id: None,
    }
}

fn call(id: &str, tool: &str) -> Content {
    Content::ToolCall(ToolCall {
        call_id: CallId(id.into()),
        tool: tool.into(),
        arguments: json!({"id": id}),
        malformed: None,
    })
}

fn text(text: &str) -> Content {
    Content::Text { text: text.into() }
}
