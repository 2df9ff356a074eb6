//! Streams as servers really write them, and as they should not.

use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::message::StopReason;

use super::*;

fn events(events: &[Value]) -> String {
    events
        .iter()
        .map(|event| {
            format!(
                "event: {}\ndata: {event}\n\n",
                event["type"].as_str().unwrap_or("x")
            )
        })
        .collect()
}

fn start() -> Value {
    json!({"type": "message_start", "message": {"id": "msg_1", "content": [], "usage": {
        "input_tokens": 10, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30, "output_tokens": 1,
    }}})
}

fn begin(index: u32, block: &Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn delta(index: u32, delta: &Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn text(text: &str) -> Value {
    delta(0, &json!({"type": "text_delta", "text": text}))
}

fn end(reason: &str) -> [Value; 2] {
    [
        json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 7}}),
        json!({"type": "message_stop"}),
    ]
}

fn hello() -> String {
    let [delta, stop] = end("end_turn");
    events(&[
        start(),
        begin(0, &json!({"type": "text", "text": ""})),
        text("Hallo "),
        text("Köln"),
        json!({"type": "content_block_stop", "index": 0}),
        delta,
        stop,
    ])
}

#[tokio::test]
async fn other_line_ends_comments_pings_and_unknown_events_change_nothing() {
    let ping = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    let news = "event: news\ndata: {\"type\": \"news\", \"delta\": 7}\n\n";
    for body in [
        hello(),
        hello().replace('\n', "\r\n"),
        hello().replace('\n', "\r"),
        format!(
            "\u{feff}: keep-alive\n\n{ping}{}",
            hello().replace("event: content_block_stop", ": x\nevent: y")
        ),
        hello().replace(
            "event: content_block_delta",
            &format!("{ping}{news}event: content_block_delta"),
        ),
        hello().replace(
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
            "",
        ),
    ] {
        let reply = Reply::events(body.clone()).in_pieces(5, Duration::ZERO);
        let response = answer(&script([reply]), true).await;
        assert_eq!(response.content, [said("Hallo Köln")], "{body:?}");
        let usage = response.usage.unwrap();
        assert_eq!((usage.input_tokens, usage.output_tokens), (60, 7));
        assert_eq!(
            (usage.cached_tokens, usage.cache_write_tokens),
            (30, Some(20))
        );
    }
}

#[tokio::test]
async fn usage_told_again_at_the_end_counts() {
    let body = hello().replace(
        "{\"output_tokens\":7}",
        "{\"input_tokens\":11,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":50,\"output_tokens\":9}",
    );
    let usage = answer(&script([Reply::events(body)]), true)
        .await
        .usage
        .unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (61, 9));
    assert_eq!(
        (usage.cached_tokens, usage.cache_write_tokens),
        (50, Some(0))
    );
    let silent = hello().replace(",\"usage\":{\"output_tokens\":7}", "");
    assert_ne!(silent, hello());
    let usage = answer(&script([Reply::events(silent)]), true).await.usage;
    assert_eq!(
        usage, None,
        "the number of the beginning is none of the end"
    );
}

#[tokio::test]
async fn invalid_utf8_is_replaced() {
    let mut body = hello().into_bytes();
    let at = body
        .windows(5)
        .position(|window| window == b"Hallo")
        .unwrap();
    body[at + 1] = 0xff;
    let response = answer(&script([Reply::events(body)]), true).await;
    assert_eq!(response.content, [said("H\u{fffd}llo Köln")]);
}

#[tokio::test]
async fn an_answer_without_its_end_is_cut() {
    let whole = hello();
    let all = whole.len() - whole.find("event: message_delta").unwrap();
    for body in [
        whole[..whole.len() - all].to_owned(),
        events(&[start()]),
        events(&[json!({"type": "ping"})]),
    ] {
        let error = failure(&script([Reply::events(body)]), true).await;
        assert_eq!(error.kind, ModelErrorKind::Network, "{error}");
        assert!(error.message.contains("cut"), "{error}");
    }
    let reply = Reply::from(Answer::text("The total is twelve.")).cut_after(500);
    assert_eq!(
        failure(&script([reply]), true).await.kind,
        ModelErrorKind::Network
    );
    let reply = Reply::from(Answer::text("The total is twelve.")).cut_after(60);
    assert_eq!(
        failure(&script([reply]), false).await.kind,
        ModelErrorKind::Network
    );
}

#[tokio::test]
async fn an_error_event_in_a_good_stream_is_that_error() {
    for (kind, expected) in [
        ("overloaded_error", ModelErrorKind::Overloaded),
        ("api_error", ModelErrorKind::Overloaded),
        ("rate_limit_error", ModelErrorKind::RateLimit),
        ("timeout_error", ModelErrorKind::Timeout),
    ] {
        let error = json!({"type": "error", "error": {"type": kind, "message": "Too much."}});
        let body = events(&[
            start(),
            begin(0, &json!({"type": "text", "text": "Hal"})),
            error,
        ]);
        let reply = Reply::events(body).header("request-id", "req_7");
        let error = failure(&script([reply]), true).await;
        assert_eq!(error.kind, expected, "{error}");
        assert!(error.message.contains("Too much"), "{error}");
        assert_eq!(error.request_id.as_deref(), Some("req_7"));
        assert_eq!(error.billing, slipway_agent::ports::model::Billing::Unknown);
    }
}

#[tokio::test]
async fn nothing_where_something_could_be_is_nothing() {
    let [stop_delta, stop] = end("end_turn");
    let body = events(&[
        json!({"type": "message_start"}),
        json!({"type": "content_block_start"}),
        begin(0, &Value::Null),
        begin(1, &json!({"type": "server_tool_use", "id": "x"})),
        delta(
            1,
            &json!({"type": "input_json_delta", "partial_json": "{\"a\""}),
        ),
        delta(1, &json!({"type": "thinking_delta", "thinking": "unkept"})),
        delta(2, &json!({"type": "citations_delta", "citation": {}})),
        delta(7, &Value::Null),
        begin(2, &json!({"type": "text", "text": "Hi"})),
        json!({"type": "message_delta", "delta": null, "usage": {"output_tokens": "many"}}),
        stop_delta,
        stop,
    ]);
    let response = answer(&script([Reply::events(body)]), true).await;
    assert_eq!(response.content, [said("Hi")]);
    assert_eq!((response.stop, response.usage), (StopReason::End, None));
}

#[tokio::test]
async fn a_call_whose_arguments_come_at_once_or_in_pieces_is_one() {
    let [stop_delta, stop] = end("tool_use");
    let block = |input: Value| json!({"type": "tool_use", "id": "toolu_a", "name": "read_file", "input": input});
    let piece = |piece: &str| {
        delta(
            3,
            &json!({"type": "input_json_delta", "partial_json": piece}),
        )
    };
    for begun in [
        vec![begin(3, &block(json!({"path": "a"})))],
        vec![
            begin(3, &block(json!({}))),
            piece(""),
            piece("{\"pa"),
            piece("th\": \"a\"}"),
        ],
    ] {
        let mut all = vec![start()];
        all.extend(begun);
        all.extend([stop_delta.clone(), stop.clone()]);
        let response = answer(&script([Reply::events(events(&all))]), true).await;
        assert_eq!(
            response.content,
            [called("toolu_a", "read_file", json!({"path": "a"}))]
        );
        assert_eq!(response.stop, StopReason::ToolCalls);
    }
}

#[tokio::test]
async fn a_server_that_cannot_stream_is_understood() {
    let whole = json!({
        "type": "message", "id": "msg_1", "content": [{"type": "text", "text": "Hi\nthere"}],
        "stop_reason": "end_turn", "usage": {"input_tokens": 3, "output_tokens": 4},
    });
    let pretty = serde_json::to_string_pretty(&whole).unwrap();
    let server = script([Reply::bytes(200, "application/json; charset=utf-8", pretty)]);
    let (response, (heard, _)) = ask(&server, true, &request()).await;
    let response = response.unwrap();
    assert_eq!(
        (response.content, heard),
        (vec![said("Hi\nthere")], "Hi\nthere".to_owned())
    );
    assert_eq!(response.usage.unwrap().output_tokens, 4);
}

#[tokio::test]
async fn what_is_not_an_answer_is_malformed() {
    for body in [
        "{\"type\": \"message_start\", \"message\": 7}",
        "[1, 2",
        "nonsense",
        "\"text\"",
    ] {
        let error = failure(&script([Reply::events(format!("data: {body}\n\n"))]), true).await;
        assert_eq!(error.kind, ModelErrorKind::Malformed, "{body}: {error}");
    }
    for body in [
        "{}",
        "[1, 2",
        "nonsense",
        "\"text\"",
        "{\"content\": 7}",
        "{\"id\": 7}",
    ] {
        let error = failure(
            &script([Reply::bytes(200, "application/json", body)]),
            false,
        )
        .await;
        assert_eq!(error.kind, ModelErrorKind::Malformed, "{body}: {error}");
    }
}
