//! A guarded request and its answer.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode, header};

use crate::error::NetError;

/// A request of a tool.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL as the model wrote it; nothing of it is trusted.
    pub url: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Option<Bytes>,
    /// For the whole exchange, redirects and body included.
    pub timeout: Duration,
    /// How many bytes of the body are kept, counted after decompression.
    pub keep: usize,
}

impl Request {
    /// A request without headers and body, with 30 s and 4 MiB.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: None,
            timeout: Duration::from_secs(30),
            keep: 4 * 1024 * 1024,
        }
    }

    /// Adds a header.
    ///
    /// # Errors
    /// Refuses what is no header, and headers that the connection itself needs: with `Host`, a
    /// request to a granted host could reach another one behind the same server.
    pub fn header(&mut self, name: &str, value: &str) -> Result<(), NetError> {
        let invalid = |why| NetError::InvalidHeader {
            name: name.chars().take(80).collect(),
            why,
        };
        let parsed = HeaderName::try_from(name).map_err(|_| invalid("that is no header name"))?;
        if OWN.contains(&parsed) || parsed.as_str().starts_with("proxy-") {
            return Err(invalid("the client sets it by itself"));
        }
        let value = HeaderValue::try_from(value)
            .map_err(|_| invalid("its value holds a line break or a control character"))?;
        self.headers.append(parsed, value);
        Ok(())
    }
}

const OWN: [HeaderName; 9] = [
    header::HOST,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::UPGRADE,
    header::TE,
    header::TRAILER,
    header::EXPECT,
    // Set by the caller it would switch decompression off, and with it the count of bytes.
    header::ACCEPT_ENCODING,
];

/// An answer.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// Where the answer came from: scheme, host and port, after redirects.
    pub origin: String,
    /// How many redirects were followed.
    pub redirects: usize,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed, cut at [`Request::keep`].
    pub body: Bytes,
    /// Whether there was more of the body than was kept.
    pub truncated: bool,
}
