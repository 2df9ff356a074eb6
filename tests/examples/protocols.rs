//! One example, unchanged, with a model in each wire format and with models that are told of tools
//! in words: the same tools are called, and the same report is written.

use serde_json::Value;
use slipway_providers::scripted::OllamaModel;

use super::expense_report::scripted_from_recording;
use super::{source, unpack};
use crate::kit::{Answer, Desk, ScriptedServer, model};

/// How a model is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    Chat,
    Responses,
    Anthropic,
    Gemini,
    /// In words, with a server that holds the model to a schema.
    Held,
    /// In words, with one that does not.
    Free,
}

const WIRES: [Wire; 6] = [
    Wire::Chat,
    Wire::Responses,
    Wire::Anthropic,
    Wire::Gemini,
    Wire::Held,
    Wire::Free,
];

impl Wire {
    fn script(self, answers: &[Answer]) -> ScriptedServer {
        let in_words = |answer: &Answer| match self {
            Self::Held => answer.clone().in_words(true),
            Self::Free => answer.clone().in_words(false),
            _ => answer.clone(),
        };
        let server = model(answers.iter().map(in_words));
        match self {
            Self::Held => server.as_ollama(&[OllamaModel {
                loaded: Some(131_072),
                ..OllamaModel::new("gemma:2b", &["completion"])
            }]),
            Self::Free => server.with_models(&["gemma-2b"]),
            _ => server,
        }
    }

    /// A desk at which the model of this name is the scripted one.
    fn desk(self, server: &ScriptedServer) -> (Desk, &'static str) {
        let origin = format!("http://{}", server.address());
        let here = || Desk::new().variable("SLIPWAY_LOCAL_SERVERS", server.address().to_string());
        match self {
            Self::Chat => (Desk::with_model(server), "openai/gpt-5-mini"),
            Self::Responses => {
                let desk = Desk::new().variable("LAB_KEY", "sk-scripted-key-of-a-test");
                let base = server.base_url();
                write_in_home(
                    &desk,
                    "providers.toml",
                    &format!(
                        "[[provider]]\nid = \"lab\"\nbase_url = \"{base}\"\nprotocol = \"responses\"\nfree = true\nkeys = [\"LAB_KEY\"]\n"
                    ),
                );
                (desk, "lab/gpt-5-mini")
            }
            Self::Anthropic => (
                Desk::new()
                    .variable("ANTHROPIC_BASE_URL", origin)
                    .variable("ANTHROPIC_API_KEY", "sk-ant-scripted-key-of-a-test"),
                "anthropic/claude-haiku-5-5",
            ),
            Self::Gemini => (
                Desk::new()
                    .variable("GOOGLE_BASE_URL", origin)
                    .variable("GEMINI_API_KEY", "AIza-scripted-key-of-a-test"),
                "google/gemini-3.5-flash",
            ),
            Self::Held => (here(), "local/gemma:2b"),
            Self::Free => {
                let desk = here();
                write_in_home(
                    &desk,
                    "prices.toml",
                    "[[model]]\nmodel = \"local/gemma-2b\"\ntools = \"prompted\"\ncontext = 131_072\n\n[[price]]\nmodel = \"local/gemma-2b\"\ninput = \"0\"\noutput = \"0\"\nchecked = \"2026-11-22\"\n",
                );
                (desk, "local/gemma-2b")
            }
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Chat | Self::Held | Self::Free => "/v1/chat/completions",
            Self::Responses => "/v1/responses",
            Self::Anthropic => "/v1/messages",
            Self::Gemini => "/v1beta/models/gemini-3.5-flash:streamGenerateContent",
        }
    }

    const fn is_prompted(self) -> bool {
        matches!(self, Self::Held | Self::Free)
    }
}

fn write_in_home(desk: &Desk, file: &str, text: &str) {
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join(file), text).unwrap();
}

/// What a run did.
#[derive(Debug, PartialEq)]
struct Done {
    /// Tools with their arguments, in the order in which they were asked for.
    called: Vec<(Value, Value)>,
    /// What came of them, in that order.
    returned: Vec<Value>,
    report: String,
    output: Value,
}

fn done(wire: Wire, answers: &[Answer]) -> Done {
    let server = wire.script(answers);
    let (desk, name) = wire.desk(&server);
    let folder = unpack(&desk, "expense-report");
    for file in ["agent.toml", "instructions.md"] {
        let shipped = std::fs::read_to_string(source("expense-report").join(file)).unwrap();
        let unpacked = desk.read(format!("expense-report/{file}"));
        assert_eq!(unpacked, shipped, "the example is not changed");
    }
    let ran = desk
        .slipway(["run", &folder, "--model", name, "--json"])
        .exits(0);
    let requests = server.requests();
    assert_eq!(requests.len(), answers.len(), "{wire:?}");
    for request in &requests {
        assert_eq!(request.path, wire.path(), "{wire:?}");
        assert_eq!(
            request.body.get("tools").is_none(),
            wire.is_prompted(),
            "{wire:?}"
        );
    }
    for asked in ran.events("model.requested") {
        assert_eq!(asked["prompted"] == true, wire.is_prompted(), "{wire:?}");
    }
    let called = ran.events("tool.requested");
    let called = called
        .iter()
        .map(|event| (event["tool"].clone(), event["arguments"].clone()));
    let returned = ran.events("tool.returned");
    let returned = returned.iter().map(|event| event["is_error"].clone());
    Done {
        called: called.collect(),
        returned: returned.collect(),
        report: desk.read("expense-report/out/report.md"),
        output: ran.event("run.finished")["output"].clone(),
    }
}

#[test]
fn an_example_runs_the_same_in_every_wire_format_and_in_words() {
    let unpacked = Desk::new();
    unpack(&unpacked, "expense-report");
    let answers = scripted_from_recording(&unpacked);
    let first = done(WIRES[0], &answers);
    let tools: Vec<&str> = first
        .called
        .iter()
        .filter_map(|(tool, _)| tool.as_str())
        .collect();
    for tool in ["read_file", "read_table", "save_table", "render_template"] {
        assert!(tools.contains(&tool), "{tools:?}");
    }
    assert!(
        first
            .called
            .iter()
            .all(|(_, arguments)| arguments.is_object())
    );
    assert!(
        first.returned.iter().all(|is_error| is_error == false),
        "{:?}",
        first.returned
    );
    assert_eq!(first.returned.len(), first.called.len());
    assert!(first.report.contains("## By category"), "{}", first.report);
    for wire in &WIRES[1..] {
        assert_eq!(done(*wire, &answers), first, "{wire:?}");
    }
}
