//! What an endpoint gives instead of its answer: always problem details (RFC 9457).

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sea_orm::DbErr;
use slipway_contract::cloud::{FieldProblem, Problem, ProblemCode};

use crate::chance::NoChance;
use crate::database;

/// After how many seconds a caller may try again what was not available.
const LATER: u32 = 2;

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The caller's doing, or nothing that an operator has to look at.
    #[error("{0}")]
    Problem(Box<Refusal>),
    /// The database's. Passing ones are told as not available, others as a mistake of the server's.
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    /// A mistake of the server's, in words for its log alone.
    #[error("{0}")]
    Internal(String),
}

/// A problem, and the headers that go with it.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// What a program branches on.
    pub code: ProblemCode,
    /// What happened, to what, and what the caller can do.
    pub detail: String,
    /// Each field that is wrong.
    pub errors: Vec<FieldProblem>,
    /// After how many seconds it may be tried again.
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A problem with this code.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self::Problem(Box::new(Refusal {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }))
    }

    /// There is no such thing, or none that the caller may know of.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(
            ProblemCode::NotFound,
            format!("There is no such {what}, or it is not yours to see."),
        )
    }

    /// A field of the request is wrong.
    #[must_use]
    pub fn field(at: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::Problem(Box::new(Refusal {
            code: ProblemCode::Invalid,
            detail: format!("{at}: {detail}"),
            errors: vec![FieldProblem {
                at: at.to_owned(),
                detail,
            }],
            retry_after: None,
        }))
    }

    /// Too often, or too much at once; later it may work.
    #[must_use]
    pub fn later(code: ProblemCode, detail: impl Into<String>, seconds: u32) -> Self {
        Self::Problem(Box::new(Refusal {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: Some(seconds),
        }))
    }

    /// What the caller is told.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        let (code, detail, retry_after) = match self {
            Self::Problem(refusal) => return *refusal,
            Self::Database(error) if database::is_passing(&error) => {
                tracing::warn!(%error, "the database is not available");
                (
                    ProblemCode::Unavailable,
                    "The database does not answer. Try again in a moment.",
                    Some(LATER),
                )
            }
            Self::Database(error) => {
                tracing::error!(%error, "the database refused");
                (
                    ProblemCode::Internal,
                    "The server made a mistake. It is in its log under this request's id.",
                    None,
                )
            }
            Self::Internal(what) => {
                tracing::error!(what, "a mistake of the server's");
                (
                    ProblemCode::Internal,
                    "The server made a mistake. It is in its log under this request's id.",
                    None,
                )
            }
        };
        Refusal {
            code,
            detail: detail.to_owned(),
            errors: Vec::new(),
            retry_after,
        }
    }
}

impl From<NoChance> for Failure {
    fn from(error: NoChance) -> Self {
        Self::Internal(error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.refusal().into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let code = self.code;
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let problem = Problem {
            about: format!("/docs/problems#{}", code.as_str()),
            title: code.title().to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            code,
            request_id: None,
            errors: self.errors,
        };
        let mut response = (status, Json(&problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // The layer that knows the request's id writes it in.
        response.extensions_mut().insert(problem);
        response
    }
}
