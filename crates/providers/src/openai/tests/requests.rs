//! What the server is asked.

use serde_json::json;
use slipway_contract::message::ToolCall;

use super::*;
use crate::catalog::Catalog;
use crate::registry::Dialect;
use crate::scripted::{Answer, Received};

/// The request that the server gets.
pub(super) async fn sent(way: Way, request: &ModelRequest) -> Received {
    let server = script([Answer::text("Done.")]);
    ask(&server, way, request).await.0.unwrap();
    server.requests().remove(0)
}

/// The same, as the dialect of OpenAI itself with a listed model writes it.
pub(super) async fn sent_as(
    model: &str,
    official: bool,
    way: Way,
    request: &ModelRequest,
) -> Value {
    let server = script([Answer::text("Done.")]);
    let mut client = client(&server, way);
    let facts = Catalog::built_in().facts(&model.parse().unwrap());
    let openai = Registry::built_in().get("openai").unwrap();
    let name = &model.parse::<ModelRef>().unwrap().model;
    client.dialect = if official {
        openai
            .dialect_at(openai.own_base().unwrap())
            .for_model(name)
    } else {
        Dialect::default()
    };
    client.reasons = facts.is_some_and(|facts| facts.reasoning);
    client.endpoint.facts = facts.cloned();
    client.call(request, &Heard::default()).await.unwrap();
    server.requests().remove(0).body
}

/// A conversation with two tools, both answered, one with an error.
fn conversation() -> ModelRequest {
    let mut request = request();
    request.messages.extend([
        answered(
            1,
            vec![
                said("I look."),
                called("call_a", "read_file", json!({"path": "a.txt"})),
                called("call_b", "mcp:files/stat", json!({})),
            ],
        ),
        returned(2, "call_a", "read_file", "Hello, \"you\"\n", false),
        returned(3, "call_b", "mcp:files/stat", "there is no b.txt", true),
    ]);
    request
}

#[tokio::test]
async fn the_second_request_carries_both_results_in_chat() {
    for way in WAYS
        .into_iter()
        .filter(|way| way.protocol == Protocol::Chat)
    {
        let received = sent(way, &conversation()).await;
        assert_eq!(received.path, "/v1/chat/completions");
        assert_eq!(
            received.body["messages"],
            json!([
                {"role": "system", "content": "Be exact."},
                {"role": "user", "content": "What is in a.txt?"},
                {"role": "assistant", "content": "I look.", "tool_calls": [
                    {"id": "call_a", "type": "function", "function": {"name": "read_file", "arguments": "{\"path\":\"a.txt\"}"}},
                    {"id": "call_b", "type": "function", "function": {"name": "mcp_files_stat", "arguments": "{}"}},
                ]},
                {"role": "tool", "tool_call_id": "call_a", "content": "Hello, \"you\"\n"},
                {"role": "tool", "tool_call_id": "call_b", "content": "Error: there is no b.txt"},
            ])
        );
        assert_eq!(received.body["stream"], json!(way.stream));
        let usage = received.body["stream_options"]["include_usage"] == true;
        assert_eq!(usage, way.stream);
    }
}

#[tokio::test]
async fn the_second_request_carries_both_results_in_responses() {
    for way in WAYS
        .into_iter()
        .filter(|way| way.protocol == Protocol::Responses)
    {
        let received = sent(way, &conversation()).await;
        assert_eq!(received.path, "/v1/responses");
        assert_eq!(received.body["instructions"], "Be exact.");
        assert_eq!(
            received.body["input"],
            json!([
                {"role": "user", "content": "What is in a.txt?"},
                {"role": "assistant", "content": "I look."},
                {"type": "function_call", "call_id": "call_a", "name": "read_file", "arguments": "{\"path\":\"a.txt\"}"},
                {"type": "function_call", "call_id": "call_b", "name": "mcp_files_stat", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "call_a", "output": "Hello, \"you\"\n"},
                {"type": "function_call_output", "call_id": "call_b", "output": "Error: there is no b.txt"},
            ])
        );
        assert_eq!(
            received.body["store"], false,
            "nothing stays with the provider"
        );
        assert_eq!(received.body["stream"], json!(way.stream));
    }
}

#[tokio::test]
async fn a_malformed_call_goes_back_as_the_model_wrote_it() {
    let raw = "{\"path\": \"a.txt";
    let mut request = request();
    request.messages.push(answered(
        1,
        vec![Content::ToolCall(ToolCall {
            call_id: CallId("call_a".into()),
            tool: "rm -rf".into(),
            arguments: Value::String(raw.into()),
            malformed: Some("not JSON".into()),
        })],
    ));
    request
        .messages
        .push(returned(2, "call_a", "rm -rf", "not valid JSON", true));
    for way in WAYS {
        let body = sent(way, &request).await.body;
        let (call, silent) = match way.protocol {
            Protocol::Chat => (
                body["messages"][2]["tool_calls"][0]["function"].clone(),
                body["messages"][2]["content"].is_null(),
            ),
            _ => (body["input"][1].clone(), true),
        };
        assert_eq!(call["arguments"], raw, "{way:?}");
        assert_eq!(
            call["name"], "rm_-rf",
            "{way:?}: providers refuse other names"
        );
        assert!(silent, "{way:?}: the model said nothing");
    }
}

#[tokio::test]
async fn tools_are_told_with_schemas_that_providers_take() {
    for way in WAYS {
        let body = sent(way, &request()).await.body;
        let tools = body["tools"].as_array().unwrap();
        let of = |index: usize| match way.protocol {
            Protocol::Chat => tools[index]["function"].clone(),
            _ => tools[index].clone(),
        };
        assert_eq!(of(0)["name"], "read_file", "{way:?}");
        assert_eq!(of(0)["description"], "Does read_file.", "{way:?}");
        assert_eq!(of(1)["name"], "mcp_files_stat", "{way:?}");
        assert_eq!(
            of(1)["parameters"],
            json!({"type": "object", "properties": {}}),
            "{way:?}"
        );
        if way.protocol == Protocol::Responses {
            assert_eq!(of(0)["strict"], false, "left out, it would mean true");
        }
        let mut bare = request();
        bare.tools = Arc::new([]);
        assert_eq!(sent(way, &bare).await.body.get("tools"), None, "{way:?}");
    }
}

#[tokio::test]
async fn temperature_and_limit_go_where_the_model_takes_them() {
    let mut request = request();
    request.temperature = Some(0.2);
    request.max_output_tokens = Some(900);
    for way in WAYS {
        let plain = sent(way, &request).await.body;
        let official = sent_as("openai/gpt-4.1", true, way, &request).await;
        let reasoning = sent_as("openai/gpt-5-mini", true, way, &request).await;
        assert_eq!(plain["temperature"], 0.2, "{way:?}");
        assert_eq!(official["temperature"], 0.2, "{way:?}");
        assert_eq!(
            reasoning.get("temperature"),
            None,
            "{way:?}: it would be refused"
        );
        let limits = match way.protocol {
            Protocol::Chat => [
                "max_tokens",
                "max_completion_tokens",
                "max_completion_tokens",
            ],
            _ => ["max_output_tokens"; 3],
        };
        for (body, limit) in [plain, official, reasoning].iter().zip(limits) {
            assert_eq!(body[limit], 900, "{way:?}");
            let all = ["max_tokens", "max_completion_tokens", "max_output_tokens"];
            let said = all.iter().filter(|name| body.get(**name).is_some()).count();
            assert_eq!(said, 1, "{way:?}: {body}");
        }
    }
}

#[tokio::test]
async fn the_answers_schema_is_given_and_strict_where_it_can_be() {
    let strict = json!({
        "type": "object",
        "properties": {"total": {"type": "string"}},
        "required": ["total"],
        "additionalProperties": false,
    });
    let loose = json!({"type": "object", "properties": {"total": {"type": "string"}}});
    for way in WAYS {
        for (schema, is_strict) in [(&strict, true), (&loose, false)] {
            let mut request = request();
            request.output_schema = Some(schema.clone());
            let body = sent_as("openai/gpt-4.1", true, way, &request).await;
            let format = match way.protocol {
                Protocol::Chat => {
                    assert_eq!(body["response_format"]["type"], "json_schema");
                    body["response_format"]["json_schema"].clone()
                }
                _ => {
                    assert_eq!(body["text"]["format"]["type"], "json_schema");
                    body["text"]["format"].clone()
                }
            };
            assert_eq!(format["schema"], *schema, "{way:?}");
            assert_eq!(format["strict"], is_strict, "{way:?}");
            assert!(format["name"].is_string(), "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_schema_that_has_no_place_is_told_in_the_instructions() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let object = json!({"type": "object"});
    for way in WAYS {
        for (official, schema) in [(true, &list), (false, &object)] {
            let mut request = request();
            request.output_schema = Some(schema.clone());
            let body = sent_as("openai/gpt-4.1", official, way, &request).await;
            let instructions = match way.protocol {
                Protocol::Chat => body["messages"][0]["content"].clone(),
                _ => body["instructions"].clone(),
            };
            let instructions = instructions.as_str().unwrap();
            assert!(instructions.starts_with("Be exact."), "{way:?}");
            assert!(
                instructions.contains(&schema.to_string()),
                "{way:?}: {instructions}"
            );
            assert_eq!(body.get("response_format"), None, "{way:?}");
            assert_eq!(body.get("text"), None, "{way:?}");
        }
        let mut alone = request();
        alone.tools = Arc::new([]);
        alone.output_schema = Some(object.clone());
        let body = sent_as("openai/gpt-4.1", false, way, &alone).await;
        let placed = body.get("response_format").or(body.get("text"));
        assert!(
            placed.is_some(),
            "{way:?}: without tools a local server may enforce it"
        );
    }
}

#[tokio::test]
async fn reasoning_goes_back_unchanged_where_it_belongs() {
    let item = json!({"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "opaque==", "later": {"x": 1}});
    let own = "test-model";
    let marked = |model: &str| json!({"protocol": "responses", "provider": "openai", "model": model, "item": item});
    let thought = |opaque: Option<Value>| Content::Reasoning {
        text: "6 times 7".into(),
        opaque,
    };
    let mut request = request();
    request.messages.extend([
        answered(
            1,
            vec![
                thought(Some(marked(own))),
                thought(None),
                thought(Some(marked("gpt-5"))),
                // As earlier versions kept it.
                thought(Some(item.clone())),
                thought(Some(json!({"signature": "another provider's"}))),
                called("call_a", "read_file", json!({})),
                thought(Some(marked(own))),
            ],
        ),
        returned(2, "call_a", "read_file", "x", false),
    ]);
    for way in WAYS {
        let body = sent_as("openai/gpt-5-mini", true, way, &request).await;
        match way.protocol {
            Protocol::Responses => {
                let input = body["input"].as_array().unwrap();
                assert_eq!(input[1], item, "{way:?}");
                assert_eq!(input[2]["type"], "function_call", "{way:?}: {body}");
                assert_eq!(
                    input[3]["type"], "function_call_output",
                    "{way:?}: a thought that led nowhere is refused"
                );
                assert_eq!(body["include"], json!(["reasoning.encrypted_content"]));
            }
            _ => {
                let text = body.to_string();
                assert!(
                    !text.contains("opaque==") && !text.contains("6 times 7"),
                    "{text}"
                );
            }
        }
    }
    let body = sent_as("openai/gpt-4.1", true, WAYS[2], &super::request()).await;
    assert_eq!(
        body.get("include"),
        None,
        "models that do not reason refuse it"
    );
}

#[tokio::test]
async fn the_key_goes_into_the_header_alone_and_only_when_there_is_one() {
    for way in WAYS {
        let received = sent(way, &request()).await;
        let header = received.headers.get("authorization").unwrap();
        assert_eq!(header, &format!("Bearer {KEY}"), "{way:?}");
        assert!(!received.body.to_string().contains(KEY), "{way:?}");
        let accept = received.headers.get("accept").unwrap();
        let expected = if way.stream {
            "text/event-stream"
        } else {
            "application/json"
        };
        assert_eq!(accept, expected, "{way:?}");

        let server = script([Answer::text("Done.")]);
        let keyless = OpenAi::new(endpoint(
            server.base_url(),
            None,
            "local/llama3.2",
            Settings {
                protocol: Some(way.protocol),
                stream: way.stream,
                ..Settings::default()
            },
        ));
        keyless.call(&request(), &Heard::default()).await.unwrap();
        let received = server.requests().remove(0);
        assert_eq!(received.headers.get("authorization"), None, "{way:?}");
        assert_eq!(received.body["model"], "llama3.2", "{way:?}");
    }
}
