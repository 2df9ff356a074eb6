//! OpenAI and whatever speaks like it, through `async-openai`: its client and its seams for
//! configuration, HTTP and own types. The HTTP layer below it is ours ([`crate::attempt`]), since
//! attempts must be exactly one, and since what it makes of errors has lost their headers.

mod chat;
mod config;
mod http_service;
mod responses;

#[cfg(test)]
mod tests;

use async_openai::Client;
use async_trait::async_trait;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};

use self::config::Place;
use self::http_service::HttpService;
use crate::attempt::{Attempt, Endpoint};
use crate::registry::{Dialect, Protocol};

/// A model of OpenAI, or of a place that speaks like it.
pub struct OpenAi {
    endpoint: Endpoint,
    protocol: Protocol,
    dialect: Dialect,
    /// The model reasons: it takes no temperature, and its limit has another name.
    reasons: bool,
}

impl OpenAi {
    /// The model at this place.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        let official = endpoint.provider.id == crate::catalog::OPENAI && endpoint.is_at_home();
        let by_name = || official && reasons(&endpoint.model.model);
        let facts = endpoint.facts.as_ref();
        Self {
            protocol: endpoint.protocol(),
            dialect: endpoint.provider.dialect_at(&endpoint.base),
            reasons: facts.map_or_else(by_name, |facts| facts.reasoning),
            endpoint,
        }
    }
}

#[async_trait]
impl Model for OpenAi {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let attempt = self.endpoint.attempt(request, deltas).await?;
        let place = Place::new(self.endpoint.base.clone(), attempt.key_headers.clone());
        let http = self.endpoint.http.clone();
        let client = Client::build(http, place).with_http_service(HttpService::of(&attempt));
        let call = Call {
            client: &client,
            attempt: &attempt,
            dialect: &self.dialect,
            reasons: self.reasons,
        };
        let answer = if self.protocol == Protocol::Responses {
            responses::make(&call).await
        } else {
            chat::make(&call).await
        };
        answer.map_err(|error| attempt.named(error))
    }
}

/// One attempt, with all that it takes.
struct Call<'a> {
    client: &'a Client<Place>,
    attempt: &'a Attempt<'a>,
    dialect: &'a Dialect,
    reasons: bool,
}

/// What OpenAI brought out after GPT-4 reasons, unless its name says that it chats.
fn reasons(name: &str) -> bool {
    let name = name.strip_prefix("ft:").unwrap_or(name);
    let older = ["gpt-3", "gpt-4", "chatgpt-", "davinci", "babbage"];
    !older.iter().any(|start| name.starts_with(start)) && !name.contains("-chat")
}
