//! Names and what stands behind them.

use slipway_agent::memory::model::CollectedDeltas;
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{ModelErrorKind, ModelRequest};
use slipway_contract::message::{Content, Message};
use slipway_contract::model::{Ability, ModelSummary, ToolCalling, Unusable};

use super::*;
use crate::scripted::{Answer, OllamaModel, Reply, ScriptedServer};

const KEY: &str = "sk-test-0123456789";
const KEY_NAME: &str = "OPENAI_API_KEY";
const BASE_VARIABLE: &str = "OPENAI_BASE_URL";

fn providers(key: Option<&str>, base_url: Option<&str>) -> Providers {
    let secrets = MemorySecrets::new(key.map(|key| (KEY_NAME, key)));
    let variables = |name: &str| {
        let url = base_url.filter(|_| name == BASE_VARIABLE);
        url.map(str::to_owned)
    };
    Providers::new(Arc::new(secrets), Environment::from_variables(variables))
        .with_local_servers(&[])
}

fn model(name: &str) -> ModelRef {
    name.parse().unwrap()
}

fn file(name: &str, text: &str) -> RecordingFile {
    RecordingFile {
        name: name.to_owned(),
        bytes: text.as_bytes().into(),
    }
}

fn request(model: &str) -> ModelRequest {
    ModelRequest {
        model: model.parse().unwrap(),
        instructions: "Be brief.".into(),
        messages: vec![Message::User {
            text: "Hi".into(),
            attachments: Vec::new(),
        }],
        tools: Arc::new([]),
        output_schema: None,
        temperature: None,
        max_output_tokens: None,
        reasoning: None,
        tool_choice: slipway_contract::model::ToolChoice::Auto,
    }
}

async fn why(providers: &Providers, name: &str, recordings: &[RecordingFile]) -> String {
    match providers.resolve(&model(name), recordings, "/w").await {
        Ok(_) => panic!("{name} must not be found"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn without_a_key_it_says_what_would_serve() {
    for key in [None, Some(""), Some(" \n")] {
        let providers = providers(key, None);
        let error = why(&providers, "openai/gpt-5-mini", &[]).await;
        assert!(error.contains(KEY_NAME), "{error}");
        assert!(error.contains("--model local/MODEL"), "{error}");
        assert!(!error.contains("recording/"), "{error}");
        let some = [file("october", ""), file("may", "")];
        let error = why(&providers, "openai/gpt-5-mini", &some).await;
        assert!(
            error.contains("--model recording/may or --model recording/october"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_server_on_this_machine_needs_no_key_and_gets_the_one_there_is() {
    for key in [None, Some(KEY)] {
        let server = ScriptedServer::start([Answer::text("Hello")]).unwrap();
        let providers = providers(key, Some(server.base_url().as_str()));
        let found = providers
            .resolve(&model("openai/anything"), &[], "/w")
            .await
            .unwrap();
        let response = found
            .call(&request("openai/anything"), &CollectedDeltas::default())
            .await
            .unwrap();
        assert_eq!(
            response.content,
            [Content::Text {
                text: "Hello".into()
            }]
        );
        let received = server.requests().remove(0);
        assert_eq!(received.path, "/v1/chat/completions");
        let header = received.headers.get("authorization");
        assert_eq!(header.is_some(), key.is_some());
    }
}

#[tokio::test]
async fn another_place_than_this_machine_needs_a_key_too() {
    let keyless = providers(None, Some("https://models.example.com/v1"));
    assert!(why(&keyless, "openai/x", &[]).await.contains(KEY_NAME));
    let keyed = providers(Some(KEY), Some("https://models.example.com/v1"));
    assert!(keyed.resolve(&model("openai/x"), &[], "/w").await.is_ok());
}

#[tokio::test]
async fn wrong_settings_say_which() {
    let error = why(
        &providers(Some(KEY), Some("localhost:1234")),
        "openai/x",
        &[],
    )
    .await;
    assert!(error.starts_with("OPENAI_BASE_URL: "), "{error}");
    let error = why(&providers(Some("sk-\u{7f}0123"), None), "openai/x", &[]).await;
    assert!(error.starts_with("OPENAI_API_KEY: "), "{error}");
    assert!(!error.contains("0123"), "{error}");
    let locked = Providers::new(Arc::new(MemorySecrets::locked()), Environment::default());
    let error = why(&locked, "openai/x", &[]).await;
    assert!(error.contains(KEY_NAME), "{error}");
    let error = why(&providers(None, None), "opnai/x", &[]).await;
    assert!(error.contains("\"opnai\""), "{error}");
}

#[tokio::test]
async fn a_model_of_this_machine_is_found_where_it_is_served() {
    let none: [Reply; 0] = [];
    let empty = ScriptedServer::start(none).unwrap();
    let server = ScriptedServer::start([Answer::text("One"), Answer::text("Two")])
        .unwrap()
        .with_models(&["llama3.2:latest", "qwen3:8b"]);
    let providers =
        providers(Some(KEY), None).with_local_servers(&[empty.address(), server.address()]);
    for (name, served) in [
        ("local/llama3.2", "llama3.2:latest"),
        ("local/qwen3:8b", "qwen3:8b"),
    ] {
        let found = providers.resolve(&model(name), &[], "/w").await.unwrap();
        found
            .call(&request(name), &CollectedDeltas::default())
            .await
            .unwrap();
        let received = server.requests().pop().unwrap();
        assert_eq!(received.body["model"], served);
        assert_eq!(
            received.headers.get("authorization"),
            None,
            "OpenAI's key is for OpenAI"
        );
    }
    let error = why(&providers, "local/mistral", &[]).await;
    assert!(error.contains("llama3.2:latest, qwen3:8b"), "{error}");
    assert!(error.contains("has no model"), "{error}");
}

#[tokio::test]
async fn without_a_server_it_says_what_to_start() {
    let none: [Reply; 0] = [];
    let server = ScriptedServer::start(none).unwrap();
    let address = server.address();
    drop(server);
    while std::net::TcpStream::connect(address).is_ok() {
        tokio::task::yield_now().await;
    }
    let providers = providers(None, None).with_local_servers(&[address]);
    let error = why(&providers, "local/llama3.2", &[]).await;
    assert!(error.contains(&address.to_string()), "{error}");
    assert!(error.contains("Ollama"), "{error}");
}

#[tokio::test]
async fn a_recording_is_found_by_its_name_or_named() {
    let providers = providers(None, None);
    let error = why(&providers, "recording/may", &[]).await;
    assert!(error.contains("--record"), "{error}");
    let error = why(&providers, "recording/may", &[file("june", "")]).await;
    assert!(error.contains("It has june."), "{error}");
    let error = why(&providers, "recording/may", &[file("may", "{}")]).await;
    assert!(error.contains("recordings/may.jsonl"), "{error}");
    assert!(error.contains("line 1"), "{error}");
    let header = serde_json::json!({
        "slipway_recording": 1,
        "made_at": "2026-11-22T08:00:00Z",
        "agent": "tester",
        "model": "openai/gpt-5-mini",
        "instructions": "0".repeat(64),
    });
    let call = serde_json::json!({
        "given": [{"user": "Hi"}],
        "answer": {"content": [], "stop": "end", "usage": {"input_tokens": 1, "output_tokens": 1}},
    });
    let may = file("may", &format!("{header}\n{call}\n"));
    let found = providers
        .resolve(&model("recording/may"), &[may], "/w")
        .await
        .unwrap();
    let error = found
        .call(&request("recording/may"), &CollectedDeltas::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ModelErrorKind::RecordingMismatch);
}

#[test]
fn prices_are_those_of_the_place() {
    let listed = model("openai/gpt-5-mini");
    let other = model("openai/my-model");
    let known = Catalog::built_in().price(&listed);
    assert!(known.is_some());
    for (base_url, of_listed, of_other) in [
        (None, known, None),
        (Some("https://api.openai.com/v1/"), known, None),
        (Some("http://127.0.0.1:4000/v1"), known, None),
        (Some("https://api.openai.com:8443/v1"), None, None),
        (Some("http://api.openai.com/v1"), None, None),
        (Some("https://models.example.com/v1"), None, None),
        (Some("no url"), None, None),
    ] {
        let providers = providers(None, base_url);
        assert_eq!(providers.price(&listed), of_listed, "{base_url:?}");
        assert_eq!(providers.price(&other), of_other, "{base_url:?}");
        for free in ["local/llama3.2", "recording/may"] {
            assert_eq!(providers.price(&model(free)), Some(Price::FREE));
        }
    }
}

#[tokio::test]
async fn the_list_says_what_can_be_used_and_what_would_help() {
    let none: [Reply; 0] = [];
    let server = ScriptedServer::start(none)
        .unwrap()
        .with_models(&["qwen3:8b"]);
    let listed = |models: &[ModelSummary], name: &str| {
        let found = models.iter().find(|one| one.model.to_string() == name);
        found
            .unwrap_or_else(|| panic!("{name} is not listed"))
            .clone()
    };
    let without = providers(None, None).with_local_servers(&[server.address()]);
    let models = without.listing().await.models;
    let hosted = listed(&models, "openai/gpt-5-mini");
    assert!(
        !hosted.usable && hosted.note.contains(KEY_NAME),
        "{hosted:?}"
    );
    assert_eq!(hosted.unusable, Some(Unusable::NoKey));
    assert_eq!(hosted.provider, "OpenAI");
    assert_eq!(hosted.abilities.tools, ToolCalling::Native);
    assert_eq!(hosted.abilities.reasoning, Ability::Yes);
    assert_eq!(hosted.context_tokens, Some(272_000));
    let local = listed(&models, "local/qwen3:8b");
    assert!(local.usable && local.note.contains(&server.address().to_string()));
    assert_eq!(local.price, None, "it may be a proxy");
    let with = providers(Some(KEY), None).listing().await.models;
    assert!(listed(&with, "openai/gpt-5-mini").usable);
    let broken = providers(Some(KEY), Some("no url")).listing().await.models;
    let hosted = listed(&broken, "openai/gpt-5-mini");
    assert!(
        !hosted.usable && hosted.note.contains(BASE_VARIABLE),
        "{hosted:?}"
    );
    assert_eq!(hosted.unusable, Some(Unusable::WrongAddress));
}

const OWN: &str = "[[provider]]\nid = \"lab\"\nbase_url = \"ADDRESS\"\n\n[[provider]]\nid = \"work\"\nbase_variable = \"WORK_URL\"\nkeys = [\"WORK_KEY\"]\n";

fn with_own(text: &str, secrets: &[(&str, &str)], variable: Option<&(&str, String)>) -> Providers {
    let registry = Registry::with_own(text).map_err(|findings| findings[0].to_string());
    let known = registry.as_ref().unwrap_or(Registry::built_in());
    let environment = Environment::for_providers(known, |name| {
        let named = variable.filter(|(variable, _)| *variable == name);
        named.map(|(_, url)| url.clone())
    });
    let secrets = MemorySecrets::new(secrets.iter().copied());
    Providers::new(Arc::new(secrets), environment)
        .with_local_servers(&[])
        .with_own_providers(registry)
}

#[tokio::test]
async fn own_providers_are_asked_where_they_are_and_without_a_key_where_they_have_none() {
    let server = ScriptedServer::start([Answer::text("One"), Answer::text("Two")]).unwrap();
    let address = server.base_url().to_string();
    let variable = Some(("WORK_URL", address.clone()));
    let own = OWN.replace("ADDRESS", &address);
    let providers = with_own(
        &own,
        &[("WORK_KEY", KEY), (KEY_NAME, "sk-other")],
        variable.as_ref(),
    );
    for (name, key) in [
        ("lab/qwen3", None),
        ("work/qwen3", Some(format!("Bearer {KEY}"))),
    ] {
        let found = providers.resolve(&model(name), &[], "/w").await.unwrap();
        let heard = CollectedDeltas::default();
        found.call(&request(name), &heard).await.unwrap();
        let received = server.requests().pop().unwrap();
        assert_eq!(received.body["model"], "qwen3");
        let header = received.headers.get("authorization");
        assert_eq!(
            header.map(|key| key.to_str().unwrap()),
            key.as_deref(),
            "{name}"
        );
    }
    let price = providers.price(&model("lab/qwen3"));
    assert_eq!(price, None, "what is at this place may be a proxy");
    let free = own.replace("id = \"lab\"", "id = \"lab\"\nfree = true");
    let providers = with_own(&free, &[], None);
    assert_eq!(providers.price(&model("lab/qwen3")), Some(Price::FREE));
    let far = with_own(&OWN.replace("ADDRESS", "http://192.168.1.5/v1"), &[], None);
    assert!(far.resolve(&model("lab/qwen3"), &[], "/w").await.is_ok());
    assert_eq!(far.price(&model("lab/qwen3")), None, "nobody knows it");
    let error = why(&far, "work/x", &[]).await;
    assert!(error.contains("WORK_URL"), "{error}");
}

#[tokio::test]
async fn an_address_in_the_file_goes_before_its_own_and_after_the_variable() {
    let server = ScriptedServer::start([Answer::text("One"), Answer::text("Two")]).unwrap();
    let address = server.base_url().to_string();
    let named = format!("[[provider]]\nid = \"groq\"\nbase_url = \"{address}\"\n");
    let nowhere = "[[provider]]\nid = \"groq\"\nbase_url = \"http://127.0.0.1:9/v1\"\n";
    let keys = [("GROQ_API_KEY", KEY)];
    for (text, variable) in [
        (named.as_str(), None),
        (nowhere, Some(("GROQ_BASE_URL", address.clone()))),
    ] {
        let providers = with_own(text, &keys, variable.as_ref());
        let name = "groq/openai/gpt-oss-120b";
        let found = providers.resolve(&model(name), &[], "/w").await.unwrap();
        let heard = CollectedDeltas::default();
        found.call(&request(name), &heard).await.unwrap();
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_wrong_file_stops_what_needs_it_and_nothing_else() {
    let server = ScriptedServer::start([Answer::text("One")])
        .unwrap()
        .with_models(&["qwen3:8b"]);
    let wrong = with_own("[[provider]]\nid = 7\n", &[(KEY_NAME, KEY)], None)
        .with_local_servers(&[server.address()]);
    for name in ["openai/gpt-5-mini", "lab/x"] {
        let error = why(&wrong, name, &[]).await;
        assert!(
            error.contains("providers.toml:2:6: provider[1].id"),
            "{error}"
        );
    }
    assert_eq!(wrong.price(&model("openai/gpt-5-mini")), None);
    let local = wrong.resolve(&model("local/qwen3:8b"), &[], "/w").await;
    assert!(local.is_ok());
    let listed = wrong.listing().await.models;
    let hosted = listed
        .iter()
        .find(|one| one.model.to_string() == "openai/gpt-5-mini");
    let hosted = hosted.unwrap();
    assert!(
        !hosted.usable && hosted.note.contains("providers.toml"),
        "{hosted:?}"
    );
    assert!(
        listed
            .iter()
            .any(|one| one.usable && one.model.provider == "local")
    );
}

#[tokio::test]
async fn what_serves_a_model_here_says_how_much_of_it_can_be_used() {
    let none: [Reply; 0] = [];
    let ollama = ScriptedServer::start(none).unwrap().as_ollama(&[
        OllamaModel {
            num_ctx: Some(8_192),
            ..OllamaModel::new("gemma:2b", &["completion"])
        },
        OllamaModel::new("llama3.2:latest", &["completion", "tools"]),
        OllamaModel {
            remote_host: Some("https://ollama.com"),
            ..OllamaModel::new("big:cloud", &["completion", "tools"])
        },
    ]);
    let own = "[[model]]\nmodel = \"local/llama3.2\"\ncontext = 65_536\nimages = true\n";
    let providers = providers(None, None)
        .with_local_servers(&[ollama.address()])
        .with_own_prices(OwnPrices::parse(own).unwrap());
    let find = |name: &str| {
        let name = model(name);
        let providers = &providers;
        async move { providers.find(&name, &[], "/w").await }
    };
    let gemma = find("local/gemma:2b").await.unwrap();
    assert!(gemma.is_prompted() && gemma.model.is_prompted(&model("local/gemma:2b")));
    assert_eq!(
        gemma.context_tokens,
        Some(7_168),
        "what it is told of tools fits too"
    );
    let llama = find("local/llama3.2").await.unwrap();
    assert!(!llama.is_prompted());
    assert_eq!(llama.context_tokens, Some(65_536), "the person knows best");
    assert_eq!(llama.abilities.images, Ability::Yes);
    let error = find("local/big:cloud").await.unwrap_err().to_string();
    assert!(error.contains("another machine"), "{error}");
    let listed = providers.listing().await.models;
    let of = |name: &str| {
        let found = listed.iter().find(|one| one.model == model(name));
        found.unwrap_or_else(|| panic!("{name} is not listed"))
    };
    assert_eq!(of("local/gemma:2b").abilities.tools, ToolCalling::Prompted);
    assert_eq!(of("local/gemma:2b").provider, "Ollama");
    assert!(of("local/gemma:2b").note.contains("8192 of 131072"));
    assert_eq!(
        of("local/big:cloud").unusable,
        Some(Unusable::AnotherMachine)
    );
    assert_eq!(of("local/big:cloud").price, None);
}

#[tokio::test]
async fn a_key_never_goes_unencrypted_to_another_machine() {
    let open = providers(Some(KEY), Some("http://192.168.1.5:8000/v1"));
    let error = why(&open, "openai/x", &[]).await;
    assert!(
        error.contains("unencrypted") && error.contains("https://"),
        "{error}"
    );
    assert!(error.contains("http://192.168.1.5:8000/v1"), "{error}");
    let far = "[[provider]]\nid = \"groq\"\nbase_url = \"http://groq.example.com/v1\"\n";
    let own = with_own(far, &[("GROQ_API_KEY", KEY)], None);
    assert!(why(&own, "groq/x", &[]).await.contains("unencrypted"));
    let listed = own.listing().await;
    let groq = listed.providers.iter().find(|one| one.id == "groq");
    assert_eq!(groq.unwrap().unusable, Some(Unusable::WrongAddress));
    let endpoint = own.endpoint_for_list("groq").await;
    assert!(endpoint.is_err(), "nor is it asked for its models");
    let keyless = "[[provider]]\nid = \"lab\"\nbase_url = \"http://192.168.1.5:8000/v1\"\n";
    let own = with_own(keyless, &[(KEY_NAME, KEY)], None);
    assert!(own.resolve(&model("lab/x"), &[], "/w").await.is_ok());
}

#[tokio::test]
async fn what_computes_on_this_machine_is_free_and_a_proxy_is_not() {
    let none: [Reply; 0] = [];
    let ollama = ScriptedServer::start(none)
        .unwrap()
        .as_ollama(&[OllamaModel::new(
            "llama3.2:latest",
            &["completion", "tools"],
        )]);
    let none: [Reply; 0] = [];
    let proxy = ScriptedServer::start(none)
        .unwrap()
        .with_models(&["claude-opus", "gpt-5-mini"]);
    let at_ollama = providers(None, Some(ollama.base_url().as_str()));
    for (providers, name, free) in [
        (&at_ollama, "openai/llama3.2", true),
        (&at_ollama, "local/llama3.2", true),
        (&at_ollama, "openai/claude-opus", false),
    ] {
        // That a model is not there is told when it is asked.
        let _ = providers.find(&model(name), &[], "/w").await;
        let expected = free.then_some(Price::FREE);
        assert_eq!(providers.price(&model(name)), expected, "{name}");
    }
    let at_proxy = providers(None, Some(proxy.base_url().as_str()));
    for name in [
        "openai/claude-opus",
        "local/claude-opus",
        "local/gpt-5-mini",
    ] {
        at_proxy.find(&model(name), &[], "/w").await.unwrap();
        assert_eq!(at_proxy.price(&model(name)), None, "{name}");
    }
    let own = "[[price]]\nmodel = \"local/claude-opus\"\ninput = \"0\"\noutput = \"0\"\nchecked = \"2026-11-01\"\n";
    let said = at_proxy.with_own_prices(OwnPrices::parse(own).unwrap());
    said.find(&model("local/claude-opus"), &[], "/w")
        .await
        .unwrap();
    assert_eq!(said.price(&model("local/claude-opus")), Some(Price::FREE));
}

#[tokio::test]
async fn at_another_address_nothing_of_openai_is_listed_but_what_is_served_there() {
    let none: [Reply; 0] = [];
    let server = ScriptedServer::start(none)
        .unwrap()
        .with_models(&["qwen3:8b", "gpt-5-mini"]);
    let here = providers(Some(KEY), Some(server.base_url().as_str()));
    let listed = here.listing().await.models;
    let of_openai = listed.iter().filter(|one| one.model.provider == "openai");
    let names: Vec<String> = of_openai.map(|one| one.model.to_string()).collect();
    assert_eq!(names, ["openai/qwen3:8b", "openai/gpt-5-mini"]);
    let far = providers(Some(KEY), Some("https://models.example.com/v1"));
    let listing = far.listing().await;
    let of_openai = |one: &ModelSummary| one.model.provider == "openai";
    assert!(!listing.models.iter().any(of_openai));
    let openai = listing
        .providers
        .iter()
        .find(|one| one.id == "openai")
        .unwrap();
    assert_eq!((openai.unusable, openai.models), (None, 0));
    assert!(
        openai.note.contains("models.example.com"),
        "{}",
        openai.note
    );
}

#[tokio::test]
async fn a_named_server_that_does_not_answer_is_said() {
    let silent = "http://127.0.0.1:9/v1";
    let listing = providers(None, Some(silent)).listing().await;
    assert!(
        listing.notes[0]
            .contains("OPENAI_BASE_URL names 127.0.0.1:9, where no model server answers"),
        "{:?}",
        listing.notes
    );
    assert_eq!(
        providers(None, None).listing().await.notes,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_slip_of_the_pen_is_told_with_what_was_meant() {
    let error = why(&providers(None, None), "opnai/x", &[]).await;
    assert!(error.contains("did you mean \"openai\"?"), "{error}");
    let error = why(&providers(None, None), "zzz/x", &[]).await;
    assert!(!error.contains("did you mean"), "{error}");
}
