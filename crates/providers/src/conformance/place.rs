//! A protocol in a way of answering, and what a scenario needs of it.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};
use slipway_contract::message::{Attachment, Content, Message, ToolCall};
use slipway_contract::model::{ModelRef, ToolChoice};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};

use crate::anthropic::Anthropic;
use crate::attempt::{Endpoint, Key, Patience, Settings};
use crate::catalog::Catalog;
use crate::endpoint::BaseUrl;
use crate::gemini::Gemini;
use crate::openai::OpenAi;
use crate::prompted::{Prompted, Shape};
use crate::registry::{Protocol, Provider, Registry};
use crate::scripted::{Answer, Reply, ScriptedServer};

pub(super) const KEY: &str = "sk-conformance-0123456789";

/// A wire format, or the agreement with a model that has no tool calls of its own, which goes over
/// Chat Completions: with a server that holds the model to a schema, and with one that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Chat,
    Responses,
    Anthropic,
    Gemini,
    Held,
    Free,
}

impl Wire {
    pub(super) const ALL: [Self; 6] = [
        Self::Chat,
        Self::Responses,
        Self::Anthropic,
        Self::Gemini,
        Self::Held,
        Self::Free,
    ];

    /// That of a protocol. A new protocol has to say which it is.
    pub(super) const fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Chat => Self::Chat,
            Protocol::Responses => Self::Responses,
            Protocol::Anthropic => Self::Anthropic,
            Protocol::Gemini => Self::Gemini,
        }
    }

    const fn model(self) -> &'static str {
        match self {
            Self::Chat => "openai/gpt-4.1",
            Self::Responses => "openai/gpt-5-mini",
            Self::Anthropic => "anthropic/claude-haiku-5-5",
            Self::Gemini => "google/gemini-3.5-flash",
            Self::Held | Self::Free => "local/test-model",
        }
    }

    pub(super) const fn is_prompted(self) -> bool {
        matches!(self, Self::Held | Self::Free)
    }
}

/// How the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Streamed,
    Whole,
}

/// A cell's place in the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) wire: Wire,
    pub(super) way: Way,
    pub(super) patience: Patience,
    model: &'static str,
}

impl Place {
    pub(super) const fn new(wire: Wire, way: Way) -> Self {
        Self {
            wire,
            way,
            patience: Patience {
                first: Duration::from_secs(120),
                idle: Duration::from_secs(120),
            },
            model: wire.model(),
        }
    }

    pub(super) const fn streams(&self) -> bool {
        matches!(self.way, Way::Streamed)
    }

    /// The same with another model, in the same wire format.
    pub(super) const fn with_model(mut self, model: &'static str) -> Self {
        self.model = model;
        self
    }

    pub(super) const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The answer in the form in which a model of this place gives it.
    pub(super) fn says(&self, answer: Answer) -> Answer {
        match self.wire {
            Wire::Held => answer.in_words(true),
            Wire::Free => answer.in_words(false),
            _ => answer,
        }
    }

    /// The header in which the provider names the request.
    pub(super) const fn id_header(&self) -> &'static str {
        match self.wire {
            Wire::Anthropic => "request-id",
            _ => "x-request-id",
        }
    }

    pub(super) fn client(&self, server: &ScriptedServer) -> Arc<dyn Model> {
        self.client_at(&format!("http://{}", server.address()))
    }

    /// A client of a server at this origin, which is the provider's own there.
    pub(super) fn client_at(&self, origin: &str) -> Arc<dyn Model> {
        let path = match self.wire {
            Wire::Gemini | Wire::Anthropic => "",
            _ => "/v1",
        };
        let base: BaseUrl = format!("{origin}{path}").parse().unwrap();
        let model: ModelRef = self.model.parse().unwrap();
        let provider = provider(&model.provider, &base);
        let key = provider.keys.first().map(|name| {
            let secrets = MemorySecrets::new([(name.as_str(), KEY)]);
            Key::new(Arc::new(secrets), &provider.keys)
        });
        let protocol = match self.wire {
            Wire::Chat | Wire::Held | Wire::Free => Protocol::Chat,
            Wire::Responses => Protocol::Responses,
            Wire::Anthropic => Protocol::Anthropic,
            Wire::Gemini => Protocol::Gemini,
        };
        let endpoint = Endpoint {
            http: http(),
            provider,
            base,
            key,
            facts: Catalog::built_in().facts(&model).cloned(),
            model,
            settings: Settings {
                protocol: Some(protocol),
                stream: self.streams(),
                patience: self.patience,
            },
        };
        match self.wire {
            Wire::Chat | Wire::Responses => Arc::new(OpenAi::new(endpoint)),
            Wire::Anthropic => Arc::new(Anthropic::new(endpoint)),
            Wire::Gemini => Arc::new(Gemini::new(endpoint)),
            Wire::Held => Arc::new(Prompted::new(Arc::new(OpenAi::new(endpoint)), Shape::Held)),
            Wire::Free => Arc::new(Prompted::new(Arc::new(OpenAi::new(endpoint)), Shape::Free)),
        }
    }

    /// One call.
    pub(super) async fn ask(
        &self,
        server: &ScriptedServer,
        request: &ModelRequest,
    ) -> (Result<ModelResponse, ModelError>, Heard) {
        let heard = Heard::default();
        let answer = self.client(server).call(request, &heard).await;
        (answer, heard)
    }

    /// One call that has to succeed, of a model that says this.
    pub(super) async fn answer(&self, reply: impl Into<Reply>) -> (ModelResponse, Heard) {
        let (answer, heard) = self.ask(&script([reply]), &self.request()).await;
        (answer.unwrap_or_else(|error| panic!("{error:?}")), heard)
    }

    /// One call that has to fail, of which exactly one request goes out.
    pub(super) async fn failure(&self, reply: impl Into<Reply>) -> ModelError {
        let server = script([reply.into(), Answer::text("a second attempt").into()]);
        let (answer, _) = self.ask(&server, &self.request()).await;
        assert_eq!(server.requests().len(), 1, "one call is one attempt");
        let error = answer.expect_err("it has to fail");
        assert!(!format!("{error:?}").contains(KEY), "the key is told");
        error
    }

    /// The body of the request that goes out.
    pub(super) async fn sent(&self, request: &ModelRequest) -> Value {
        let server = script([self.says(Answer::text("{\"total\": 1}"))]);
        let (answer, _) = self.ask(&server, request).await;
        answer.unwrap_or_else(|error| panic!("{error:?}"));
        server.requests().remove(0).body
    }

    pub(super) fn request(&self) -> ModelRequest {
        ModelRequest {
            model: self.model.parse().unwrap(),
            instructions: "Be exact.".into(),
            messages: vec![user("What is in a.txt?")],
            tools: Arc::new([tool("read_file"), tool("list_dir"), tool("mcp:files/stat")]),
            output_schema: None,
            temperature: None,
            max_output_tokens: None,
            reasoning: None,
            tool_choice: ToolChoice::Auto,
        }
    }
}

/// The provider, as if its own address were this one.
fn provider(id: &str, base: &BaseUrl) -> Arc<Provider> {
    if id == "local" {
        return Arc::new(Provider::local());
    }
    let own = Registry::built_in().get(id).unwrap();
    let own = own.own_base().unwrap().as_str();
    let table = include_str!("../../providers.toml");
    let table = table.replace(&format!("\"{own}\""), &format!("\"{base}\""));
    let there = Registry::parse(&table).unwrap();
    there.get(id).cloned().unwrap()
}

/// One client for all, since loading certificates takes longer than a call.
fn http() -> reqwest::Client {
    static HTTP: LazyLock<reqwest::Client> =
        LazyLock::new(|| slipway_net::provider_client().unwrap());
    HTTP.clone()
}

pub(super) fn script<R: Into<Reply>>(replies: impl IntoIterator<Item = R>) -> ScriptedServer {
    ScriptedServer::start(replies).unwrap()
}

/// What a reader hears while an answer arrives, piece by piece.
#[derive(Default)]
pub(super) struct Heard {
    text: Mutex<Vec<String>>,
    thoughts: Mutex<Vec<String>>,
}

impl Deltas for Heard {
    fn text(&self, text: &str) {
        self.text.lock().unwrap().push(text.to_owned());
    }

    fn reasoning(&self, text: &str) {
        self.thoughts.lock().unwrap().push(text.to_owned());
    }
}

impl Heard {
    pub(super) fn text(&self) -> String {
        self.text.lock().unwrap().concat()
    }

    pub(super) fn pieces(&self) -> usize {
        self.text.lock().unwrap().len()
    }

    pub(super) fn thoughts(&self) -> String {
        self.thoughts.lock().unwrap().concat()
    }

    pub(super) fn thought_pieces(&self) -> usize {
        self.thoughts.lock().unwrap().len()
    }
}

fn tool(name: &str) -> ToolDefinition {
    ToolDefinition {
        name: name.to_owned(),
        description: format!("Does {name}."),
        schema: json!({"type": "object", "properties": {"path": {"type": "string"}}}),
        effect: DeclaredEffect::Always(Effect::Read),
        server: "built-in".to_owned(),
    }
}

pub(super) fn user(text: &str) -> Message {
    Message::User {
        text: text.to_owned(),
        attachments: Vec::new(),
    }
}

pub(super) fn showing(text: &str, attachments: Vec<Attachment>) -> Message {
    Message::User {
        text: text.to_owned(),
        attachments,
    }
}

pub(super) fn answered(step: u32, content: Vec<Content>) -> Message {
    Message::Assistant {
        step: StepId(step),
        content,
    }
}

pub(super) fn returned(step: u32, call: &ToolCall, text: &str, is_error: bool) -> Message {
    Message::Tool {
        step: StepId(step),
        call_id: call.call_id.clone(),
        tool: call.tool.clone(),
        text: text.to_owned(),
        is_error,
    }
}

pub(super) fn called(id: &str, tool: &str, arguments: Value) -> ToolCall {
    ToolCall {
        call_id: CallId(id.to_owned()),
        tool: tool.to_owned(),
        arguments,
        malformed: None,
    }
}

/// The answer's words.
pub(super) fn text(answer: &ModelResponse) -> String {
    let texts = answer.content.iter().filter_map(|part| match part {
        Content::Text { text } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// The answer's reasoning.
pub(super) fn thoughts(answer: &ModelResponse) -> String {
    let texts = answer.content.iter().filter_map(|part| match part {
        Content::Reasoning { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// The answer's calls.
pub(super) fn calls(answer: &ModelResponse) -> Vec<&ToolCall> {
    let calls = answer.content.iter().filter_map(|part| match part {
        Content::ToolCall(call) => Some(call),
        _ => None,
    });
    calls.collect()
}
