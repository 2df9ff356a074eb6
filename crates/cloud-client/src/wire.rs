//! One request and its answer.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use slipway_contract::cloud::Problem;
use slipway_net::{loopback_client, provider_client, secure_loopback_client};

use crate::address::ServerAddress;
use crate::error::CloudError;
use crate::silence::Silence;

/// For a request with its whole answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most bytes of an answer: a page of a list has much fewer.
const MOST: usize = 4 << 20;

/// The way to one server. Nothing goes anywhere else, and no redirect is followed.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    client: reqwest::Client,
    server: ServerAddress,
}

impl Wire {
    pub(crate) fn to(server: ServerAddress) -> Result<Self, CloudError> {
        let client = match (server.is_loopback(), server.is_https()) {
            (true, false) => loopback_client(),
            (true, true) => secure_loopback_client(),
            (false, _) => provider_client(),
        };
        Ok(Self {
            client: client.map_err(CloudError::system)?,
            server,
        })
    }

    pub(crate) const fn server(&self) -> &ServerAddress {
        &self.server
    }

    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, CloudError> {
        self.send_within(PATIENCE, request).await
    }

    /// Sends it, and waits for so long for the whole answer.
    pub(crate) async fn send_within(
        &self,
        patience: Duration,
        request: HttpRequest,
    ) -> Result<HttpResponse, CloudError> {
        let mut request = reqwest::Request::try_from(request).map_err(CloudError::system)?;
        if !self.server.has(request.url()) {
            return Err(self.foreign("it names an address of another server"));
        }
        *request.timeout_mut() = Some(patience);
        let mut answer = match self.client.execute(request).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.unreachable(error).await),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        loop {
            let chunk = match answer.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Err(self.unreachable(error).await),
            };
            if body.len() + chunk.len() > MOST {
                return Err(self.foreign("its answer does not end"));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }

    pub(crate) fn foreign(&self, why: impl Into<String>) -> CloudError {
        CloudError::Foreign {
            server: self.server.to_string(),
            why: why.into(),
        }
    }

    /// What the answer says instead of what was asked for; none where it says yes.
    pub(crate) fn refusal(&self, response: &HttpResponse) -> Option<CloudError> {
        let status = response.status();
        if status.is_success() {
            return None;
        }
        if is_of_type(response.headers(), "application/problem+json")
            && let Ok(problem) = serde_json::from_slice::<Problem>(response.body())
        {
            return Some(CloudError::Refused(Box::new(problem)));
        }
        Some(match status {
            StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => CloudError::Unreachable {
                server: self.server.to_string(),
                why: Silence::Gateway(status.as_u16()),
                sent: true,
            },
            _ if status.is_redirection() => self.foreign("it sends requests on to another place"),
            _ => self.foreign(format!("it answers {}", status.as_u16())),
        })
    }

    /// The answer where it has a form of OAuth's, whose errors are its own (RFC 6749, section 5.2).
    pub(crate) fn answered(&self, response: HttpResponse) -> Result<HttpResponse, CloudError> {
        let is_oauth =
            response.status().is_success() || is_of_type(response.headers(), "application/json");
        match self.refusal(&response) {
            Some(refusal) if !is_oauth => Err(refusal),
            _ => Ok(response),
        }
    }

    async fn unreachable(&self, error: reqwest::Error) -> CloudError {
        let error = error.without_url();
        let server = self.server.to_string();
        tracing::debug!(%server, ?error, "no answer");
        CloudError::Unreachable {
            why: Silence::of(&error, &self.server.at("/")).await,
            sent: !error.is_connect(),
            server,
        }
    }
}

/// After how long it may be asked again, where the answer says so in seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

pub(crate) fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|given| given.to_str().ok());
    given
        .and_then(|given| given.split(';').next())
        .is_some_and(|given| given.trim().eq_ignore_ascii_case(wanted))
}

/// For requests of OAuth.
impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = CloudError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, CloudError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move { self.answered(self.send(request).await?) })
    }
}
