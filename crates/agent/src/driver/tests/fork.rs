//! Runs that go on from a step of another.

use slipway_contract::message::Content;
use slipway_contract::{CallId, StepId};

use super::*;
use crate::machine::Edit;

const FORKED: RunId = RunId::from_random([8; 10]);

/// A run that reads and writes side by side, then reads, then answers; and its steps.
async fn parent(more: impl IntoIterator<Item = Reply>) -> (World, Vec<Arc<ScriptedTool>>, RunSpec) {
    let tools = vec![
        Arc::new(ScriptedTool::echo("read", Effect::Read)),
        Arc::new(ScriptedTool::echo("write", Effect::Write)),
    ];
    let script = [
        Reply::calls([
            ("a", "read", json!({"n": 1})),
            ("b", "write", json!({"n": 2})),
        ]),
        Reply::calls([("c", "read", json!({"n": 3}))]),
        Reply::text("The first end."),
    ];
    let world = world(script.into_iter().chain(more), tools.clone());
    let mut spec = spec(&[
        definition("read", Effect::Read),
        definition("write", Effect::Write),
    ]);
    spec.tools[1].approval = Some(ApprovalPolicy::Allow);
    spec.granted = vec![Permission::Unasked {
        tool: "write".into(),
    }];
    let outcome = run(&world, spec.clone()).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    (world, tools, spec)
}

async fn forked(world: &World, spec: RunSpec, step: u32, edit: Option<Edit>) -> Outcome {
    let from = (StepId(step), edit);
    fork(&world.ports, FORKED, RUN, from, spec, &Control::default())
        .await
        .unwrap()
}

fn output(outcome: Outcome) -> serde_json::Value {
    match outcome {
        Outcome::Ended(end) => end.output.unwrap(),
        other => panic!("the run must end: {other:?}"),
    }
}

/// The texts of the tools' results in the newest request.
fn results(world: &World) -> Vec<String> {
    let requests = world.model.requests();
    let messages = &requests.last().unwrap().messages;
    let texts = messages.iter().filter_map(|message| match message {
        Message::Tool { text, .. } => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

#[tokio::test]
async fn a_model_call_is_made_again_and_what_was_before_is_shared() {
    let (world, tools, spec) = parent([Reply::text("Another end.")]).await;
    let before = world.journal.read(RUN).await.unwrap();
    // Steps: 1 model, 2 and 3 its calls, 4 model, 5 its call, 6 model.
    let outcome = forked(&world, spec, 6, None).await;
    assert_eq!(output(outcome), json!("Another end."));
    assert_eq!(tools[0].calls().len(), 2, "no tool is called again");
    assert_eq!(tools[1].calls().len(), 1);
    let events = world.journal.read(FORKED).await.unwrap();
    let own = events
        .iter()
        .position(|recorded| matches!(recorded.event, Event::Forked { .. }));
    let shared = &events[..own.unwrap()];
    assert_eq!(shared, &before[..shared.len()]);
    assert_eq!(
        world.journal.read(RUN).await.unwrap(),
        before,
        "the parent stays as it is"
    );
}

#[tokio::test]
async fn a_tool_call_is_made_again_and_its_siblings_keep_their_results() {
    let (world, tools, spec) = parent([Reply::text("Another end.")]).await;
    let outcome = forked(&world, spec, 2, None).await;
    assert_eq!(output(outcome), json!("Another end."));
    assert_eq!(tools[0].calls().len(), 3, "the reading call is made again");
    assert_eq!(
        tools[1].calls().len(),
        1,
        "the writing one beside it is not"
    );
    assert_eq!(results(&world), [r#"{"n":1}"#, r#"{"n":2}"#]);
}

#[tokio::test]
async fn a_result_can_be_edited() {
    let (world, tools, spec) = parent([Reply::text("Another end.")]).await;
    let edit = Edit::Result(json!("as the person says"));
    let outcome = forked(&world, spec, 3, Some(edit)).await;
    assert_eq!(output(outcome), json!("Another end."));
    assert_eq!(tools[1].calls().len(), 1);
    assert_eq!(results(&world), [r#"{"n":1}"#, "as the person says"]);
}

#[tokio::test]
async fn an_answer_can_be_edited_and_its_calls_are_made() {
    let (world, tools, spec) = parent([Reply::text("Another end.")]).await;
    let content = vec![Content::ToolCall(slipway_contract::message::ToolCall {
        call_id: CallId("mine".into()),
        tool: "read".into(),
        arguments: json!({"n": 9}),
        malformed: None,
    })];
    let outcome = forked(&world, spec, 1, Some(Edit::Answer(content))).await;
    assert_eq!(output(outcome), json!("Another end."));
    assert_eq!(tools[0].calls().last().unwrap().arguments, json!({"n": 9}));
    assert_eq!(results(&world), [r#"{"n":9}"#]);
}

#[tokio::test]
async fn an_edited_final_answer_is_an_end() {
    let (world, _, spec) = parent([]).await;
    let content = vec![Content::Text {
        text: "What I say.".into(),
    }];
    let outcome = forked(&world, spec, 6, Some(Edit::Answer(content))).await;
    assert_eq!(output(outcome), json!("What I say."));
    assert_eq!(world.model.requests().len(), 3, "no model is called");
}

#[tokio::test]
async fn an_approval_in_the_parent_was_for_one_call() {
    let (world, tools, mut spec) = parent([]).await;
    spec.granted = vec![];
    spec.tools[1].approval = Some(ApprovalPolicy::Ask);
    let outcome = forked(&world, spec, 3, None).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
    assert_eq!(tools[1].calls().len(), 1);
}

#[tokio::test]
async fn a_sibling_that_may_have_happened_in_the_parent_is_asked_about() {
    let (world, tools, spec) = parent([]).await;
    let events = world.journal.read(RUN).await.unwrap();
    // The parent as it was when both calls had begun and none had returned.
    let begun = events
        .iter()
        .rposition(
            |recorded| matches!(&recorded.event, Event::ToolRequested { step, .. } if step.0 == 3),
        )
        .unwrap();
    let point = fork_point(&events[..=begun], StepId(2), None).unwrap();
    assert_eq!(point.unknown, [StepId(3)]);
    let mut state = point.state;
    let forked = Event::Forked {
        parent: RUN,
        spec: Box::new(spec),
        from: StepId(2),
        settled: point.settled,
        unknown: point.unknown,
        answer: None,
        verdicts: None,
    };
    state
        .apply(&Recorded {
            seq: state.last_seq() + 1,
            at: events[begun].at,
            event: forked,
        })
        .unwrap();
    assert!(state.call(StepId(3)).unwrap().may_have_happened());
    assert_eq!(tools[1].calls().len(), 1);
}

#[tokio::test]
async fn what_is_no_step_or_no_fitting_edit_is_refused() {
    let (world, _, spec) = parent([]).await;
    let answer = || Some(Edit::Answer(vec![]));
    let result = || Some(Edit::Result(json!(1)));
    for (step, edit) in [
        (0, None),
        (7, None),
        (99, None),
        (2, answer()),
        (1, result()),
    ] {
        let (from, control) = ((StepId(step), edit), Control::default());
        let refused = fork(&world.ports, FORKED, RUN, from, spec.clone(), &control).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(refused, DriveError::NoFork(_)),
            "{step}: {refused}"
        );
    }
    assert!(world.journal.read(FORKED).await.is_err(), "no run was made");
}

#[tokio::test]
async fn a_fork_of_a_fork_shares_both_prefixes() {
    let (world, _, spec) = parent([Reply::text("Second."), Reply::text("Third.")]).await;
    forked(&world, spec.clone(), 6, None).await;
    let third = RunId::from_random([9; 10]);
    let from = (StepId(6), None);
    let outcome = fork(&world.ports, third, FORKED, from, spec, &Control::default()).await;
    assert_eq!(output(outcome.unwrap()), json!("Third."));
    let events = world.journal.read(third).await.unwrap();
    let answers = events
        .iter()
        .filter(|recorded| matches!(recorded.event, Event::ModelResponded { .. }));
    assert_eq!(answers.count(), 3);
}

#[tokio::test]
async fn a_fork_of_a_fork_keeps_what_the_first_took_over() {
    let ends = [Reply::text("Second."), Reply::text("Third.")];
    let (world, tools, spec) = parent(ends).await;
    forked(&world, spec.clone(), 2, None).await;
    let third = RunId::from_random([9; 10]);
    let (from, control) = ((StepId(2), None), Control::default());
    let outcome = fork(&world.ports, third, FORKED, from, spec, &control).await;
    assert_eq!(output(outcome.unwrap()), json!("Third."));
    assert_eq!(
        tools[1].calls().len(),
        1,
        "the writing call was made in the first run alone"
    );
    assert_eq!(results(&world), [r#"{"n":1}"#, r#"{"n":2}"#]);
}

#[tokio::test]
async fn an_edited_answer_and_its_calls_can_be_made_again() {
    let ends = ["Second.", "Third.", "Fourth."].map(Reply::text);
    let (world, tools, spec) = parent(ends).await;
    let content = vec![Content::ToolCall(slipway_contract::message::ToolCall {
        call_id: CallId("mine".into()),
        tool: "read".into(),
        arguments: json!({"n": 9}),
        malformed: None,
    })];
    forked(&world, spec.clone(), 1, Some(Edit::Answer(content))).await;
    for (number, step) in [(9, 1), (10, 2)] {
        let run = RunId::from_random([number; 10]);
        let (from, control) = ((StepId(step), None), Control::default());
        let outcome = fork(&world.ports, run, FORKED, from, spec.clone(), &control).await;
        assert!(matches!(outcome, Ok(Outcome::Ended(_))), "{outcome:?}");
    }
    assert_eq!(tools[0].calls().last().unwrap().arguments, json!({"n": 9}));
}

#[tokio::test]
async fn what_may_be_done_unasked_is_asked_before_it_is_done_again() {
    let (world, tools, spec) = parent([]).await;
    let outcome = forked(&world, spec, 3, None).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
    assert_eq!(tools[1].calls().len(), 1);
}
