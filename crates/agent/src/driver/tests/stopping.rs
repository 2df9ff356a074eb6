//! Runs that are stopped from outside: cancelled, or let go of to be resumed.

use super::*;

#[tokio::test]
async fn cancelling_in_the_middle_of_an_answer_ends_the_run_and_drops_the_call() {
    let world = world([Reply::hang()], vec![]);
    let control = Control::default();
    let cancel = control.cancel.clone();
    let (outcome, ()) = tokio::join!(start(&world.ports, RUN, spec(&[]), &control), async {
        while world.model.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert_eq!(
        ended(&outcome.unwrap()),
        (RunStatus::Cancelled, EndReason::CancelledByPerson)
    );
    assert_eq!(world.model.dropped(), 1, "the connection is closed");
    let again = resume(&world.ports, RUN, None, &Control::default()).await;
    assert!(matches!(again, Err(DriveError::Ended)));
}

#[tokio::test]
async fn a_run_that_is_let_go_of_goes_on_where_it_was() {
    let tool = Arc::new(ScriptedTool::echo("read", Effect::Read));
    let script = [
        Reply::calls([("a", "read", json!({}))]),
        Reply::hang(),
        Reply::text("Done."),
    ];
    let world = world(script, vec![tool.clone()]);
    let control = Control::default();
    let detach = control.detach.clone();
    let spec = spec(&[definition("read", Effect::Read)]);
    let (outcome, ()) = tokio::join!(start(&world.ports, RUN, spec, &control), async {
        while world.model.requests().len() < 2 {
            tokio::task::yield_now().await;
        }
        detach.cancel();
    });
    assert_eq!(outcome.unwrap(), Outcome::Detached);
    let outcome = resume(&world.ports, RUN, None, &Control::default())
        .await
        .unwrap();
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(tool.calls().len(), 1, "a completed call is not made again");
    assert_eq!(world.model.requests().len(), 3);
}

#[tokio::test]
async fn what_is_done_when_the_process_must_stop_is_kept() {
    let control = Control::default();
    let detach = control.detach.clone();
    let post = Arc::new(ScriptedTool::new(
        definition("post", Effect::Write),
        move |_| {
            // The order to stop comes while the call is about to return.
            detach.cancel();
            Ok(json!("posted"))
        },
    ));
    let mut world = world(
        [
            Reply::calls([("a", "post", json!({}))]),
            Reply::text("Done."),
        ],
        vec![post.clone()],
    );
    world.ports.approvals = Arc::new(ScriptedApprovals::always(Answer::Approve));
    let outcome = start(
        &world.ports,
        RUN,
        spec(&[definition("post", Effect::Write)]),
        &control,
    )
    .await
    .unwrap();
    assert_eq!(outcome, Outcome::Detached);
    let outcome = resume(&world.ports, RUN, None, &Control::default())
        .await
        .unwrap();
    assert_eq!(
        ended(&outcome).0,
        RunStatus::Succeeded,
        "nobody has to be asked: {outcome:?}"
    );
    assert_eq!(post.calls().len(), 1);
}
