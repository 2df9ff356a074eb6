//! The scripted server in the clothes of those that people run on their own machine.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::stream;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{ScriptedServer, lock, whole};

/// What a server answers at one path, whoever asks.
#[derive(Debug, Clone)]
pub enum Page {
    /// JSON.
    Json(u16, Value),
    /// These bytes.
    Bytes(&'static str, Vec<u8>),
    /// The way to another place.
    Redirect(String),
    /// Bytes without an end.
    Endless,
    /// Nothing, for a minute.
    Silence,
}

/// A model of Ollama's.
#[derive(Debug, Clone)]
pub struct OllamaModel {
    /// With its tag.
    pub name: &'static str,
    /// `completion`, `tools`, `vision`, `thinking`, `embedding`.
    pub capabilities: &'static [&'static str],
    /// The window that it was made for.
    pub context: u64,
    /// What its own parameters say of the window.
    pub num_ctx: Option<u64>,
    /// The window with which it is loaded.
    pub loaded: Option<u64>,
    /// The machine that it is passed on to.
    pub remote_host: Option<&'static str>,
}

impl OllamaModel {
    /// A model that writes and can do this too, of 131,072 tokens, and not loaded.
    #[must_use]
    pub const fn new(name: &'static str, capabilities: &'static [&'static str]) -> Self {
        Self {
            name,
            capabilities,
            context: 131_072,
            num_ctx: None,
            loaded: None,
            remote_host: None,
        }
    }
}

impl ScriptedServer {
    /// The same, answering this at this path. Other paths that list something are not found then.
    #[must_use]
    pub fn with_page(self, path: &str, page: Page) -> Self {
        lock(&self.shared.pages).insert(path.to_owned(), page);
        self
    }

    /// The same, as Ollama would.
    #[must_use]
    pub fn as_ollama(self, models: &[OllamaModel]) -> Self {
        let tag = |model: &OllamaModel| {
            let mut tag = json!({
                "name": model.name,
                "model": model.name,
                "size": 4_661_224_676_u64,
                "details": {"format": "gguf", "family": "llama"},
            });
            if let Some(host) = model.remote_host {
                tag["remote_host"] = json!(host);
            }
            tag
        };
        let running = models.iter().filter_map(|model| {
            let loaded = model.loaded?;
            Some(json!({"name": model.name, "model": model.name, "context_length": loaded}))
        });
        let listed = models
            .iter()
            .map(|model| json!({"id": model.name, "owned_by": "library"}));
        let listed: Vec<Value> = listed.collect();
        let server = self
            .with_page(
                "/v1/models",
                Page::Json(200, json!({"object": "list", "data": listed})),
            )
            .with_page(
                "/api/tags",
                Page::Json(
                    200,
                    json!({"models": models.iter().map(tag).collect::<Vec<_>>()}),
                ),
            )
            .with_page(
                "/api/ps",
                Page::Json(200, json!({"models": running.collect::<Vec<_>>()})),
            );
        for model in models {
            let parameters = model.num_ctx.map_or_else(
                || "stop    \"<|eot_id|>\"".to_owned(),
                |tokens| format!("stop    \"<|eot_id|>\"\nnum_ctx    {tokens}"),
            );
            let shown = json!({
                "parameters": parameters,
                "capabilities": model.capabilities,
                "model_info": {
                    "general.architecture": "llama",
                    "llama.context_length": model.context,
                    "llama.embedding_length": 4096,
                },
            });
            lock(&server.shared.shown).insert(model.name.to_owned(), shown);
        }
        server
    }

    /// The same, as LM Studio would, with these entries of its own list.
    #[must_use]
    pub fn as_lm_studio(self, entries: &[Value]) -> Self {
        let ids: Vec<Value> = entries
            .iter()
            .map(|entry| json!({"id": entry["id"]}))
            .collect();
        let unknown = json!({"error": "Unexpected endpoint or method. Returning 200 anyway"});
        self.with_page(
            "/v1/models",
            Page::Json(200, json!({"object": "list", "data": ids})),
        )
        .with_page(
            "/api/v0/models",
            Page::Json(200, json!({"object": "list", "data": entries})),
        )
        .with_page("/props", Page::Json(200, unknown.clone()))
        .with_page("/api/tags", Page::Json(200, unknown))
    }

    /// The same, as llama.cpp's server would, which takes requests with tools or does not.
    #[must_use]
    pub fn as_llama_cpp(self, model: &str, window: u64, takes_tools: bool) -> Self {
        let status = if takes_tools { 200 } else { 500 };
        self.with_page(
            "/v1/models",
            Page::Json(
                200,
                json!({
                    "models": [{"name": model, "capabilities": ["completion"]}],
                    "object": "list",
                    "data": [{"id": model, "owned_by": "llamacpp", "meta": {"n_ctx_train": 131_072}}],
                }),
            ),
        )
        .with_page(
            "/props",
            Page::Json(
                200,
                json!({
                    "default_generation_settings": {"n_ctx": window},
                    "total_slots": 1,
                    "chat_template": "{% for message in messages %}…{% endfor %}",
                    "modalities": {"vision": true, "audio": false},
                }),
            ),
        )
        .with_page("/apply-template", Page::Json(status, json!({"prompt": "?"})))
        // It also answers some of what Ollama is asked.
        .with_page("/api/tags", Page::Json(200, json!({"models": [{"name": model}]})))
    }

    /// The same, as vLLM would.
    #[must_use]
    pub fn as_vllm(self, model: &str, window: u64) -> Self {
        let entry = json!({"id": model, "owned_by": "vllm", "max_model_len": window});
        self.with_page(
            "/v1/models",
            Page::Json(200, json!({"object": "list", "data": [entry]})),
        )
    }
}

/// Pages by their path.
pub(super) type Pages = HashMap<String, Page>;

impl Page {
    pub(super) async fn respond(&self) -> Response {
        match self {
            Self::Json(status, body) => {
                let status = StatusCode::from_u16(*status);
                whole(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body)
            }
            Self::Bytes(kind, body) => {
                let mut response = Response::new(Body::from(body.clone()));
                let kind = HeaderValue::from_static(kind);
                response.headers_mut().insert(CONTENT_TYPE, kind);
                response
            }
            Self::Redirect(to) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
                if let Ok(to) = HeaderValue::from_str(to) {
                    response.headers_mut().insert(LOCATION, to);
                }
                response
            }
            Self::Endless => {
                let piece = Bytes::from(vec![b' '; 64 << 10]);
                let pieces = stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
                Response::new(Body::from_stream(pieces))
            }
            Self::Silence => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Response::new(Body::empty())
            }
        }
    }
}
