//! The HTTP layer below `async-openai`: exactly one request for each attempt, every failure
//! named while status and headers are still known, and every body made safe.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use bytes::Bytes;
use futures::FutureExt;
use futures::stream::{self, Stream, StreamExt};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Response, ResponseBuilderExt};
use serde::de::IgnoredAny;
use slipway_agent::ports::model::ModelError;
use tokio::time::timeout;
use tower_service::Service;

use super::complaint::is_web_page;
use super::events::{Events, Unusable};
use super::exchange::Exchange;

/// Bytes of an answer in all, however it comes. A streamed token takes some 300 bytes.
const LONGEST_ANSWER: usize = 256 << 20;

/// Bytes of an error that are read.
const LONGEST_ERROR: usize = 64 << 10;

/// How long an error's body is waited for, and how long a finished stream's end.
const AFTERWARDS: Duration = Duration::from_secs(5);

/// Makes one attempt, for one [`Exchange`].
#[derive(Clone)]
pub(super) struct OneAttempt {
    pub(super) http: reqwest::Client,
    pub(super) exchange: Arc<Exchange>,
}

impl Service<HttpRequestFactory> for OneAttempt {
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, factory: HttpRequestFactory) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let request = factory.build().await?;
            this.attempt(request).await.map_err(|error| {
                this.exchange.fail(error);
                OpenAIError::InvalidArgument("the attempt failed".to_owned())
            })
        })
    }
}

impl OneAttempt {
    async fn attempt(&self, mut request: reqwest::Request) -> Result<Response, ModelError> {
        let exchange = &self.exchange;
        let accept = if exchange.streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static(accept));
        let patience = exchange.patience();
        let url = request.url().clone();
        let response = timeout(patience, self.http.execute(request))
            .await
            .map_err(|_| exchange.reporter.silence(patience))?
            .map_err(|error| exchange.reporter.transport(error))?;
        exchange.note_request_id(response.headers());

        let status = response.status();
        if !status.is_success() {
            let headers = response.headers().clone();
            let body = beginning(response).await;
            return Err(exchange.reporter.status(status, &headers, &body));
        }
        let form = Form::of(&response);
        let body = match form {
            Form::WebPage => {
                let body = beginning(response).await;
                return Err(exchange.reporter.web_page(&body));
            }
            Form::Events if exchange.streams => {
                Body::wrap_stream(events(response, Arc::clone(exchange)))
            }
            Form::Events | Form::Json | Form::Unnamed if !exchange.streams => {
                Body::from(self.whole(response).await?)
            }
            Form::Json => Body::from(as_event(&self.whole(response).await?)),
            Form::Events | Form::Unnamed => {
                Body::wrap_stream(events(response, Arc::clone(exchange)))
            }
        };
        let answer = http::Response::builder().url(url).body(body);
        answer
            .map(Response::from)
            .map_err(|error| exchange.reporter.unreadable(error, ""))
    }

    /// A whole JSON answer.
    async fn whole(&self, response: Response) -> Result<String, ModelError> {
        let exchange = &self.exchange;
        let mut body = Vec::new();
        let mut stream = response.bytes_stream();
        loop {
            let patience = exchange.patience();
            let piece = timeout(patience, stream.next())
                .await
                .map_err(|_| exchange.reporter.silence(patience))?;
            match piece {
                None => break,
                Some(Ok(piece)) if body.len() + piece.len() <= LONGEST_ANSWER / 4 => {
                    exchange.answering();
                    body.extend_from_slice(&piece);
                }
                Some(Ok(_)) => {
                    return Err(exchange.reporter.too_long("The answer", LONGEST_ANSWER / 4));
                }
                // A body that ends before its announced length is a cut answer.
                Some(Err(_)) => return Err(exchange.reporter.cut()),
            }
        }
        let text = match String::from_utf8(body) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(_) => Ok(text),
            Err(_) if is_web_page(&text) => Err(exchange.reporter.web_page(text.as_bytes())),
            Err(error) => Err(exchange.reporter.unreadable(error, &text)),
        }
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
async fn beginning(response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let read = async {
        let mut stream = response.bytes_stream();
        while let Some(Ok(piece)) = stream.next().await {
            body.extend_from_slice(&piece);
            if body.len() >= LONGEST_ERROR {
                break;
            }
        }
    };
    // What came until then is what the message quotes.
    let _ = timeout(AFTERWARDS, read).await;
    body.truncate(LONGEST_ERROR);
    body
}

/// A server that was asked for a stream and answered whole.
fn as_event(json: &str) -> String {
    format!(
        "data: {}\n\ndata: [DONE]\n\n",
        json.replace(['\n', '\r'], " ")
    )
}

type Pieces = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

struct Reading {
    pieces: Option<Pieces>,
    events: Events,
    bytes: usize,
    exchange: Arc<Exchange>,
}

/// The events of a streamed answer. A failure is kept in the exchange and ends the stream.
fn events(
    response: Response,
    exchange: Arc<Exchange>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    let reading = Reading {
        pieces: Some(Box::pin(response.bytes_stream())),
        events: Events::default(),
        bytes: 0,
        exchange,
    };
    stream::unfold(reading, |mut reading| async move {
        match reading.next().await {
            Ok(event) => event.map(|event| (Ok(event), reading)),
            Err(error) => {
                reading.exchange.fail(error);
                reading.pieces = None;
                Some((Err(std::io::Error::other("the answer broke")), reading))
            }
        }
    })
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, ModelError> {
        loop {
            if let Some(event) = self.events.next() {
                return Ok(Some(event));
            }
            let Some(pieces) = &mut self.pieces else {
                return Ok(None);
            };
            let reporter = &self.exchange.reporter;
            let patience = self.exchange.patience();
            let piece = timeout(patience, pieces.next())
                .await
                .map_err(|_| reporter.silence(patience))?;
            let taken = match piece {
                None => {
                    self.pieces = None;
                    self.events.end()
                }
                Some(Ok(piece)) => {
                    self.bytes += piece.len();
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
                Unusable::TooLong => {
                    reporter.too_long("A part of the answer", super::events::LONGEST_EVENT)
                }
                Unusable::NotJson { why, sample } => reporter.unreadable(why, &sample),
            })?;
            if self.events.is_done() {
                self.exchange.note_done();
                self.let_go();
            }
        }
    }

    /// Reads the end of a stream that has said all: only then its connection serves again.
    fn let_go(&mut self) {
        let Some(mut pieces) = self.pieces.take() else {
            return;
        };
        if !matches!(pieces.next().now_or_never(), Some(None)) {
            tokio::spawn(timeout(AFTERWARDS, pieces.take(64).for_each(|_| async {})));
        }
    }
}
