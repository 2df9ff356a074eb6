//! Bodies in JSON (RFC 8259).

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use slipway_contract::cloud::{FieldProblem, ProblemCode};

use crate::failure::{Failure, Refusal};

/// A request's body, or an answer's.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
}

/// Whether a text escapes U+0000, which PostgreSQL cannot keep and no field has a use for.
fn has_null(text: &str) -> bool {
    let mut backslashes = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            0 => return true,
            b'\\' => backslashes += 1,
            _ => {
                if byte == b'u' && backslashes % 2 == 1 && text[at..].starts_with("u0000") {
                    return true;
                }
                backslashes = 0;
            }
        }
    }
    false
}

/// Reads a body.
///
/// # Errors
/// What is wrong with it, and where.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    let malformed = |detail: String| Failure::new(ProblemCode::Malformed, detail);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("The body is not UTF-8: {error}.")))?;
    if has_null(text) {
        return Err(malformed(
            "The body holds U+0000, which no field takes.".to_owned(),
        ));
    }
    // Where a struct is read, a list of its values would do, too.
    if text.trim_start().starts_with('[') {
        let detail = "The body is a list; it must be an object.";
        return Err(Failure::new(ProblemCode::Invalid, detail));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let at = error.path().to_string();
        let inner = error.into_inner();
        // To its reader a list is none where one of several words should be; it is JSON, and the field is wrong.
        let is_json = || serde_json::from_str::<IgnoredAny>(text).is_ok();
        if !inner.is_data() && !is_json() {
            return malformed(format!("The body is not JSON: {inner}."));
        }
        let detail = inner.to_string();
        let detail = detail
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Failure::Problem(Box::new(Refusal {
            code: ProblemCode::Invalid,
            detail: format!("{at}: {detail}"),
            errors: vec![FieldProblem { at, detail }],
            retry_after: None,
        }))
    })?;
    reader
        .end()
        .map_err(|error| malformed(format!("The body goes on after its JSON: {error}.")))?;
    Ok(value)
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Failure::new(
                ProblemCode::UnsupportedMediaType,
                "The body must be application/json.",
            ));
        }
        let bytes = whole(request, state).await?;
        read(&bytes).map(Self)
    }
}

/// The whole body, up to what the endpoint takes.
///
/// # Errors
/// When there is more, or it does not arrive.
pub async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    Bytes::from_request(request, state).await.map_err(|error| {
        let code = match error.status().as_u16() {
            413 => ProblemCode::TooLarge,
            _ => ProblemCode::Malformed,
        };
        Failure::new(
            code,
            format!("The body cannot be read: {}.", error.body_text()),
        )
    })
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::cloud::Role;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        name: String,
        #[serde(default)]
        role: Option<Role>,
    }

    fn refused(body: &[u8]) -> (ProblemCode, String) {
        let refusal = read::<Named>(body).unwrap_err().refusal();
        (refusal.code, refusal.detail)
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_reason() {
        let named = read::<Named>(br#"{"name": "\\u0000", "role": "admin"}"#).unwrap();
        assert_eq!((&*named.name, named.role), ("\\u0000", Some(Role::Admin)));
        for (body, code, words) in [
            (
                &b"{\"name\": \"a\xff\"}"[..],
                ProblemCode::Malformed,
                "UTF-8",
            ),
            (br#"{"name": "\u0000"}"#, ProblemCode::Malformed, "U+0000"),
            (
                br#"{"name": "a", "name": "b"}"#,
                ProblemCode::Invalid,
                "duplicate field",
            ),
            (
                br#"{"name": "a", "is_operator": true}"#,
                ProblemCode::Invalid,
                "unknown field",
            ),
            (
                br#"{"name": 1}"#,
                ProblemCode::Invalid,
                "name: invalid type",
            ),
            (
                br#"{"name": "a", "role": [1]}"#,
                ProblemCode::Invalid,
                "role",
            ),
            (br#" ["a"]"#, ProblemCode::Invalid, "list"),
            (br#"{"name": "a"} {"#, ProblemCode::Malformed, "goes on"),
            (b"", ProblemCode::Malformed, "not JSON"),
            (b"{", ProblemCode::Malformed, "not JSON"),
        ] {
            let (given, detail) = refused(body);
            assert_eq!(given, code, "{detail}");
            assert!(detail.contains(words), "{detail}");
        }
        let deep = "{\"a\":".repeat(100_000);
        assert_eq!(
            read::<serde_json::Value>(deep.as_bytes())
                .unwrap_err()
                .refusal()
                .code,
            ProblemCode::Malformed
        );
    }
}
