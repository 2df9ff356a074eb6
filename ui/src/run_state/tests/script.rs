//! Runs as their events tell them, and what is seen of them.

use super::*;

/// A run's events, one second apart.
pub(super) struct Script {
    pub(super) events: Vec<RunEvent>,
    seq: u64,
    second: i64,
    pub(super) run: RunId,
}

impl Script {
    pub(super) fn new() -> Self {
        Self {
            events: Vec::new(),
            seq: 0,
            second: 0,
            run: RUN,
        }
    }

    pub(super) fn wait(mut self, seconds: i64) -> Self {
        self.second += seconds;
        self
    }

    pub(super) fn journalled(mut self, kind: EventKind) -> Self {
        self.seq += 1;
        self.second += 1;
        let event = RunEvent {
            run_id: self.run,
            at: at(self.second),
            seq: Some(self.seq),
            kind,
        };
        self.events.push(event);
        self
    }

    pub(super) fn starts(self) -> Self {
        self.journalled(EventKind::RunStarted {
            agent: "expense-report".parse().unwrap(),
            title: "Expense report".to_owned(),
            version: BINDING,
            model: "openai/gpt-5-mini".to_owned(),
            input: "Make the report".to_owned(),
            budget_usd: None,
            fallback: Vec::new(),
            attachments: Vec::new(),
        })
    }

    pub(super) fn asks_model(self, step: u32, attempt: u32) -> Self {
        let (provider, model) = ("openai".to_owned(), "gpt-5-mini".to_owned());
        self.journalled(EventKind::ModelRequested {
            step: StepId(step),
            attempt,
            provider,
            model,
            prompted: false,
            reserved_usd: None,
        })
    }

    pub(super) fn delta(mut self, step: u32, index: u64, text: &str) -> Self {
        let kind = EventKind::ModelDelta {
            step: StepId(step),
            index,
            text: text.to_owned(),
        };
        self.events.push(RunEvent {
            run_id: self.run,
            at: at(self.second),
            seq: None,
            kind,
        });
        self
    }

    pub(super) fn thinks(mut self, step: u32, index: u64, text: &str) -> Self {
        let kind = EventKind::ModelReasoning {
            step: StepId(step),
            index,
            text: text.to_owned(),
        };
        self.events.push(RunEvent {
            run_id: self.run,
            at: at(self.second),
            seq: None,
            kind,
        });
        self
    }

    pub(super) fn answers(self, step: u32, content: Vec<Content>, cost: Option<&str>) -> Self {
        self.journalled(EventKind::ModelResponded {
            step: StepId(step),
            content,
            stop: StopReason::End,
            usage: Tokens {
                input_tokens: 100,
                output_tokens: 10,
                cached_tokens: 0,
                cache_write_tokens: None,
                reasoning_tokens: None,
            },
            usage_estimated: false,
            cost_from: slipway_contract::run::CostFrom::Price,
            cost_usd: cost.map(|cost| cost.parse().unwrap()),
            first_token_ms: Some(600),
            took_ms: 2_400,
        })
    }

    pub(super) fn fails(self, step: u32, attempt: u32, retry_in_ms: Option<u64>) -> Self {
        self.journalled(EventKind::ModelFailed {
            step: StepId(step),
            attempt,
            message: "503".to_owned(),
            retry_in_ms,
            next_model: None,
            request_id: None,
        })
    }

    pub(super) fn calls(self, step: u32, call: &str, tool: &str) -> Self {
        let effect = Effect::Read;
        let arguments = json!({ "path": "receipts" });
        self.journalled(EventKind::ToolRequested {
            step: StepId(step),
            call_id: CallId(call.to_owned()),
            tool: tool.to_owned(),
            arguments,
            effect,
        })
    }

    pub(super) fn returns(self, step: u32, call: &str, tool: &str, is_error: bool) -> Self {
        self.journalled(EventKind::ToolReturned {
            step: StepId(step),
            call_id: CallId(call.to_owned()),
            tool: tool.to_owned(),
            result: json!("done"),
            is_error,
            took_ms: Some(3),
            whole_bytes: None,
        })
    }

    pub(super) fn asks(self, approval: Approval) -> Self {
        self.journalled(EventKind::ApprovalRequested(approval))
    }

    pub(super) fn resolves(self, step: u32, answer: Answer) -> Self {
        self.journalled(EventKind::ApprovalResolved {
            step: StepId(step),
            binding: BINDING,
            answer,
            by: AnsweredBy::Person,
        })
    }

    pub(super) fn parks(self, reason: ParkReason) -> Self {
        self.journalled(EventKind::RunParked { reason })
    }

    pub(super) fn resumes(self) -> Self {
        self.journalled(EventKind::RunResumed {})
    }

    pub(super) fn finishes(
        self,
        status: RunStatus,
        reason: EndReason,
        output: Option<Value>,
    ) -> Self {
        self.journalled(EventKind::RunFinished {
            status,
            reason,
            message: String::new(),
            output,
            usage: Usage::default(),
        })
    }

    pub(super) fn fold(&self) -> RunState {
        let mut state = RunState::begin(&summary(RunStatus::Running, true));
        self.events.iter().for_each(|event| state.apply(event));
        state
    }
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_712_000 + second).unwrap()
}

pub(super) fn summary(status: RunStatus, driven: bool) -> RunSummary {
    RunSummary {
        id: RUN,
        agent: "expense-report".parse().unwrap(),
        title: "Expense report".to_owned(),
        version: BINDING,
        model: "openai/gpt-5-mini".to_owned(),
        parent: None,
        status,
        driven,
        parked: None,
        end: None,
        created_at: at(0),
        finished_at: None,
        input: "Make the report".to_owned(),
        usage: Usage::default(),
        budget_usd: None,
    }
}

pub(super) fn text(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
    }
}

pub(super) fn wants(call: &str, tool: &str) -> Content {
    let arguments = json!({ "path": "../private" });
    Content::ToolCall(ToolCall {
        call_id: CallId(call.to_owned()),
        tool: tool.to_owned(),
        arguments,
        malformed: None,
    })
}

pub(super) fn may_call(step: u32) -> Approval {
    let question = Question::Call {
        call_id: CallId("c1".to_owned()),
        tool: "write_file".to_owned(),
        server: "built-in".to_owned(),
        arguments: json!({ "path": "out/report.md" }),
        effect: Effect::Write,
    };
    Approval {
        step: StepId(step),
        question,
        binding: BINDING,
        expires_at: None,
    }
}

pub(super) fn said(state: &RunState) -> Vec<String> {
    let words = state.talk.iter().map(|utterance| match utterance.as_ref() {
        Utterance::Person { text, .. } => format!("you: {text}"),
        Utterance::Agent(said) => {
            let ending = match (said.live, said.cut_off) {
                (true, _) => " …",
                (false, true) => " (cut off)",
                (false, false) => "",
            };
            format!("agent: {}{ending}", said.text)
        }
        Utterance::Output(value) => format!("output: {value}"),
    });
    words.collect()
}

pub(super) fn tool(state: &RunState, step: u32) -> &ToolStep {
    match state
        .trace
        .place(StepId(step))
        .map(|place| state.trace.entries()[place].as_ref())
    {
        Some(Entry::Tool(tool)) => tool,
        other => panic!("step {step} is a tool call, not {other:?}"),
    }
}

pub(super) fn model(state: &RunState, step: u32) -> &ModelStep {
    match state
        .trace
        .place(StepId(step))
        .map(|place| state.trace.entries()[place].as_ref())
    {
        Some(Entry::Model(model)) => model,
        other => panic!("step {step} is a model call, not {other:?}"),
    }
}
