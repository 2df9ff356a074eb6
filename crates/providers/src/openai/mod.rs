//! OpenAI and whatever speaks like it, through `async-openai`: its client and its seams for
//! configuration, HTTP and own types. The HTTP layer below it is ours ([`crate::attempt`]), since
//! attempts must be exactly one, and since what it makes of errors has lost their headers.

mod attachments;
mod cache_key;
mod call_ids;
mod chat;
mod config;
mod http_service;
mod responses;
mod tool_choice;
mod usage;

#[cfg(test)]
mod tests;

use async_openai::Client;
use async_trait::async_trait;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};
use slipway_contract::message::Media;

use self::call_ids::WireIds;
use self::config::Place;
use self::http_service::HttpService;
use crate::attempt::{Attempt, Endpoint};
use crate::registry::{Dialect, Effort, Protocol};

/// A model of OpenAI, or of a place that speaks like it.
pub struct OpenAi {
    endpoint: Endpoint,
    protocol: Protocol,
    dialect: Dialect,
    /// The model is known to reason.
    reasons: bool,
}

impl OpenAi {
    /// The model at this place.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        let dialect = endpoint.provider.dialect_at(&endpoint.base);
        let dialect = dialect.for_model(&endpoint.model.model);
        let facts = endpoint.facts.as_ref();
        Self {
            protocol: endpoint.protocol(),
            reasons: facts.map_or(dialect.reasons, |facts| facts.reasoning),
            dialect,
            endpoint,
        }
    }
}

impl OpenAi {
    /// What makes calls in this attempt.
    fn client(&self, attempt: &Attempt<'_>) -> Client<Place> {
        let place = Place::new(self.endpoint.base.clone(), attempt.key_headers.clone());
        let http = self.endpoint.http.clone();
        Client::build(http, place).with_http_service(HttpService::of(attempt))
    }

    fn attempted<'a>(&'a self, client: &'a Client<Place>, attempt: &'a Attempt<'a>) -> Call<'a> {
        Call {
            client,
            attempt,
            dialect: &self.dialect,
            reasons: self.reasons,
            effort: self.effort(attempt.request),
            ids: WireIds::new(self.dialect.call_ids, &attempt.request.messages),
        }
    }

    /// The answer that stands in what came.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) async fn taken(
        &self,
        attempt: &Attempt<'_>,
        answered: crate::attempt::transport::Answered,
    ) -> Result<ModelResponse, ModelError> {
        let client = self.client(attempt);
        let call = self.attempted(&client, attempt);
        if self.protocol == Protocol::Responses {
            responses::taken(&call, answered).await
        } else {
            chat::taken(&call, answered).await
        }
    }

    /// The word for how much the model shall reason. One that is known not to reason is not
    /// asked: it would refuse, and an agent shall run on every model.
    fn effort(&self, request: &ModelRequest) -> Option<Effort> {
        let known = self.endpoint.facts.as_ref().map(|facts| facts.reasoning);
        let wanted = request.reasoning.filter(|_| known != Some(false))?;
        Effort::nearest(&self.dialect.efforts, wanted)
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
        let client = self.client(&attempt);
        let call = self.attempted(&client, &attempt);
        let answer = if self.protocol == Protocol::Responses {
            responses::make(&call).await
        } else {
            chat::make(&call).await
        };
        attempt.over(answer)
    }

    fn takes(&self, media: Media) -> Option<bool> {
        attachments::takes(&self.endpoint, &self.dialect, media)
    }
}

/// One attempt, with all that it takes.
struct Call<'a> {
    client: &'a Client<Place>,
    attempt: &'a Attempt<'a>,
    dialect: &'a Dialect,
    reasons: bool,
    effort: Option<Effort>,
    ids: WireIds,
}

impl Call<'_> {
    /// The temperature, where the model takes one.
    fn temperature(&self) -> Option<f64> {
        let taken = !self.reasons
            || self.dialect.temperature_with_reasoning
            || self.effort == Some(Effort::None);
        self.attempt.request.temperature.filter(|_| taken)
    }
}
