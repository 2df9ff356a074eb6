//! Models that stand in: only the next one may be fallen back to, and nobody is gone back to.

use proptest::prelude::*;
use slipway_contract::model::ModelRef;

use super::*;
use crate::ports::model::{Billing, ModelErrorKind};
use crate::spec::Route;

fn name(place: usize) -> ModelRef {
    let names = ["test/model", "test/second", "test/third"];
    names[place].parse().unwrap()
}

fn with_stand_ins() -> RunSpec {
    let mut spec = spec();
    spec.fallback = [1, 2]
        .map(|place| Route {
            model: name(place),
            context_tokens: None,
        })
        .to_vec();
    spec
}

fn failed(
    step: StepId,
    attempt: u32,
    kind: ModelErrorKind,
    retry_in_ms: Option<u64>,
    next: Option<ModelRef>,
) -> Event {
    Event::ModelFailed {
        step,
        attempt,
        kind,
        message: "it failed".into(),
        retry_in_ms,
        next,
        billing: Billing::Nothing,
        request_id: None,
    }
}

#[track_caller]
fn refused(run: &mut Run, event: &Event) {
    let before = run.state.clone();
    assert!(run.add(event.clone()).is_err(), "{event:?} must not fit");
    assert_eq!(run.state, before, "what is refused changes nothing");
}

#[test]
fn only_the_next_model_may_be_fallen_back_to() {
    let mut run = Run::started(with_stand_ins());
    run.follow();
    let (step, quota) = (StepId(1), ModelErrorKind::Quota);
    for (kind, retry_in_ms, next) in [
        (quota, None, name(0)),
        (quota, None, name(2)),
        (quota, Some(5), name(1)),
        (ModelErrorKind::Refused, None, name(1)),
    ] {
        refused(&mut run, &failed(step, 1, kind, retry_in_ms, Some(next)));
    }
    run.add(failed(step, 1, quota, None, Some(name(1))))
        .unwrap();
    assert_eq!(run.state.model_in_force(), Some(&name(1)));
    let requested = |model: ModelRef| Event::ModelRequested {
        step,
        attempt: 2,
        model,
        max_output_tokens: None,
        reserved_usd: None,
        budgeted: false,
        prompted: false,
        unpriced: false,
    };
    refused(&mut run, &requested(name(0)));
    refused(&mut run, &requested(name(2)));
    run.add(requested(name(1))).unwrap();
    assert_eq!(run.state.model_call().unwrap().since, 2);
}

#[test]
fn a_model_is_passed_over_only_where_it_was_to_be_asked() {
    let mut run = Run::started(with_stand_ins());
    let skipped = |model, next| Event::ModelSkipped {
        step: StepId(1),
        model,
        message: "too small".into(),
        next,
    };
    refused(&mut run, &skipped(name(1), name(2)));
    refused(&mut run, &skipped(name(0), name(2)));
    run.add(skipped(name(0), name(1))).unwrap();
    run.follow();
    assert_eq!(run.state.model_call().unwrap().attempt, 1);
    refused(&mut run, &skipped(name(1), name(2)));
    run.add(failed(StepId(1), 1, ModelErrorKind::Quota, None, None))
        .unwrap();
    refused(&mut run, &skipped(name(1), name(2)));
}

#[test]
fn a_run_that_names_no_other_model_ends_as_ever() {
    let mut run = Run::started(spec());
    run.follow();
    assert_eq!(run.state.falls_back(ModelErrorKind::Quota), None);
    refused(
        &mut run,
        &failed(StepId(1), 1, ModelErrorKind::Quota, None, Some(name(1))),
    );
    run.add(failed(StepId(1), 1, ModelErrorKind::Quota, None, None))
        .unwrap();
    run.follow();
    assert_eq!(run.state.end().unwrap().reason, EndReason::Model);
}

#[test]
fn a_journal_without_the_newer_fields_is_read() {
    let old = r#"{"event":"model_failed","step":1,"attempt":1,"kind":"quota","message":"no credit","retry_in_ms":null}"#;
    let event: Event = serde_json::from_str(old).unwrap();
    assert!(matches!(event, Event::ModelFailed { next: None, .. }));
    let written = serde_json::to_string(&spec()).unwrap();
    assert!(!written.contains("fallback"), "{written}");
}

/// What became of one attempt.
#[derive(Debug, Clone)]
enum Came {
    Answer,
    Calls,
    Fails(ModelErrorKind),
    Waits,
    Stops,
}

fn came() -> impl Strategy<Value = Came> {
    use ModelErrorKind as Kind;
    let kinds = [
        Kind::Authentication,
        Kind::Quota,
        Kind::Network,
        Kind::ContextTooLong,
        Kind::Refused,
        Kind::AnswerTooLong,
    ];
    prop_oneof![
        2 => Just(Came::Calls),
        1 => Just(Came::Answer),
        4 => proptest::sample::select(kinds.to_vec()).prop_map(Came::Fails),
        2 => Just(Came::Waits),
        1 => Just(Came::Stops),
    ]
}

proptest! {
    #[test]
    fn nobody_is_gone_back_to_and_the_journal_says_who_is_asked(
        history in proptest::collection::vec(came(), 0..40),
    ) {
        let mut run = Run::started(with_stand_ins());
        run.follow();
        let mut at = 0;
        for came in history {
            if run.state.end().is_some() {
                break;
            }
            let Some(under_way) = run.state.model_call() else { break };
            let (step, attempt) = (under_way.step, under_way.attempt);
            match came {
                Came::Answer => run.answer(vec![text("Done.")], StopReason::End),
                Came::Calls => {
                    run.answer(vec![call("x", "read")], StopReason::ToolCalls);
                    for work in run.state.under_way() {
                        if let Work::Tool { step, .. } = work {
                            let event = Event::ToolReturned {
                                step,
                                call_id: CallId("x".into()),
                                tool: "read".into(),
                                result: json!("read"),
                                is_error: false,
                                took_ms: 1,
                            };
                            run.add(event).unwrap();
                        }
                    }
                }
                Came::Fails(kind) => {
                    let next = run.state.falls_back(kind).cloned();
                    run.add(failed(step, attempt, kind, None, next)).unwrap();
                }
                Came::Waits => {
                    run.add(failed(step, attempt, ModelErrorKind::Network, Some(3), None)).unwrap();
                    run.add(Event::WaitEnded { step }).unwrap();
                }
                Came::Stops => run.add(Event::Resumed).unwrap(),
            }
            // A conversation that cannot be shortened is given to the next model.
            if run.state.shrink_wanted() && let Some(next) = run.state.routes_left().first() {
                let event = Event::ModelSkipped {
                    step,
                    model: run.state.model_in_force().unwrap().clone(),
                    message: "too long".into(),
                    next: next.model.clone(),
                };
                run.add(event).unwrap();
            }
            run.follow();
            let now = (0..3).position(|place| run.state.model_in_force() == Some(&name(place)));
            prop_assert!(now.unwrap() >= at, "it went back");
            at = now.unwrap();
            let asked = run.events.iter().rev().find_map(|recorded| match &recorded.event {
                Event::ModelRequested { model, .. } => Some(model.clone()),
                _ => None,
            });
            if matches!(run.state.model_call(), Some(call) if call.status == ModelStatus::InFlight) {
                prop_assert_eq!(asked.as_ref(), run.state.model_in_force());
            }
        }
        prop_assert_eq!(fold(&run.events).unwrap(), run.state);
    }
}
