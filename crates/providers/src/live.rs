//! What a provider itself says of its models: whether a key is taken, and which models it may use.
//! It costs nothing.

use serde_json::Value;
use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::model::ModelRef;

use crate::attempt::transport::{self, Answered};
use crate::attempt::{Endpoint, with_request_id};
use crate::registry::Protocol;
use crate::resolve::ResolveError;
use crate::{Patience, Providers};

/// Models of one list that are read.
const MOST: usize = 5_000;

/// Pages of one list that are read.
const PAGES: usize = 20;

/// How long a provider may take to list them in all, however slowly it says it.
const IN_ALL: std::time::Duration = std::time::Duration::from_secs(60);

/// A model as its provider lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// As it is named in a run: `provider/model`.
    pub model: ModelRef,
    /// Tokens that fit its context window, where the provider says it.
    pub context_tokens: Option<u64>,
}

/// Why a provider did not say which models it has.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// It cannot be asked.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// It was asked, and did not say.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl Providers {
    /// Asks a provider for the models that the key may use. Where that list is public, it is asked
    /// about the key, too.
    ///
    /// # Errors
    /// There is no key, it is not taken, or the provider cannot be reached.
    pub async fn ask_for_models(&self, provider: &str) -> Result<Vec<Listed>, ListError> {
        let endpoint = self.endpoint_for_list(provider).await?;
        let pages = async {
            check_key(&endpoint).await?;
            all_pages(&endpoint, provider).await
        };
        let listed = tokio::time::timeout(IN_ALL, pages).await;
        Ok(listed.unwrap_or_else(|_| {
            Err(ModelError::new(
                ModelErrorKind::Timeout,
                format!(
                    "{} did not list its models within {} seconds. Try again later.",
                    endpoint.provider.title,
                    IN_ALL.as_secs()
                ),
            ))
        })?)
    }
}

async fn all_pages(endpoint: &Endpoint, provider: &str) -> Result<Vec<Listed>, ModelError> {
    let mut listed = Vec::new();
    let mut page = None;
    for _ in 0..PAGES {
        let list = ask(endpoint, page.as_deref()).await?;
        listed.extend(models(provider, &list));
        page = next_page(endpoint.protocol(), &list);
        if page.is_none() || listed.len() >= MOST {
            break;
        }
    }
    listed.truncate(MOST);
    Ok(listed)
}

/// Whether the key is taken, where the list of models does not say it.
async fn check_key(endpoint: &Endpoint) -> Result<(), ModelError> {
    let Some(path) = &endpoint.provider.key_check else {
        return Ok(());
    };
    let url = url::Url::parse(&format!("{}{path}", endpoint.base));
    match get(endpoint, url).await {
        // What stands elsewhere in the provider's place need not know of it.
        Err(error) if error.kind == ModelErrorKind::NotFound && !endpoint.is_at_home() => Ok(()),
        told => told.map(drop),
    }
}

async fn ask(endpoint: &Endpoint, page: Option<&str>) -> Result<Value, ModelError> {
    get(endpoint, url(endpoint, page)).await
}

async fn get(
    endpoint: &Endpoint,
    url: Result<url::Url, url::ParseError>,
) -> Result<Value, ModelError> {
    let (headers, exchange) = endpoint.open_to_itself().await?;
    let url = url.map_err(|why| {
        ModelError::new(ModelErrorKind::Network, format!("{}: {why}", endpoint.base))
    })?;
    let request = endpoint.http.get(url).headers(headers);
    let request = match endpoint.protocol() {
        Protocol::Anthropic => request.header("anthropic-version", crate::anthropic::VERSION),
        _ => request,
    };
    let request = request
        .build()
        .map_err(|error| exchange.reporter.transport(error))?;
    let named = |mut error: ModelError| {
        error.request_id = exchange.request_id();
        with_request_id(error)
    };
    let sent = transport::send(&endpoint.http, &exchange, request).await;
    let json = match sent.map_err(named)? {
        Answered::Whole(json) => json,
        Answered::Events(_) => String::new(),
    };
    serde_json::from_str(&json).map_err(|error| named(exchange.reporter.unreadable(error, &json)))
}

fn url(endpoint: &Endpoint, page: Option<&str>) -> Result<url::Url, url::ParseError> {
    let (path, size, next) = match endpoint.protocol() {
        Protocol::Responses | Protocol::Chat => ("/models", None, "after"),
        Protocol::Anthropic => ("/v1/models", Some(("limit", "1000")), "after_id"),
        Protocol::Gemini => ("/v1beta/models", Some(("pageSize", "1000")), "pageToken"),
    };
    let mut url = url::Url::parse(&format!("{}{path}", endpoint.base))?;
    if let Some((name, value)) = size {
        url.query_pairs_mut().append_pair(name, value);
    }
    if let Some(page) = page {
        url.query_pairs_mut().append_pair(next, page);
    }
    Ok(url)
}

/// The models of one page, in whichever of the known forms it is.
fn models<'a>(provider: &'a str, list: &'a Value) -> impl Iterator<Item = Listed> + 'a {
    let entries = list
        .get("data")
        .or_else(|| list.get("models"))
        .unwrap_or(list);
    let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
    entries.iter().filter_map(move |entry| {
        let name = entry.get("id").or_else(|| entry.get("name"))?.as_str()?;
        let generates = entry
            .get("supportedGenerationMethods")
            .and_then(Value::as_array)
            .is_none_or(|methods| methods.iter().any(|method| method == "generateContent"));
        let name = name.strip_prefix("models/").unwrap_or(name);
        let context = [
            "context_length",
            "context_window",
            "max_context_length",
            "inputTokenLimit",
            "max_input_tokens",
        ]
        .iter()
        .find_map(|field| entry.get(*field)?.as_u64());
        let model = format!("{provider}/{name}").parse().ok()?;
        (generates && name.len() <= 200).then_some(Listed {
            model,
            context_tokens: context,
        })
    })
}

/// What names the next page, where there is one.
fn next_page(protocol: Protocol, list: &Value) -> Option<String> {
    let token = match protocol {
        Protocol::Gemini => list.get("nextPageToken")?,
        _ if list.get("has_more")? == true => list.get("last_id")?,
        _ => return None,
    };
    let token = token.as_str()?;
    (!token.is_empty() && token.len() < 1_000).then(|| token.to_owned())
}

/// Reads a provider's answer as a page of models; the number of models in it.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn taken(list: &Value) -> usize {
    let protocols = [Protocol::Chat, Protocol::Anthropic, Protocol::Gemini];
    let more = protocols.map(|protocol| next_page(protocol, list));
    models("openai", list).count() + more.iter().flatten().count()
}

/// How long a provider may take to say which models it has.
pub(crate) const PATIENCE: Patience = Patience {
    first: std::time::Duration::from_secs(20),
    idle: std::time::Duration::from_secs(10),
};

/// The same for a server of this machine, which is as near as those that are looked for unasked.
pub(crate) const PATIENCE_HERE: Patience = Patience {
    first: std::time::Duration::from_secs(5),
    idle: std::time::Duration::from_secs(5),
};

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::extract::{RawQuery, State};
    use axum::http::{HeaderMap, StatusCode, Uri};
    use axum::response::IntoResponse as _;
    use serde_json::json;
    use slipway_agent::memory::secrets::MemorySecrets;

    use super::*;
    use crate::Environment;

    const KEY: &str = "sk-test-0123456789";

    /// A server that lists models as these providers do, for this key only.
    async fn server() -> String {
        async fn list(
            State(()): State<()>,
            uri: Uri,
            RawQuery(query): RawQuery,
            headers: HeaderMap,
        ) -> axum::response::Response {
            let sent = ["authorization", "x-api-key", "x-goog-api-key"]
                .iter()
                .find_map(|name| headers.get(*name)?.to_str().ok())
                .unwrap_or_default();
            // The list of some is there for everybody.
            if uri.path() == "/public/models" {
                return axum::Json(json!({"data": [{"id": "everybody"}]})).into_response();
            }
            if sent.trim_start_matches("Bearer ") != KEY {
                let body =
                    json!({"error": {"message": "no such key", "type": "authentication_error"}});
                let id = [("x-request-id", "req_42")];
                return (StatusCode::UNAUTHORIZED, id, axum::Json(body)).into_response();
            }
            let query = query.unwrap_or_default();
            let body = match uri.path() {
                "/models" => json!({"object": "list", "data": [
                    {"id": "gpt-x", "object": "model"}, {"id": "gpt-y", "context_length": 9000},
                    {"id": 7}, {"id": "with space"},
                ]}),
                "/v1/models" if headers.contains_key("anthropic-version") => {
                    if query.contains("after_id=claude-a") {
                        json!({"data": [{"id": "claude-b", "type": "model"}], "has_more": false, "last_id": "claude-b"})
                    } else {
                        json!({"data": [{"id": "claude-a", "type": "model"}], "has_more": true, "last_id": "claude-a"})
                    }
                }
                "/v1beta/models" => json!({"models": [
                    {"name": "models/gemini-x", "inputTokenLimit": 1_000_000, "supportedGenerationMethods": ["generateContent"]},
                    {"name": "models/embedding-x", "supportedGenerationMethods": ["embedContent"]},
                ]}),
                _ => return StatusCode::NOT_FOUND.into_response(),
            };
            axum::Json(body).into_response()
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().fallback(list).with_state(());
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}")
    }

    fn providers(base: &str, key: &str) -> Providers {
        let keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"];
        let secrets = MemorySecrets::new(keys.map(|name| (name, key)));
        let base = base.to_owned();
        let variables = move |name: &str| {
            ["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_BASE_URL"]
                .contains(&name)
                .then(|| base.clone())
        };
        Providers::new(Arc::new(secrets), Environment::from_variables(variables))
    }

    #[tokio::test]
    async fn every_protocol_lists_its_models() {
        let base = server().await;
        let providers = providers(&base, KEY);
        for (provider, expected) in [
            (
                "openai",
                vec![("openai/gpt-x", None), ("openai/gpt-y", Some(9_000))],
            ),
            (
                "anthropic",
                vec![("anthropic/claude-a", None), ("anthropic/claude-b", None)],
            ),
            ("google", vec![("google/gemini-x", Some(1_000_000))]),
        ] {
            let listed = providers.ask_for_models(provider).await.unwrap();
            let listed: Vec<_> = listed
                .iter()
                .map(|one| (one.model.to_string(), one.context_tokens))
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(model, context)| (model.to_owned(), context))
                .collect();
            assert_eq!(listed, expected, "{provider}");
        }
    }

    #[tokio::test]
    async fn a_wrong_key_is_told_by_its_name_and_not_by_its_value() {
        let base = server().await;
        let providers = providers(&base, "sk-wrong-0123456789");
        for (provider, name) in [
            ("openai", "OPENAI_API_KEY"),
            ("anthropic", "ANTHROPIC_API_KEY"),
            ("google", "GEMINI_API_KEY"),
        ] {
            let error = providers.ask_for_models(provider).await.unwrap_err();
            let ListError::Model(told) = &error else {
                panic!("{error}");
            };
            assert_eq!(told.kind, ModelErrorKind::Authentication, "{error}");
            assert!(error.to_string().contains(name), "{error}");
            assert!(!error.to_string().contains("0123456789"), "{error}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_asked_says_why() {
        let base = server().await;
        let nobody = providers(&base, KEY).ask_for_models("nobody").await;
        assert!(nobody.unwrap_err().to_string().contains("no provider"));
        let keyless = Providers::new(Arc::new(MemorySecrets::default()), Environment::default());
        let error = keyless.ask_for_models("anthropic").await.unwrap_err();
        assert!(error.to_string().contains("ANTHROPIC_API_KEY"), "{error}");
    }

    #[tokio::test]
    async fn a_public_list_says_nothing_of_a_key() {
        let base = server().await;
        for (check, takes) in [("", true), ("key_check = \"/key\"\n", false)] {
            let own = format!(
                "[[provider]]\nid = \"lab\"\nbase_url = \"{base}/public\"\nkeys = [\"LAB_KEY\"]\n{check}"
            );
            let registry = crate::Registry::with_own(&own).unwrap();
            let secrets = MemorySecrets::new([("LAB_KEY", "sk-wrong-0123456789")]);
            let providers = Providers::new(Arc::new(secrets), Environment::default())
                .with_own_providers(Ok(registry));
            let listed = providers.ask_for_models("lab").await;
            assert_eq!(listed.is_ok(), takes, "{check} {listed:?}");
        }
        let known = crate::Registry::built_in().get("openrouter").unwrap();
        assert_eq!(known.key_check.as_deref(), Some("/key"));
    }

    #[tokio::test]
    async fn what_is_told_of_a_provider_names_no_model() {
        let base = server().await;
        let providers = providers(&base, "sk-wrong-0123456789");
        let error = providers.ask_for_models("openai").await.unwrap_err();
        let told = error.to_string();
        assert!(!told.contains("openai/models"), "{told}");
        assert!(told.contains("OPENAI_API_KEY is right."), "{told}");
        assert!(told.contains("id there is req_42."), "{told}");
    }
}
