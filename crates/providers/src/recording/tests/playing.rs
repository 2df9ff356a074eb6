//! Recordings as they are played.

use slipway_agent::event::Event;
use slipway_agent::memory::model::CollectedDeltas;
use slipway_agent::ports::model::{ModelErrorKind, ModelRequest};
use slipway_contract::model::Price;

use super::*;

/// The message with which a run ended because its recording did not fit.
pub(super) fn mismatch(ran: &Ran) -> &str {
    let End {
        status,
        reason,
        message,
        ..
    } = &ran.end;
    assert_eq!(
        (*status, *reason),
        (RunStatus::Failed, EndReason::RecordingMismatch),
        "{message}"
    );
    message
}

#[tokio::test]
async fn the_same_world_gives_the_same_run_for_nothing() {
    let live = World::default().live().await;
    let played = World::default().play(&recorded().await).await;
    assert_eq!(played.end.status, RunStatus::Succeeded, "{:?}", played.end);
    assert_eq!(played.end, live.end);
    let answers = |ran: &Ran| -> Vec<(Vec<Content>, Tokens)> {
        ran.events
            .iter()
            .filter_map(|one| match &one.event {
                Event::ModelResponded { content, usage, .. } => Some((content.clone(), *usage)),
                _ => None,
            })
            .collect()
    };
    assert_eq!(answers(&played), answers(&live));
    let cost = played.events.iter().find_map(|one| match &one.event {
        Event::ModelResponded { cost_usd, .. } => Some(*cost_usd),
        _ => None,
    });
    assert_eq!(cost, Some(Some(Price::FREE.input)));
}

#[tokio::test]
async fn what_is_volatile_may_differ() {
    let recording = recorded().await;
    let elsewhere = World {
        workdir: "C:\\Users\\Ada\\receipts",
        receipt: json!({"took_ms": 71, "at": "2027-01-01T00:00:00.5+01:00", "total": "12.50", "path": "C:\\Users\\Ada\\receipts/a.csv"}),
        instructions: "You add up receipts.\r\nBe exact.".to_owned(),
        ..World::default()
    };
    let played = elsewhere.play(&recording).await;
    assert_eq!(played.end.status, RunStatus::Succeeded, "{:?}", played.end);
}

#[tokio::test]
async fn a_changed_receipt_ends_the_run_with_a_diff() {
    let recording = recorded().await;
    let mut changed = World::default();
    changed.receipt["total"] = json!("99.00");
    let played = changed.play(&recording).await;
    let message = mismatch(&played);
    for part in [
        "\"october\"",
        "openai/gpt-5-mini",
        "tool call 2, read_table,",
        "--- recorded",
        "+++ now",
        "-  \"total\": \"12.50\"",
        "+  \"total\": \"99.00\"",
        "--model openai/gpt-5-mini",
        "--record october",
    ] {
        assert!(message.contains(part), "{part:?} is missing in:\n{message}");
    }
    let answers = played
        .events
        .iter()
        .filter(|one| matches!(one.event, Event::ModelResponded { .. }))
        .count();
    assert_eq!(answers, 1, "the answer over other data was not played");
}

#[tokio::test]
async fn a_receipt_that_is_gone_ends_the_run_too() {
    let gone = World {
        receipt: Value::Null,
        ..World::default()
    };
    let played = gone.play(&recorded().await).await;
    let message = mismatch(&played);
    assert!(message.contains("+error: there is no a.csv"), "{message}");
}

#[tokio::test]
async fn another_task_or_other_instructions_end_the_run_before_it_begins() {
    let recording = recorded().await;
    for (world, part) in [
        (
            World {
                input: "Delete the receipts.".to_owned(),
                ..World::default()
            },
            "+Delete the receipts.",
        ),
        (
            World {
                instructions: "You add up receipts.\nBe quick.".to_owned(),
                ..World::default()
            },
            "(instructions.md) have changed since",
        ),
        (
            World {
                output_schema: Some(json!({"type": "object"})),
                ..World::default()
            },
            "[output]",
        ),
    ] {
        let played = world.play(&recording).await;
        let message = mismatch(&played);
        assert!(message.contains(part), "{message}");
        let called = |one: &Recorded| matches!(one.event, Event::ToolRequested { .. });
        assert!(!played.events.iter().any(called), "no tool was called");
    }
}

#[tokio::test]
async fn a_recording_that_ends_early_says_so() {
    let mut recording = recorded().await;
    recording.calls.pop();
    let played = World::default().play(&recording).await;
    let message = mismatch(&played);
    assert!(message.contains("it holds 1 answers"), "{message}");
}

#[tokio::test]
async fn the_due_answer_follows_from_the_conversation_alone() {
    let recording = Arc::new(recorded().await);
    let world = World::default();
    let ran = world.live().await;
    let mut state = slipway_agent::machine::State::default();
    for one in &ran.events {
        if let Event::ModelResponded { content, .. } = &one.event {
            // Another model each time, as after a restart.
            let model = RecordedModel::new("october", Arc::clone(&recording), world.workdir);
            let request = ModelRequest {
                model: "recording/october".parse().unwrap(),
                instructions: world.instructions.as_str().into(),
                messages: state.messages(),
                tools: Arc::new([]),
                output_schema: None,
                temperature: None,
                max_output_tokens: None,
                reasoning: None,
                tool_choice: slipway_contract::model::ToolChoice::Auto,
            };
            for _ in 0..2 {
                let deltas = CollectedDeltas::default();
                let response = model.call(&request, &deltas).await.unwrap();
                assert_eq!(response.content, *content);
            }
        }
        state.apply(one).unwrap();
    }
}

#[tokio::test]
async fn a_conversation_that_is_not_the_recorded_one_is_refused() {
    let recording = Arc::new(recorded().await);
    let model = RecordedModel::new("october", recording, "/home/ada/receipts");
    let request = |messages| ModelRequest {
        model: "recording/october".parse().unwrap(),
        instructions: World::default().instructions.as_str().into(),
        messages,
        tools: Arc::new([]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: slipway_contract::model::ToolChoice::Auto,
    };
    let user = slipway_contract::message::Message::User {
        text: World::default().input,
        attachments: Vec::new(),
    };
    let other = slipway_contract::message::Message::Assistant {
        step: slipway_contract::StepId(1),
        content: vec![Content::Text {
            text: "I would rather not.".into(),
        }],
    };
    for (messages, part) in [
        (vec![user, other], "answer 1 of the conversation"),
        (vec![], "the model is told less"),
    ] {
        let error = model
            .call(&request(messages), &CollectedDeltas::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::RecordingMismatch);
        assert!(error.message.contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_huge_difference_stays_readable() {
    let mut recorded_world = World::default();
    let table = |cell: &str| json!({"rows": (0..20_000).map(|row| format!("{row};{cell}")).collect::<Vec<_>>()});
    recorded_world.receipt = table("old");
    let recording = record(&recorded_world.live().await.events, "").unwrap();
    recorded_world.receipt = table("new");
    let played = recorded_world.play(&recording).await;
    let message = mismatch(&played);
    assert!(message.len() < 10_000, "{} bytes", message.len());
    // Both sides are in sight, however long the one is.
    for part in [
        "0;old",
        "- … and 19992 more lines",
        "0;new",
        "+ … and 19992 more lines",
    ] {
        assert!(message.contains(part), "no {part:?} in {message}");
    }
}

#[test]
fn stop_reasons_survive_the_file() {
    for stop in [StopReason::End, StopReason::Unknown("eos".into())] {
        let text = serde_json::to_string(&stop).unwrap();
        assert_eq!(serde_json::from_str::<StopReason>(&text).unwrap(), stop);
    }
}
