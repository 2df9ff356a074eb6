use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use slipway_agent::memory::secrets::MemorySecrets;
use slipway_agent::ports::model::{Billing, ModelErrorKind};

use super::*;
use crate::{Environment, Patience, Providers, Settings};

const KEY: &str = "sk-test-0123456789";

/// What a server answers, and what it was asked.
#[derive(Clone)]
struct Server {
    answer: Arc<dyn Fn(&Value) -> Response + Send + Sync>,
    asked: Arc<Mutex<Vec<(Uri, HeaderMap, Value)>>>,
}

async fn server(answer: impl Fn(&Value) -> Response + Send + Sync + 'static) -> (String, Server) {
    async fn handle(
        State(server): State<Server>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response {
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let response = (server.answer)(&body);
        server.asked.lock().unwrap().push((uri, headers, body));
        response
    }
    let server = Server {
        answer: Arc::new(answer),
        asked: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().fallback(handle).with_state(server.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{address}/v1"), server)
}

/// OpenAI's model of that name, at this address.
async fn embedder(base: &str, patience: Duration) -> Embedder {
    let base = base.to_owned();
    let secrets = MemorySecrets::new([("OPENAI_API_KEY", KEY)]);
    let environment =
        Environment::from_variables(move |name| (name == "OPENAI_BASE_URL").then(|| base.clone()));
    let settings = Settings {
        patience: Patience {
            first: patience,
            idle: patience,
        },
        ..Settings::default()
    };
    let providers = Providers::new(Arc::new(secrets), environment).with_settings(settings);
    let model = "openai/text-embedding-3-small".parse().unwrap();
    providers.embedder(&model).await.unwrap()
}

const LONG: Duration = Duration::from_secs(60);

/// A vector that tells its text.
fn vector(text: &str) -> Value {
    json!([text.len(), 0.5, -1.0])
}

fn right(body: &Value) -> Response {
    let texts = body["input"].as_array().unwrap();
    // In an order of the server's own.
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .rev()
        .map(|(index, text)| json!({"object": "embedding", "index": index, "embedding": vector(text.as_str().unwrap())}))
        .collect();
    let usage = json!({"prompt_tokens": 3 * texts.len(), "total_tokens": 3 * texts.len()});
    axum::Json(json!({"object": "list", "data": data, "model": "x", "usage": usage}))
        .into_response()
}

#[tokio::test]
async fn texts_become_vectors_in_their_order() {
    let (base, server) = server(right).await;
    let embedded = embedder(&base, LONG)
        .await
        .embed(&["a", "four"])
        .await
        .unwrap();
    assert_eq!(embedded.vectors, [[1.0, 0.5, -1.0], [4.0, 0.5, -1.0]]);
    assert_eq!(embedded.tokens.map(|tokens| tokens.input_tokens), Some(6));
    let asked = server.asked.lock().unwrap();
    let (uri, headers, body) = &asked[0];
    assert_eq!(uri.path(), "/v1/embeddings");
    assert_eq!(headers["authorization"], format!("Bearer {KEY}").as_str());
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(
        *body,
        json!({"model": "text-embedding-3-small", "input": ["a", "four"], "encoding_format": "float"})
    );
}

#[tokio::test]
async fn many_texts_go_in_several_requests() {
    let (base, server) = server(right).await;
    let texts: Vec<String> = (1..=150).map(|n| "x".repeat(n)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let embedded = embedder(&base, LONG).await.embed(&texts).await.unwrap();
    let lengths: Vec<f32> = embedded.vectors.iter().map(|vector| vector[0]).collect();
    let wanted: Vec<f32> = (1..=150_u8).map(f32::from).collect();
    assert_eq!(lengths, wanted);
    assert_eq!(embedded.tokens.map(|tokens| tokens.input_tokens), Some(450));
    assert_eq!(server.asked.lock().unwrap().len(), 3);
}

/// Ollama, LM Studio and the rest: some give no index and no usage.
#[tokio::test]
async fn servers_that_say_less_are_understood() {
    let (base, _) = server(|_| {
        axum::Json(json!({"data": [{"embedding": [1, 2]}, {"embedding": [3, 4]}]})).into_response()
    })
    .await;
    let embedded = embedder(&base, LONG)
        .await
        .embed(&["a", "b"])
        .await
        .unwrap();
    assert_eq!(embedded.vectors, [[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(embedded.tokens, None);
}

#[tokio::test]
async fn what_is_no_answer_is_an_error_of_its_kind() {
    use ModelErrorKind::{
        AnswerTooLong, Authentication, ContextTooLong, Malformed, NotFound, Overloaded, RateLimit,
    };
    let of = |status: u16, body: Value| {
        (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
    };
    let data = |data: Value| json!({"data": data});
    let complaint = |message: &str, code: &str| json!({"error": {"message": message, "code": code, "type": "x"}});
    let cases: Vec<(u16, Value, ModelErrorKind, &str)> = vec![
        (
            401,
            complaint(
                "Incorrect API key provided: sk-test-0123456789",
                "invalid_api_key",
            ),
            Authentication,
            "OPENAI_API_KEY",
        ),
        (
            429,
            complaint("slow down", "rate_limit_exceeded"),
            RateLimit,
            "slow down",
        ),
        (
            404,
            complaint("no such model", "model_not_found"),
            NotFound,
            "no such model",
        ),
        (
            400,
            complaint(
                "This model's maximum context length is 8192 tokens",
                "context_length_exceeded",
            ),
            ContextTooLong,
            "8192",
        ),
        (503, json!({}), Overloaded, "503"),
        (
            200,
            complaint("it broke", "server_error"),
            Overloaded,
            "it broke",
        ),
        (200, json!([]), Malformed, "cannot be read"),
        (200, json!("x"), Malformed, "cannot be read"),
        (200, data(json!([])), Malformed, "0 vectors for 2 texts"),
        (
            200,
            data(json!([{"embedding": [1]}])),
            Malformed,
            "1 vectors for 2 texts",
        ),
        (
            200,
            data(json!([{"embedding": [1]}, {"embedding": [1, 2]}])),
            Malformed,
            "has 2 numbers",
        ),
        (
            200,
            data(json!([{"embedding": []}, {"embedding": []}])),
            Malformed,
            "has 0 numbers",
        ),
        (
            200,
            data(json!([{"embedding": [1], "index": 1}, {"embedding": [1], "index": 1}])),
            Malformed,
            "nobody's",
        ),
        (
            200,
            data(json!([{"embedding": [1], "index": 9}, {"embedding": [1]}])),
            Malformed,
            "nobody's",
        ),
        (
            200,
            data(json!([{"embedding": [1e300]}, {"embedding": [1]}])),
            Malformed,
            "cannot be read",
        ),
        (
            200,
            data(json!([{"embedding": ["x"]}, {"embedding": [1]}])),
            Malformed,
            "cannot be read",
        ),
        (
            200,
            data(json!([{"embedding": "AAAA"}, {"embedding": "AAAA"}])),
            Malformed,
            "cannot be read",
        ),
        (
            200,
            data(json!([{"embedding": vec![0; 70_000]}, {"embedding": [1]}])),
            Malformed,
            "70000 numbers",
        ),
        (
            200,
            json!({"data": [], "more": "x".repeat(17 << 20)}),
            AnswerTooLong,
            "16 MiB",
        ),
    ];
    for (status, body, kind, told) in cases {
        let shown: String = body.to_string().chars().take(200).collect();
        let (base, _) = server(move |_| of(status, body.clone())).await;
        let error = embedder(&base, LONG)
            .await
            .embed(&["a", "b"])
            .await
            .unwrap_err();
        assert_eq!(error.kind, kind, "{shown}: {error}");
        assert!(error.message.contains(told), "{shown}: {error}");
        assert!(!error.message.contains(KEY), "{error}");
    }
    let (base, _) = server(|_| "<!doctype html><title>Log in</title>".into_response()).await;
    let page = embedder(&base, LONG).await.embed(&["a"]).await.unwrap_err();
    assert!(
        !page.kind.is_transient() && page.message.contains("web page"),
        "{page}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_or_says_nothing_is_told() {
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/v1", listener.local_addr().unwrap())
    };
    let error = embedder(&gone, LONG).await.embed(&["a"]).await.unwrap_err();
    assert_eq!(
        (error.kind, error.billing),
        (ModelErrorKind::Network, Billing::Nothing),
        "{error}"
    );
    let (base, _) = server(|_| {
        Response::new(Body::from_stream(futures::stream::pending::<
            Result<Bytes, std::io::Error>,
        >()))
    })
    .await;
    let short = embedder(&base, Duration::from_millis(50)).await;
    let error = short.embed(&["a"]).await.unwrap_err();
    assert_eq!(error.kind, ModelErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn what_makes_no_sense_to_send_is_not_sent() {
    let (base, server) = server(right).await;
    let embedder = embedder(&base, LONG).await;
    assert_eq!(embedder.embed(&[]).await.unwrap().vectors.len(), 0);
    let error = embedder.embed(&["a", " \n"]).await.unwrap_err();
    assert!(error.message.contains("empty text"), "{error}");
    let large = "x".repeat(MOST_BYTES + 1);
    let error = embedder.embed(&[&large]).await.unwrap_err();
    assert_eq!(error.kind, ModelErrorKind::ContextTooLong);
    let many = vec!["x"; MOST + 1];
    assert!(embedder.embed(&many).await.is_err());
    assert!(server.asked.lock().unwrap().is_empty());
    let secrets = MemorySecrets::new([("ANTHROPIC_API_KEY", KEY)]);
    let providers = Providers::new(Arc::new(secrets), Environment::default());
    let claude = "anthropic/claude-x".parse().unwrap();
    let error = providers
        .embedder(&claude)
        .await
        .unwrap()
        .embed(&["a"])
        .await
        .unwrap_err();
    assert_eq!(error.kind, ModelErrorKind::Unsupported);
    assert!(error.message.contains("local/nomic-embed-text"), "{error}");
}

/// A server of this machine is found by the model that it has, and gets no key.
#[tokio::test]
async fn a_model_of_this_machine_is_found_by_its_name() {
    let local = |body: Value| {
        move |asked: &Value| match asked.get("input") {
            Some(_) => right(asked),
            None => axum::Json(body.clone()).into_response(),
        }
    };
    for (list, asked, named) in [
        // Ollama answers what is asked under every path here with its tags, and vLLM with its list.
        (
            json!({"models": [{"name": "nomic-embed-text:latest", "model": "nomic-embed-text:latest"}]}),
            "nomic-embed-text",
            "nomic-embed-text:latest",
        ),
        (
            json!({"object": "list", "data": [{"id": "BAAI/bge-m3", "owned_by": "vllm"}]}),
            "BAAI/bge-m3",
            "BAAI/bge-m3",
        ),
    ] {
        let (base, server) = server(local(list)).await;
        let address = base
            .strip_prefix("http://")
            .unwrap()
            .strip_suffix("/v1")
            .unwrap();
        let secrets = MemorySecrets::new([("OPENAI_API_KEY", KEY)]);
        let providers = Providers::new(Arc::new(secrets), Environment::default())
            .with_local_servers(&[address.parse().unwrap()]);
        let model = format!("local/{asked}").parse().unwrap();
        let embedder = providers.embedder(&model).await.unwrap();
        assert_eq!(embedder.model().model, named);
        let embedded = embedder.embed(&["abc"]).await.unwrap();
        assert_eq!(embedded.vectors[0][0], 3.0);
        let requests = server.asked.lock().unwrap().clone();
        let sent_key = |headers: &HeaderMap| headers.contains_key("authorization");
        assert!(!requests.iter().any(|(_, headers, _)| sent_key(headers)));
        assert_eq!(requests.last().unwrap().2["model"], named);
        let other = "local/other".parse().unwrap();
        let error = providers.embedder(&other).await.unwrap_err().to_string();
        assert!(error.contains("local/other"), "{error}");
    }
    let elsewhere = json!({"models": [{"name": "embed:cloud", "model": "embed:cloud", "remote_host": "https://ollama.com:443", "remote_model": "embed"}]});
    let (base, _) = server(local(elsewhere)).await;
    let address = base
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/v1")
        .unwrap();
    let providers = Providers::new(Arc::new(MemorySecrets::default()), Environment::default())
        .with_local_servers(&[address.parse().unwrap()]);
    let model = "local/embed:cloud".parse().unwrap();
    let error = providers.embedder(&model).await.unwrap_err();
    assert!(
        matches!(error, crate::ResolveError::NotOnThisMachine { .. }),
        "{error}"
    );
}
