//! Streams as servers really write them.

use serde_json::json;
use slipway_contract::message::StopReason;

use super::*;

const CHAT: Way = WAYS[0];
const RESPONSES: Way = WAYS[2];

async fn chat(events: impl Into<Vec<u8>>) -> ModelResponse {
    answer(&script([Reply::events(events)]), CHAT).await
}

fn stream(chunks: &[Value]) -> String {
    let lines: String = chunks
        .iter()
        .map(|chunk| format!("data: {chunk}\n\n"))
        .collect();
    lines + "data: [DONE]\n\n"
}

fn delta(delta: &Value) -> Value {
    json!({"choices": [{"delta": delta}]})
}

fn finish(word: &str) -> Value {
    json!({"choices": [{"delta": {}, "finish_reason": word}]})
}

#[tokio::test]
async fn other_line_ends_and_comments_change_nothing() {
    let plain = stream(&[delta(&json!({"content": "Hallo Köln"})), finish("stop")]);
    for body in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("\u{feff}: OPENROUTER PROCESSING\n\n{plain}"),
        plain.replace("data: ", ": ping\nid: 3\ndata:"),
    ] {
        let reply = Reply::events(body.clone()).in_pieces(5, Duration::ZERO);
        let response = answer(&script([reply]), CHAT).await;
        assert_eq!(response.content, [said("Hallo Köln")], "{body:?}");
    }
}

#[tokio::test]
async fn invalid_utf8_is_replaced() {
    let body = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xffb\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    assert_eq!(chat(body.to_vec()).await.content, [said("a\u{fffd}b")]);
    let whole =
        b"{\"choices\":[{\"message\":{\"content\":\"a\xffb\"},\"finish_reason\":\"stop\"}]}";
    let server = script([Reply::bytes(200, "application/json", whole.to_vec())]);
    assert_eq!(answer(&server, WAYS[1]).await.content, [said("a\u{fffd}b")]);
}

#[tokio::test]
async fn nothing_where_something_could_be_is_nothing() {
    let body = stream(&[
        json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": null, "tool_calls": null, "refusal": null}, "finish_reason": null, "logprobs": null}], "usage": null, "error": null}),
        delta(&json!({"content": "Hi"})),
        json!({"choices": null}),
        json!({"choices": [{"index": 1, "delta": {"content": "another choice"}}]}),
        finish(""),
        finish("stop"),
        json!({"choices": [], "usage": {"prompt_tokens": "many", "completion_tokens": -1}}),
    ]);
    let response = chat(body).await;
    assert_eq!(response.content, [said("Hi")]);
    assert_eq!((response.stop, response.usage), (StopReason::End, None));
}

#[tokio::test]
async fn calls_without_an_index_or_all_with_the_same_are_told_apart() {
    let calls = |pieces: &[Value]| {
        let mut chunks: Vec<Value> = pieces
            .iter()
            .map(|piece| delta(&json!({"tool_calls": [piece]})))
            .collect();
        chunks.push(finish("tool_calls"));
        stream(&chunks)
    };
    let expected = [
        called("a", "read_file", json!({"path": "1"})),
        called("b", "read_file", json!({"path": "2"})),
    ];
    for body in [
        calls(&[
            json!({"id": "a", "function": {"name": "read_file", "arguments": "{\"path\":"}}),
            json!({"function": {"arguments": " \"1\"}"}}),
            json!({"id": "b", "function": {"name": "read_file", "arguments": "{\"path\":"}}),
            json!({"id": "b", "function": {"arguments": " \"2\"}"}}),
        ]),
        calls(&[
            json!({"index": 0, "id": "a", "function": {"name": "read_file", "arguments": "{\"path\": \"1\"}"}}),
            json!({"index": 0, "id": "b", "function": {"name": "read_file", "arguments": "{\"path\": \"2\"}"}}),
        ]),
        calls(&[
            json!({"index": 0, "id": "a", "function": {"name": "read_file", "arguments": {"path": "1"}}}),
            json!({"index": 7_000_000_000_u64, "id": "b", "function": {"name": "read_file", "arguments": {"path": "2"}}}),
        ]),
        calls(&[
            json!({"index": 0, "id": "a", "function": {"name": "read_file", "arguments": "{\"path\""}}),
            json!({"index": 0, "id": "a", "function": {"name": "read_file", "arguments": ": \"1\"}"}}),
            json!({"index": 1, "id": "b", "function": {"name": "read_file", "arguments": "{\"path\": \"2\"}"}}),
        ]),
    ] {
        let response = chat(body.clone()).await;
        assert_eq!(response.content, expected, "{body}");
    }
}

#[tokio::test]
async fn a_stop_word_that_contradicts_the_calls_is_corrected() {
    let piece =
        json!({"index": 0, "id": "a", "function": {"name": "read_file", "arguments": "{}"}});
    let body = stream(&[delta(&json!({"tool_calls": [piece]})), finish("stop")]);
    assert_eq!(chat(body).await.stop, StopReason::ToolCalls);
}

#[tokio::test]
async fn an_end_mark_without_a_reason_ends_the_answer_and_a_reason_without_a_mark_too() {
    let response = chat(stream(&[delta(&json!({"content": "Hi"}))])).await;
    assert_eq!(
        (&response.content[..], &response.stop),
        (&[said("Hi")][..], &StopReason::End)
    );
    let unmarked = stream(&[delta(&json!({"content": "Hi"})), finish("stop")]);
    let response = chat(unmarked.replace("data: [DONE]\n\n", "")).await;
    assert_eq!(response.content, [said("Hi")]);
}

#[tokio::test]
async fn neither_a_reason_nor_a_mark_is_a_cut_answer() {
    let body = stream(&[delta(&json!({"content": "Hi"}))]).replace("data: [DONE]\n\n", "");
    let error = failure(&script([Reply::events(body)]), CHAT).await;
    assert_eq!(error.kind, ModelErrorKind::Network, "{error}");
    let body = "data: {\"type\":\"response.created\",\"response\":{}}\n\n";
    let error = failure(&script([Reply::events(body)]), RESPONSES).await;
    assert_eq!(error.kind, ModelErrorKind::Network, "{error}");
}

#[tokio::test]
async fn content_in_parts_is_text() {
    let parts = json!([{"type": "text", "text": "Hello "}, {"type": "text", "text": "you"}]);
    let body = stream(&[delta(&json!({"content": parts})), finish("stop")]);
    assert_eq!(chat(body).await.content, [said("Hello you")]);
}

#[tokio::test]
async fn a_server_that_cannot_stream_is_understood() {
    let whole =
        json!({"choices": [{"message": {"content": "Hi\nthere"}, "finish_reason": "stop"}]});
    let pretty = serde_json::to_string_pretty(&whole).unwrap();
    let server = script([Reply::bytes(200, "application/json; charset=utf-8", pretty)]);
    let (response, heard) = ask(&server, CHAT, &request()).await;
    assert_eq!(response.unwrap().content, [said("Hi\nthere")]);
    assert_eq!(heard, "Hi\nthere");
    let message = json!({"type": "message", "content": [{"type": "output_text", "text": "Hi"}]});
    let whole = json!({"object": "response", "status": "completed", "output": [message]});
    let server = script([Reply::bytes(200, "application/json", whole.to_string())]);
    let (response, heard) = ask(&server, RESPONSES, &request()).await;
    assert_eq!(
        (response.unwrap().content, heard),
        (vec![said("Hi")], "Hi".to_owned())
    );
}

#[tokio::test]
async fn a_last_event_that_repeats_nothing_leaves_the_finished_items() {
    let events = [
        json!({"type": "response.output_text.delta", "output_index": 1, "delta": "Hi"}),
        json!({"type": "response.output_item.done", "output_index": 1, "item": {"type": "message", "content": [{"type": "output_text", "text": "Hi"}]}}),
        json!({"type": "response.output_item.done", "output_index": 0, "item": {"type": "web_search_call"}}),
        json!({"type": "response.completed", "response": {"status": "completed", "output": []}}),
    ];
    let body: String = events
        .iter()
        .map(|event| format!("data: {event}\n\n"))
        .collect();
    let (response, heard) = ask(&script([Reply::events(body)]), RESPONSES, &request()).await;
    assert_eq!(
        (response.unwrap().content, heard),
        (vec![said("Hi")], "Hi".to_owned())
    );
}

#[tokio::test]
async fn what_is_kept_of_an_answer_is_bounded_as_it_comes() {
    let junk = "x".repeat(1 << 20);
    let large = (0..12).map(|at| json!({"type": "reasoning", "id": at, "junk": junk}));
    let many = (0..40_000).map(|at| json!({"type": "reasoning", "id": at}));
    for items in [large.collect::<Vec<_>>(), many.collect()] {
        let body: String = items
            .into_iter()
            .enumerate()
            .map(|(at, item)| {
                let event =
                    json!({"type": "response.output_item.done", "output_index": at, "item": item});
                format!("data: {event}\n\n")
            })
            .collect();
        let server = script([Reply::events(body)]);
        let error = ask(&server, RESPONSES, &request()).await.0.unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::AnswerTooLong, "{error}");
    }
}

#[tokio::test]
async fn what_is_not_an_answer_is_malformed() {
    for way in WAYS {
        for body in [
            "data: {\"choices\": 7}\n\n",
            "data: [1, 2\n\n",
            "data: nonsense\n\n",
            "data: \"text\"\n\n",
            &format!("data: {}{}\n\n", "[".repeat(200), "]".repeat(200)),
        ] {
            let json = body.trim().trim_start_matches("data: ");
            let reply = if way.stream {
                Reply::events(body)
            } else {
                Reply::bytes(200, "application/json", json)
            };
            // The Responses interface has no `choices`; there the first is an empty event.
            if way.protocol == Protocol::Responses && body.contains("choices") {
                continue;
            }
            let error = failure(&script([reply]), way).await;
            assert_eq!(
                error.kind,
                ModelErrorKind::Malformed,
                "{way:?} {body:.40}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_without_choices_is_malformed() {
    for body in ["{}", r#"{"choices": []}"#, r#"{"id": 7, "object": []}"#] {
        let server = script([Reply::bytes(200, "application/json", body)]);
        let error = failure(&server, WAYS[1]).await;
        assert_eq!(error.kind, ModelErrorKind::Malformed, "{body}: {error}");
    }
}

/// Counts what `async-openai` logs: it would log a whole answer that it cannot read.
struct Listening(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Listening {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("async_openai")
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let said = format!("{} {}", event.metadata().target(), event.metadata().level());
        self.0.lock().unwrap().push(said);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn answers_are_never_logged() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let _listening = tracing::subscriber::set_default(Listening(Arc::clone(&log)));
    for way in WAYS {
        for reply in [
            Reply::events("data: private\n\n"),
            Reply::events("data: {\"choices\": \"private\"}\n\n"),
            Reply::bytes(200, "application/json", "private"),
            Reply::bytes(500, "application/json", "private"),
            Reply::bytes(400, "application/json", "private"),
        ] {
            // Some are no failure in each interface; none may be logged.
            let _ = ask(&script([reply]), way, &request()).await;
        }
    }
    assert_eq!(*log.lock().unwrap(), Vec::<String>::new());
}
