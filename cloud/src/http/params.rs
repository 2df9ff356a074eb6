//! What stands in a request's path and query.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use slipway_contract::cloud::ProblemCode;

use crate::failure::Failure;

/// The parts of the path.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        // A text that is no id names nothing.
        path.map(|axum::extract::Path(path)| Self(path))
            .map_err(|_| Failure::not_found("page"))
    }
}

/// The query. Types that it is read into refuse what they do not know.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let text = parts.uri.query().unwrap_or_default();
        if text.contains("%00") {
            return Err(Failure::new(
                ProblemCode::Malformed,
                "The query holds U+0000, which no parameter takes.",
            ));
        }
        let query =
            <axum::extract::Query<T> as FromRequestParts<S>>::from_request_parts(parts, state)
                .await;
        query
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| {
                Failure::new(
                    ProblemCode::Invalid,
                    format!("The query cannot be read: {}.", error.body_text()),
                )
            })
    }
}
