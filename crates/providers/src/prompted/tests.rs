//! The prompted protocol against scripted chat servers: what the server is told, what is read in
//! its answer, and what a reader sees of it.

mod answers;
mod contract;
mod requests;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use slipway_agent::ports::model::{Deltas, Model, ModelRequest, ModelResponse};
use slipway_contract::message::{Content, Message, ToolCall};
use slipway_contract::model::ToolChoice;
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};

use super::{Prompted, Shape};
use crate::attempt::{Endpoint, Settings};
use crate::openai::OpenAi;
use crate::registry::{Protocol, Provider};
use crate::scripted::{Answer, ScriptedServer};

#[derive(Default)]
struct Heard {
    text: Mutex<Vec<String>>,
    thoughts: Mutex<String>,
}

impl Deltas for Heard {
    fn text(&self, text: &str) {
        self.text.lock().unwrap().push(text.to_owned());
    }

    fn reasoning(&self, text: &str) {
        self.thoughts.lock().unwrap().push_str(text);
    }
}

/// A model of this server, told of tools in words.
fn model(server: &ScriptedServer, shape: Shape, stream: bool) -> Prompted {
    let client = OpenAi::new(Endpoint {
        http: slipway_net::loopback_client().unwrap(),
        provider: Arc::new(Provider::local()),
        base: server.base_url(),
        key: None,
        model: "local/test-model".parse().unwrap(),
        facts: None,
        settings: Settings {
            protocol: Some(Protocol::Chat),
            stream,
            ..Settings::default()
        },
    });
    Prompted::new(Arc::new(client), shape)
}

fn request() -> ModelRequest {
    ModelRequest {
        model: "local/test-model".parse().unwrap(),
        instructions: "Be exact.".into(),
        messages: vec![user("What is in a.txt?")],
        tools: Arc::new([
            tool(
                "read_file",
                json!({"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}),
            ),
            tool(
                "mcp:files/stat",
                json!({"type": "object", "patternProperties": {}}),
            ),
        ]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: ToolChoice::Auto,
    }
}

fn tool(name: &str, schema: Value) -> ToolDefinition {
    ToolDefinition {
        name: name.to_owned(),
        description: format!("Does {name}."),
        schema,
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

/// One call of a model that says this, with what was heard of it.
async fn ask(
    request: &ModelRequest,
    shape: Shape,
    answer: impl Into<Answer>,
) -> (ModelResponse, Heard, Value) {
    let server = ScriptedServer::start([answer.into()]).unwrap();
    let heard = Heard::default();
    let response = model(&server, shape, true).call(request, &heard).await;
    let asked = server.requests().remove(0).body;
    (response.unwrap(), heard, asked)
}
