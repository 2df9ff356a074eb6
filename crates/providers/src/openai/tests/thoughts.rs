//! Reasoning: shown while it comes, kept, counted, and given back.

use slipway_contract::run::Tokens;

use super::*;
use crate::scripted::Answer;

/// A client of this service, with the scripted server in its place.
fn of_service(server: &ScriptedServer, model: &str, stream: bool) -> OpenAi {
    OpenAi::new(endpoint(
        server.base_url(),
        Some(key(KEY)),
        model,
        Settings {
            stream,
            ..Settings::default()
        },
    ))
}

async fn answer_of(model: &str, stream: bool, reply: Reply) -> (ModelResponse, String) {
    let server = script([reply]);
    let heard = Heard::default();
    let client = of_service(&server, model, stream);
    let response = client.call(&request(), &heard).await.unwrap();
    (response, heard.thoughts.into_inner().unwrap())
}

#[tokio::test]
async fn reasoning_is_shown_once_and_counted() {
    for way in WAYS {
        let reply = Answer::text("42")
            .reasoning("6 times 7 is", Some("opaque=="))
            .usage(120, 34, 100)
            .reasoning_tokens(21);
        let server = script([reply]);
        let heard = Heard::default();
        let response = client(&server, way).call(&request(), &heard).await.unwrap();
        assert_eq!(*heard.thoughts.lock().unwrap(), "6 times 7 is", "{way:?}");
        assert_eq!(*heard.text.lock().unwrap(), "42", "{way:?}");
        let usage = Tokens {
            input_tokens: 120,
            output_tokens: 34,
            cached_tokens: 100,
            cache_write_tokens: None,
            reasoning_tokens: Some(21),
        };
        assert_eq!(response.usage, Some(usage), "{way:?}");
    }
}

#[tokio::test]
async fn the_parts_of_a_summary_are_told_apart_while_they_come_and_after() {
    let item = json!({"type": "reasoning", "id": "rs_1", "summary": [
        {"type": "summary_text", "text": "First."}, {"type": "summary_text", "text": "Then."},
    ]});
    let events = [
        json!({"type": "response.reasoning_summary_part.added", "summary_index": 0}),
        json!({"type": "response.reasoning_summary_text.delta", "summary_index": 0, "delta": "First."}),
        json!({"type": "response.reasoning_summary_part.added", "summary_index": 1}),
        json!({"type": "response.reasoning_summary_text.delta", "summary_index": 1, "delta": "Then."}),
        json!({"type": "response.completed", "response": {"status": "completed", "output": [item]}}),
    ];
    let body: String = events
        .iter()
        .map(|event| format!("data: {event}\n\n"))
        .collect();
    let server = script([Reply::events(body)]);
    let heard = Heard::default();
    let response = client(&server, WAYS[2])
        .call(&request(), &heard)
        .await
        .unwrap();
    let Content::Reasoning { text, .. } = &response.content[0] else {
        panic!("{response:?}")
    };
    assert_eq!(text, "First.\n\nThen.");
    assert_eq!(*heard.thoughts.lock().unwrap(), *text);
}

/// The answer given back to the service that gave it, as it is then sent.
async fn sent_back(model: &str, answer: ModelResponse) -> Value {
    let server = script([Answer::text("Done.")]);
    let mut next = request();
    next.messages.push(answered(1, answer.content));
    next.messages.push(user("And then?"));
    let client = of_service(&server, model, true);
    client.call(&next, &Heard::default()).await.unwrap();
    server.requests().remove(0).body["messages"][2].clone()
}

#[tokio::test]
async fn reasoning_goes_back_to_whoever_gave_it_and_wants_it() {
    for stream in [true, false] {
        for (model, field) in [
            ("deepseek/deepseek-v4-pro", Some("reasoning_content")),
            (
                "fireworks/accounts/fireworks/models/glm-5p1",
                Some("reasoning_content"),
            ),
            ("groq/openai/gpt-oss-120b", Some("reasoning")),
            ("cerebras/gpt-oss-120b", Some("reasoning")),
            ("xai/grok-4.3", None),
            ("openai/gpt-5-mini", None),
        ] {
            let reply = Answer::text("42").reasoning("6 times 7", None);
            let (answer, heard) = answer_of(model, stream, reply.into()).await;
            assert_eq!(heard, "6 times 7", "{model}");
            let line = sent_back(model, answer.clone()).await;
            for name in ["reasoning_content", "reasoning"] {
                let sent = line.get(name).and_then(Value::as_str);
                let expected = (field == Some(name)).then_some("6 times 7");
                assert_eq!(sent, expected, "{model}: {line}");
            }
            assert_eq!(line["content"], "42", "{model}");
            let elsewhere = sent_back("together/openai/gpt-oss-120b", answer).await;
            assert!(
                !elsewhere.to_string().contains("6 times 7"),
                "{model}: {elsewhere}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_of_another_provider_has_an_empty_thought_where_one_is_demanded() {
    let (answer, _) = answer_of("groq/openai/gpt-oss-120b", true, {
        Answer::text("42").reasoning("6 times 7", None).into()
    })
    .await;
    let line = sent_back("deepseek/deepseek-flash", answer).await;
    assert_eq!(line["reasoning_content"], "", "{line}");
}

#[tokio::test]
async fn details_that_are_wanted_back_are_put_together_and_stay_with_their_model() {
    let piece = |text: &str, signature: Value| json!({"type": "reasoning.text", "text": text, "signature": signature, "format": "anthropic-claude-v1", "index": 0});
    let whole = piece("6 times 7", json!("sig=="));
    let delta = |delta: Value| format!("data: {}\n\n", json!({"choices": [{"delta": delta}]}));
    let stream = [
        delta(
            json!({"reasoning": "6 times ", "reasoning_details": [piece("6 times ", Value::Null)]}),
        ),
        delta(json!({"reasoning": "7", "reasoning_details": [piece("7", Value::Null)]})),
        delta(json!({"reasoning_details": [piece("", json!("sig=="))]})),
        delta(json!({"content": "42"})),
        format!(
            "data: {}\n\ndata: [DONE]\n\n",
            json!({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        ),
    ]
    .concat();
    let message =
        json!({"content": "42", "reasoning": "6 times 7", "reasoning_details": [whole.clone()]});
    let at_once = json!({"choices": [{"message": message, "finish_reason": "stop"}]});
    for (stream, reply) in [
        (true, Reply::events(stream)),
        (false, Reply::error(200, &at_once)),
    ] {
        let (answer, heard) = answer_of("openrouter/anthropic/claude-x", stream, reply).await;
        assert_eq!(heard, "6 times 7");
        let line = sent_back("openrouter/anthropic/claude-x", answer.clone()).await;
        assert_eq!(line["reasoning_details"], json!([whole]), "{line}");
        for other in [
            "openrouter/openai/gpt-x",
            "together/a",
            "deepseek/deepseek-flash",
        ] {
            let line = sent_back(other, answer.clone()).await;
            assert!(!line.to_string().contains("sig=="), "{other}: {line}");
        }
    }
}

#[tokio::test]
async fn mistrals_thoughts_come_and_go_as_parts_of_the_content() {
    let parts = json!([
        {"type": "thinking", "thinking": [{"type": "text", "text": "6 times 7"}]},
        {"type": "text", "text": "42"},
    ]);
    for stream in [true, false] {
        let field = if stream { "delta" } else { "message" };
        let whole = json!({"choices": [{field: {"content": parts}, "finish_reason": "stop"}]});
        let reply = match stream {
            true => Reply::events(format!("data: {whole}\n\ndata: [DONE]\n\n")),
            false => Reply::error(200, &whole),
        };
        let (answer, heard) = answer_of("mistral/mistral-small-latest", stream, reply).await;
        assert_eq!(heard, "6 times 7");
        assert_eq!(answer.content[1], said("42"));
        let line = sent_back("mistral/mistral-small-latest", answer).await;
        let mut expected = parts.clone();
        expected[0]["closed"] = json!(true);
        assert_eq!(line["content"], expected);
    }
}

#[tokio::test]
async fn usage_is_found_where_groq_puts_it() {
    let usage = json!({"prompt_tokens": 12, "completion_tokens": 3});
    let body = format!(
        "data: {}\n\ndata: {}\n\ndata: [DONE]\n\n",
        json!({"choices": [{"delta": {"content": "Hi"}}]}),
        json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "x_groq": {"id": "req_1", "usage": usage}}),
    );
    let (answer, _) = answer_of("groq/llama-3.3-70b-versatile", true, Reply::events(body)).await;
    let usage = answer.usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (12, 3));
}

#[tokio::test]
async fn an_error_within_a_choice_is_one() {
    let error = json!({"code": 429, "message": "upstream is busy"});
    let chunk = json!({"choices": [{"delta": {"content": "Hi"}, "finish_reason": "error", "error": error}]});
    for (way, reply) in [
        (WAYS[0], Reply::events(format!("data: {chunk}\n\n"))),
        (WAYS[1], Reply::error(200, &chunk)),
    ] {
        let error = failure(&script([reply]), way).await;
        assert_eq!(error.kind, ModelErrorKind::RateLimit, "{way:?}: {error}");
        assert!(
            error.message.contains("upstream is busy"),
            "{way:?}: {error}"
        );
    }
}
