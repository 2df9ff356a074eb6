//! What one request and its answer leave behind beside the answer itself: the HTTP layer below
//! `async-openai` knows the status, the headers and why a body broke; the layer above needs them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_openai::error::OpenAIError;
use http::HeaderMap;
use slipway_agent::ports::model::ModelError;

use super::failure::Reporter;

/// How long to wait for bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until the first piece of the answer: a local server may have to load the model first, and
    /// a reasoning model says nothing while it thinks.
    pub first: Duration,
    /// Between the answer's bytes.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(600),
            idle: Duration::from_secs(60),
        }
    }
}

/// One attempt's account.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) reporter: Reporter,
    /// Whether the answer was asked for as a stream.
    pub(super) streams: bool,
    patience: Patience,
    failure: Mutex<Option<ModelError>>,
    request_id: OnceLock<String>,
    answering: AtomicBool,
    done: AtomicBool,
}

impl Exchange {
    pub(super) fn new(reporter: Reporter, patience: Patience, streams: bool) -> Self {
        Self {
            reporter,
            streams,
            patience,
            failure: Mutex::new(None),
            request_id: OnceLock::new(),
            answering: AtomicBool::new(false),
            done: AtomicBool::new(false),
        }
    }

    /// Keeps the first reason why this attempt failed.
    pub(super) fn fail(&self, error: ModelError) {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }

    /// The reason why this attempt failed: what the HTTP layer found, or else what
    /// `async-openai` did.
    pub(super) fn failure(&self, error: OpenAIError) -> ModelError {
        let found = self
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        found.unwrap_or_else(|| match error {
            OpenAIError::Reqwest(error) => self.reporter.transport(error),
            OpenAIError::JSONDeserialize(error, content) => {
                self.reporter.unreadable(error, &content)
            }
            other => self.reporter.unreadable(other, ""),
        })
    }

    pub(super) fn note_request_id(&self, headers: &HeaderMap) {
        let id = ["x-request-id", "request-id", "x-ms-request-id"]
            .iter()
            .find_map(|name| headers.get(*name)?.to_str().ok())
            .filter(|id| !id.is_empty() && id.len() <= 200);
        if let Some(id) = id {
            // Set once: an exchange has one answer.
            let _ = self.request_id.set(self.reporter.clean(id));
        }
    }

    pub(super) fn request_id(&self) -> Option<String> {
        self.request_id.get().cloned()
    }

    /// How long to wait for the next bytes.
    pub(super) fn patience(&self) -> Duration {
        if self.answering.load(Ordering::Relaxed) {
            self.patience.idle
        } else {
            self.patience.first
        }
    }

    /// The first piece of the answer is here.
    pub(super) fn answering(&self) {
        self.answering.store(true, Ordering::Relaxed);
    }

    /// The stream said `[DONE]`.
    pub(super) fn note_done(&self) {
        self.done.store(true, Ordering::Release);
    }

    pub(super) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }
}
