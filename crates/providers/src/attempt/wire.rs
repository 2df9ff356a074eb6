//! What went over the wire, for a person who wants to see it.

use http::{HeaderMap, StatusCode};
use slipway_agent::ports::model::Exchanged;

/// Bytes of an answer's body that are kept.
const KEPT: usize = 4 << 20;

/// An exchange as it goes on.
#[derive(Debug, Default)]
pub(super) struct Wire(Exchanged);

impl Wire {
    pub(super) fn begin(&mut self, request: &reqwest::Request, key_name: Option<&str>) {
        let key = format!("${}", key_name.unwrap_or("KEY"));
        self.0.url = request.url().to_string();
        self.0.request_headers = headers(request.headers(), &key);
        let body = request.body().and_then(reqwest::Body::as_bytes);
        self.0.request_body = body.unwrap_or_default().to_vec();
    }

    pub(super) fn answer(&mut self, status: StatusCode, answered: &HeaderMap) {
        self.0.status = Some(status.as_u16());
        self.0.response_headers = headers(answered, "[secret]");
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        let room = KEPT - self.0.response_body.len();
        self.0.response_bytes += bytes.len() as u64;
        self.0
            .response_body
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Without what this removes; none when nothing was sent.
    pub(super) fn cleaned(self, clean: impl Fn(&str) -> String) -> Option<Exchanged> {
        let mut wire = self.0;
        if wire.url.is_empty() {
            return None;
        }
        for (_, value) in &mut wire.response_headers {
            *value = clean(value);
        }
        let body = String::from_utf8_lossy(&wire.response_body);
        wire.response_body = clean(&body).into_bytes();
        Some(wire)
    }
}

/// Headers as they are shown: one that carries a key shows its name, a cookie nothing.
fn headers(headers: &HeaderMap, key: &str) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let shown = if value.is_sensitive() {
                match value.as_bytes().starts_with(b"Bearer ") {
                    true => format!("Bearer {key}"),
                    false => key.to_owned(),
                }
            } else if name == http::header::SET_COOKIE {
                "[secret]".to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name.to_string(), shown)
        })
        .collect()
}
