//! Calls of unknown outcome whose tool can find out what became of them.

use super::*;
use crate::machine::decide;
use crate::ports::tool::{Found, ToolError};

/// A run whose only call writes, breaks once, and is looked for with this result.
async fn looked_for(found: Found) -> (World, Arc<ScriptedTool>, Outcome) {
    let attempts = Mutex::new(0);
    let send = ScriptedTool::new(definition("send", Effect::Write), move |_| {
        let mut attempts = attempts.lock().unwrap();
        *attempts += 1;
        match *attempts {
            1 => Err(ToolError::Unknown("the line broke".into())),
            _ => Ok(json!("sent now")),
        }
    });
    let send = Arc::new(send.reconciling(move |_| found.clone()));
    let script = [
        Reply::calls([("a", "send", json!({}))]),
        Reply::text("Done."),
    ];
    let world = world(script, vec![send.clone()]);
    let mut spec = spec(&[definition("send", Effect::Write)]);
    spec.tools[0].reconciles = true;
    spec.tools[0].approval = Some(ApprovalPolicy::Allow);
    spec.granted = vec![Permission::Unasked {
        tool: "send".into(),
    }];
    let outcome = run(&world, spec).await;
    (world, send, outcome)
}

fn result(world: &World) -> String {
    let requests = world.model.requests();
    let last = requests.last().unwrap().messages.last().unwrap();
    match last {
        Message::Tool { text, .. } => text.clone(),
        other => panic!("the result comes last: {other:?}"),
    }
}

#[tokio::test]
async fn what_happened_is_not_done_again() {
    let found = Found::Happened {
        result: json!("sent before"),
    };
    let (world, send, outcome) = looked_for(found).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    assert_eq!(send.calls().len(), 1);
    assert_eq!(result(&world), "sent before");
    let seen = world.seen.0.lock().unwrap();
    let returned = seen.iter().filter(
        |event| matches!(&event.kind, EventKind::ToolReturned { tool, .. } if tool == "send"),
    );
    assert_eq!(returned.count(), 1, "the person sees the result, once");
}

#[tokio::test]
async fn what_did_not_happen_is_done_now_and_under_the_same_key() {
    let (world, send, outcome) = looked_for(Found::NotHappened).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let keys: Vec<_> = send
        .calls()
        .into_iter()
        .map(|call| call.idempotency_key)
        .collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
    assert_eq!(result(&world), "sent now");
}

#[tokio::test]
async fn what_the_tool_cannot_tell_is_asked_and_not_done() {
    let (_, send, outcome) = looked_for(Found::Unknown).await;
    assert_eq!(outcome, Outcome::Parked(ParkReason::OutcomeUnknown));
    assert_eq!(send.calls().len(), 1);
}

#[tokio::test]
async fn a_run_that_is_killed_while_the_tool_looks_looks_again() {
    let found = Found::Happened {
        result: json!("sent before"),
    };
    let (world, send, _) = looked_for(found).await;
    let events = world.journal.read(RUN).await.unwrap();
    let asked = events
        .iter()
        .position(|recorded| matches!(recorded.event, Event::ReconcileRequested { .. }))
        .unwrap();
    let mut state = fold(&events[..=asked]).unwrap();
    state
        .apply(&Recorded {
            seq: state.last_seq() + 1,
            at: events[asked].at,
            event: Event::Resumed,
        })
        .unwrap();
    let step = events
        .iter()
        .find_map(|recorded| match recorded.event {
            Event::ReconcileRequested { step, .. } => Some(step),
            _ => None,
        })
        .unwrap();
    assert_eq!(decide(&state), [crate::machine::Effect::Reconcile { step }]);
    assert_eq!(send.calls().len(), 1);
}
