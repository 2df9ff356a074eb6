//! How a conversation is told: turns that alternate, and each result right after its call.

use super::*;

/// The turns of a conversation of these messages.
async fn turns(messages: Vec<Message>) -> Value {
    let mut request = request();
    request.messages = messages;
    without_marks(body(UNLESS, &request).await)["messages"].clone()
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn call(id: &str, input: &Value) -> Value {
    json!({"type": "tool_use", "id": id, "name": "read_file", "input": input})
}

#[tokio::test]
async fn the_results_of_one_answer_are_one_turn() {
    let turns = turns(vec![
        user("What is in them?"),
        answered(
            1,
            vec![
                said("I look."),
                called("toolu_a", "read_file", json!({"path": "a"})),
                called("toolu_b", "mcp:files/stat", json!({})),
            ],
        ),
        returned("toolu_a", "Hello, \"you\"\n", false),
        returned("toolu_b", "there is no b", true),
        user("And now?"),
    ])
    .await;
    assert_eq!(
        turns,
        json!([
            {"role": "user", "content": [text("What is in them?")]},
            {"role": "assistant", "content": [
                text("I look."),
                call("toolu_a", &json!({"path": "a"})),
                {"type": "tool_use", "id": "toolu_b", "name": "mcp_files_stat", "input": {}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_a", "content": "Hello, \"you\"\n"},
                {"type": "tool_result", "tool_use_id": "toolu_b", "content": "there is no b", "is_error": true},
                text("And now?"),
            ]},
        ])
    );
}

#[tokio::test]
async fn empty_words_are_never_sent() {
    let turns = turns(vec![
        user("Go."),
        answered(
            1,
            vec![
                said(""),
                called("toolu_a", "read_file", json!({})),
                said("\n"),
            ],
        ),
        returned("toolu_a", "", false),
        answered(2, vec![said(" ")]),
        user("Your answer was empty."),
        answered(3, vec![called("toolu_b", "read_file", json!({}))]),
        returned("toolu_b", " ", true),
    ])
    .await;
    assert_eq!(
        turns,
        json!([
            {"role": "user", "content": [text("Go.")]},
            {"role": "assistant", "content": [call("toolu_a", &json!({}))]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_a"},
                text("Your answer was empty."),
            ]},
            {"role": "assistant", "content": [call("toolu_b", &json!({}))]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_b",
                 "content": "The tool failed and said nothing.", "is_error": true},
            ]},
        ])
    );
}

#[tokio::test]
async fn what_compaction_or_a_cut_leaves_stays_a_valid_conversation() {
    let left = turns(vec![
        returned("toolu_gone", "12", false),
        answered(3, vec![called("toolu_b", "read_file", json!({}))]),
        returned("toolu_other", "34", false),
        answered(4, vec![said("Done.")]),
    ])
    .await;
    assert_eq!(
        left,
        json!([
            {"role": "user", "content": [text("An earlier call of read_file returned: 12")]},
            {"role": "assistant", "content": [call("toolu_b", &json!({}))]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_b",
                 "content": "Nothing is known of what became of this call.", "is_error": true},
                text("An earlier call of read_file returned: 34"),
            ]},
            {"role": "assistant", "content": [text("Done.")]},
            {"role": "user", "content": [text("Go on.")]},
        ])
    );
    let first = turns(vec![answered(1, vec![said("Hello.")]), user("Hi.")]).await;
    assert_eq!(
        first[0],
        json!({"role": "user", "content": [text("Go on.")]})
    );
    assert_eq!(first[1]["role"], "assistant");
}

#[tokio::test]
async fn ids_and_arguments_of_other_providers_are_made_to_fit() {
    let malformed = Content::ToolCall(ToolCall {
        call_id: CallId("functions.read:0".to_owned()),
        tool: "rm -rf".to_owned(),
        arguments: Value::String("{\"path\": ".to_owned()),
        malformed: Some("not JSON".to_owned()),
    });
    let turns = turns(vec![
        user("Go."),
        answered(
            1,
            vec![
                malformed,
                called("same", "read_file", json!({})),
                called("same", "read_file", json!({})),
            ],
        ),
        returned("functions.read:0", "not JSON", true),
        returned("same", "one", false),
        returned("same", "two", false),
        answered(
            2,
            vec![
                called("same", "read_file", json!({})),
                called("", "read_file", json!({})),
            ],
        ),
        returned("same", "three", false),
        returned("", "four", false),
    ])
    .await;
    let ids = |turn: usize, field: &str| -> Vec<String> {
        let parts = turns[turn]["content"].as_array().unwrap();
        parts
            .iter()
            .map(|part| part[field].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(1, "id"), ["functions_read_0", "same", "same_2"]);
    assert_eq!(
        ids(2, "tool_use_id"),
        ["functions_read_0", "same", "same_2"]
    );
    assert_eq!(ids(3, "id"), ["same_3", "call"]);
    assert_eq!(ids(4, "tool_use_id"), ["same_3", "call"]);
    assert_eq!(ids(2, "content"), ["not JSON", "one", "two"]);
    assert_eq!(turns[1]["content"][0]["name"], "rm_-rf");
    assert_eq!(
        turns[1]["content"][0]["input"],
        json!({"INVALID_JSON": "{\"path\": "})
    );
}
