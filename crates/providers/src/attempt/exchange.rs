//! What one request and its answer leave behind beside the answer itself: the HTTP layer knows
//! the status, the headers and why a body broke; the layer above needs them.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use slipway_agent::ports::model::{ModelError, Unclean};
use slipway_contract::message::Message;
use slipway_contract::wire::WireCut;
use tokio::sync::Notify;

use super::failure::Reporter;
use super::wire::Wire;

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
pub(crate) struct Exchange {
    pub(crate) reporter: Reporter,
    /// Whether the answer was asked for as a stream.
    pub(crate) streams: bool,
    patience: Patience,
    failure: Mutex<Option<ModelError>>,
    request_id: OnceLock<String>,
    /// What went over the wire; none when nobody wants to know.
    wire: Option<Mutex<Wire>>,
    answering: AtomicBool,
    begun: Notify,
    done: AtomicBool,
}

impl Exchange {
    pub(crate) fn new(
        reporter: Reporter,
        patience: Patience,
        streams: bool,
        is_watched: bool,
    ) -> Self {
        Self {
            wire: is_watched.then(Mutex::default),
            reporter,
            streams,
            patience,
            failure: Mutex::new(None),
            request_id: OnceLock::new(),
            answering: AtomicBool::new(false),
            begun: Notify::new(),
            done: AtomicBool::new(false),
        }
    }

    /// Keeps the first reason why this attempt failed.
    pub(crate) fn fail(&self, error: ModelError) {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }

    /// The reason why this attempt failed, if the HTTP layer found one.
    pub(crate) fn found_failure(&self) -> Option<ModelError> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// What is about to be sent.
    pub(crate) fn note_request(&self, request: &reqwest::Request) {
        self.with_wire(|wire| wire.begin(request, self.reporter.key_name.as_deref()));
    }

    /// The answer has begun.
    pub(crate) fn note_answer(&self, status: StatusCode, headers: &HeaderMap) {
        let names = ["x-request-id", "request-id", "x-ms-request-id"];
        let id = names
            .iter()
            .find_map(|name| headers.get(*name)?.to_str().ok())
            .filter(|id| !id.is_empty() && id.len() <= 200);
        if let Some(id) = id {
            // Set once: an exchange has one answer.
            let _ = self.request_id.set(self.reporter.clean(id));
        }
        self.with_wire(|wire| wire.answer(status, headers));
    }

    /// Bytes of the answer's body as they came.
    pub(crate) fn note_bytes(&self, bytes: &[u8]) {
        self.with_wire(|wire| wire.take(bytes));
    }

    /// The answer's body came to its end, or why it did not.
    pub(crate) fn note_end(&self, cut: Option<WireCut>) {
        self.with_wire(|wire| wire.end(cut));
    }

    /// What went over the wire, without the files of these messages; none when nothing was sent
    /// or nobody wanted to know.
    pub(crate) fn take_wire(&self, messages: &[Message]) -> Option<Unclean> {
        let wire = self.wire.as_ref()?;
        let wire = std::mem::take(&mut *wire.lock().unwrap_or_else(PoisonError::into_inner));
        wire.unclean(self.reporter.secret.clone(), messages)
    }

    fn with_wire(&self, note: impl FnOnce(&mut Wire)) {
        if let Some(wire) = &self.wire {
            note(&mut wire.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    pub(crate) fn request_id(&self) -> Option<String> {
        self.request_id.get().cloned()
    }

    /// Waits for the next bytes; the error is how long that was. Who reads may be ahead of who puts
    /// the answer together, so that the answer may turn out to have begun while this waits.
    pub(crate) async fn wait<T>(&self, bytes: impl Future<Output = T>) -> Result<T, Duration> {
        let mut bytes = pin!(bytes);
        loop {
            let begun = self.begun.notified();
            let patience = self.patience();
            tokio::select! {
                biased;
                came = &mut bytes => return Ok(came),
                () = begun => {}
                () = tokio::time::sleep(patience) => return Err(patience),
            }
        }
    }

    /// How long to wait for the next bytes.
    fn patience(&self) -> Duration {
        if self.answering.load(Ordering::SeqCst) {
            self.patience.idle
        } else {
            self.patience.first
        }
    }

    /// The first piece of the answer is here.
    pub(crate) fn answering(&self) {
        if !self.answering.swap(true, Ordering::SeqCst) {
            self.begun.notify_waiters();
        }
    }

    /// The stream said `[DONE]`.
    pub(crate) fn note_done(&self) {
        self.done.store(true, Ordering::Release);
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }
}
