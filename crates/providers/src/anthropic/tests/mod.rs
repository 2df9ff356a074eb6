//! The client against a scripted server, streaming and not.

mod answers;
mod caching;
mod contract;
mod conversations;
mod failures;
mod requests;
mod schemas;
mod streams;
mod thoughts;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};
use slipway_contract::message::{Content, Message, ToolCall};
use slipway_contract::model::{ModelRef, ToolChoice};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};

use super::Anthropic;
use crate::attempt::{Endpoint, Key, Patience, Settings};
use crate::catalog::Catalog;
use crate::registry::Registry;
use crate::scripted::{Answer, Received, Reply, ScriptedServer};

const KEY: &str = "sk-ant-test-0123456789";

/// Streaming and not.
const WAYS: [bool; 2] = [true, false];

/// Models that differ in what they take; the last one is not in the table.
const ALWAYS: &str = "claude-opus-5-5";
const BETWEEN: &str = "claude-sonnet-5-5";
const UNLESS: &str = "claude-haiku-5-5";
const ON_REQUEST: &str = "claude-sonnet-4-6";
const BUDGET: &str = "claude-haiku-4-5";
const UNKNOWN: &str = "claude-of-tomorrow";

/// What a caller hears while an answer arrives.
#[derive(Default)]
struct Heard {
    text: Mutex<String>,
    thoughts: Mutex<String>,
}

impl Deltas for Heard {
    fn text(&self, text: &str) {
        self.text.lock().unwrap().push_str(text);
    }

    fn reasoning(&self, text: &str) {
        self.thoughts.lock().unwrap().push_str(text);
    }
}

impl Heard {
    fn told(self) -> (String, String) {
        (
            self.text.into_inner().unwrap(),
            self.thoughts.into_inner().unwrap(),
        )
    }
}

fn script<R: Into<Reply>>(replies: impl IntoIterator<Item = R>) -> ScriptedServer {
    ScriptedServer::start(replies).unwrap()
}

fn client(server: &ScriptedServer, model: &str, stream: bool) -> Anthropic {
    patient_client(server, model, stream, Patience::default())
}

fn patient_client(
    server: &ScriptedServer,
    model: &str,
    stream: bool,
    patience: Patience,
) -> Anthropic {
    let model = ModelRef {
        provider: "anthropic".to_owned(),
        model: model.to_owned(),
    };
    let name = "ANTHROPIC_API_KEY";
    Anthropic::new(Endpoint {
        http: http(),
        provider: Registry::built_in().get("anthropic").cloned().unwrap(),
        base: server.base_url(),
        key: Some(Key::new(
            Arc::new(MemorySecrets::new([(name, KEY)])),
            &[name.to_owned()],
        )),
        facts: Catalog::built_in().facts(&model).cloned(),
        model,
        settings: Settings {
            protocol: None,
            stream,
            patience,
        },
    })
}

/// One client for all, since loading certificates takes longer than a call.
fn http() -> reqwest::Client {
    static HTTP: std::sync::LazyLock<reqwest::Client> =
        std::sync::LazyLock::new(|| slipway_net::provider_client().unwrap());
    HTTP.clone()
}

async fn ask(
    server: &ScriptedServer,
    stream: bool,
    request: &ModelRequest,
) -> (Result<ModelResponse, ModelError>, (String, String)) {
    let heard = Heard::default();
    let answer = client(server, UNLESS, stream).call(request, &heard).await;
    (answer, heard.told())
}

/// One call that has to succeed.
async fn answer(server: &ScriptedServer, stream: bool) -> ModelResponse {
    let (answer, _) = ask(server, stream, &request()).await;
    answer.unwrap_or_else(|error| panic!("stream {stream}: {error}"))
}

/// One call that has to fail.
async fn failure(server: &ScriptedServer, stream: bool) -> ModelError {
    let (answer, _) = ask(server, stream, &request()).await;
    match answer {
        Err(error) => error,
        Ok(answer) => panic!("stream {stream}: {answer:?}"),
    }
}

/// The request that the server gets for this model.
async fn sent(model: &str, request: &ModelRequest) -> Received {
    let server = script([Answer::text("Done.")]);
    let client = client(&server, model, true);
    client.call(request, &Heard::default()).await.unwrap();
    server.requests().remove(0)
}

/// Its body.
async fn body(model: &str, request: &ModelRequest) -> Value {
    sent(model, request).await.body
}

/// Why nothing was sent.
async fn refused(model: &str, request: &ModelRequest) -> ModelError {
    let server = script([Answer::text("Done.")]);
    let answer = client(&server, model, true)
        .call(request, &Heard::default())
        .await;
    assert!(server.requests().is_empty(), "nothing may be sent");
    answer.unwrap_err()
}

fn request() -> ModelRequest {
    ModelRequest {
        model: "anthropic/claude-haiku-5-5".parse().unwrap(),
        instructions: "Be exact.".into(),
        messages: vec![user("What is in a.txt?")],
        tools: Arc::new([
            tool(
                "read_file",
                &json!({"type": "object", "properties": {"path": {"type": "string"}}}),
            ),
            tool("mcp:files/stat", &json!({"type": "object"})),
        ]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: ToolChoice::Auto,
    }
}

fn tool(name: &str, schema: &Value) -> ToolDefinition {
    ToolDefinition {
        name: name.to_owned(),
        description: format!("Does {name}."),
        schema: schema.clone(),
        effect: DeclaredEffect::Always(Effect::Read),
        server: "built-in".to_owned(),
    }
}

fn user(text: &str) -> Message {
    Message::User {
        text: text.to_owned(),
        attachments: Vec::new(),
    }
}

fn said(text: &str) -> Content {
    Content::Text {
        text: text.to_owned(),
    }
}

fn called(id: &str, tool: &str, arguments: Value) -> Content {
    Content::ToolCall(ToolCall {
        call_id: CallId(id.to_owned()),
        tool: tool.to_owned(),
        arguments,
        malformed: None,
    })
}

fn answered(step: u32, content: Vec<Content>) -> Message {
    Message::Assistant {
        step: StepId(step),
        content,
    }
}

fn returned(id: &str, text: &str, is_error: bool) -> Message {
    Message::Tool {
        step: StepId(9),
        call_id: CallId(id.to_owned()),
        tool: "read_file".to_owned(),
        text: text.to_owned(),
        is_error,
    }
}

/// The body without what is told to be cached.
fn without_marks(mut body: Value) -> Value {
    fn clear(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.shift_remove("cache_control");
                map.values_mut().for_each(clear);
            }
            Value::Array(list) => list.iter_mut().for_each(clear),
            _ => {}
        }
    }
    clear(&mut body);
    body
}
