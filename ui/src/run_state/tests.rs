use serde_json::{Value, json};
use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::run::{
    End, EndReason, ParkReason, RunDetail, RunStatus, RunSummary, Tokens, Usage,
};
use slipway_contract::tool::Effect;
use slipway_contract::{CallId, ContentHash, RunId, StepId, Timestamp, Usd};

use super::*;

const RUN: RunId = RunId::from_random([1; 10]);
const PARENT: RunId = RunId::from_random([2; 10]);
const BINDING: ContentHash = ContentHash::from_bytes([9; 32]);

/// A run's events, one second apart.
struct Script {
    events: Vec<RunEvent>,
    seq: u64,
    second: i64,
    run: RunId,
}

impl Script {
    fn new() -> Self {
        Self {
            events: Vec::new(),
            seq: 0,
            second: 0,
            run: RUN,
        }
    }

    fn wait(mut self, seconds: i64) -> Self {
        self.second += seconds;
        self
    }

    fn journalled(mut self, kind: EventKind) -> Self {
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

    fn starts(self) -> Self {
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

    fn asks_model(self, step: u32, attempt: u32) -> Self {
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

    fn delta(mut self, step: u32, index: u64, text: &str) -> Self {
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

    fn thinks(mut self, step: u32, index: u64, text: &str) -> Self {
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

    fn answers(self, step: u32, content: Vec<Content>, cost: Option<&str>) -> Self {
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

    fn fails(self, step: u32, attempt: u32, retry_in_ms: Option<u64>) -> Self {
        self.journalled(EventKind::ModelFailed {
            step: StepId(step),
            attempt,
            message: "503".to_owned(),
            retry_in_ms,
            next_model: None,
            request_id: None,
        })
    }

    fn calls(self, step: u32, call: &str, tool: &str) -> Self {
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

    fn returns(self, step: u32, call: &str, tool: &str, is_error: bool) -> Self {
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

    fn asks(self, approval: Approval) -> Self {
        self.journalled(EventKind::ApprovalRequested(approval))
    }

    fn resolves(self, step: u32, answer: Answer) -> Self {
        self.journalled(EventKind::ApprovalResolved {
            step: StepId(step),
            binding: BINDING,
            answer,
            by: AnsweredBy::Person,
        })
    }

    fn parks(self, reason: ParkReason) -> Self {
        self.journalled(EventKind::RunParked { reason })
    }

    fn resumes(self) -> Self {
        self.journalled(EventKind::RunResumed {})
    }

    fn finishes(self, status: RunStatus, reason: EndReason, output: Option<Value>) -> Self {
        self.journalled(EventKind::RunFinished {
            status,
            reason,
            message: String::new(),
            output,
            usage: Usage::default(),
        })
    }

    fn fold(&self) -> RunState {
        let mut state = RunState::begin(&summary(RunStatus::Running, true));
        self.events.iter().for_each(|event| state.apply(event));
        state
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_763_712_000 + second).unwrap()
}

fn summary(status: RunStatus, driven: bool) -> RunSummary {
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

fn text(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
    }
}

fn wants(call: &str, tool: &str) -> Content {
    let arguments = json!({ "path": "../private" });
    Content::ToolCall(ToolCall {
        call_id: CallId(call.to_owned()),
        tool: tool.to_owned(),
        arguments,
        malformed: None,
    })
}

fn may_call(step: u32) -> Approval {
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

fn said(state: &RunState) -> Vec<String> {
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

fn tool(state: &RunState, step: u32) -> &ToolStep {
    match state
        .trace
        .place(StepId(step))
        .map(|place| state.trace.entries()[place].as_ref())
    {
        Some(Entry::Tool(tool)) => tool,
        other => panic!("step {step} is a tool call, not {other:?}"),
    }
}

fn model(state: &RunState, step: u32) -> &ModelStep {
    match state
        .trace
        .place(StepId(step))
        .map(|place| state.trace.entries()[place].as_ref())
    {
        Some(Entry::Model(model)) => model,
        other => panic!("step {step} is a model call, not {other:?}"),
    }
}

#[test]
fn a_whole_run_ends_with_its_words_and_figures() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "Re")
        .delta(1, 1, "ading")
        .answers(
            1,
            vec![text("Reading"), wants("c1", "list_files")],
            Some("0.0087"),
        )
        .calls(2, "c1", "list_files")
        .returns(2, "c1", "list_files", false)
        .asks_model(3, 1)
        .answers(3, vec![text("41 receipts")], Some("0.0210"));
    let state = script.fold();
    assert_eq!(
        said(&state),
        [
            "you: Make the report",
            "agent: Reading",
            "agent: 41 receipts"
        ]
    );
    assert_eq!(
        (state.usage.input_tokens, state.usage.output_tokens),
        (200, 20)
    );
    assert_eq!(state.usage.cost_usd, Some("0.0297".parse().unwrap()));
    assert_eq!((state.usage.model_calls, state.usage.tool_calls), (2, 1));
    assert_eq!(state.trace.entries().len(), 3);

    let ended = script
        .finishes(
            RunStatus::Succeeded,
            EndReason::Answered,
            Some(json!("41 receipts")),
        )
        .fold();
    assert_eq!(ended.phase(), Phase::Succeeded);
    assert_eq!(said(&ended).len(), 3, "the answer is not said twice");
    assert_eq!(ended.worked_ms(at(900)), 7_000);
}

#[test]
fn thoughts_show_as_they_come_beside_the_words() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .thinks(1, 0, "Let me ")
        .thinks(1, 0, "Let me ")
        .thinks(1, 1, "see.")
        .delta(1, 0, "Octo");
    let state = script.fold();
    let Some(Utterance::Agent(said)) = state.talk.last().map(|last| last.as_ref()) else {
        panic!("the agent speaks: {:?}", state.talk)
    };
    assert_eq!((&*said.reasoning, &*said.text), ("Let me see.", "Octo"));
    assert!(said.live && !said.gap, "{said:?}");
}

#[test]
fn pieces_show_as_they_come_and_only_once() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "Octo")
        .delta(1, 0, "Octo")
        .delta(1, 1, "ber");
    let state = script.fold();
    assert_eq!(said(&state), ["you: Make the report", "agent: October …"]);
    assert_eq!(
        state.phase(),
        Phase::Working(Doing::Reading("openai/gpt-5-mini".to_owned()))
    );
    let done = script
        .answers(1, vec![text("October.")], None)
        .delta(1, 2, "late")
        .fold();
    assert_eq!(said(&done), ["you: Make the report", "agent: October."]);
    assert_eq!(
        done.usage.cost_usd, None,
        "an unknown price makes the cost unknown"
    );
}

#[test]
fn a_missed_beginning_is_admitted() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 7, " receipts")
        .fold();
    let Some(Utterance::Agent(said)) = state.talk.last().map(|last| last.as_ref()) else {
        panic!("it spoke")
    };
    assert!(said.gap);
}

#[test]
fn what_a_failed_attempt_said_stays_until_the_answer_is_there() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "half an ans")
        .fails(1, 1, Some(2_000));
    let waiting = script.fold();
    assert_eq!(
        said(&waiting),
        ["you: Make the report", "agent: half an ans (cut off)"]
    );
    assert_eq!(waiting.phase(), Phase::Working(Doing::Retrying(at(5))));
    let again = script
        .asks_model(1, 2)
        .answers(1, vec![text("whole")], None)
        .fold();
    assert_eq!(said(&again), ["you: Make the report", "agent: whole"]);
    assert_eq!(model(&again, 1).failures.len(), 1);
    assert_eq!(again.trace.entries().len(), 1, "attempts share a line");
}

#[test]
fn of_several_attempts_the_one_that_got_furthest_stays_to_be_read() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .delta(1, 0, "The first page and more")
        .fails(1, 1, Some(2_000))
        .asks_model(1, 2)
        .delta(1, 0, "The first page")
        .fails(1, 2, None)
        .finishes(RunStatus::Failed, EndReason::Model, None)
        .fold();
    assert_eq!(
        said(&state),
        [
            "you: Make the report",
            "agent: The first page and more (cut off)"
        ]
    );
}

#[test]
fn what_was_read_stays_when_the_run_is_cancelled() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .thinks(1, 0, "hm")
        .delta(1, 0, "Octob")
        .finishes(RunStatus::Cancelled, EndReason::CancelledByPerson, None)
        .delta(1, 1, "er")
        .fold();
    assert_eq!(
        said(&state),
        ["you: Make the report", "agent: Octob (cut off)"]
    );
    assert_eq!(state.phase(), Phase::Cancelled);
}

#[test]
fn a_run_that_is_loaded_again_keeps_what_was_read() {
    let script = Script::new().starts().asks_model(1, 1);
    let journal = |script: &Script, status, driven| {
        let events = script.events.iter().filter(|event| event.seq.is_some());
        let mut loaded = RunState::load(&RunDetail {
            workdir: String::new(),
            summary: summary(status, driven),
            approvals: Vec::new(),
            more: false,
            events: events.cloned().collect(),
        });
        loaded.keep_pieces(&script.fold());
        loaded
    };
    let script = script.delta(1, 0, "Octo");
    let mut going_on = journal(&script, RunStatus::Running, true);
    assert_eq!(said(&going_on), ["you: Make the report", "agent: Octo …"]);
    let next = Script::new().delta(1, 1, "ber").events;
    next.iter().for_each(|event| going_on.apply(event));
    assert_eq!(
        said(&going_on),
        ["you: Make the report", "agent: October …"]
    );
    let stopped = journal(&script, RunStatus::Running, false);
    assert_eq!(
        said(&stopped),
        ["you: Make the report", "agent: Octo (cut off)"]
    );
    let mut answered = RunState::load(&RunDetail {
        workdir: String::new(),
        summary: summary(RunStatus::Running, true),
        approvals: Vec::new(),
        more: false,
        events: Script::new()
            .starts()
            .asks_model(1, 1)
            .answers(1, vec![text("October.")], None)
            .events,
    });
    answered.keep_pieces(&script.fold());
    assert_eq!(said(&answered), ["you: Make the report", "agent: October."]);
}

#[test]
fn who_is_told_of_a_failure_is_offered_a_way_out() {
    let again = WayOut::Again(StepId(1));
    let anew = WayOut::Anew {
        run: RUN,
        input: "Make the report".to_owned(),
    };
    let failed = |reason| {
        let script = Script::new().starts().asks_model(1, 1).fails(1, 1, None);
        let state = script.finishes(RunStatus::Failed, reason, None).fold();
        state.ways_out()
    };
    assert_eq!(failed(EndReason::Model), [again.clone(), WayOut::Models]);
    assert_eq!(failed(EndReason::OverBudget), [WayOut::Budgets]);
    assert_eq!(failed(EndReason::MaxSteps), [WayOut::Limits]);
    assert_eq!(failed(EndReason::NotGranted), std::slice::from_ref(&anew));
    let limited = |status, reason| {
        let mut state = Script::new().starts().finishes(status, reason, None).fold();
        state.budget_usd = Some("1".parse().unwrap());
        state.ways_out()
    };
    assert_eq!(
        limited(RunStatus::Failed, EndReason::OverBudget),
        [WayOut::Limits, WayOut::Budgets]
    );
    assert_eq!(
        limited(RunStatus::Failed, EndReason::Model),
        [anew, WayOut::Models],
        "what failed before its first call is asked once more"
    );
    let cancelled = |script: Script| {
        let by = (RunStatus::Cancelled, EndReason::CancelledByPerson);
        script.finishes(by.0, by.1, None).fold().ways_out()
    };
    let asked = Script::new().starts().asks_model(1, 1);
    assert_eq!(cancelled(asked.delta(1, 0, "Oc")), [again]);
    let calling =
        Script::new()
            .starts()
            .asks_model(1, 1)
            .answers(1, vec![wants("c0", "save")], None);
    assert_eq!(
        cancelled(calling.calls(2, "c0", "save")),
        [],
        "whether the call happened is for the person to see first"
    );
    let state = Script::new()
        .starts()
        .finishes(RunStatus::Succeeded, EndReason::Answered, None)
        .fold();
    assert_eq!(state.ways_out(), []);
}

#[test]
fn another_model_takes_the_same_line_over_and_says_why() {
    let failed = EventKind::ModelFailed {
        step: StepId(1),
        attempt: 1,
        message: "no credit".to_owned(),
        retry_in_ms: None,
        next_model: Some("mistral/small".to_owned()),
        request_id: None,
    };
    let skipped = EventKind::ModelSkipped {
        step: StepId(1),
        provider: "mistral".to_owned(),
        model: "small".to_owned(),
        message: "too small".to_owned(),
        next_model: "local/llama".to_owned(),
    };
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .journalled(failed)
        .journalled(skipped)
        .journalled(EventKind::ModelRequested {
            step: StepId(1),
            attempt: 2,
            provider: "local".to_owned(),
            model: "llama".to_owned(),
            prompted: false,
            reserved_usd: None,
        })
        .answers(1, vec![text("whole")], None)
        .fold();
    let step = model(&state, 1);
    assert_eq!(step.model, "local/llama", "the trace says who answered");
    let told: Vec<_> = step
        .failures
        .iter()
        .map(|failure| (failure.attempt, failure.next_model.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(1), Some("mistral/small")),
            (None, Some("local/llama"))
        ]
    );
    assert_eq!(state.trace.entries().len(), 1);
}

#[test]
fn a_model_that_is_passed_over_first_has_a_line() {
    let state = Script::new()
        .starts()
        .journalled(EventKind::ModelSkipped {
            step: StepId(1),
            provider: "openai".to_owned(),
            model: "gpt-5-mini".to_owned(),
            message: "too small".to_owned(),
            next_model: "local/llama".to_owned(),
        })
        .fold();
    assert_eq!(model(&state, 1).failures[0].message, "too small");
}

#[test]
fn events_that_come_twice_count_once() {
    let script = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![text("a")], Some("0.1"));
    let mut state = script.fold();
    let before = state.clone();
    script.events.iter().for_each(|event| state.apply(event));
    assert_eq!(state, before);
}

#[test]
fn parallel_calls_know_each_other() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(
            1,
            vec![wants("a", "list_files"), wants("b", "read_table")],
            None,
        )
        .calls(2, "a", "list_files")
        .calls(3, "b", "read_table")
        .returns(3, "b", "read_table", false)
        .fold();
    assert_eq!(tool(&state, 2).with, [StepId(3)]);
    assert_eq!(tool(&state, 3).with, [StepId(2)]);
    assert_eq!(
        state.phase(),
        Phase::Working(Doing::Calling(vec!["list_files".to_owned()]))
    );
}

#[test]
fn calls_one_after_the_other_are_not_parallel() {
    let state = Script::new()
        .starts()
        .calls(2, "a", "list_files")
        .returns(2, "a", "list_files", false)
        .calls(3, "b", "read_table")
        .fold();
    assert!(tool(&state, 2).with.is_empty() && tool(&state, 3).with.is_empty());
}

#[test]
fn a_refused_call_shows_what_the_model_wanted() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![wants("c1", "read_file")], None)
        .returns(2, "c1", "read_file", true)
        .fold();
    assert_eq!(tool(&state, 2).arguments, json!({ "path": "../private" }));
    assert!(matches!(
        tool(&state, 2).phase,
        ToolPhase::Returned {
            is_error: true,
            began: false,
            ..
        }
    ));
}

#[test]
fn an_approval_waits_is_answered_and_goes_on_without_a_break() {
    let asked = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![wants("c1", "write_file")], None)
        .asks(may_call(2));
    let waiting = asked.fold();
    assert_eq!(waiting.phase(), Phase::Waiting(ParkReason::Approval));
    assert_eq!(waiting.open_questions().count(), 1);

    let parked = asked.parks(ParkReason::Approval);
    let state = parked.fold();
    assert_eq!((state.status, state.driven), (RunStatus::Parked, false));
    assert_eq!(state.worked_ms(at(9_000)), 4_000, "time parked is not work");

    let going = parked
        .wait(600)
        .resumes()
        .resolves(2, Answer::Approve)
        .calls(2, "c1", "write_file")
        .fold();
    assert_eq!(going.open_questions().count(), 0);
    assert_eq!(
        tool(&going, 2).asked[0].answer,
        Some((Answer::Approve, AnsweredBy::Person))
    );
    assert!(matches!(tool(&going, 2).phase, ToolPhase::Running { .. }));
    assert!(
        !going
            .trace
            .entries()
            .iter()
            .any(|entry| matches!(entry.as_ref(), Entry::Break(_))),
        "an answer is no crash"
    );
    assert_eq!(going.worked_ms(going.clock.last_at), 4_000 + 2_000);
}

#[test]
fn an_answer_to_something_else_leaves_the_question_open() {
    let mut script = Script::new().starts().asks(may_call(2));
    script = script.journalled(EventKind::ApprovalResolved {
        step: StepId(2),
        binding: ContentHash::from_bytes([8; 32]),
        answer: Answer::Approve,
        by: AnsweredBy::Person,
    });
    assert_eq!(script.fold().open_questions().count(), 1);
}

#[test]
fn a_grant_is_a_question_of_its_own() {
    let permissions = vec![Permission::Network {
        host: "api.example.com".to_owned(),
    }];
    let approval = Approval {
        step: StepId(1),
        question: Question::Grant {
            permissions,
            behaviour: BINDING,
        },
        binding: BINDING,
        expires_at: None,
    };
    let parked = Script::new()
        .starts()
        .asks(approval)
        .parks(ParkReason::Grant);
    assert_eq!(parked.fold().phase(), Phase::Waiting(ParkReason::Grant));
    let granted = parked
        .resumes()
        .resolves(1, Answer::Approve)
        .asks_model(1, 1)
        .fold();
    assert_eq!(granted.open_questions().count(), 0);
    assert!(
        matches!(model(&granted, 1).phase, ModelPhase::Waiting { .. }),
        "the grant's step number is free for a call"
    );
}

#[test]
fn a_crash_shows_what_was_kept() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![wants("c1", "list_files")], None)
        .calls(2, "c1", "list_files")
        .wait(97)
        .resumes()
        .calls(2, "c1", "list_files")
        .returns(2, "c1", "list_files", false)
        .fold();
    let Some(Entry::Break(gap)) = state.trace.entries().get(2).map(|entry| entry.as_ref()) else {
        panic!("the break is in its place")
    };
    assert_eq!((gap.last_word, gap.resumed_at), (at(4), at(102)));
    assert_eq!((gap.kept, gap.made_again), (1, 0));
    assert_eq!(
        state.worked_ms(state.clock.last_at),
        3_000 + 2_000,
        "the gap is not work"
    );
}

#[test]
fn a_completed_step_that_is_made_again_is_not_hidden() {
    let state = Script::new()
        .starts()
        .calls(1, "c1", "list_files")
        .returns(1, "c1", "list_files", false)
        .resumes()
        .calls(1, "c1", "list_files")
        .fold();
    let made_again = state
        .trace
        .entries()
        .iter()
        .find_map(|entry| match entry.as_ref() {
            Entry::Break(gap) => Some(gap.made_again),
            _ => None,
        });
    assert_eq!(made_again, Some(1));
}

#[test]
fn an_unknown_outcome_is_asked_at_its_call() {
    let question = Question::Outcome {
        call_id: CallId("c1".to_owned()),
        tool: "http_request".to_owned(),
        arguments: json!({ "path": "receipts" }),
    };
    let script = Script::new()
        .starts()
        .calls(2, "c1", "http_request")
        .resumes()
        .asks(Approval {
            step: StepId(2),
            question,
            binding: BINDING,
            expires_at: None,
        })
        .parks(ParkReason::OutcomeUnknown);
    let state = script.fold();
    assert_eq!(state.phase(), Phase::Waiting(ParkReason::OutcomeUnknown));
    assert_eq!(tool(&state, 2).phase, ToolPhase::CutOff);
    assert_eq!(tool(&state, 2).asked.len(), 1);

    let told = script
        .resumes()
        .resolves(
            2,
            Answer::Happened {
                result: "201".to_owned(),
            },
        )
        .fold();
    let expected = ToolPhase::Returned {
        result: json!("201"),
        whole_bytes: None,
        is_error: false,
        took_ms: None,
        began: true,
    };
    assert_eq!(
        tool(&told, 2).phase,
        expected,
        "the person's word stands for the result"
    );
}

#[test]
fn a_cancelled_run_leaves_nothing_under_way_and_nothing_to_answer() {
    let state = Script::new()
        .starts()
        .calls(1, "c0", "list_files")
        .asks(may_call(2))
        .finishes(RunStatus::Cancelled, EndReason::CancelledByPerson, None)
        .fold();
    assert_eq!(state.phase(), Phase::Cancelled);
    assert_eq!(state.trace.under_way().count(), 0);
    assert_eq!(tool(&state, 1).phase, ToolPhase::CutOff);
    assert_eq!(state.open_questions().count(), 0);
}

#[test]
fn data_takes_the_place_of_the_words_that_spell_it() {
    let script =
        Script::new()
            .starts()
            .asks_model(1, 1)
            .answers(1, vec![text("{ \"total\": 41 }")], None);
    let state = script
        .finishes(
            RunStatus::Succeeded,
            EndReason::Answered,
            Some(json!({ "total": 41 })),
        )
        .fold();
    assert_eq!(
        said(&state),
        ["you: Make the report", "output: {\"total\":41}"]
    );
}

#[test]
fn a_continued_run_shows_its_parent_but_counts_its_own() {
    let mut script = Script::new();
    script.run = PARENT;
    let mut script = script
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![text("41 receipts")], Some("0.1"))
        .finishes(
            RunStatus::Succeeded,
            EndReason::Answered,
            Some(json!("41 receipts")),
        )
        .wait(3_600);
    script.run = RUN;
    let state = script
        .journalled(EventKind::RunContinued {
            parent: PARENT,
            input: "And in euros?".to_owned(),
            attachments: Vec::new(),
        })
        .asks_model(2, 1)
        .answers(2, vec![text("4,218.60")], Some("0.2"))
        .fold();
    assert_eq!(
        said(&state),
        [
            "you: Make the report",
            "agent: 41 receipts",
            "you: And in euros?",
            "agent: 4,218.60"
        ]
    );
    assert_eq!(state.usage.cost_usd, Some("0.2".parse::<Usd>().unwrap()));
    assert_eq!(state.status, RunStatus::Running);
    assert_eq!(state.end, None);
    assert_eq!(state.worked_ms(state.clock.last_at), 2_000);
    assert!(matches!(state.trace.entries()[1].as_ref(), Entry::Message));
}

#[test]
fn the_host_says_whether_a_run_is_driven() {
    let script = Script::new().starts().asks_model(1, 1);
    let mut detail = RunDetail {
        workdir: String::new(),
        summary: summary(RunStatus::Running, false),
        approvals: Vec::new(),
        more: false,
        events: script.events,
    };
    let cut = RunState::load(&detail);
    assert_eq!(cut.phase(), Phase::CutOff);
    assert_eq!(
        model(&cut, 1).phase,
        ModelPhase::CutOff,
        "nothing moves in a run that nobody drives"
    );
    detail.summary.driven = true;
    assert!(matches!(RunState::load(&detail).phase(), Phase::Working(_)));
}

#[test]
fn what_the_host_says_is_asked_is_asked_once() {
    let script = Script::new()
        .starts()
        .asks(may_call(2))
        .parks(ParkReason::Approval);
    let mut parked = summary(RunStatus::Parked, false);
    parked.parked = Some(ParkReason::Approval);
    let detail = RunDetail {
        workdir: String::new(),
        summary: parked,
        approvals: vec![may_call(2)],
        more: false,
        events: script.events,
    };
    assert_eq!(RunState::load(&detail).open_questions().count(), 1);
}

#[test]
fn an_ended_run_knows_its_end() {
    let mut ended = summary(RunStatus::Failed, false);
    let end = End {
        status: RunStatus::Failed,
        reason: EndReason::OverBudget,
        message: "It would cost more.".to_owned(),
        output: None,
    };
    ended.end = Some(end.clone());
    let state = RunState::load(&RunDetail {
        workdir: String::new(),
        summary: ended,
        approvals: Vec::new(),
        more: false,
        events: Vec::new(),
    });
    assert_eq!(state.phase(), Phase::Failed(Some(EndReason::OverBudget)));
    assert_eq!(state.end, Some(end));
}

#[test]
fn ten_thousand_steps_are_a_window_full_of_rows() {
    const CALLS: u32 = 2_500;
    let mut script = Script::new().starts();
    for round in 0..CALLS {
        let first = round * 4 + 1;
        let names = [1, 2, 3].map(|call| format!("call-{}", first + call));
        let wanted = names.iter().map(|name| wants(name, "read_file")).collect();
        script = script
            .asks_model(first, 1)
            .answers(first, wanted, Some("0.001"));
        for (name, step) in names.iter().zip(first + 1..) {
            script = script.calls(step, name, "read_file");
        }
        for (name, step) in names.iter().zip(first + 1..) {
            script = script.returns(step, name, "read_file", false);
        }
    }
    let state = script.fold();
    let entries = state.trace.entries();
    assert_eq!(entries.len(), 10_000);
    assert_eq!(state.usage.tool_calls, CALLS * 3);

    let view = crate::components::Viewport {
        top: 140_000.0,
        height: 900.0,
    };
    let rows = view.rows(std::iter::repeat_n(28.0, entries.len()));
    assert!(
        rows.end - rows.first < 64,
        "only what is in view is drawn: {rows:?}"
    );

    let waterfall = Waterfall::of(&state.trace, at(999_999));
    let bars: Vec<Bar> = entries
        .iter()
        .filter_map(|entry| waterfall.bar(entry.step()?, waterfall.whole()))
        .collect();
    assert_eq!(bars.len(), entries.len());
    assert!(
        bars.iter()
            .all(|bar| 0 <= bar.from && bar.from <= bar.to && bar.to <= PARTS)
    );
    assert_eq!(
        bars.last().map(|bar| bar.to),
        Some(PARTS),
        "the last ends where the axis ends"
    );
}

#[test]
fn what_ran_together_overlaps_and_what_waited_for_a_person_takes_no_room() {
    let state = Script::new()
        .starts()
        .asks_model(1, 1)
        .answers(
            1,
            vec![wants("a", "read_file"), wants("b", "read_file")],
            None,
        )
        .calls(2, "a", "read_file")
        .calls(3, "b", "read_file")
        .returns(2, "a", "read_file", false)
        .returns(3, "b", "read_file", false)
        .wait(3_600)
        .asks_model(4, 1)
        .answers(4, vec![text("Done")], None)
        .fold();
    let waterfall = Waterfall::of(&state.trace, at(99_999));
    let bar = |step: u32| waterfall.bar(StepId(step), waterfall.whole()).unwrap();
    assert!(bar(3).from < bar(2).to, "they ran at the same time");
    assert!(
        bar(1).to <= bar(2).from,
        "and after the answer that asked for them"
    );
    assert_eq!(bar(4).to, PARTS);
    assert!(waterfall.whole().to < 10_000, "{:?}", waterfall.whole());
}

#[test]
fn a_message_is_edited_where_it_was_said() {
    let mut script = Script::new();
    script.run = RUN;
    let state = script
        .starts()
        .asks_model(1, 1)
        .answers(1, vec![text("41")], None)
        .journalled(EventKind::RunContinued {
            parent: PARENT,
            input: "And in euros?".to_owned(),
            attachments: Vec::new(),
        })
        .fold();
    let origins: Vec<_> = state
        .talk
        .iter()
        .filter_map(|said| match said.as_ref() {
            Utterance::Person { origin, .. } => Some(*origin),
            _ => None,
        })
        .collect();
    assert_eq!(
        origins,
        [Origin::Start { run: PARENT }, Origin::After { run: PARENT }]
    );
}

#[test]
fn what_is_reserved_is_held_only_while_the_call_is_under_way() {
    let reserved = "0.0835".parse().ok();
    let asks = |script: Script| {
        script.journalled(EventKind::ModelRequested {
            step: StepId(1),
            attempt: 1,
            provider: "openai".to_owned(),
            model: "gpt-5-mini".to_owned(),
            prompted: false,
            reserved_usd: reserved,
        })
    };
    let under_way = asks(Script::new().starts());
    assert_eq!(under_way.fold().reserved.map(|(_, held)| held), reserved);
    let answered = under_way.answers(1, vec![text("41")], Some("0.01"));
    assert_eq!(answered.fold().reserved, None);
}
