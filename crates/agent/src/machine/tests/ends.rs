//! How runs end, and go on.

use super::*;

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
