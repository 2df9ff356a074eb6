//! The HTTP layer below `async-openai`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use bytes::Bytes;
use futures::stream::{self, Stream};
use reqwest::{Body, Response, ResponseBuilderExt};
use slipway_agent::ports::model::ModelError;
use tower_service::Service;

use crate::attempt::Attempt;
use crate::attempt::exchange::Exchange;
use crate::attempt::transport::{self, Answered, Reading};

/// Makes one attempt, for one [`Exchange`].
#[derive(Clone)]
pub(super) struct HttpService {
    http: reqwest::Client,
    exchange: Arc<Exchange>,
}

impl HttpService {
    pub(super) fn of(attempt: &Attempt<'_>) -> Self {
        Self {
            http: attempt.endpoint.http.clone(),
            exchange: Arc::clone(&attempt.exchange),
        }
    }

    async fn send(&self, request: reqwest::Request) -> Result<Response, ModelError> {
        let url = request.url().clone();
        let body = match transport::send(&self.http, &self.exchange, request).await? {
            Answered::Whole(json) => Body::from(json),
            Answered::Events(reading) => {
                Body::wrap_stream(events(reading, Arc::clone(&self.exchange)))
            }
        };
        let answer = http::Response::builder().url(url).body(body);
        answer
            .map(Response::from)
            .map_err(|error| self.exchange.reporter.unreadable(error, ""))
    }
}

impl Service<HttpRequestFactory> for HttpService {
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
            this.send(request).await.map_err(|error| {
                this.exchange.fail(error);
                OpenAIError::InvalidArgument("the attempt failed".to_owned())
            })
        })
    }
}

/// Why an attempt failed: what the HTTP layer found, or else what `async-openai` did.
pub(super) fn failure(exchange: &Exchange, error: OpenAIError) -> ModelError {
    exchange.found_failure().unwrap_or_else(|| match error {
        OpenAIError::Reqwest(error) => exchange.reporter.transport(error),
        OpenAIError::JSONDeserialize(error, content) => {
            exchange.reporter.unreadable(error, &content)
        }
        other => exchange.reporter.unreadable(other, ""),
    })
}

/// The events as `async-openai` reads them. A failure is kept in the exchange and ends the stream.
fn events(
    reading: Reading,
    exchange: Arc<Exchange>,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    stream::unfold(Some(reading), move |reading| {
        let exchange = Arc::clone(&exchange);
        async move {
            let mut reading = reading?;
            match reading.next().await {
                Ok(Some(event)) => {
                    Some((Ok(Bytes::from(format!("data: {event}\n\n"))), Some(reading)))
                }
                Ok(None) if exchange.is_done() => {
                    Some((Ok(Bytes::from_static(b"data: [DONE]\n\n")), None))
                }
                Ok(None) => None,
                Err(error) => {
                    exchange.fail(error);
                    Some((Err(std::io::Error::other("the answer broke")), None))
                }
            }
        }
    })
}
