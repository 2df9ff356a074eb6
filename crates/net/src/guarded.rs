//! Requests of tools.

use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use reqwest::Client;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use url::Url;

use crate::client;
use crate::destination;
use crate::error::NetError;
use crate::hosts::GrantedHosts;
use crate::redirect;
use crate::request::{Request, Response};
use crate::resolver::{Lookup, PublicOnly, SystemLookup};

/// The client for requests of tools. It goes to granted hosts only and uses no proxy: a proxy
/// would resolve names itself, past the check.
#[derive(Clone)]
pub struct Guarded {
    // Built at the first request: reading the CA certificates would slow every start.
    client: Arc<OnceLock<Client>>,
    lookup: Arc<dyn Lookup>,
}

impl Default for Guarded {
    fn default() -> Self {
        Self::new(Arc::new(SystemLookup))
    }
}

impl Guarded {
    /// A client that resolves names with this.
    #[must_use]
    pub fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self {
            client: Arc::new(OnceLock::new()),
            lookup,
        }
    }

    /// Sends a request, follows up to five redirects, and reads the answer.
    ///
    /// # Errors
    /// Every reason why there is no answer; a status such as 404 is an answer.
    pub async fn send(
        &self,
        request: Request,
        granted: &GrantedHosts,
    ) -> Result<Response, NetError> {
        let url = destination::parse(&request.url, granted)?;
        let limit = request.timeout;
        let origin = destination::origin(&url);
        tokio::time::timeout(limit, self.follow(request, url, granted))
            .await
            .unwrap_or(Err(NetError::Timeout { origin, limit }))
    }

    async fn follow(
        &self,
        request: Request,
        mut url: Url,
        granted: &GrantedHosts,
    ) -> Result<Response, NetError> {
        let client = self.client()?;
        let Request {
            mut method,
            mut headers,
            mut body,
            keep,
            ..
        } = request;
        let mut redirects = 0;
        loop {
            let origin = destination::origin(&url);
            let mut builder = client
                .request(method.clone(), url.clone())
                .headers(headers.clone());
            if let Some(body) = body.clone() {
                builder = builder.body(body);
            }
            let response = builder
                .send()
                .await
                .map_err(|error| NetError::from_request(error, &origin))?;
            let status = response.status();
            let Some(next) = redirect::target(&url, status, response.headers(), granted)? else {
                return read(response, origin, redirects, keep).await;
            };
            if redirects == redirect::LIMIT {
                let limit = redirect::LIMIT;
                return Err(NetError::TooManyRedirects { origin, limit });
            }
            redirects += 1;
            headers = redirect::headers(headers, &url, &next);
            let changed = redirect::method(&method, status);
            if changed != method {
                body = None;
                headers.remove(CONTENT_TYPE);
                method = changed;
            }
            url = next;
        }
    }

    fn client(&self) -> Result<&Client, NetError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let resolver = Arc::new(PublicOnly(Arc::clone(&self.lookup)));
        let built = client::build(|| {
            client::base()
                .no_proxy()
                .dns_resolver(Arc::clone(&resolver))
        })?;
        Ok(self.client.get_or_init(|| built))
    }
}

async fn read(
    mut response: reqwest::Response,
    origin: String,
    redirects: usize,
    keep: usize,
) -> Result<Response, NetError> {
    let status = response.status();
    let mut headers = std::mem::take(response.headers_mut());
    headers.remove(CONTENT_ENCODING);
    let mut body = BytesMut::new();
    let mut truncated = false;
    while let Some(chunk) = next(&mut response, &origin).await? {
        let room = keep - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            truncated = true;
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response {
        status,
        origin,
        redirects,
        headers,
        body: body.freeze(),
        truncated,
    })
}

async fn next(response: &mut reqwest::Response, origin: &str) -> Result<Option<Bytes>, NetError> {
    response
        .chunk()
        .await
        .map_err(|error| NetError::from_request(error, origin))
}
