//! What a redirect makes of a request.

use reqwest::header::{HeaderMap, HeaderName, LOCATION};
use reqwest::{Method, StatusCode, header};
use url::Url;

use crate::destination;
use crate::error::NetError;
use crate::hosts::GrantedHosts;

pub(crate) const LIMIT: usize = 5;

/// The headers that go with a request to another origin; any other one may hold a secret.
const HARMLESS: [HeaderName; 3] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
];

/// Where a response sends the client on to, checked; none when it does not.
pub(crate) fn target(
    from: &Url,
    status: StatusCode,
    headers: &HeaderMap,
    granted: &GrantedHosts,
) -> Result<Option<Url>, NetError> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = headers.get(LOCATION) else {
        return Ok(None);
    };
    let refused = |cause| NetError::Redirected {
        origin: destination::origin(from),
        cause: Box::new(cause),
    };
    let invalid = |why: String| refused(NetError::InvalidUrl(why));
    let location = location
        .to_str()
        .map_err(|_| invalid("its bytes are not ASCII".into()))?;
    let url = from
        .join(location)
        .map_err(|error| invalid(error.to_string()))?;
    destination::check(&url, granted).map_err(refused)?;
    Ok(Some(url))
}

/// The method after a redirect (RFC 9110, 15.4): 303 asks for the answer elsewhere, and a POST
/// becomes a GET on 301 and 302, as every client has always done.
pub(crate) fn method(method: &Method, status: StatusCode) -> Method {
    let becomes_get = match status.as_u16() {
        303 => method != Method::HEAD,
        301 | 302 => method == Method::POST,
        _ => false,
    };
    if becomes_get {
        Method::GET
    } else {
        method.clone()
    }
}

/// The headers that may go on: all to the same origin, the harmless ones to another.
pub(crate) fn headers(headers: HeaderMap, from: &Url, to: &Url) -> HeaderMap {
    if from.origin() == to.origin() {
        return headers;
    }
    HARMLESS
        .into_iter()
        .filter_map(|name| headers.get(&name).map(|value| (name, value.clone())))
        .collect()
}
