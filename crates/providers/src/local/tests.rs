//! Servers of this machine, each scripted as it answers, and none at all.

use serde_json::{Value, json};
use slipway_contract::model::ToolCalling;

use super::*;
use crate::scripted::{OllamaModel, Page, Reply, ScriptedServer};

fn server() -> ScriptedServer {
    let none: [Reply; 0] = [];
    ScriptedServer::start(none).unwrap()
}

async fn survey_of(server: &ScriptedServer, wanted: Option<&str>) -> Vec<LocalServer> {
    let http = slipway_net::loopback_client().unwrap();
    survey(&http, &Places::at(&[server.address()]), wanted).await
}

async fn only(server: &ScriptedServer) -> LocalServer {
    survey_of(server, None).await.pop().expect("it answers")
}

fn asked(server: &ScriptedServer, path: &str) -> usize {
    let visits = server.visits();
    visits.iter().filter(|visit| visit.path == path).count()
}

fn model<'s>(server: &'s LocalServer, name: &str) -> &'s LocalModel {
    server
        .model(name)
        .unwrap_or_else(|| panic!("{name} in {server:?}"))
}

#[tokio::test]
async fn ollama_says_what_its_models_can_do_and_with_what_window() {
    let ollama = server().as_ollama(&[
        OllamaModel {
            loaded: Some(8_192),
            ..OllamaModel::new("llama3.2:latest", &["completion", "tools"])
        },
        OllamaModel {
            num_ctx: Some(16_384),
            loaded: Some(4_096),
            ..OllamaModel::new("gemma:2b", &["completion", "vision"])
        },
        OllamaModel {
            context: 2_048,
            ..OllamaModel::new("tiny:1b", &["completion", "thinking"])
        },
        OllamaModel::new("fresh:7b", &["completion", "tools"]),
        OllamaModel::new("nomic-embed-text:latest", &["embedding"]),
        OllamaModel {
            remote_host: Some("https://ollama.com:443"),
            ..OllamaModel::new("gpt-oss:120b-cloud", &["completion", "tools"])
        },
    ]);
    let found = only(&ollama).await;
    assert_eq!(found.kind, Kind::Ollama);
    assert_eq!(found.models.len(), 5, "what only embeds is left out");
    for (name, tools, window) in [
        ("llama3.2", ToolCalling::Native, (Some(8_192), false)),
        ("gemma:2b", ToolCalling::Prompted, (Some(16_384), false)),
        ("tiny:1b", ToolCalling::Prompted, (Some(2_048), true)),
        ("fresh:7b", ToolCalling::Native, (Some(4_096), true)),
    ] {
        let model = model(&found, name);
        assert_eq!(model.abilities.tools, tools, "{name}");
        assert_eq!(
            (model.window.usable, model.window.is_assumed),
            window,
            "{name}"
        );
        assert!(!model.is_elsewhere);
    }
    assert_eq!(model(&found, "gemma:2b").abilities.images, Ability::Yes);
    assert_eq!(model(&found, "gemma:2b").abilities.reasoning, Ability::No);
    assert_eq!(model(&found, "tiny:1b").abilities.reasoning, Ability::Yes);
    assert!(model(&found, "gpt-oss:120b-cloud").is_elsewhere);
    for visit in ollama.visits() {
        assert_eq!(visit.headers.get("authorization"), None);
    }
}

#[tokio::test]
async fn for_one_model_others_are_not_asked_about() {
    let ollama = server().as_ollama(&[
        OllamaModel::new("llama3.2:latest", &["completion", "tools"]),
        OllamaModel::new("gemma:2b", &["completion"]),
    ]);
    let found = survey_of(&ollama, Some("llama3.2")).await.pop().unwrap();
    assert_eq!(
        model(&found, "llama3.2").abilities.tools,
        ToolCalling::Native
    );
    assert_eq!(asked(&ollama, "/api/show"), 1);
    assert_eq!(asked(&ollama, "/api/tags"), 1, "it is asked once");
}

#[tokio::test]
async fn lm_studio_says_what_is_loaded_and_what_can_call() {
    let entries = [
        json!({"id": "qwen3-8b", "type": "llm", "state": "loaded", "max_context_length": 40_960,
            "loaded_context_length": 8_192, "capabilities": ["tool_use"]}),
        json!({"id": "gemma-3-4b", "type": "vlm", "state": "not-loaded", "max_context_length": 131_072}),
        json!({"id": "nomic-embed", "type": "embeddings", "state": "not-loaded", "max_context_length": 2_048}),
    ];
    let found = only(&server().as_lm_studio(&entries)).await;
    assert_eq!(found.kind, Kind::LmStudio);
    assert_eq!(found.models.len(), 2);
    let qwen = model(&found, "qwen3-8b");
    assert_eq!(qwen.window, Window::new(Some(8_192), Some(40_960)));
    assert_eq!(qwen.abilities.tools, ToolCalling::Native);
    assert_eq!(qwen.abilities.images, Ability::No);
    let gemma = model(&found, "gemma-3-4b");
    assert_eq!(gemma.window, Window::assumed(Some(131_072)));
    assert_eq!(gemma.abilities.tools, ToolCalling::Prompted);
    assert_eq!(gemma.abilities.images, Ability::Yes);
    let older = server().as_lm_studio(&entries[1..2]);
    let found = only(&older).await;
    let silent = model(&found, "gemma-3-4b").abilities.tools;
    assert_eq!(
        silent,
        ToolCalling::Unknown,
        "an older version says nothing of tools"
    );
}

#[tokio::test]
async fn a_newer_lm_studio_says_more() {
    let list = json!({"models": [
        {"type": "llm", "key": "qwen/qwen3-8b", "max_context_length": 40_960,
            "loaded_instances": [
                {"id": "a", "config": {"context_length": 16_384}},
                {"id": "b", "config": {"context_length": 8_192}},
            ],
            "capabilities": {"vision": false, "trained_for_tool_use": true, "reasoning": {"default": "on"}}},
        {"type": "llm", "key": "google/gemma-3-4b", "max_context_length": 131_072, "loaded_instances": [],
            "capabilities": {"vision": true, "trained_for_tool_use": false, "reasoning": false}},
        {"type": "embedding", "key": "nomic-embed", "max_context_length": 2_048},
    ]});
    let studio = server()
        .as_lm_studio(&[])
        .with_page("/api/v1/models", Page::Json(200, list));
    let found = only(&studio).await;
    assert_eq!((found.kind, found.models.len()), (Kind::LmStudio, 2));
    let qwen = model(&found, "qwen/qwen3-8b");
    assert_eq!(qwen.window, Window::new(Some(8_192), Some(40_960)));
    assert_eq!(qwen.abilities.tools, ToolCalling::Native);
    assert_eq!(qwen.abilities.reasoning, Ability::Yes);
    let gemma = model(&found, "google/gemma-3-4b");
    assert_eq!(gemma.window, Window::assumed(Some(131_072)));
    assert_eq!(gemma.abilities.tools, ToolCalling::Prompted);
    assert_eq!(gemma.abilities.images, Ability::Yes);
    assert_eq!(gemma.abilities.reasoning, Ability::No);
}

#[tokio::test]
async fn llama_cpp_is_asked_whether_it_takes_tools() {
    for (takes, tools) in [(true, ToolCalling::Native), (false, ToolCalling::Prompted)] {
        let llama = server().as_llama_cpp("models/qwen.gguf", 16_384, takes);
        let found = only(&llama).await;
        assert_eq!(
            found.kind,
            Kind::LlamaCpp,
            "though it answers what Ollama is asked"
        );
        let qwen = model(&found, "models/qwen.gguf");
        assert_eq!(qwen.abilities.tools, tools);
        assert_eq!(qwen.abilities.images, Ability::Yes);
        assert_eq!(qwen.window.usable, Some(16_384));
        assert_eq!(qwen.window.of, Some(131_072));
    }
    let props = json!({
        "default_generation_settings": {"n_ctx": 1024},
        "total_slots": 1,
        "chat_template_caps": {"supports_tools": false, "supports_tool_calls": false},
    });
    let llama = server()
        .as_llama_cpp("plain", 1024, true)
        .with_page("/props", Page::Json(200, props));
    let found = only(&llama).await;
    assert_eq!(
        model(&found, "plain").abilities.tools,
        ToolCalling::Prompted
    );
    assert_eq!(
        asked(&llama, "/apply-template"),
        0,
        "its template has said it"
    );
    let embeds = json!({
        "models": [{"name": "embed", "capabilities": ["embedding"]}],
        "data": [{"id": "embed"}],
    });
    let llama = server()
        .as_llama_cpp("embed", 512, false)
        .with_page("/v1/models", Page::Json(200, embeds));
    assert_eq!(only(&llama).await.models, []);
}

#[tokio::test]
async fn vllm_and_any_other_server_are_known_by_their_list() {
    let found = only(&server().as_vllm("Qwen/Qwen3-8B", 32_768)).await;
    assert_eq!(found.kind, Kind::Vllm);
    let qwen = model(&found, "Qwen/Qwen3-8B");
    assert_eq!(qwen.window.usable, Some(32_768));
    assert_eq!(qwen.abilities.structured_output, Ability::Yes);
    assert_eq!(qwen.abilities.tools, ToolCalling::Unknown);
    let found = only(&server().with_models(&["anything"])).await;
    assert_eq!(found.kind, Kind::Other);
    assert_eq!(model(&found, "anything").window, Window::default());
}

#[tokio::test]
async fn where_nothing_listens_nothing_is_found() {
    let gone = server();
    let address = gone.address();
    drop(gone);
    while std::net::TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
    let http = slipway_net::loopback_client().unwrap();
    assert_eq!(survey(&http, &Places::at(&[address]), None).await, []);
}

#[tokio::test]
async fn a_hostile_server_does_no_harm() {
    let redirected = server().with_models(&["stolen"]);
    let huge: Vec<Value> = (0..5_000).map(|n| json!({"id": format!("m{n}")})).collect();
    let deep = "[".repeat(100_000);
    for page in [
        Page::Endless,
        Page::Redirect(format!("{}/models", redirected.base_url())),
        Page::Bytes("text/html", b"<!doctype html><h1>It works!</h1>".to_vec()),
        Page::Bytes("application/json", deep.into_bytes()),
        Page::Bytes("application/json", vec![0xff; 1000]),
        Page::Bytes(
            "application/json",
            b"{\"data\": 3, \"models\": null}".to_vec(),
        ),
        Page::Bytes("application/json", vec![b' '; 3 << 20]),
        Page::Json(200, json!([])),
        Page::Json(500, json!({"data": [{"id": "x"}]})),
    ] {
        let mut hostile = server();
        for path in [
            "/v1/models",
            "/props",
            "/api/v0/models",
            "/api/tags",
            "/api/ps",
        ] {
            hostile = hostile.with_page(path, page.clone());
        }
        assert_eq!(survey_of(&hostile, None).await, [], "{page:?}");
    }
    assert_eq!(redirected.visits().len(), 0, "nobody follows");
    let names = [
        json!({"id": "a b"}),
        json!({"id": ""}),
        json!({"id": "x".repeat(300)}),
        json!({"id": "e\u{1b}[2J"}),
        json!({"id": 3}),
        json!({}),
        json!("x"),
        json!({"id": "fine"}),
    ];
    let list = |entries: &[Value]| Page::Json(200, json!({"data": entries}));
    let named = only(&server().with_page("/v1/models", list(&names))).await;
    assert_eq!(named.models.len(), 1);
    let many = only(&server().with_page("/v1/models", list(&huge))).await;
    assert_eq!(many.models.len(), MOST_MODELS);
    let lies = [json!({"name": "m", "model": "m"})];
    let lying = server()
        .with_page("/api/tags", Page::Json(200, json!({"models": lies})))
        .with_page("/api/show", Page::Json(200, json!({
            "capabilities": "tools", "parameters": {"num_ctx": 1}, "model_info": {"x.context_length": -5},
        })))
        .with_page("/api/ps", Page::Json(200, json!({"models": {"m": 1}})));
    let lied = only(&lying).await;
    assert_eq!(model(&lied, "m").abilities.tools, ToolCalling::Unknown);
    assert_eq!(model(&lied, "m").window, Window::assumed(None));
}

#[tokio::test]
async fn a_silent_server_keeps_nobody_from_the_others() {
    let silent = ["/v1/models", "/props", "/api/v0/models", "/api/tags"]
        .iter()
        .fold(server(), |server, path| {
            server.with_page(path, Page::Silence)
        });
    let answering = server().as_vllm("fast", 1_000);
    let http = slipway_net::loopback_client().unwrap();
    let both = [answering.address(), silent.address()];
    let found = survey(&http, &Places::at(&both), Some("fast")).await;
    assert_eq!(found.len(), 1);
    let hasty = Places {
        patience: LocalPatience {
            first: Duration::from_secs(3),
            ..LocalPatience::USUAL
        },
        ..Places::at(&[both[1], both[0]])
    };
    let found = survey(&http, &hasty, None).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, Kind::Vllm);
}

#[tokio::test]
async fn the_first_server_that_has_a_model_is_taken() {
    let first = server().as_vllm("other", 1_000);
    let second = server().as_vllm("wanted", 2_000);
    let third = server().as_vllm("wanted", 3_000);
    let http = slipway_net::loopback_client().unwrap();
    let all = Places::at(&[first.address(), second.address(), third.address()]);
    let found = survey(&http, &all, Some("wanted")).await;
    let asked: Vec<_> = found.iter().map(|server| server.base.clone()).collect();
    assert_eq!(asked, all.bases[..2]);
}
