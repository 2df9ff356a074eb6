//! What a run's end says of its calls: never other than the journal it stands in.

use slipway_contract::run::End;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::memory::approvals::Reaction;
use crate::ports::tool::ToolError;

/// A writing tool whose call returns once this happens.
fn returning(name: &str, once: &CancellationToken) -> Arc<ScriptedTool> {
    let once = once.clone();
    Arc::new(ScriptedTool::with(
        definition(name, Effect::Write),
        move |_| {
            let once = once.clone();
            async move {
                once.cancelled().await;
                Ok(json!("written"))
            }
        },
    ))
}

fn hanging(name: &str) -> Arc<ScriptedTool> {
    Arc::new(ScriptedTool::hanging(name, Effect::Write))
}

/// A model that calls both tools at once, in this order: their steps are 2 and 3.
fn both(first: &Arc<ScriptedTool>, second: &Arc<ScriptedTool>) -> World {
    let name = |tool: &Arc<ScriptedTool>| tool.definition().name.clone();
    let script = [
        Reply::calls([
            ("a", &*name(first), json!({})),
            ("b", &*name(second), json!({})),
        ]),
        Reply::text("Never asked."),
    ];
    world(script, vec![first.clone(), second.clone()])
}

/// What may write without asking.
fn free(names: &[&str]) -> RunSpec {
    let definitions: Vec<ToolDefinition> = names
        .iter()
        .map(|name| definition(name, Effect::Write))
        .collect();
    let mut spec = spec(&definitions);
    for tool in &mut spec.tools {
        tool.approval = Some(ApprovalPolicy::Allow);
        spec.granted.push(Permission::Unasked {
            tool: tool.definition.name.clone(),
        });
    }
    spec
}

async fn until_called(tools: [&Arc<ScriptedTool>; 2]) {
    while tools.iter().any(|tool| tool.calls().is_empty()) {
        tokio::task::yield_now().await;
    }
}

/// The run's end, which is the same wherever it is told.
async fn end_of(world: &World, outcome: Outcome) -> End {
    let Outcome::Ended(end) = outcome else {
        panic!("the run must end: {outcome:?}")
    };
    let journal = world.journal.read(RUN).await.unwrap();
    let Event::Finished(written) = &journal.last().unwrap().event else {
        panic!("an end is the last: {journal:?}")
    };
    assert_eq!(*written, end);
    assert_eq!(world.journal.head(RUN).unwrap().end, Some(end.clone()));
    end
}

/// The events of the newest append: all of them but the end are outcomes that came with it.
async fn returned_with_the_end(world: &World) -> bool {
    let journal = world.journal.read(RUN).await.unwrap();
    matches!(journal[journal.len() - 2].event, Event::ToolReturned { .. })
}

#[tokio::test]
async fn cancelling_names_what_is_open_and_not_what_returned_with_it() {
    let control = Control::default();
    let (a, b) = (returning("a", &control.cancel), hanging("b"));
    let world = both(&a, &b);
    let cancel = async {
        until_called([&a, &b]).await;
        control.cancel.cancel();
    };
    let run = start(&world.ports, RUN, free(&["a", "b"]), &control);
    let (outcome, ()) = tokio::join!(run, cancel);
    let end = end_of(&world, outcome.unwrap()).await;
    assert!(returned_with_the_end(&world).await, "both in one append");
    assert_eq!(
        end.message,
        "Cancelled. It is not known whether this happened: b (step 3)."
    );
}

#[tokio::test]
async fn cancelling_when_everything_returned_with_it_leaves_nothing_open() {
    let control = Control::default();
    let (a, b) = (
        returning("a", &control.cancel),
        returning("b", &control.cancel),
    );
    let world = both(&a, &b);
    let cancel = async {
        until_called([&a, &b]).await;
        control.cancel.cancel();
    };
    let run = start(&world.ports, RUN, free(&["a", "b"]), &control);
    let (outcome, ()) = tokio::join!(run, cancel);
    let end = end_of(&world, outcome.unwrap()).await;
    assert_eq!(end.message, "Cancelled.");
}

#[tokio::test]
async fn a_run_that_nobody_drives_is_cancelled_with_what_it_left_open() {
    let control = Control::default();
    let (a, b) = (hanging("a"), hanging("b"));
    let world = both(&a, &b);
    let detach = async {
        until_called([&a, &b]).await;
        control.detach.cancel();
    };
    let run = start(&world.ports, RUN, free(&["a", "b"]), &control);
    let (outcome, ()) = tokio::join!(run, detach);
    assert_eq!(outcome.unwrap(), Outcome::Detached);
    let outcome = cancel(&world.ports, RUN).await.unwrap();
    let end = end_of(&world, outcome).await;
    assert_eq!(
        end.message,
        "Cancelled. It is not known whether this happened: a (step 2), b (step 3)."
    );
}

#[tokio::test]
async fn a_run_out_of_time_says_what_is_open() {
    let once = CancellationToken::new();
    once.cancel();
    let (a, b) = (returning("a", &once), hanging("b"));
    let world = both(&a, &b);
    let mut spec = free(&["a", "b"]);
    spec.limits.timeout_ms = Some(20_000);
    let end = end_of(&world, run(&world, spec).await).await;
    assert_eq!(end.reason, EndReason::Timeout);
    assert_eq!(
        end.message,
        "The run took longer than its limit of 20 seconds (limits.timeout). It is not known whether this happened: b (step 3)."
    );
}

#[tokio::test]
async fn a_tool_that_ends_the_run_says_why_and_what_else_is_open() {
    let broken = || {
        Arc::new(ScriptedTool::new(definition("a", Effect::Write), |_| {
            Err(ToolError::Fatal("The disk is gone.".into()))
        }))
    };
    let (a, b) = (broken(), hanging("b"));
    let world = both(&a, &b);
    let end = end_of(&world, run(&world, free(&["a", "b"])).await).await;
    assert_eq!(end.reason, EndReason::Tool);
    assert_eq!(
        end.message,
        "The disk is gone. It is not known whether this happened: b (step 3)."
    );

    let once = CancellationToken::new();
    once.cancel();
    let (a, b) = (broken(), returning("b", &once));
    let world = both(&a, &b);
    let end = end_of(&world, run(&world, free(&["a", "b"])).await).await;
    assert!(returned_with_the_end(&world).await, "both in one append");
    assert_eq!(end.message, "The disk is gone.");
}

#[tokio::test]
async fn a_person_who_stops_at_a_question_is_told_what_else_is_open() {
    let (a, b) = (hanging("a"), hanging("b"));
    let mut world = both(&a, &b);
    world.ports.approvals = Arc::new(ScriptedApprovals::new([Reaction::Answer(Answer::Stop)]));
    let mut spec = free(&["a", "b"]);
    spec.tools[1].approval = Some(ApprovalPolicy::Ask);
    let end = end_of(&world, run(&world, spec).await).await;
    assert_eq!(end.reason, EndReason::Stopped);
    assert_eq!(
        end.message,
        "Stopped when asked about a tool call. It is not known whether this happened: a (step 2)."
    );
    assert!(b.calls().is_empty());
}

#[tokio::test]
async fn a_question_that_expires_names_what_is_open_as_the_journal_has_it() {
    let (a, b) = (hanging("a"), hanging("b"));
    let world = both(&a, &b);
    let mut spec = free(&["a", "b"]);
    spec.tools[1].approval = Some(ApprovalPolicy::Ask);
    spec.limits.approval_timeout_ms = Some(5_000);
    let end = end_of(&world, run(&world, spec).await).await;
    assert_eq!(end.reason, EndReason::ApprovalExpired);
    assert!(
        end.message
            .ends_with("It is not known whether this happened: a (step 2)."),
        "{}",
        end.message
    );
    assert_eq!(
        end.message.matches("not known").count(),
        1,
        "{}",
        end.message
    );
}
