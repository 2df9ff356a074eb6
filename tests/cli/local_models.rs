//! Models of servers on this machine: found without being told of, and served whether or not they
//! know of tools.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::{Value, json};
use slipway_providers::scripted::OllamaModel;

use crate::kit::{Agent, Answer, Desk, Reply, ScriptedServer, model};

/// A desk at which these servers are looked for, and no others.
fn desk_with(servers: &[&ScriptedServer]) -> Desk {
    let places: Vec<String> = servers
        .iter()
        .map(|server| server.address().to_string())
        .collect();
    Desk::new().variable("SLIPWAY_LOCAL_SERVERS", places.join(","))
}

/// A server with this port, at an address of this machine that nobody else uses.
fn at_port(port: u16) -> ScriptedServer {
    let none: [Reply; 0] = [];
    let address = SocketAddr::from((Ipv4Addr::new(127, 31, 7, 1), port));
    // Not every system has more than one address of its own.
    ScriptedServer::start_at(address, none).unwrap_or_else(|_| {
        let none: [Reply; 0] = [];
        model(none)
    })
}

fn listed<'o>(objects: &'o [Value], name: &str) -> &'o Value {
    let found = objects.iter().find(|object| object["model"] == name);
    found.unwrap_or_else(|| panic!("{name} is not listed"))
}

#[test]
fn what_is_served_here_is_listed_with_what_it_can_do() {
    let ollama = at_port(11434).as_ollama(&[
        OllamaModel {
            loaded: Some(8_192),
            ..OllamaModel::new("llama3.2:latest", &["completion", "tools"])
        },
        OllamaModel::new("gemma:2b", &["completion", "vision"]),
        OllamaModel::new("nomic-embed-text:latest", &["embedding"]),
    ]);
    let studio = at_port(1234).as_lm_studio(&[json!({
        "id": "qwen3-8b", "type": "llm", "state": "loaded", "max_context_length": 40_960,
        "loaded_context_length": 40_960, "capabilities": ["tool_use"],
    })]);
    let desk = desk_with(&[&ollama, &studio]);
    let ran = desk.slipway(["models", "list", "--json"]).exits(0);
    let objects = ran.objects();
    let llama = listed(&objects, "local/llama3.2:latest");
    assert_eq!(llama["usable"], true);
    assert_eq!(llama["provider"], "Ollama");
    assert_eq!(llama["context_tokens"], 8_192);
    assert_eq!(llama["abilities"]["tools"], "native");
    let note = llama["note"].as_str().unwrap_or_default();
    assert!(note.contains("8192 of 131072"), "{note}");
    let gemma = listed(&objects, "local/gemma:2b");
    assert_eq!(gemma["abilities"]["tools"], "prompted");
    assert_eq!(gemma["abilities"]["images"], "yes");
    let qwen = listed(&objects, "local/qwen3-8b");
    assert_eq!(qwen["provider"], "LM Studio");
    assert_eq!(qwen["context_tokens"], 40_960);
    let embeds = |object: &Value| object["model"].to_string().contains("nomic");
    assert!(!objects.iter().any(embeds));
    for visit in ollama.visits().iter().chain(&studio.visits()) {
        assert_eq!(visit.headers.get("authorization"), None);
    }
}

#[test]
fn with_nothing_there_the_list_is_no_error() {
    let gone = at_port(8080);
    let desk = desk_with(&[&gone]);
    drop(gone);
    let ran = desk.slipway(["models", "list", "--json"]).exits(0);
    let is_local = |object: &Value| object["model"].to_string().contains("local/");
    assert!(!ran.objects().iter().any(is_local));
    desk.slipway([
        "run",
        Agent::clerk().at(&desk),
        "--model",
        "local/llama3.2",
        "--input",
        "x",
    ])
    .exits(2)
    .complains("no model server answers on this machine");
}

#[test]
fn a_model_without_tool_calls_runs_an_agent_with_tools() {
    let call = json!({
        "calls": [{"name": "read_file", "arguments": {"path": "in/a.txt"}}],
        "reply": "",
    });
    let reply = json!({"calls": [], "reply": "It has two lines."});
    let ollama = model([
        Answer::text(call.to_string()),
        Answer::text(reply.to_string()),
    ])
    .as_ollama(&[OllamaModel::new("gemma:2b", &["completion"])]);
    let desk = desk_with(&[&ollama]);
    let clerk = Agent::clerk().at(&desk);
    let run = [
        "run",
        clerk,
        "--model",
        "local/gemma:2b",
        "--input",
        "Read it.",
        "--json",
    ];
    let ran = desk.slipway(run).exits(0);
    let objects = ran.objects();
    let of = |kind: &'static str| objects.iter().filter(move |object| object["type"] == kind);
    assert_eq!(of("model.requested").count(), 2);
    assert!(of("model.requested").all(|object| object["prompted"] == true));
    let returned = of("tool.returned").next().expect("the tool was called");
    assert_eq!(returned["is_error"], false);
    let finished = of("run.finished").next().expect("an end");
    assert_eq!(finished["output"], "It has two lines.");
    let shown: String = of("model.delta")
        .filter_map(|object| object["text"].as_str())
        .collect();
    assert_eq!(shown, "It has two lines.", "nobody sees the JSON of a call");
    let asked = ollama.requests();
    assert_eq!(asked.len(), 2);
    for request in &asked {
        assert!(request.body.get("tools").is_none());
        assert_eq!(request.headers.get("authorization"), None);
    }
    let told = asked[1].body["messages"].to_string();
    assert!(told.contains("the first line"), "{told}");
    let id = finished["run_id"].as_str().expect("an id");
    desk.slipway(["runs", "show", id])
        .exits(0)
        .says("gemma:2b calls tools by prompts");
}

#[test]
fn a_person_may_say_how_a_model_calls_tools() {
    let vllm = model([Answer::text("Nothing to do.")]).as_vllm("Qwen/Qwen3-8B", 32_768);
    let desk = desk_with(&[&vllm]);
    std::fs::create_dir_all(desk.home()).expect("a home");
    std::fs::write(
        desk.home().join("prices.toml"),
        "[[model]]\nmodel = \"local/Qwen/Qwen3-8B\"\ntools = \"prompted\"\ncontext = 16_384\n",
    )
    .expect("a file");
    let ran = desk.slipway(["models", "list", "--json"]).exits(0);
    let objects = ran.objects();
    let qwen = listed(&objects, "local/Qwen/Qwen3-8B");
    assert_eq!(qwen["abilities"]["tools"], "prompted");
    assert_eq!(qwen["context_tokens"], 16_384);
    let clerk = Agent::clerk().at(&desk);
    desk.slipway([
        "run",
        clerk,
        "--model",
        "local/Qwen/Qwen3-8B",
        "--input",
        "x",
    ])
    .exits(0)
    .says("calls tools by prompts")
    .says("Nothing to do.");
    assert!(vllm.requests()[0].body.get("tools").is_none());
}

#[test]
fn a_model_of_which_ollama_tells_nothing_is_listed_and_serves_within_the_least_window() {
    use slipway_providers::scripted::Page;

    for failing in [
        Page::Json(500, json!({"error": "llama runner process has terminated"})),
        Page::Json(200, json!(["nothing", "of", "use"])),
        Page::Bytes("text/html", b"<html>busy</html>".to_vec()),
    ] {
        let ollama = model([Answer::text("Done.")])
            .as_ollama(&[OllamaModel::new(
                "llama3.2:latest",
                &["completion", "tools"],
            )])
            .with_page("/api/show", failing);
        let desk = desk_with(&[&ollama]);
        let ran = desk.slipway(["models", "list", "--json"]).exits(0);
        let objects = ran.objects();
        let llama = listed(&objects, "local/llama3.2:latest");
        assert_eq!(llama["usable"], true, "{llama}");
        assert_eq!(llama["context_tokens"], 4_096, "{llama}");
        let note = llama["note"].as_str().unwrap_or_default();
        assert!(note.contains("does not tell its window"), "{llama}");
        let run = ["run", Agent::clerk().at(&desk), "--model", "local/llama3.2"];
        desk.slipway(run).exits(0).says("Done.");
    }
}
