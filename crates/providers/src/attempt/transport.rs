//! One request and its answer over HTTP: every failure named while status and headers are still
//! known, and every body made safe.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::stream::{Stream, StreamExt};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::Response;
use serde::de::IgnoredAny;
use slipway_agent::ports::model::ModelError;
use slipway_contract::wire::WireCut;
use tokio::time::timeout;

use super::complaint::is_web_page;
use super::ending;
use super::events::{Events, LONGEST_EVENT, Unusable};
use super::exchange::Exchange;

/// Bytes of a streamed answer that go by in all. A token takes some 300 of them. What is kept of them
/// is limited by [`super::answer::Assembly`].
const LONGEST_ANSWER: usize = 256 << 20;

/// Bytes of an answer that comes whole: the longest that is taken, with room for what is escaped
/// and for what some providers repeat of the request.
const LONGEST_WHOLE: usize = 16 << 20;

/// Bytes of an error that are read.
const LONGEST_ERROR: usize = 64 << 10;

/// How long an error's body is waited for.
const AFTERWARDS: Duration = Duration::from_secs(5);

/// A successful answer's body, made safe.
pub(crate) enum Answered {
    /// JSON.
    Whole(String),
    /// JSON, piece by piece.
    Events(Reading),
}

/// Sends the request, exactly once.
pub(crate) async fn send(
    http: &reqwest::Client,
    exchange: &Arc<Exchange>,
    mut request: reqwest::Request,
) -> Result<Answered, ModelError> {
    let accept = if exchange.streams {
        "text/event-stream"
    } else {
        "application/json"
    };
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static(accept));
    exchange.note_request(&request);
    let response = exchange
        .wait(http.execute(request))
        .await
        .map_err(|patience| exchange.reporter.silence(patience))?
        .map_err(|error| exchange.reporter.transport(error))?;
    exchange.note_answer(response.status(), response.headers());

    let status = response.status();
    if !status.is_success() {
        let headers = response.headers().clone();
        let body = beginning(exchange, response).await;
        return Err(exchange.reporter.status(status, &headers, &body));
    }
    Ok(match Form::of(&response) {
        Form::WebPage => {
            let body = beginning(exchange, response).await;
            return Err(exchange.reporter.web_page(&body));
        }
        Form::Events | Form::Json | Form::Unnamed if !exchange.streams => {
            Answered::Whole(whole(exchange, response).await?)
        }
        // A server that was asked for a stream and answered whole.
        Form::Json => {
            let json = whole(exchange, response).await?;
            exchange.note_done();
            Answered::Events(Reading::of_whole(&json, Arc::clone(exchange)))
        }
        Form::Events | Form::Unnamed => {
            Answered::Events(Reading::of_stream(response, Arc::clone(exchange)))
        }
    })
}

/// A whole JSON answer.
async fn whole(exchange: &Exchange, response: Response) -> Result<String, ModelError> {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    loop {
        let piece = exchange
            .wait(stream.next())
            .await
            .map_err(|patience| exchange.reporter.silence(patience))?;
        match piece {
            None => {
                exchange.note_end(None);
                break;
            }
            Some(Ok(piece)) if body.len() + piece.len() <= LONGEST_WHOLE => {
                exchange.answering();
                exchange.note_bytes(&piece);
                body.extend_from_slice(&piece);
            }
            Some(Ok(_)) => {
                return Err(exchange.reporter.too_long("The answer", LONGEST_WHOLE));
            }
            // A body that ends before its announced length is a cut answer.
            Some(Err(_)) => return Err(exchange.reporter.cut()),
        }
    }
    readable(exchange, body)
}

/// The JSON of a whole answer's body.
fn readable(exchange: &Exchange, body: Vec<u8>) -> Result<String, ModelError> {
    let text = match String::from_utf8(body) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    // Some servers put a mark of UTF-8 first, which is no JSON.
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(_) if is_web_page(&text) => Err(exchange.reporter.web_page(text.as_bytes())),
        Err(error) => Err(exchange.reporter.unreadable(error, &text)),
    }
}

/// In what form a successful answer says that it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Events,
    WebPage,
    Unnamed,
}

impl Form {
    fn of(response: &Response) -> Self {
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("text/event-stream") {
            Self::Events
        } else if kind.starts_with("text/html") || kind.starts_with("application/xhtml") {
            Self::WebPage
        } else if kind.contains("json") {
            Self::Json
        } else {
            Self::Unnamed
        }
    }
}

/// The beginning of a body that will not be used.
async fn beginning(exchange: &Exchange, response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let read = async {
        let mut stream = response.bytes_stream();
        loop {
            match stream.next().await {
                None => return exchange.note_end(None),
                Some(Err(_)) => return exchange.note_end(Some(WireCut::Lost)),
                Some(Ok(piece)) => {
                    exchange.note_bytes(&piece);
                    body.extend_from_slice(&piece);
                }
            }
            if body.len() >= LONGEST_ERROR {
                return;
            }
        }
    };
    // What came until then is what the message quotes.
    let _ = timeout(AFTERWARDS, read).await;
    body.truncate(LONGEST_ERROR);
    body
}

/// These bytes, as if they had come over the wire in pieces.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn fed(exchange: &Arc<Exchange>, bytes: &[u8]) -> Result<Answered, ModelError> {
    if !exchange.streams {
        return readable(exchange, bytes.to_vec()).map(Answered::Whole);
    }
    let size = 1 + bytes.len() % 61;
    let pieces: Vec<_> = bytes
        .chunks(size)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    Ok(Answered::Events(Reading {
        pieces: Some(Box::pin(futures::stream::iter(pieces))),
        events: Events::default(),
        bytes: 0,
        exchange: Arc::clone(exchange),
    }))
}

type Pieces = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The events of a streamed answer.
pub(crate) struct Reading {
    pieces: Option<Pieces>,
    events: Events,
    bytes: usize,
    exchange: Arc<Exchange>,
}

impl Reading {
    fn of_stream(response: Response, exchange: Arc<Exchange>) -> Self {
        Self {
            pieces: Some(Box::pin(response.bytes_stream())),
            events: Events::default(),
            bytes: 0,
            exchange,
        }
    }

    fn of_whole(json: &str, exchange: Arc<Exchange>) -> Self {
        Self {
            pieces: None,
            events: Events::of_whole(json),
            bytes: 0,
            exchange,
        }
    }

    /// The next event's data, which is JSON; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, ModelError> {
        loop {
            if let Some(event) = self.events.next() {
                return Ok(Some(event));
            }
            let Some(pieces) = &mut self.pieces else {
                return Ok(None);
            };
            let reporter = &self.exchange.reporter;
            let piece = self
                .exchange
                .wait(pieces.next())
                .await
                .map_err(|patience| reporter.silence(patience))?;
            let taken = match piece {
                None => {
                    self.exchange.note_end(None);
                    self.pieces = None;
                    self.events.end()
                }
                Some(Ok(piece)) => {
                    self.bytes += piece.len();
                    self.exchange.note_bytes(&piece);
                    if self.bytes > LONGEST_ANSWER {
                        return Err(reporter.too_long("The answer", LONGEST_ANSWER));
                    }
                    self.events.take(&piece)
                }
                Some(Err(error)) => {
                    tracing::debug!(error = %error.without_url(), "a stream broke");
                    return Err(reporter.cut());
                }
            };
            taken.map_err(|unusable| match unusable {
                Unusable::TooLong => reporter.too_long("A part of the answer", LONGEST_EVENT),
                Unusable::NotJson { why, sample } => reporter.unreadable(why, &sample),
            })?;
            if self.events.is_done() {
                self.exchange.note_done();
                self.let_go();
            }
        }
    }

    /// The events that are left, as a stream.
    pub(crate) fn into_events(
        self,
    ) -> Pin<Box<dyn Stream<Item = Result<String, ModelError>> + Send>> {
        Box::pin(futures::stream::unfold(self, async |mut reading| {
            let event = reading.next().await.transpose()?;
            Some((event, reading))
        }))
    }

    /// Reads the end of a stream that has said all: only then its connection serves again.
    fn let_go(&mut self) {
        let Some(mut pieces) = self.pieces.take() else {
            return;
        };
        if !matches!(pieces.next().now_or_never(), Some(None)) {
            ending::let_go(pieces);
        }
    }
}
