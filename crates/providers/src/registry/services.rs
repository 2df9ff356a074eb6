//! The request that each service gets for one neutral call.

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_agent::memory::model::CollectedDeltas;
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::ModelRequest;
use slipway_contract::message::{Attachment, Content, Media, Message, ToolCall};
use slipway_contract::model::{ReasoningEffort, ToolChoice};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};

use super::Registry;
use crate::scripted::{Answer, Received, ScriptedServer};
use crate::{Environment, Providers};

const SCHEMA: &str = r#"{"type":"object","properties":{"total":{"type":"string"}},"required":["total"],"additionalProperties":false}"#;

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// A conversation in which everything happens in which services differ.
fn neutral(provider: &str, model: &str) -> ModelRequest {
    let thought = json!({
        "protocol": "chat", "provider": provider, "model": model,
        "details": [{"type": "reasoning.text", "text": "I look.", "index": 0}],
    });
    ModelRequest {
        model: format!("{provider}/{model}").parse().unwrap(),
        instructions: "Be exact.".into(),
        messages: vec![
            Message::User {
                text: "What is in a.txt?".into(),
                attachments: vec![],
            },
            Message::Assistant {
                step: StepId(1),
                content: vec![
                    Content::Reasoning {
                        text: "I look.".into(),
                        opaque: Some(thought),
                    },
                    Content::ToolCall(ToolCall {
                        call_id: CallId("call_0_0".into()),
                        tool: "read".into(),
                        arguments: json!({"path": "a.txt"}),
                        malformed: None,
                    }),
                ],
            },
            Message::Tool {
                step: StepId(2),
                call_id: CallId("call_0_0".into()),
                tool: "read".into(),
                text: "12".into(),
                is_error: false,
            },
        ],
        tools: Arc::new([ToolDefinition {
            name: "read".into(),
            description: "Reads.".into(),
            schema: json!({"type": "object", "properties": {}}),
            effect: DeclaredEffect::Always(Effect::Read),
            server: "built-in".into(),
        }]),
        output_schema: Some(schema()),
        temperature: Some(0.2),
        max_output_tokens: Some(900),
        reasoning: Some(ReasoningEffort::High),
        tool_choice: ToolChoice::Required,
    }
}

/// What reaches the service when it lies at this path of a scripted server.
async fn received(path: &str, request: &ModelRequest) -> Received {
    let id = request.model.provider.as_str();
    let server = ScriptedServer::start([Answer::text("{}")]).unwrap();
    let at = format!("http://{}{path}", server.address());
    // OpenAI's own dialect is spoken elsewhere only to whoever is said to speak it.
    let own = format!(
        "[[provider]]\nid = \"{id}\"\n{}",
        if id == "openai" {
            "protocol = \"responses\"\n"
        } else {
            ""
        }
    );
    let registry = Registry::with_own(&own).unwrap();
    let provider = registry.get(id).unwrap();
    let (variable, key) = (provider.base_variable.clone(), provider.keys[0].clone());
    let environment = Environment::for_providers(&registry, |name| {
        (Some(name) == variable.as_deref()).then(|| at.clone())
    });
    let secrets = MemorySecrets::new([(key.as_str(), "secret-0123456789")]);
    let providers = Providers::new(Arc::new(secrets), environment)
        .with_local_servers(&[])
        .with_own_providers(Ok(registry));
    let model = providers.resolve(&request.model, &[], "/w").await.unwrap();
    model
        .call(request, &CollectedDeltas::default())
        .await
        .unwrap();
    server.requests().remove(0)
}

fn told() -> String {
    format!(
        "Be exact.\n\nWrite your final answer as nothing but JSON that fits this JSON Schema:\n{SCHEMA}"
    )
}

/// The body that a service gets which differs in nothing but this from any other; null takes
/// something away.
fn chat(model: &str, assistant: Value, id: &str, more: Value) -> Value {
    let mut line = json!({
        "role": "assistant", "content": null,
        "tool_calls": [{"id": id, "type": "function", "function": {"name": "read", "arguments": "{\"path\":\"a.txt\"}"}}],
    });
    merge(&mut line, assistant);
    let mut body = json!({
        "model": model,
        "messages": [
            {"role": "system", "content": told()},
            {"role": "user", "content": "What is in a.txt?"},
            line,
            {"role": "tool", "tool_call_id": id, "content": "12"},
        ],
        "tools": [{"type": "function", "function": {"name": "read", "description": "Reads.", "parameters": {"type": "object", "properties": {}}}}],
        "tool_choice": "required",
        "temperature": 0.2,
        "max_tokens": 900,
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    merge(&mut body, more);
    body
}

fn responses(model: &str, more: Value) -> Value {
    let mut body = json!({
        "model": model,
        "instructions": "Be exact.",
        "input": [
            {"role": "user", "content": "What is in a.txt?"},
            {"type": "function_call", "call_id": "call_0_0", "name": "read", "arguments": "{\"path\":\"a.txt\"}"},
            {"type": "function_call_output", "call_id": "call_0_0", "output": "12"},
        ],
        "tools": [{"type": "function", "name": "read", "description": "Reads.", "parameters": {"type": "object", "properties": {}}, "strict": false}],
        "tool_choice": "required",
        "text": {"format": {"type": "json_schema", "name": "answer", "schema": schema(), "strict": true}},
        "reasoning": {"effort": "high", "summary": "auto"},
        "max_output_tokens": 900,
        "store": false,
        "include": ["reasoning.encrypted_content"],
        "stream": true,
    });
    merge(&mut body, more);
    body
}

fn merge(into: &mut Value, more: Value) {
    let (Value::Object(into), Value::Object(more)) = (into, more) else {
        return;
    };
    for (key, value) in more {
        let takes_away = value.is_null();
        into.insert(key.clone(), value);
        if takes_away {
            into.shift_remove(&key);
        }
    }
}

const NOTHING: Value = Value::Null;

/// Id, model, where it lies and is asked, the header of the key, the body.
fn services() -> Vec<(&'static str, &'static str, [&'static str; 3], Value)> {
    let bearer = "authorization";
    vec![
        (
            "azure",
            "gpt-5.4",
            ["", "/openai/v1/responses", "api-key"],
            responses("gpt-5.4", NOTHING),
        ),
        (
            "openrouter",
            "anthropic/claude-x",
            ["/api/v1", "/api/v1/chat/completions", bearer],
            chat(
                "anthropic/claude-x",
                json!({"reasoning_details": [{"type": "reasoning.text", "text": "I look.", "index": 0}]}),
                "call_0_0",
                json!({"reasoning": {"effort": "high"}}),
            ),
        ),
        (
            "groq",
            "openai/gpt-oss-120b",
            ["", "/openai/v1/chat/completions", bearer],
            chat(
                "openai/gpt-oss-120b",
                json!({"reasoning": "I look."}),
                "call_0_0",
                json!({"reasoning_effort": "high"}),
            ),
        ),
        (
            "mistral",
            "mistral-small-latest",
            ["", "/v1/chat/completions", bearer],
            chat(
                "mistral-small-latest",
                json!({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "I look."}], "closed": true}]}),
                "ID",
                json!({"reasoning_effort": "high", "tool_choice": "any", "stream_options": null}),
            ),
        ),
        (
            "deepseek",
            "deepseek-v4-pro",
            ["", "/chat/completions", bearer],
            chat(
                "deepseek-v4-pro",
                json!({"reasoning_content": "I look."}),
                "call_0_0",
                json!({"thinking": {"type": "enabled"}, "reasoning_effort": "high"}),
            ),
        ),
        (
            "xai",
            "grok-4.3",
            ["/v1", "/v1/chat/completions", bearer],
            chat(
                "grok-4.3",
                NOTHING,
                "call_0_0",
                json!({"reasoning_effort": "high", "max_tokens": null, "max_completion_tokens": 900}),
            ),
        ),
        (
            "together",
            "openai/gpt-oss-120b",
            ["/v1", "/v1/chat/completions", bearer],
            chat(
                "openai/gpt-oss-120b",
                NOTHING,
                "call_0_0",
                json!({"reasoning_effort": "high"}),
            ),
        ),
        (
            "fireworks",
            "accounts/fireworks/models/glm-5p1",
            ["/inference/v1", "/inference/v1/chat/completions", bearer],
            chat(
                "accounts/fireworks/models/glm-5p1",
                json!({"reasoning_content": "I look."}),
                "call_0_0",
                json!({"reasoning_effort": "high"}),
            ),
        ),
        (
            "cerebras",
            "gpt-oss-120b",
            ["/v1", "/v1/chat/completions", bearer],
            chat(
                "gpt-oss-120b",
                json!({"reasoning": "I look."}),
                "call_0_0",
                json!({"reasoning_effort": "high", "max_tokens": null, "max_completion_tokens": 900}),
            ),
        ),
    ]
}

#[tokio::test]
async fn each_service_gets_what_it_takes() {
    for (id, model, [at, path, header], expected) in services() {
        let received = received(at, &neutral(id, model)).await;
        assert_eq!(received.path, path, "{id}");
        let key = received.headers.get(header).unwrap().to_str().unwrap();
        let bearer = header == "authorization";
        let carried = if bearer {
            "Bearer secret-0123456789"
        } else {
            "secret-0123456789"
        };
        assert_eq!(key, carried, "{id}");
        let both = ["authorization", "api-key"];
        let sent = both
            .iter()
            .filter(|name| received.headers.contains_key(**name));
        assert_eq!(sent.count(), 1, "{id}: one key, once");
        let mut body = received.body;
        if id == "mistral" {
            let ids = ["/messages/2/tool_calls/0/id", "/messages/3/tool_call_id"];
            let [call, result] =
                ids.map(|at| body.pointer(at).unwrap().as_str().unwrap().to_owned());
            assert_eq!(call, result);
            assert!(
                call.len() == 9 && call.bytes().all(|b| b.is_ascii_alphanumeric()),
                "{call}"
            );
            for at in ids {
                *body.pointer_mut(at).unwrap() = json!("ID");
            }
        }
        assert_eq!(body, expected, "{id}: {body:#}");
    }
}

#[tokio::test]
async fn openai_itself_gets_what_it_takes() {
    let received = received("/v1", &neutral("openai", "gpt-5.4")).await;
    let mut body = received.body;
    let key = body
        .as_object_mut()
        .unwrap()
        .shift_remove("prompt_cache_key");
    assert!(key.is_some_and(|key| key.is_string()));
    assert_eq!(body, responses("gpt-5.4", NOTHING));
}

#[tokio::test]
async fn every_compatible_service_is_in_the_table() {
    let tested: Vec<&str> = services().iter().map(|(id, ..)| *id).collect();
    for provider in Registry::built_in().iter() {
        let other = ["openai", "anthropic", "google"].contains(&provider.id.as_str());
        assert!(
            other || tested.contains(&provider.id.as_str()),
            "{}",
            provider.id
        );
    }
}

#[tokio::test]
async fn without_tools_a_schema_goes_where_the_service_wants_it() {
    let placed = json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema(), "strict": true}});
    let object = json!({"type": "json_object"});
    for (id, model, format) in [
        ("openrouter", "anthropic/claude-x", &placed),
        ("groq", "openai/gpt-oss-120b", &placed),
        ("groq", "llama-3.3-70b-versatile", &object),
        ("mistral", "mistral-small-latest", &placed),
        ("deepseek", "deepseek-flash", &object),
        ("xai", "grok-4.3", &placed),
    ] {
        let mut request = neutral(id, model);
        request.tools = Arc::new([]);
        request.messages.truncate(1);
        let body = received("/v1", &request).await.body;
        assert_eq!(body["response_format"], *format, "{id}/{model}");
        let instructions = body["messages"][0]["content"].as_str().unwrap();
        assert_eq!(instructions == told(), *format == object, "{id}/{model}");
        assert_eq!(body.get("tool_choice"), None, "{id}/{model}");
    }
}

#[tokio::test]
async fn reasoning_is_turned_off_as_the_service_takes_it() {
    for (id, model, expected) in [
        (
            "azure",
            "my-deployment",
            json!({"reasoning": {"effort": "none"}}),
        ),
        (
            "azure",
            "gpt-5-mini",
            json!({"reasoning": {"effort": "minimal", "summary": "auto"}}),
        ),
        (
            "openrouter",
            "a/b",
            json!({"reasoning": {"effort": "none"}}),
        ),
        (
            "groq",
            "qwen/qwen3-32b",
            json!({"reasoning_effort": "none"}),
        ),
        (
            "groq",
            "openai/gpt-oss-20b",
            json!({"reasoning_effort": "low"}),
        ),
        ("groq", "llama-3.3-70b-versatile", json!({})),
        (
            "mistral",
            "mistral-small-latest",
            json!({"reasoning_effort": "none"}),
        ),
        ("mistral", "mistral-large-latest", json!({})),
        (
            "deepseek",
            "deepseek-flash",
            json!({"thinking": {"type": "disabled"}}),
        ),
        ("xai", "grok-4.3", json!({"reasoning_effort": "none"})),
        ("xai", "grok-4.5", json!({"reasoning_effort": "low"})),
        ("xai", "grok-4.20-0309-reasoning", json!({})),
        (
            "cerebras",
            "zai-glm-4.7",
            json!({"reasoning_effort": "none"}),
        ),
        ("together", "moonshotai/Kimi-K2.6", json!({})),
    ] {
        let mut request = neutral(id, model);
        request.reasoning = Some(ReasoningEffort::Off);
        let body = received("", &request).await.body;
        for field in ["reasoning", "reasoning_effort", "thinking"] {
            assert_eq!(body.get(field), expected.get(field), "{id}/{model} {field}");
        }
    }
}

#[tokio::test]
async fn documents_go_in_the_form_of_the_service() {
    let pdf = "data:application/pdf;base64,JVBERi0=";
    let parts = |document: Value| json!([{"type": "text", "text": "What is in a.txt?"}, document]);
    for (id, model, document) in [
        (
            "openrouter",
            "a/b",
            json!({"type": "file", "file": {"filename": "a.pdf", "file_data": pdf}}),
        ),
        (
            "mistral",
            "mistral-small-latest",
            json!({"type": "document_url", "document_url": pdf}),
        ),
    ] {
        let mut request = neutral(id, model);
        if let Message::User { attachments, .. } = &mut request.messages[0] {
            attachments.push(Attachment {
                name: "a.pdf".into(),
                media: Media::Pdf,
                data: "JVBERi0=".into(),
            });
        }
        let body = received("", &request).await.body;
        assert_eq!(body["messages"][1]["content"], parts(document), "{id}");
    }
}

#[tokio::test]
async fn where_one_tool_cannot_be_named_it_is_the_only_one() {
    let mut request = neutral("mistral", "mistral-small-latest");
    let other = ToolDefinition {
        name: "write".into(),
        ..request.tools[0].clone()
    };
    request.tools = Arc::new([request.tools[0].clone(), other]);
    request.tool_choice = ToolChoice::Tool("write".into());
    let body = received("", &request).await.body;
    assert_eq!(body["tool_choice"], "any");
    assert_eq!(body["tools"].as_array().unwrap().len(), 1);
    assert_eq!(body["tools"][0]["function"]["name"], "write");
}
