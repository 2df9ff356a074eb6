//! Questions to a person, who is there or not.

use super::*;

#[tokio::test]
async fn an_unattended_question_parks_and_an_answer_goes_on() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let world = world(
        [
            Reply::calls([("a", "post", json!({"text": "hi"}))]),
            Reply::text("Posted."),
        ],
        vec![post.clone()],
    );
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::Approval));
    assert!(post.calls().is_empty());
    assert_eq!(world.journal.head(RUN).unwrap().status, RunStatus::Parked);

    let state = fold(&world.journal.read(RUN).await.unwrap()).unwrap();
    let question = state.questions()[0].clone();
    let mut resolution = Resolution {
        step: question.step,
        binding: ContentHash::from_bytes([0; 32]),
        answer: Answer::Approve,
        by: AnsweredBy::Person,
    };
    let wrong = resume(
        &world.ports,
        RUN,
        Some(resolution.clone()),
        &Control::default(),
    )
    .await;
    assert!(
        matches!(wrong, Err(DriveError::Illegal(_))),
        "an answer to another question is void: {wrong:?}"
    );
    assert!(post.calls().is_empty());
    resolution.binding = question.binding;
    let outcome = resume(&world.ports, RUN, Some(resolution), &Control::default())
        .await
        .unwrap();
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(post.calls().len(), 1);
}

#[tokio::test]
async fn a_person_who_is_there_is_asked_and_the_run_does_not_park() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Posted."),
        ],
        vec![post.clone()],
    );
    let approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    world.ports.approvals = approvals.clone();
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!((approvals.asked().len(), post.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_refusal_that_ends_the_run_starts_nothing_beside_it() {
    let post = Arc::new(ScriptedTool::echo("post", Effect::Write));
    let calls = || Reply::calls([("a", "nonsense", json!({})), ("b", "post", json!({}))]);
    let mut world = world(
        [calls(), calls(), calls(), Reply::text("Never.")],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Deny {
        reason: String::new(),
    }));
    let outcome = run(&world, spec(&[definition("post", Effect::Write)])).await;
    assert_eq!(
        ended(&outcome),
        (RunStatus::Failed, EndReason::RepeatedFailure)
    );
    assert!(post.calls().is_empty());
}
