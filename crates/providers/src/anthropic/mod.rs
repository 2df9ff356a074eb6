//! Anthropic: `POST /v1/messages`.

mod blocks;
mod cache;
mod conversation;
mod event;
mod input_schema;
mod output_schema;
mod request;
mod response;
mod seal;
mod thinking;
mod tools;
mod traits;
mod usage;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};

pub use self::traits::{ClaudeTraits, ThinkingMode};

use self::response::Answer;
use crate::attempt::transport::{self, Answered, Reading};
use crate::attempt::{Attempt, Endpoint, ending};

/// The version of the interface that is spoken.
pub(crate) const VERSION: &str = "2026-10-21";

/// The version before it, the last that takes a temperature, of the models that have one.
const VERSION_WITH_TEMPERATURE: &str = "2023-06-01";

/// A model that is spoken to in this protocol.
pub struct Anthropic {
    endpoint: Endpoint,
    traits: ClaudeTraits,
}

impl Anthropic {
    /// The model at this place.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        let facts = endpoint.facts.as_ref();
        Self {
            traits: facts.and_then(|facts| facts.claude).unwrap_or_default(),
            endpoint,
        }
    }

    /// Where messages are posted to; some name the address with its version.
    fn url(&self) -> String {
        let base = self.endpoint.base.as_str();
        let version = if base.ends_with("/v1") { "" } else { "/v1" };
        format!("{base}{version}/messages")
    }

    async fn make(&self, attempt: &Attempt<'_>) -> Result<ModelResponse, ModelError> {
        let (body, seal) = request::body(attempt, &self.traits)?;
        let request = self
            .endpoint
            .http
            .post(self.url())
            .headers(attempt.key_headers.clone())
            .header("anthropic-version", version(&body))
            .json(&body)
            .build()
            .map_err(|error| attempt.exchange.reporter.transport(error))?;
        let answered = transport::send(&self.endpoint.http, &attempt.exchange, request).await?;
        taken(attempt, &seal, answered).await
    }
}

/// The answer that stands in what came.
pub(crate) async fn taken(
    attempt: &Attempt<'_>,
    seal: &str,
    answered: Answered,
) -> Result<ModelResponse, ModelError> {
    let mut answer = Answer::new(attempt, seal);
    match answered {
        Answered::Whole(json) => answer.take_whole(&json)?,
        Answered::Events(reading) => read(reading, &mut answer).await?,
    }
    answer.finish()
}

fn version(body: &request::Body<'_>) -> &'static str {
    if body.has_temperature() {
        VERSION_WITH_TEMPERATURE
    } else {
        VERSION
    }
}

async fn read(mut reading: Reading, answer: &mut Answer<'_>) -> Result<(), ModelError> {
    loop {
        match reading.next().await {
            Ok(Some(event)) => answer.take(&event)?,
            Ok(None) => return Ok(()),
            // All was said; only the end mark is lost.
            Err(_) if answer.has_stopped() => return Ok(()),
            Err(error) => return Err(error),
        }
        if answer.is_finished() {
            return ending::finish(reading.into_events(), true, |event| answer.take(&event)).await;
        }
    }
}

#[async_trait]
impl Model for Anthropic {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let attempt = self.endpoint.attempt(request, deltas).await?;
        let answer = self.make(&attempt).await;
        attempt.over(answer)
    }
}
