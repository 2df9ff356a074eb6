//! Tools that changed, break, or give no answer.

use super::*;

#[tokio::test]
async fn a_tool_that_changed_since_the_run_began_is_not_called() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let mut world = world(
        [Reply::calls([("a", "post", json!({}))])],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    let mut told = definition("post", Effect::Write);
    told.description.push_str(" (as it was approved)");
    let outcome = run(&world, spec(&[told])).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Tool));
    assert!(post.calls().is_empty());
}

#[tokio::test]
async fn a_writing_tool_that_gives_no_answer_parks_with_the_question_whether_it_happened() {
    let post = Arc::new(
        ScriptedTool::hanging("post", Effect::Write).timing_out_after(Duration::from_secs(5)),
    );
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Fine."),
        ],
        vec![post],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::new([
        crate::memory::approvals::Reaction::Answer(Answer::Approve),
    ]));
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::OutcomeUnknown));
}

#[tokio::test]
async fn a_tool_that_panics_fails_the_run_and_nothing_else() {
    let tool = Arc::new(ScriptedTool::with(
        definition("read", Effect::Read),
        |_| async { panic!("a fault in the tool") },
    ));
    let world = world([Reply::calls([("a", "read", json!({}))])], vec![tool]);
    let outcome = run(&world, spec(&[definition("read", Effect::Read)])).await;
    assert_eq!(ended(&outcome), (RunStatus::Failed, EndReason::Tool));
}

#[tokio::test]
async fn a_call_with_an_unknown_outcome_is_repeated_only_if_that_is_safe() {
    for (effect, calls, outcome) in [
        (Effect::Read, 1, None),
        (Effect::Idempotent, 2, Some(ParkReason::OutcomeUnknown)),
        (Effect::Write, 1, Some(ParkReason::OutcomeUnknown)),
    ] {
        let lost = Arc::new(ScriptedTool::new(definition("lost", effect), |_| {
            Err(crate::ports::tool::ToolError::Unknown(
                "the connection broke".into(),
            ))
        }));
        let mut world = world(
            [
                Reply::calls([("a", "lost", json!({}))]),
                Reply::text("Told."),
            ],
            vec![lost.clone()],
        );
        world.ports.approvals = Arc::new(ScriptedApprovals::new([
            crate::memory::approvals::Reaction::Answer(Answer::Approve),
        ]));
        let came = run(&world, spec(&[definition("lost", effect)])).await;
        match outcome {
            Some(reason) => assert_eq!(came, Outcome::Parked(reason), "{effect:?}"),
            None => assert_eq!(ended(&came).0, RunStatus::Succeeded, "{effect:?}"),
        }
        assert_eq!(lost.calls().len(), calls, "{effect:?}");
    }
}
