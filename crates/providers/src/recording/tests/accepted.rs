//! Accepting what an agent asks now, and the recorded tools.

use super::playing::mismatch;
use super::*;

fn changed() -> World {
    World {
        instructions: "You add up receipts.\nBe quick.\n".to_owned(),
        receipt: json!({"path": "/home/ada/receipts/a.csv", "total": "13.00"}),
        ..World::default()
    }
}

#[tokio::test]
async fn changed_instructions_are_shown_line_by_line() {
    let played = changed().play(&recorded().await).await;
    let message = mismatch(&played);
    assert!(message.contains("-Be exact.\n+Be quick."), "{message}");
    let mut of_old = recorded().await;
    of_old.instructions = None;
    let played = changed().play(&of_old).await;
    assert!(
        !mismatch(&played).contains("Be quick"),
        "what was not kept cannot be shown"
    );
}

#[tokio::test]
async fn what_a_person_accepts_is_played_from_then_on() {
    let recording = recorded().await;
    let world = changed();
    let ran = world.play_matching(&recording, Matching::Accepting).await;
    assert_eq!(ran.end.status, RunStatus::Succeeded, "{:?}", ran.end);
    let at: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    let accepted = accept(&recording, &ran.events, at).unwrap();
    assert_eq!(
        changes(&recording, &accepted),
        [
            "The instructions are those of now.",
            "Tool call 2, read_table, returns what it does now."
        ]
    );
    assert_eq!(accepted.header.accepted_at, Some(at));
    assert_eq!(accepted.header.made_at, recording.header.made_at);
    assert_eq!(accepted.header.model, recording.header.model);
    let accepted = Recording::parse(&accepted.to_bytes().unwrap()).unwrap();
    let played = world.play(&accepted).await;
    assert_eq!(played.end.status, RunStatus::Succeeded, "{:?}", played.end);
    assert_eq!(changes(&accepted, &accepted), Vec::<String>::new());
    mismatch(&World::default().play(&accepted).await);
}

#[tokio::test]
async fn tools_give_what_was_recorded_once_for_each_call() {
    let tools = RecordedTools::of(&recorded().await);
    let listed = tools.answer("list_files", &json!({})).unwrap();
    assert!(!listed.is_error);
    assert_eq!(
        listed.result,
        json!({"files": [{"path": "a.csv", "bytes": 40}]})
    );
    let otherwise = tools.answer("read_table", &json!({"path": "b.csv"}));
    let otherwise = otherwise.unwrap_err().to_string();
    assert!(
        otherwise.contains("-  \"path\": \"a.csv\"\n+  \"path\": \"b.csv\""),
        "{otherwise}"
    );
    let read = tools
        .answer("read_table", &json!({"path": "a.csv"}))
        .unwrap();
    assert_eq!(read.result["path"], json!("<folder>/a.csv"));
    assert_eq!(
        tools.answer("read_table", &json!({"path": "a.csv"})),
        Err(NotRecorded::NotCalled {
            tool: "read_table".to_owned(),
            times: 1
        })
    );
    assert!(
        tools
            .answer("write_file", &json!({}))
            .unwrap_err()
            .to_string()
            .contains("called 0 times")
    );
}
