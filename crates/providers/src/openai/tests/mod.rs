//! The client against a scripted server, in both interfaces, streaming and not.

mod answers;
mod attachments;
mod billing;
mod choices;
mod chunks;
mod contract;
mod failures;
mod names;
mod requests;
mod thoughts;
mod waits;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{
    Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use slipway_contract::message::{Content, Message, ToolCall};
use slipway_contract::model::ModelRef;
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};

use super::OpenAi;
use crate::attempt::{Endpoint, Key, Patience, Settings};
use crate::endpoint::BaseUrl;
use crate::registry::{Protocol, Provider, Registry};
use crate::scripted::{Reply, ScriptedServer};

const KEY: &str = "sk-test-0123456789";

/// How a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    protocol: Protocol,
    stream: bool,
}

/// Both interfaces, streaming and not.
const WAYS: [Way; 4] = [
    Way {
        protocol: Protocol::Chat,
        stream: true,
    },
    Way {
        protocol: Protocol::Chat,
        stream: false,
    },
    Way {
        protocol: Protocol::Responses,
        stream: true,
    },
    Way {
        protocol: Protocol::Responses,
        stream: false,
    },
];

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

fn script<R: Into<Reply>>(replies: impl IntoIterator<Item = R>) -> ScriptedServer {
    ScriptedServer::start(replies).unwrap()
}

fn client(server: &ScriptedServer, way: Way) -> OpenAi {
    patient_client(server, way, Patience::default())
}

fn patient_client(server: &ScriptedServer, way: Way, patience: Patience) -> OpenAi {
    OpenAi::new(endpoint(
        server.base_url(),
        Some(key(KEY)),
        "openai/test-model",
        Settings {
            protocol: Some(way.protocol),
            stream: way.stream,
            patience,
        },
    ))
}

fn endpoint(base: BaseUrl, key: Option<Key>, model: &str, settings: Settings) -> Endpoint {
    let model: ModelRef = model.parse().unwrap();
    let provider = Registry::built_in().get(&model.provider).cloned();
    Endpoint {
        http: http(),
        provider: provider.unwrap_or_else(|| Arc::new(Provider::local())),
        base,
        key,
        model,
        facts: None,
        settings,
    }
}

fn key(key: &str) -> Key {
    const NAME: &str = "OPENAI_API_KEY";
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

/// One call, with what was heard of it while it went on.
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

fn request() -> ModelRequest {
    ModelRequest {
        model: "openai/test-model".parse().unwrap(),
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

fn short_patience() -> Patience {
    Patience {
        first: Duration::from_millis(400),
        idle: Duration::from_millis(200),
    }
}
