//! Random worlds: legal histories in random order, and events that do not belong.

use proptest::prelude::*;
use slipway_contract::approval::{Answer, AnsweredBy};
use slipway_contract::run::{End, ParkReason};

use super::*;
use crate::ports::model::{Billing, ModelErrorKind};
use crate::ports::tool::Found;

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
                        next: None,
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
            prompted: false,
            unpriced: false,
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
