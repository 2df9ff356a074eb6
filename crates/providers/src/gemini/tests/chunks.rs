//! Streams as servers really write them.

use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::message::StopReason;
use slipway_contract::run::Tokens;

use super::*;

fn stream(chunks: &[Value]) -> String {
    let lines = chunks.iter().map(|chunk| format!("data: {chunk}\r\n\r\n"));
    lines.collect()
}

fn parts(parts: &Value) -> Value {
    json!({"candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0}]})
}

fn finish(word: &str) -> Value {
    json!({"candidates": [{"finishReason": word}]})
}

async fn streamed(events: impl Into<Vec<u8>>) -> ModelResponse {
    answer(&script([Reply::events(events)]), Way::Streamed).await
}

async fn broken(events: impl Into<Vec<u8>>) -> ModelError {
    failure(&script([Reply::events(events)]), Way::Streamed).await
}

#[tokio::test]
async fn other_line_ends_and_comments_change_nothing() {
    let plain = stream(&[parts(&json!([{"text": "Hallo Köln"}])), finish("STOP")]);
    for body in [
        plain.replace("\r\n", "\n"),
        plain.replace("\r\n", "\r"),
        format!("\u{feff}: ping\n\n{plain}"),
        plain.replace("data: ", ": ping\nid: 3\ndata:"),
    ] {
        let reply = Reply::events(body.clone()).in_pieces(5, Duration::ZERO);
        let response = answer(&script([reply]), Way::Streamed).await;
        assert_eq!(response.content, [said("Hallo Köln")], "{body:?}");
    }
}

#[tokio::test]
async fn invalid_utf8_is_replaced() {
    let json =
        b"{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\xffb\"}]},\"finishReason\":\"STOP\"}]}";
    let mut event = b"data: ".to_vec();
    event.extend_from_slice(json);
    event.extend_from_slice(b"\n\n");
    assert_eq!(streamed(event).await.content, [said("a\u{fffd}b")]);
    let server = script([Reply::bytes(200, "application/json", json.to_vec())]);
    let whole = answer(&server, Way::Whole).await;
    assert_eq!(whole.content, [said("a\u{fffd}b")]);
}

#[tokio::test]
async fn nothing_where_something_could_be_is_nothing() {
    let body = stream(&[
        json!({}),
        json!({"candidates": null, "usageMetadata": null, "error": null, "promptFeedback": null}),
        json!({"candidates": [{"content": null, "finishReason": null}]}),
        json!({"candidates": [{"content": {"role": "model"}}]}),
        parts(&json!([{}, {"text": null}, {"executableCode": {"code": "1"}}, {"later": [1]}])),
        parts(&json!([{"text": "Hi"}])),
        json!({"candidates": [{"index": 1, "content": {"parts": [{"text": "Another"}]}, "finishReason": "SAFETY"}]}),
        finish("STOP"),
    ]);
    let response = streamed(body).await;
    assert_eq!(response.content, [said("Hi")]);
    assert_eq!(response.stop, StopReason::End);
    assert_eq!(response.usage, None);
}

#[tokio::test]
async fn the_last_usage_counts_also_when_it_comes_after_the_end() {
    let usage = |candidates: u64, thoughts: u64| {
        json!({"usageMetadata": {
            "promptTokenCount": 100,
            "toolUsePromptTokenCount": 7,
            "cachedContentTokenCount": 90,
            "candidatesTokenCount": candidates,
            "thoughtsTokenCount": thoughts,
            "totalTokenCount": 107 + candidates + thoughts,
        }})
    };
    let response = streamed(stream(&[
        usage(1, 30),
        parts(&json!([{"text": "Hi"}])),
        json!({"usageMetadata": {"trafficType": "PROVISIONED_THROUGHPUT"}}),
        finish("STOP"),
        usage(12, 30),
    ]))
    .await;
    let expected = Tokens {
        input_tokens: 107,
        output_tokens: 42,
        cached_tokens: 90,
        cache_write_tokens: None,
        reasoning_tokens: Some(30),
    };
    assert_eq!(response.usage, Some(expected));
}

#[tokio::test]
async fn a_list_of_chunks_is_a_stream_without_sse() {
    let chunks = json!([
        parts(&json!([{"text": "Hallo "}])),
        parts(&json!([{"text": "Köln"}])),
        finish("STOP")
    ]);
    let pretty = serde_json::to_string_pretty(&chunks).unwrap();
    let server = script([Reply::bytes(200, "application/json", pretty)]);
    let response = answer(&server, Way::Streamed).await;
    assert_eq!(response.content, [said("Hallo Köln")]);
}

#[tokio::test]
async fn a_stream_without_a_reason_to_stop_is_cut() {
    for body in [
        String::new(),
        stream(&[parts(&json!([{"text": "Half of"}]))]),
        stream(&[json!({"usageMetadata": {"promptTokenCount": 3}})]),
        ": keep-alive\n\n".repeat(50),
    ] {
        let error = broken(body.clone()).await;
        assert_eq!(error.kind, ModelErrorKind::Network, "{body:?}: {error}");
    }
    let empty = script([Reply::bytes(200, "application/json", "{}")]);
    let error = failure(&empty, Way::Whole).await;
    assert_eq!(error.kind, ModelErrorKind::Malformed, "{error}");
}

#[tokio::test]
async fn what_is_no_chunk_is_named() {
    for body in [
        "data: {\"candidates\": 7}\n\n",
        "data: {\"candidates\": [{\"content\": {\"parts\": \"x\"}}]}\n\n",
        "data: <html>\n\n",
        "data: \"Hi\"\n\n",
        "data: [7]\n\n",
        "data: {\"candidates\": [}\n\n",
    ] {
        let error = broken(body).await;
        assert_eq!(error.kind, ModelErrorKind::Malformed, "{body}: {error}");
    }
}

#[tokio::test]
async fn a_refused_input_is_told_with_its_reason() {
    let blocked = json!({
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 9, "totalTokenCount": 9},
    });
    let whole = Reply::bytes(200, "application/json", blocked.to_string());
    for (way, reply) in [
        (
            Way::Streamed,
            Reply::events(stream(std::slice::from_ref(&blocked))),
        ),
        (Way::Whole, whole),
    ] {
        let error = failure(&script([reply]), way).await;
        assert_eq!(error.kind, ModelErrorKind::Refused, "{way:?}: {error}");
        assert!(error.message.contains("PROHIBITED_CONTENT"), "{error}");
        assert!(error.message.ends_with("another model."), "{error}");
    }
}

#[tokio::test]
async fn many_small_pieces_and_endless_keep_alives_are_read_through() {
    let mut chunks: Vec<Value> = (0..500)
        .map(|index| parts(&json!([{"text": format!("{index} ")}])))
        .collect();
    chunks.push(finish("STOP"));
    let body = stream(&chunks).replace("data:", ": keep-alive\n\n: keep-alive\n\ndata:");
    let response = streamed(body).await;
    let expected: String = (0..500).map(|index| format!("{index} ")).collect();
    assert_eq!(response.content, [said(&expected)]);
}
