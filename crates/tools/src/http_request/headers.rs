//! What of an answer's headers the model is told: what it can use, and nothing that opens a door.

use serde_json::{Map, Value, json};
use slipway_net::header::{self, HeaderMap, HeaderName};
use slipway_net::scrub_urls;

use crate::arguments::cut;

/// The headers that a model can use; the others are different in each answer, or secret.
const TOLD: [HeaderName; 8] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    header::LINK,
    header::RETRY_AFTER,
    header::ETAG,
    header::LAST_MODIFIED,
    header::ALLOW,
    header::WWW_AUTHENTICATE,
];

/// The parameters of a challenge that tell what is wanted; others may be tokens.
const TOLD_OF_CHALLENGES: [&str; 5] = ["realm", "scope", "error", "error_description", "charset"];

/// These headers, free of secrets.
pub(super) fn told_headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut told = Map::new();
    for name in TOLD {
        if let Some(value) = headers.get(&name) {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = if name == header::WWW_AUTHENTICATE {
                challenges(&value)
            } else {
                scrub_urls(&value).into_owned()
            };
            told.insert(name.as_str().to_owned(), json!(cut(&value, 500)));
        }
    }
    told
}

/// The schemes with their harmless parameters (RFC 9110, 11.6.1).
fn challenges(value: &str) -> String {
    let mut told: Vec<String> = Vec::new();
    for part in parts(value) {
        let (scheme, parameter) = match part.split_once(char::is_whitespace) {
            Some((scheme, parameter)) if !scheme.contains('=') => (Some(scheme), parameter.trim()),
            None if !part.contains('=') => (Some(part), ""),
            _ => (None, part),
        };
        let name = parameter.split_once('=').map(|(name, _)| name.trim());
        let is_told = name.is_some_and(|name| {
            TOLD_OF_CHALLENGES
                .iter()
                .any(|told| told.eq_ignore_ascii_case(name))
        });
        let parameter = if is_told { parameter } else { "" };
        let part = [scheme.unwrap_or_default(), parameter].join(" ");
        if !part.trim().is_empty() {
            told.push(scrub_urls(part.trim()).into_owned());
        }
    }
    told.join(", ")
}

/// What stands between commas that are in no quotes.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    value
        .split(move |c| {
            let ends = c == ',' && !is_quoted;
            is_quoted ^= c == '"' && !is_escaped;
            is_escaped = c == '\\' && is_quoted && !is_escaped;
            ends
        })
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_tells_what_is_wanted_and_no_token() {
        for (value, told) in [
            (
                "Basic realm=\"The vault, with a comma\"",
                "Basic realm=\"The vault, with a comma\"",
            ),
            ("Negotiate TlRMTVNTUAAC==", "Negotiate"),
            (
                "Bearer realm=\"r\", error=\"invalid_token\", nonce=\"hunter2\", Basic realm=\"b\"",
                "Bearer realm=\"r\", error=\"invalid_token\", Basic realm=\"b\"",
            ),
            ("Bearer hunter2", "Bearer"),
            (
                "Digest nonce=hunter2, opaque=\"hunter2\", realm=\"a \\\"quoted\\\" one\"",
                "Digest, realm=\"a \\\"quoted\\\" one\"",
            ),
        ] {
            assert_eq!(challenges(value), told);
        }
    }

    #[test]
    fn what_opens_a_door_is_not_told() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (
                header::LOCATION,
                "https://me:hunter2@host/x?token=hunter2&page=2",
            ),
            (
                header::LINK,
                "<https://me:hunter2@host/?sig=hunter2>; rel=\"next\"",
            ),
            (header::SET_COOKIE, "session=hunter2"),
            (header::AUTHORIZATION, "Bearer hunter2"),
            (header::WWW_AUTHENTICATE, "Bearer hunter2"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let told = told_headers(&headers);
        assert_eq!(told["location"], "https://host/x?token=[secret]&page=2");
        assert!(!Value::from(told).to_string().contains("hunter2"));
    }
}
