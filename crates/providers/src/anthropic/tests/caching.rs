//! What the provider is told to cache.

use super::*;

const MARK: &str = "cache_control";

/// Where the body is marked: the instructions, and the last parts of turns.
async fn marks(model: &str, request: &ModelRequest) -> Vec<String> {
    let body = body(model, request).await;
    let mut marks = Vec::new();
    if body["system"][0].get(MARK).is_some() {
        marks.push("system".to_owned());
    }
    for (number, turn) in body["messages"].as_array().unwrap().iter().enumerate() {
        let parts = turn["content"].as_array().unwrap();
        for (index, part) in parts.iter().enumerate() {
            if let Some(mark) = part.get(MARK) {
                assert_eq!(*mark, json!({"type": "ephemeral"}));
                assert_eq!(index + 1, parts.len(), "only the end of a turn is marked");
                marks.push(format!("turn {number}"));
            }
        }
    }
    assert_eq!(
        body.to_string().matches(MARK).count(),
        marks.len(),
        "nothing else is marked"
    );
    marks
}

/// A conversation of so many turns of the tool.
fn long(instructions: usize, input: usize, turns: u32) -> ModelRequest {
    let mut request = request();
    request.instructions = "Be exact. ".repeat(instructions / 10).into();
    request.messages = vec![user(&"Look here. ".repeat(input / 11 + 1))];
    for turn in 0..turns {
        let id = format!("toolu_{turn}");
        request
            .messages
            .push(answered(turn, vec![called(&id, "read_file", json!({}))]));
        request.messages.push(returned(&id, "Hello", false));
    }
    request
}

#[tokio::test]
async fn the_growing_beginning_is_read_from_the_cache() {
    let first = long(20_000, 10, 0);
    assert_eq!(marks(UNLESS, &first).await, ["system", "turn 0"]);
    let second = long(20_000, 10, 1);
    assert_eq!(
        marks(UNLESS, &second).await,
        ["system", "turn 0", "turn 2"],
        "what the first request wrote is read"
    );
    let later = long(20_000, 10, 9);
    assert_eq!(
        marks(UNLESS, &later).await,
        ["system", "turn 16", "turn 18"]
    );
}

#[tokio::test]
async fn what_is_too_short_for_the_model_is_not_marked() {
    assert_eq!(marks(UNLESS, &request()).await, [] as [&str; 0]);
    // Some 2,000 tokens: enough for one model, too few for another.
    let some = long(6_000, 10, 0);
    assert_eq!(marks(UNLESS, &some).await, ["system", "turn 0"]);
    assert_eq!(marks(BUDGET, &some).await, [] as [&str; 0]);
    let long_input = long(100, 20_000, 0);
    assert_eq!(marks(UNLESS, &long_input).await, ["turn 0"]);
}

#[tokio::test]
async fn a_question_that_nothing_follows_is_not_written_to_the_cache() {
    let mut alone = long(100, 20_000, 0);
    alone.tools = Arc::new([]);
    assert_eq!(marks(UNLESS, &alone).await, [] as [&str; 0]);
    alone.messages.push(answered(1, vec![said("Hello.")]));
    alone.messages.push(user("And now?"));
    assert_eq!(marks(UNLESS, &alone).await, ["turn 0", "turn 2"]);
}

#[tokio::test]
async fn marks_do_not_change_what_thoughts_stand_below() {
    let request = long(20_000, 10, 0);
    let server =
        script([Answer::tool("toolu_a", "read_file", &json!({})).reasoning("Hm", Some("signed"))]);
    let response = client(&server, ALWAYS, true)
        .call(&request, &Heard::default())
        .await
        .unwrap();
    let mut next = request.clone();
    next.messages.push(answered(1, response.content));
    next.messages.push(returned("toolu_a", "Hello", false));
    let body = body(ALWAYS, &next).await;
    assert_eq!(body["messages"][1]["content"][0]["signature"], "signed");
}
