//! The machine against random worlds: legal histories in random order, and events that do not belong.

use proptest::prelude::*;
use serde_json::json;
use slipway_contract::approval::{Answer, AnsweredBy};
use slipway_contract::message::{Content, StopReason, ToolCall};
use slipway_contract::permission::Permission;
use slipway_contract::run::{End, EndReason, ParkReason, RunStatus, Tokens};
use slipway_contract::tool::{
    ApprovalPolicy, DeclaredEffect, Effect as ToolEffect, ToolDefinition,
};
use slipway_contract::{CallId, ContentHash, StepId, Timestamp, Usd};

use super::*;
use crate::event::{Event, Recorded};
use crate::ports::model::{Billing, ModelErrorKind};
use crate::ports::tool::Found;
use crate::spec::{Limits, RunSpec, ToolSpec};

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
            model: state.spec().unwrap().model.clone(),
            max_output_tokens: None,
            reserved_usd: None,
            budgeted: false,
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

/// What a random world may do next: outcomes of what is under way.
fn outcomes(state: &State, dice: u8) -> Vec<Event> {
    let mut events = Vec::new();
    for work in state.under_way() {
        match work {
            Work::Model { step, attempt } => {
                let calls = |names: &[&str]| {
                    names
                        .iter()
                        .enumerate()
                        .map(|(i, name)| call(&format!("c{i}"), name))
                        .collect::<Vec<_>>()
                };
                events.push(match dice % 8 {
                    0 if dice > 128 => responded(
                        step,
                        attempt,
                        vec![
                            call("x", "read"),
                            call("x", "read"),
                            call("x", "read"),
                            call("y", "post"),
                        ],
                        StopReason::ToolCalls,
                    ),
                    0 => responded(step, attempt, vec![text("Done.")], StopReason::End),
                    1 => responded(
                        step,
                        attempt,
                        calls(&["read", "post"]),
                        StopReason::ToolCalls,
                    ),
                    2 => responded(
                        step,
                        attempt,
                        calls(&["put", "read", "nonsense"]),
                        StopReason::ToolCalls,
                    ),
                    3 => responded(
                        step,
                        attempt,
                        vec![call("x", "read"), call("x", "read")],
                        StopReason::ToolCalls,
                    ),
                    4 if dice > 128 => responded(
                        step,
                        attempt,
                        calls(&["nonsense", "post", "put"]),
                        StopReason::ToolCalls,
                    ),
                    4 => responded(step, attempt, vec![], StopReason::End),
                    5 => Event::ModelFailed {
                        step,
                        attempt,
                        kind: ModelErrorKind::Overloaded,
                        message: "overloaded".into(),
                        retry_in_ms: (attempt < 4).then_some(5),
                        billing: Billing::Unknown,
                        request_id: None,
                    },
                    6 => responded(
                        step,
                        attempt,
                        calls(&["post", "send", "send", "read"]),
                        StopReason::ToolCalls,
                    ),
                    _ => responded(
                        step,
                        attempt,
                        calls(&["read"]),
                        StopReason::Unknown("odd".into()),
                    ),
                });
            }
            Work::Wait { step, .. } => events.push(Event::WaitEnded { step }),
            Work::Tool { step, .. } => {
                let call = state.call(step).unwrap();
                let (call_id, tool) = (call.call_id.clone(), call.tool.clone());
                events.push(match dice % 5 {
                    0 => Event::ToolReturned {
                        step,
                        call_id,
                        tool,
                        result: json!("no"),
                        is_error: true,
                        took_ms: 1,
                    },
                    1 => Event::ToolOutcomeUnknown { step, call_id },
                    2 if dice > 200 => Event::ToolFailed {
                        step,
                        call_id,
                        message: "broken".into(),
                    },
                    _ => Event::ToolReturned {
                        step,
                        call_id,
                        tool,
                        result: json!({"ok": 1}),
                        is_error: false,
                        took_ms: 1,
                    },
                });
            }
            Work::Reconcile { step, .. } => events.push(Event::Reconciled {
                step,
                call_id: state.call(step).unwrap().call_id.clone(),
                tool: "send".into(),
                found: match dice % 3 {
                    0 => Found::Happened {
                        result: json!("sent"),
                    },
                    1 => Found::NotHappened,
                    _ => Found::Unknown,
                },
            }),
            Work::Ask(approval) => {
                let answer = match (&approval.question, dice % 3) {
                    (slipway_contract::approval::Question::Outcome { .. }, 0) => {
                        Answer::NotHappened
                    }
                    (slipway_contract::approval::Question::Outcome { .. }, _) => Answer::Happened {
                        result: "it did".into(),
                    },
                    (_, 0) => Answer::Deny {
                        reason: String::new(),
                    },
                    _ => Answer::Approve,
                };
                events.push(Event::ApprovalResolved {
                    step: approval.step,
                    binding: approval.binding,
                    answer,
                    by: AnsweredBy::Person,
                });
            }
        }
    }
    events
}

/// Events that may or may not belong.
fn stray(dice: u8, step: u32) -> Event {
    let step = StepId(step);
    let call_id = CallId("c0".into());
    match dice % 11 {
        0 => Event::Finished(End {
            status: RunStatus::Succeeded,
            reason: EndReason::Answered,
            message: String::new(),
            output: Some(json!("forged")),
        }),
        1 => Event::ToolReturned {
            step,
            call_id,
            tool: "read".into(),
            result: json!(1),
            is_error: false,
            took_ms: 0,
        },
        2 => Event::ModelRequested {
            step,
            attempt: 1,
            model: "test/model".parse().unwrap(),
            max_output_tokens: None,
            reserved_usd: None,
            budgeted: false,
        },
        3 => responded(step, 1, vec![text("Forged.")], StopReason::End),
        4 => Event::ToolRequested {
            step,
            attempt: 1,
            call_id,
            tool: "post".into(),
            arguments: json!({}),
            effect: ToolEffect::Write,
        },
        5 => Event::ApprovalResolved {
            step,
            binding: ContentHash::from_bytes([9; 32]),
            answer: Answer::Approve,
            by: AnsweredBy::Person,
        },
        6 => Event::WaitEnded { step },
        7 => Event::Parked {
            reason: ParkReason::Approval,
        },
        8 => Event::Resumed,
        9 => Event::ToolOutcomeUnknown { step, call_id },
        _ => Event::ToolRejected {
            step,
            call_id,
            tool: "post".into(),
            message: "no".into(),
        },
    }
}

/// A random history; returns the run and how many stray events were refused.
fn play(dice: &[u8]) -> (Run, usize) {
    let mut run = Run::started(spec());
    run.follow();
    let mut refused = 0;
    for chunk in dice.chunks_exact(3) {
        if chunk[0] % 3 == 0 {
            let before = run.state.clone();
            if run.add(stray(chunk[1], u32::from(chunk[2] % 12))).is_err() {
                assert_eq!(run.state, before, "a refused event must change nothing");
                refused += 1;
            }
            run.follow();
            continue;
        }
        let possible = outcomes(&run.state, chunk[1]);
        if !possible.is_empty() {
            let event = possible[usize::from(chunk[2]) % possible.len()].clone();
            run.add(event)
                .expect("an outcome of what is under way is legal");
            run.follow();
        }
    }
    (run, refused)
}

fn unresolved(state: &State) -> bool {
    state.calls().iter().any(|call| !call.is_settled())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn folding_any_prefix_gives_the_state_of_that_moment(dice in proptest::collection::vec(any::<u8>(), 0..240)) {
        let (run, _) = play(&dice);
        let mut grown = State::default();
        for (index, recorded) in run.events.iter().enumerate() {
            grown.apply(recorded).unwrap();
            let text = serde_json::to_string(&run.events[..=index]).unwrap();
            let read: Vec<Recorded> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&fold(&read).unwrap(), &grown, "after event {}", index + 1);
        }
        prop_assert_eq!(&grown, &run.state);
    }

    #[test]
    fn no_order_of_events_succeeds_with_an_unresolved_call(dice in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (run, _) = play(&dice);
        let mut state = State::default();
        for recorded in &run.events {
            let before = state.clone();
            state.apply(recorded).unwrap();
            if state.status() == RunStatus::Succeeded {
                prop_assert!(!unresolved(&before) && !unresolved(&state));
                let output = state.end().unwrap().output.clone();
                prop_assert!(output != Some(json!("forged")), "only the model's own answer can succeed");
            }
        }
        let ends = run.events.iter().filter(|recorded| matches!(recorded.event, Event::Finished(_))).count();
        prop_assert!(ends <= 1, "a run ends once");
    }

    #[test]
    fn resuming_anywhere_repeats_only_what_is_safe(
        dice in proptest::collection::vec(any::<u8>(), 0..240),
        at in any::<prop::sample::Index>(),
    ) {
        let (run, _) = play(&dice);
        let cut = at.index(run.events.len()) + 1;
        let before = fold(&run.events[..cut]).unwrap();
        let mut resumed = Run { state: before.clone(), events: run.events[..cut].to_vec() };
        if before.end().is_some() {
            prop_assert!(resumed.add(Event::Resumed).is_err(), "an ended run is not taken up again");
            return Ok(());
        }
        resumed.add(Event::Resumed).unwrap();
        resumed.follow();
        for (old, new) in before.calls().iter().zip(resumed.state.calls()) {
            if old.status == CallStatus::InFlight && !old.effect.repeatable() {
                let looks = matches!((&new.status, new.tool.as_str()), (CallStatus::Reconciling, "send"));
                let asks = matches!(new.status, CallStatus::AskedOutcome(_)) || looks;
                prop_assert!(asks || resumed.state.end().is_some(), "a cut-off write must ask: {new:?}");
            }
            if old.is_settled() {
                prop_assert_eq!(old, new, "a settled call is never made again");
            }
        }
    }
}

#[test]
fn strays_are_refused_often_enough_to_mean_something() {
    let dice: Vec<u8> = (0..3000_u32)
        .map(|i| u8::try_from(i.wrapping_mul(2_654_435_761) >> 24).unwrap())
        .collect();
    let (_, refused) = play(&dice);
    assert!(refused > 50, "only {refused} stray events were refused");
}

#[test]
fn results_go_to_the_model_in_the_order_asked() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(
        vec![call("a", "read"), call("b", "read")],
        StopReason::ToolCalls,
    );
    let steps: Vec<StepId> = run.state.calls().iter().map(|call| call.step).collect();
    for (step, id) in [(steps[1], "b"), (steps[0], "a")] {
        let event = Event::ToolReturned {
            step,
            call_id: CallId(id.into()),
            tool: "read".into(),
            result: json!(id),
            is_error: false,
            took_ms: 1,
        };
        run.add(event).unwrap();
    }
    let order: Vec<String> = run
        .state
        .messages()
        .into_iter()
        .filter_map(|message| match message {
            slipway_contract::message::Message::Tool { call_id, .. } => Some(call_id.0),
            _ => None,
        })
        .collect();
    assert_eq!(order, ["a", "b"]);
}

#[test]
fn a_writing_tool_asks_and_a_denial_is_told_to_the_model() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(vec![call("a", "post")], StopReason::ToolCalls);
    assert_eq!(run.state.parked(), Some(ParkReason::Approval));
    assert_eq!(run.state.status(), RunStatus::Parked);
    let question = run.state.questions()[0].clone();
    let resolve = |binding| Event::ApprovalResolved {
        step: question.step,
        binding,
        answer: Answer::Deny {
            reason: "too early".into(),
        },
        by: AnsweredBy::Person,
    };
    assert!(
        run.add(resolve(ContentHash::from_bytes([0; 32]))).is_err(),
        "another binding is another question"
    );
    run.add(resolve(question.binding)).unwrap();
    run.follow();
    let last = run.state.messages().pop();
    let Some(slipway_contract::message::Message::Tool { text, is_error, .. }) = last else {
        panic!("the model must be told")
    };
    assert!(is_error && text.contains("too early"), "{text}");
    assert_eq!(
        run.state.usage().tool_calls,
        0,
        "what was denied was not made"
    );
}

#[test]
fn a_package_that_asks_for_more_does_nothing_before_it_is_granted() {
    let mut asking = spec();
    asking.missing = vec![Permission::Network {
        host: "api.example.com".into(),
    }];
    let mut run = Run::started(asking.clone());
    run.follow();
    assert_eq!(run.state.parked(), Some(ParkReason::Grant));
    assert!(
        run.state
            .under_way()
            .iter()
            .all(|work| matches!(work, Work::Ask(_)))
    );
    let question = run.state.questions()[0].clone();
    let answer = |answer| Event::ApprovalResolved {
        step: question.step,
        binding: question.binding,
        answer,
        by: AnsweredBy::Person,
    };
    run.add(answer(Answer::Approve)).unwrap();
    run.follow();
    assert!(
        run.state
            .spec()
            .unwrap()
            .granted
            .contains(&asking.missing[0])
    );
    assert!(matches!(run.state.under_way()[0], Work::Model { .. }));

    let mut refused = Run::started(asking);
    refused.follow();
    refused
        .add(answer(Answer::Deny {
            reason: String::new(),
        }))
        .unwrap();
    refused.follow();
    assert_eq!(refused.state.end().unwrap().reason, EndReason::NotGranted);
}

#[test]
fn an_allowed_writing_tool_still_asks_unless_that_was_granted() {
    let mut allowing = spec();
    allowing.tools[2].approval = Some(ApprovalPolicy::Allow);
    let mut run = Run::started(allowing.clone());
    run.follow();
    run.answer(vec![call("a", "post")], StopReason::ToolCalls);
    assert_eq!(
        run.state.parked(),
        Some(ParkReason::Approval),
        "a package's wish is not a grant"
    );

    allowing.granted.push(Permission::Unasked {
        tool: "post".into(),
    });
    let mut run = Run::started(allowing);
    run.follow();
    run.answer(vec![call("a", "post")], StopReason::ToolCalls);
    assert!(matches!(run.state.under_way()[0], Work::Tool { .. }));
}

#[test]
fn two_calls_with_one_id_are_both_told_off_and_stay_apart() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(
        vec![call("x", "read"), call("x", "put"), call("x-1", "read")],
        StopReason::ToolCalls,
    );
    let ids: std::collections::BTreeSet<_> = run
        .state
        .calls()
        .iter()
        .map(|call| call.call_id.clone())
        .collect();
    assert_eq!(ids.len(), 3, "{ids:?}");
    assert_eq!(
        run.state.usage().tool_calls,
        1,
        "only the call with an id of its own is made"
    );
}

#[test]
fn the_same_failing_call_ends_the_run() {
    let mut run = Run::started(spec());
    run.follow();
    for _ in 0..3 {
        run.answer(vec![call("a", "nonsense")], StopReason::ToolCalls);
    }
    assert_eq!(
        run.state.end().map(|end| end.reason),
        Some(EndReason::RepeatedFailure)
    );
}

#[test]
fn max_steps_ends_the_run_before_the_next_step() {
    let mut short = spec();
    short.limits.max_steps = 4;
    let mut run = Run::started(short);
    run.follow();
    run.answer(vec![call("a", "nonsense")], StopReason::ToolCalls);
    run.answer(
        vec![call("b", "nonsense"), call("c", "nonsense")],
        StopReason::ToolCalls,
    );
    assert_eq!(
        run.state.end().map(|end| end.reason),
        Some(EndReason::MaxSteps)
    );
}

#[test]
fn an_ended_run_is_continued_with_its_conversation() {
    let mut run = Run::started(spec());
    run.follow();
    run.answer(vec![text("Four.")], StopReason::End);
    assert_eq!(run.state.status(), RunStatus::Succeeded);
    let mut further = spec();
    further.input = "And twice that?".into();
    let parent = slipway_contract::RunId::from_random([1; 10]);
    run.add(Event::Continued {
        parent,
        spec: Box::new(further),
    })
    .unwrap();
    run.follow();
    assert_eq!(
        run.state.messages().len(),
        3,
        "task, answer, further message"
    );
    assert_eq!(
        run.state.usage().model_calls,
        1,
        "a run's figures are its own"
    );
    assert!(matches!(
        run.state.under_way()[0],
        Work::Model {
            step: StepId(2),
            attempt: 1
        }
    ));
}
