//! Requests beside those of the providers' own libraries: their types take each of Slipway's
//! bodies without an unknown field, and the same call made with them arrives as the same request.

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_agent::memory::model::CollectedDeltas;
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{Model, ModelRequest};
use slipway_contract::message::{Attachment, Content, Media, Message, ToolCall};
use slipway_contract::model::{ModelRef, ReasoningEffort, ToolChoice};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_contract::{CallId, StepId};
use slipway_providers::anthropic::Anthropic;
use slipway_providers::gemini::Gemini;
use slipway_providers::openai::OpenAi;
use slipway_providers::scripted::{Answer, Received, ScriptedServer};
use slipway_providers::{Catalog, Endpoint, Key, Protocol, Registry, Settings};

use crate::kit::python;

/// A protocol, and a model of its provider that reasons and one that does not.
struct Wire {
    protocol: Protocol,
    word: &'static str,
    models: &'static [&'static str],
}

const WIRES: [Wire; 4] = [
    Wire {
        protocol: Protocol::Chat,
        word: "chat",
        models: &["openai/gpt-5-mini", "openai/gpt-4.1"],
    },
    Wire {
        protocol: Protocol::Responses,
        word: "responses",
        models: &["openai/gpt-5-mini", "openai/gpt-4.1"],
    },
    Wire {
        protocol: Protocol::Anthropic,
        word: "anthropic",
        models: &["anthropic/claude-opus-4-5", "anthropic/claude-haiku-4-5"],
    },
    Wire {
        protocol: Protocol::Gemini,
        word: "gemini",
        models: &["google/gemini-2.5-pro", "google/gemini-2.5-flash"],
    },
];

/// A PNG of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn user(text: &str) -> Message {
    Message::User {
        text: text.to_owned(),
        attachments: Vec::new(),
    }
}

fn tool(name: &str) -> ToolDefinition {
    ToolDefinition {
        name: name.to_owned(),
        description: "Reads a file.".to_owned(),
        schema: json!({
            "type": "object",
            "properties": {"path": {"type": "string", "description": "The file."}},
            "required": ["path"],
        }),
        effect: DeclaredEffect::Always(Effect::Read),
        server: "built-in".to_owned(),
    }
}

fn plain(model: &str) -> ModelRequest {
    ModelRequest {
        model: model.parse().unwrap(),
        instructions: "Be exact.".into(),
        messages: vec![user("What is in a.txt?")],
        tools: Arc::new([]),
        output_schema: None,
        temperature: None,
        max_output_tokens: Some(4_000),
        reasoning: None,
        tool_choice: ToolChoice::Auto,
    }
}

/// What is asked, by a name.
fn requests(model: &str) -> Vec<(&'static str, ModelRequest)> {
    let tools: Arc<[ToolDefinition]> = Arc::new([tool("read_file"), tool("mcp:files/read")]);
    let call = |id: &str, tool: &str| {
        Content::ToolCall(ToolCall {
            call_id: CallId(id.to_owned()),
            tool: tool.to_owned(),
            arguments: json!({"path": "a.txt"}),
            malformed: None,
        })
    };
    let result = |step, id: &str, tool: &str, is_error| Message::Tool {
        step: StepId(step),
        call_id: CallId(id.to_owned()),
        tool: tool.to_owned(),
        text: "Hello".to_owned(),
        is_error,
    };
    let with_results = vec![
        user("What is in a.txt?"),
        Message::Assistant {
            step: StepId(1),
            content: vec![
                Content::Text {
                    text: "I look.".to_owned(),
                },
                call("call_a", "read_file"),
                call("call_b", "mcp:files/read"),
            ],
        },
        result(2, "call_a", "read_file", false),
        result(3, "call_b", "mcp:files/read", true),
    ];
    let attached = |name: &str, media, data: &str| Message::User {
        text: "What is this?".to_owned(),
        attachments: vec![Attachment {
            name: name.to_owned(),
            media,
            data: data.into(),
        }],
    };
    let schema = json!({
        "type": "object",
        "properties": {"sum": {"type": "number"}},
        "required": ["sum"],
        "additionalProperties": false,
    });
    let base = plain(model);
    let mut all = vec![
        ("text", base.clone()),
        (
            "tools",
            ModelRequest {
                tools: Arc::clone(&tools),
                ..base.clone()
            },
        ),
        (
            "tool results",
            ModelRequest {
                tools: Arc::clone(&tools),
                messages: with_results,
                ..base.clone()
            },
        ),
        (
            "structured output",
            ModelRequest {
                output_schema: Some(schema.clone()),
                ..base.clone()
            },
        ),
        (
            "structured output with tools",
            ModelRequest {
                output_schema: Some(schema),
                tools: Arc::clone(&tools),
                ..base.clone()
            },
        ),
        (
            "an image",
            ModelRequest {
                messages: vec![attached("a.png", Media::Png, PIXEL)],
                ..base.clone()
            },
        ),
        (
            "a document",
            ModelRequest {
                messages: vec![attached("a.pdf", Media::Pdf, "JVBERi0xLjQK")],
                ..base.clone()
            },
        ),
        (
            "a temperature",
            ModelRequest {
                temperature: Some(0.2),
                ..base.clone()
            },
        ),
    ];
    for (name, choice) in [
        ("no tool", ToolChoice::None),
        ("any tool", ToolChoice::Required),
        ("this tool", ToolChoice::Tool("mcp:files/read".to_owned())),
    ] {
        all.push((
            name,
            ModelRequest {
                tools: Arc::clone(&tools),
                tool_choice: choice,
                ..base.clone()
            },
        ));
    }
    for (name, effort) in [
        ("reasoning off", ReasoningEffort::Off),
        ("reasoning low", ReasoningEffort::Low),
        ("reasoning high", ReasoningEffort::High),
    ] {
        all.push((
            name,
            ModelRequest {
                reasoning: Some(effort),
                tools: Arc::clone(&tools),
                ..base.clone()
            },
        ));
    }
    all
}

/// Where a library's base URL ends, and Slipway's.
fn base(server: &ScriptedServer, protocol: Protocol) -> String {
    match protocol {
        Protocol::Chat | Protocol::Responses => format!("http://{}/v1", server.address()),
        Protocol::Anthropic | Protocol::Gemini => format!("http://{}", server.address()),
    }
}

/// The model as its provider's own, although the server is this machine.
fn at_home(model: &ModelRef, protocol: Protocol, base: &str, stream: bool) -> Box<dyn Model> {
    let own = Registry::built_in().get(&model.provider).unwrap();
    let own = own.own_base().unwrap().as_str();
    let table = include_str!("../../crates/providers/providers.toml");
    let registry = Registry::parse(&table.replace(own, base)).unwrap();
    let provider = Arc::clone(registry.get(&model.provider).unwrap());
    let secrets = provider
        .keys
        .iter()
        .map(|name| (name.as_str(), "sk-of-a-test"));
    let endpoint = Endpoint {
        http: slipway_net::provider_client().unwrap(),
        base: base.parse().unwrap(),
        key: Some(Key::new(
            Arc::new(MemorySecrets::new(secrets)),
            &provider.keys,
        )),
        provider,
        model: model.clone(),
        facts: Catalog::built_in().facts(model).cloned(),
        settings: Settings {
            protocol: Some(protocol),
            stream,
            ..Settings::default()
        },
    };
    match protocol {
        Protocol::Chat | Protocol::Responses => Box::new(OpenAi::new(endpoint)),
        Protocol::Anthropic => Box::new(Anthropic::new(endpoint)),
        Protocol::Gemini => Box::new(Gemini::new(endpoint)),
    }
}

struct Case {
    name: String,
    wire: &'static Wire,
    model: ModelRef,
    stream: bool,
    sent: Received,
    /// Where the library sends the same.
    listener: ScriptedServer,
}

async fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for wire in &WIRES {
        for model in wire.models {
            for (name, request) in requests(model) {
                // Of those models that still take one, the library's types know nothing any more.
                if wire.protocol == Protocol::Anthropic && request.temperature.is_some() {
                    continue;
                }
                for stream in [false, true] {
                    let name = format!("{} {model} {name}, streams: {stream}", wire.word);
                    let server = ScriptedServer::start([Answer::text("Done.")]).unwrap();
                    let model: ModelRef = model.parse().unwrap();
                    let client =
                        at_home(&model, wire.protocol, &base(&server, wire.protocol), stream);
                    let answer = client.call(&request, &CollectedDeltas::default()).await;
                    answer.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let none: [Answer; 0] = [];
                    cases.push(Case {
                        name,
                        wire,
                        model,
                        stream,
                        sent: server.requests().remove(0),
                        listener: ScriptedServer::start(none).unwrap(),
                    });
                }
            }
        }
    }
    cases
}

/// What the libraries find wrong, one answer for each case.
fn compared(cases: &[Case]) -> Vec<Value> {
    let questions: Vec<Value> = cases
        .iter()
        .map(|case| {
            json!({
                "name": case.name,
                "protocol": case.wire.word,
                "model": case.model.model,
                "base_url": base(&case.listener, case.wire.protocol),
                "stream": case.stream,
                "body": case.sent.body,
            })
        })
        .collect();
    python::told("sdks", "sdks/compare.py", &questions)
}

#[test]
fn the_providers_own_libraries_send_the_same() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases = runtime.block_on(cases());
    let compared = compared(&cases);
    assert_eq!(compared.len(), cases.len());
    let mut wrong = Vec::new();
    for (case, told) in cases.iter().zip(compared) {
        assert_eq!(told["name"], case.name.as_str());
        for error in told["errors"].as_array().unwrap() {
            wrong.push(format!("{}: {}", case.name, error.as_str().unwrap()));
        }
        if told["errors"] != json!([]) {
            continue;
        }
        match case.listener.requests().as_slice() {
            [theirs] => wrong.extend(differences(case, theirs)),
            several => wrong.push(format!("{}: it sent {} requests", case.name, several.len())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(case: &Case, theirs: &Received) -> Vec<String> {
    let mut wrong = Vec::new();
    let ours = &case.sent;
    if theirs.path != ours.path {
        wrong.push(format!(
            "{}: {} and not {}",
            case.name, theirs.path, ours.path
        ));
    }
    for header in ["x-goog-api-key", "anthropic-version", "content-type"] {
        let (theirs, ours) = (theirs.headers.get(header), ours.headers.get(header));
        if theirs != ours {
            wrong.push(format!(
                "{}: {header} is {theirs:?} and not {ours:?}",
                case.name
            ));
        }
    }
    if key(theirs) != key(ours) {
        wrong.push(format!("{}: the key travels otherwise", case.name));
    }
    let (theirs, ours) = match case.wire.protocol {
        // Google's own library writes some names in either of the forms that the API takes.
        Protocol::Gemini => (camel(&theirs.body), camel(&ours.body)),
        _ => (theirs.body.clone(), ours.body.clone()),
    };
    if theirs != ours {
        wrong.push(format!(
            "{}:\n  theirs {theirs}\n  ours   {ours}",
            case.name
        ));
    }
    wrong
}

/// The key, in whichever of the two headers it travels. Anthropic takes both; its library sends the
/// newer one, which proxies of it do not know yet.
fn key(request: &Received) -> Option<&str> {
    let header = |name: &str| request.headers.get(name)?.to_str().ok();
    header("x-api-key").or_else(|| header("authorization")?.strip_prefix("Bearer "))
}

/// The value with its fields' names in camel case, but for what is the tools' own.
fn camel(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let mut words = name.split('_');
                let mut joined = words.next().unwrap_or_default().to_owned();
                for word in words {
                    joined.push_str(&word[..1].to_ascii_uppercase());
                    joined.push_str(&word[1..]);
                }
                let own = [
                    "args",
                    "response",
                    "parametersJsonSchema",
                    "responseJsonSchema",
                ];
                let value = match value {
                    value if own.contains(&joined.as_str()) => value.clone(),
                    // Bytes are taken in either alphabet of Base64.
                    Value::String(data) if joined == "data" => {
                        json!(data.replace('-', "+").replace('_', "/"))
                    }
                    value => camel(value),
                };
                (joined, value)
            })
            .collect(),
        Value::Array(items) => items.iter().map(camel).collect(),
        other => other.clone(),
    }
}
