//! What one turn of the wheel starts, journals and shows, and in which order.

use super::*;

#[tokio::test]
async fn parallel_calls_run_together_and_their_results_reach_the_next_request_in_order() {
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let slow = {
        let gate = gate.clone();
        Arc::new(ScriptedTool::with(
            definition("slow", Effect::Read),
            move |_| {
                let gate = gate.clone();
                async move {
                    gate.acquire().await.unwrap().forget();
                    Ok(json!("slow result"))
                }
            },
        ))
    };
    let fast = Arc::new(ScriptedTool::with(
        definition("fast", Effect::Read),
        move |_| {
            // Only a call that runs beside it can open the gate.
            gate.add_permits(1);
            async { Ok(json!({"fast": true})) }
        },
    ));
    let script = [
        Reply::calls([("a", "slow", json!({})), ("b", "fast", json!({}))]),
        Reply::text("Both done."),
    ];
    let world = world(script, vec![slow, fast]);
    let outcome = run(
        &world,
        spec(&[
            definition("slow", Effect::Read),
            definition("fast", Effect::Read),
        ]),
    )
    .await;
    assert_eq!(ended(&outcome), (RunStatus::Succeeded, EndReason::Answered));

    let requests = world.model.requests();
    assert_eq!(requests.len(), 2);
    let results: Vec<_> = requests[1]
        .messages
        .iter()
        .filter_map(|message| match message {
            Message::Tool { call_id, text, .. } => Some((call_id.0.as_str(), text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(results, [("a", "slow result"), ("b", r#"{"fast":true}"#)]);
}

#[tokio::test]
async fn an_event_is_shown_only_after_it_was_journalled() {
    struct Check {
        journal: Arc<MemoryJournal>,
        shown: Mutex<u64>,
    }
    impl Observer for Check {
        fn event(&self, event: &RunEvent) {
            let Some(seq) = event.seq else { return };
            let journalled = futures::executor::block_on(self.journal.read(RUN)).unwrap();
            assert!(
                journalled.iter().any(|recorded| recorded.seq == seq),
                "{event:?} was shown too early"
            );
            *self.shown.lock().unwrap() += 1;
        }
    }
    let tool = Arc::new(ScriptedTool::echo("read", Effect::Read));
    let mut world = world(
        [
            Reply::calls([("a", "read", json!({}))]),
            Reply::text("Done."),
        ],
        vec![tool],
    );
    let check = Arc::new(Check {
        journal: world.journal.clone(),
        shown: Mutex::new(0),
    });
    world.ports.observer = check.clone();
    run(&world, spec(&[definition("read", Effect::Read)])).await;
    assert!(*check.shown.lock().unwrap() >= 7);
}

#[tokio::test]
async fn a_long_conversation_is_compacted_and_the_journal_says_so() {
    let big = Arc::new(ScriptedTool::with(
        definition("read", Effect::Read),
        |_| async { Ok(json!("x".repeat(6000))) },
    ));
    let calls = (0..6).map(|n| Reply::calls([("a", "read", json!({"n": n}))]));
    let world = world(calls.chain([Reply::text("Done.")]), vec![big]);
    let mut spec = spec(&[definition("read", Effect::Read)]);
    spec.context_tokens = Some(6000);
    let outcome = run(&world, spec).await;
    assert_eq!(ended(&outcome).0, RunStatus::Succeeded);
    let requests = world.model.requests();
    let last = requests.last().unwrap();
    assert!(
        world.ports.tokens.count(last) <= 6000,
        "the request fits the window"
    );
    assert_eq!(&*last.instructions, "Do it.");
    assert!(
        matches!(&last.messages[0], Message::User { text, .. } if text == "Go."),
        "the task stays"
    );
    assert!(
        matches!(last.messages.last(), Some(Message::Tool { text, .. }) if text.len() == 6000),
        "the newest result stays whole"
    );
    let compacted = world
        .seen
        .0
        .lock()
        .unwrap()
        .iter()
        .any(|event| matches!(event.kind, EventKind::ContextCompacted { .. }));
    assert!(compacted, "compaction is visible");
}
