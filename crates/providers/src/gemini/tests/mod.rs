//! The client against a scripted server, streaming and not.

mod answers;
mod chunks;
mod contract;
mod conversation;
mod failures;
mod requests;
mod schemas;
mod signatures;
mod waits;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};
use slipway_contract::message::{Content, Message, ToolCall};
use slipway_contract::model::ModelRef;
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};

use super::Gemini;
use crate::attempt::{Endpoint, Key, Patience, Settings};
use crate::catalog::Catalog;
use crate::endpoint::BaseUrl;
use crate::registry::Registry;
use crate::scripted::{Received, Reply, ScriptedServer};

const KEY: &str = "AIzaSy-test-0123456789";

/// A model that is in no table.
const MODEL: &str = "google/gemini-test";

/// Whether the answer comes piece by piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Streamed,
    Whole,
}

const WAYS: [Way; 2] = [Way::Streamed, Way::Whole];

/// What was heard of an answer while it went on.
#[derive(Default)]
struct Heard {
    text: Mutex<String>,
    reasoning: Mutex<String>,
}

impl Deltas for Heard {
    fn text(&self, text: &str) {
        self.text.lock().unwrap().push_str(text);
    }

    fn reasoning(&self, text: &str) {
        self.reasoning.lock().unwrap().push_str(text);
    }
}

fn script<R: Into<Reply>>(replies: impl IntoIterator<Item = R>) -> ScriptedServer {
    ScriptedServer::start(replies).unwrap()
}

/// Google's address without a version, as it is in its variable.
fn base(server: &ScriptedServer) -> BaseUrl {
    format!("http://{}", server.address()).parse().unwrap()
}

fn client(server: &ScriptedServer, way: Way) -> Gemini {
    patient_client(server, MODEL, way, Patience::default())
}

fn patient_client(server: &ScriptedServer, model: &str, way: Way, patience: Patience) -> Gemini {
    let settings = Settings {
        protocol: None,
        stream: way == Way::Streamed,
        patience,
    };
    Gemini::new(endpoint(base(server), Some(key(KEY)), model, settings))
}

fn endpoint(base: BaseUrl, key: Option<Key>, model: &str, settings: Settings) -> Endpoint {
    let model: ModelRef = model.parse().unwrap();
    Endpoint {
        http: http(),
        provider: Registry::built_in().get("google").cloned().unwrap(),
        base,
        key,
        facts: Catalog::built_in().facts(&model).cloned(),
        model,
        settings,
    }
}

fn key(key: &str) -> Key {
    const NAME: &str = "GOOGLE_API_KEY";
    Key::new(
        Arc::new(MemorySecrets::new([(NAME, key)])),
        &[NAME.to_owned()],
    )
}

/// One client for all, since loading certificates takes longer than a call.
fn http() -> reqwest::Client {
    static HTTP: std::sync::LazyLock<reqwest::Client> =
        std::sync::LazyLock::new(|| slipway_net::provider_client().unwrap());
    HTTP.clone()
}

/// One call, with the text that was heard of it while it went on.
async fn ask(
    server: &ScriptedServer,
    way: Way,
    request: &ModelRequest,
) -> (Result<ModelResponse, ModelError>, String) {
    let heard = Heard::default();
    let answer = client(server, way).call(request, &heard).await;
    (answer, heard.text.into_inner().unwrap())
}

/// One call that has to succeed.
async fn answer(server: &ScriptedServer, way: Way) -> ModelResponse {
    let (answer, _) = ask(server, way, &request()).await;
    answer.unwrap_or_else(|error| panic!("{way:?}: {error}"))
}

/// One call that has to fail.
async fn failure(server: &ScriptedServer, way: Way) -> ModelError {
    let (answer, _) = ask(server, way, &request()).await;
    match answer {
        Err(error) => error,
        Ok(answer) => panic!("{way:?}: {answer:?}"),
    }
}

/// The request that the server gets for this model.
async fn sent(model: &str, way: Way, request: &ModelRequest) -> Received {
    let server = script([crate::scripted::Answer::text("Done.")]);
    let client = patient_client(&server, model, way, Patience::default());
    client.call(request, &Heard::default()).await.unwrap();
    server.requests().remove(0)
}

/// Why the request is refused before anything is sent.
async fn unsent(model: &str, request: &ModelRequest) -> ModelError {
    let server = script([crate::scripted::Answer::text("Done.")]);
    let client = patient_client(&server, model, Way::Streamed, Patience::default());
    let refused = client.call(request, &Heard::default()).await;
    assert!(server.requests().is_empty(), "nothing is sent");
    refused.unwrap_err()
}

fn request() -> ModelRequest {
    ModelRequest {
        model: MODEL.parse().unwrap(),
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
        tool_choice: slipway_contract::model::ToolChoice::Auto,
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

fn thought(text: &str, opaque: Option<Value>) -> Content {
    Content::Reasoning {
        text: text.to_owned(),
        opaque,
    }
}

/// A signature as it is kept.
fn signed(signature: &str) -> Content {
    let kept = json!({
        "protocol": "gemini", "provider": "google", "model": "gemini-test", "signature": signature,
    });
    thought("", Some(kept))
}

fn answered(step: u32, content: Vec<Content>) -> Message {
    Message::Assistant {
        step: StepId(step),
        content,
    }
}

fn returned(step: u32, id: &str, tool: &str, text: &str, is_error: bool) -> Message {
    Message::Tool {
        step: StepId(step),
        call_id: CallId(id.to_owned()),
        tool: tool.to_owned(),
        text: text.to_owned(),
        is_error,
    }
}
