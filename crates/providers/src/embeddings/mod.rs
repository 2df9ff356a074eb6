//! Embeddings: texts as vectors that are near each other when the texts mean alike, over the
//! `/embeddings` that OpenAI has and that Ollama, LM Studio, llama.cpp and vLLM speak, too.

mod answer;
#[cfg(test)]
mod tests;

use http::header::CONTENT_TYPE;
use serde_json::json;
use slipway_agent::ports::model::{ModelError, ModelErrorKind};
use slipway_contract::model::ModelRef;
use slipway_contract::run::Tokens;

use crate::attempt::transport::{self, Answered};
use crate::attempt::{Endpoint, with_request_id};
use crate::registry::Protocol;

/// Texts of one request. An answer has some 60 kB for each, and 16 MiB of it are taken in.
const AT_ONCE: usize = 64;
/// Texts of one call.
const MOST: usize = 4_096;
/// Bytes of all texts of a call: 8 MiB.
const MOST_BYTES: usize = 8 << 20;

/// A model that makes embeddings.
pub struct Embedder(Endpoint);

/// The vectors of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// One for each text, in their order; all have the same length, and every number is finite.
    pub vectors: Vec<Vec<f32>>,
    /// What was used, to be priced as any other request; none where the server does not say.
    pub tokens: Option<Tokens>,
}

impl std::fmt::Debug for Embedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Embedder").field(&self.0.model).finish()
    }
}

impl Embedder {
    /// The model at this place.
    #[must_use]
    pub const fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }

    /// Its name, `provider/model`.
    #[must_use]
    pub const fn model(&self) -> &ModelRef {
        &self.0.model
    }

    /// The vectors of these texts. Each request is made once: retries are the caller's.
    ///
    /// # Errors
    /// [`ModelErrorKind`] says what kind it is. `Unsupported`: the provider has no such interface,
    /// or a text is empty. `ContextTooLong`: the texts are more than is sent at once.
    pub async fn embed(&self, texts: &[&str]) -> Result<Embedded, ModelError> {
        self.check(texts)?;
        let mut all = Embedded {
            vectors: Vec::with_capacity(texts.len()),
            tokens: Some(Tokens::default()),
        };
        for part in texts.chunks(AT_ONCE) {
            let one = self.ask(part).await?;
            let is_alike = all
                .vectors
                .first()
                .is_none_or(|first| first.len() == one.vectors[0].len());
            if !is_alike {
                return Err(
                    self.error(ModelErrorKind::Malformed, "gave vectors of several lengths")
                );
            }
            all.vectors.extend(one.vectors);
            all.tokens = all.tokens.zip(one.tokens).map(|(mut sum, tokens)| {
                sum.input_tokens = sum.input_tokens.saturating_add(tokens.input_tokens);
                sum
            });
        }
        Ok(all)
    }

    fn check(&self, texts: &[&str]) -> Result<(), ModelError> {
        let protocol = self.0.protocol();
        if !matches!(protocol, Protocol::Chat | Protocol::Responses) {
            let title = &self.0.provider.title;
            let what = format!(
                "cannot make embeddings: {title} does not speak OpenAI's interface for them. \
                 Choose a model of a server that does, such as local/nomic-embed-text"
            );
            return Err(self.error(ModelErrorKind::Unsupported, &what));
        }
        if texts.iter().any(|text| text.trim().is_empty()) {
            let what = "was given an empty text, which has no embedding";
            return Err(self.error(ModelErrorKind::Unsupported, what));
        }
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        if texts.len() > MOST || bytes > MOST_BYTES {
            let what = format!(
                "was given {} texts of {bytes} bytes, and {MOST} of {} MiB are the most",
                texts.len(),
                MOST_BYTES >> 20
            );
            return Err(self.error(ModelErrorKind::ContextTooLong, &what));
        }
        Ok(())
    }

    fn error(&self, kind: ModelErrorKind, what: &str) -> ModelError {
        ModelError::new(kind, format!("{} {what}.", self.0.model))
    }

    async fn ask(&self, texts: &[&str]) -> Result<Embedded, ModelError> {
        let (headers, exchange) = self.0.open(false, false).await?;
        let named = |mut error: ModelError| {
            error.request_id = error.request_id.or_else(|| exchange.request_id());
            with_request_id(error)
        };
        let body = json!({
            "model": self.0.model.model,
            "input": texts,
            "encoding_format": "float",
        });
        let url = format!("{}/embeddings", self.0.base);
        let request = self
            .0
            .http
            .post(url)
            .headers(headers)
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string())
            .build()
            .map_err(|error| named(exchange.reporter.transport(error)))?;
        let sent = transport::send(&self.0.http, &exchange, request).await;
        let json = match sent.map_err(named)? {
            Answered::Whole(json) => json,
            Answered::Events(_) => String::new(),
        };
        answer::read(&json, texts.len()).map_err(|why| match why {
            answer::Wrong::Complaint(complaint) => named(exchange.reporter.event(&complaint)),
            answer::Wrong::Unreadable(why) => named(exchange.reporter.unreadable(why, &json)),
        })
    }
}
