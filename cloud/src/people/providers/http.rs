//! Requests to other services: bounded in time and size, and never led elsewhere.

use std::time::Duration;

use oauth2::{HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;

/// The longest answer that is read.
const LONGEST: usize = 256 * 1024;

/// Why a service could not be asked.
#[derive(Debug, thiserror::Error)]
pub(in crate::people) enum Silence {
    #[error("{0}")]
    Request(#[from] reqwest::Error),
    #[error("its answer is longer than 256 KiB")]
    TooLong,
    #[error("its answer is none: {0}")]
    Broken(#[from] http::Error),
    #[error("{0} answers {1}")]
    Refusal(http::Uri, http::StatusCode),
    #[error("the answer of {0} cannot be read: {1}")]
    Unread(http::Uri, serde_json::Error),
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server speaks to services that its operator named, not to hosts that people name"
)]
pub(in crate::people) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .user_agent("slipway-cloud")
        .build()
}

pub(super) async fn send(
    client: &reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, Silence> {
    let mut response = client.execute(reqwest::Request::try_from(request)?).await?;
    let mut answer = http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return Err(Silence::TooLong);
        }
    }
    Ok(answer.body(body)?)
}

/// Asks for something that is told in JSON.
pub(super) async fn ask<T: DeserializeOwned>(
    client: &reqwest::Client,
    request: http::request::Builder,
) -> Result<T, Silence> {
    let request = request.body(Vec::new())?;
    let from = request.uri().clone();
    let answer = send(client, request).await?;
    if !answer.status().is_success() {
        return Err(Silence::Refusal(from, answer.status()));
    }
    serde_json::from_slice(answer.body()).map_err(|error| Silence::Unread(from, error))
}
