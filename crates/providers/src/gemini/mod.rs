//! Google Gemini: `models/MODEL:generateContent`, and `:streamGenerateContent` for an answer that
//! comes piece by piece.

mod address;
mod contents;
mod finish;
mod part;
mod request;
mod response;
mod schema;
mod signature;

#[cfg(test)]
mod tests;

use async_trait::async_trait;
use slipway_agent::ports::model::{Deltas, Model, ModelError, ModelRequest, ModelResponse};
use slipway_contract::message::Media;

use self::response::Answer;
use crate::attempt::transport::{self, Answered, Reading};
use crate::attempt::{Attempt, Endpoint, ending};

/// A model that is spoken to in this protocol.
pub struct Gemini {
    endpoint: Endpoint,
}

impl Gemini {
    /// The model at this place.
    #[must_use]
    pub const fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

#[async_trait]
impl Model for Gemini {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let attempt = self.endpoint.attempt(request, deltas).await?;
        let answer = make(&attempt).await;
        attempt.over(answer)
    }

    fn takes(&self, media: Media) -> Option<bool> {
        let facts = self.endpoint.facts.as_ref();
        match media {
            Media::Gif => Some(false),
            Media::Pdf => facts.and_then(|facts| facts.pdfs),
            _ => facts.and_then(|facts| facts.images),
        }
    }
}

async fn make(attempt: &Attempt<'_>) -> Result<ModelResponse, ModelError> {
    let (http, exchange) = (&attempt.endpoint.http, &attempt.exchange);
    let request = http
        .post(address::of(attempt)?)
        .headers(attempt.key_headers.clone())
        .json(&request::body(attempt)?)
        .build()
        .map_err(|error| exchange.reporter.transport(error))?;
    taken(attempt, transport::send(http, exchange, request).await?).await
}

/// The answer that stands in what came.
pub(crate) async fn taken(
    attempt: &Attempt<'_>,
    answered: Answered,
) -> Result<ModelResponse, ModelError> {
    let mut answer = Answer::new(attempt);
    match answered {
        Answered::Whole(json) => answer.take(&json)?,
        Answered::Events(reading) => read(reading, &mut answer).await?,
    }
    answer.finish()
}

async fn read(mut reading: Reading, answer: &mut Answer<'_>) -> Result<(), ModelError> {
    while !answer.is_finished() {
        match reading.next().await? {
            Some(chunk) => answer.take(&chunk)?,
            None => return Ok(()),
        }
    }
    let is_counted = answer.is_counted();
    ending::finish(reading.into_events(), is_counted, |chunk| {
        answer.take(&chunk)
    })
    .await
}
