//! What a program sends in a form (RFC 6749, section 3.2): each name once, an empty value is none, and what
//! is not known is left aside. Programs have no secret, so a header that shows who they are counts for nothing.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use slipway_contract::cloud::ProblemCode;

use super::program::Program;
use super::refusal::{Code, Refusal, Refused};
use crate::failure::Failure;
use crate::http::json::whole;
use crate::http::urlencoded::{Fields, is_form};

/// What a program sent.
#[derive(Debug, Clone)]
pub struct Parameters(Fields);

impl Parameters {
    /// Of a text.
    ///
    /// # Errors
    /// When it cannot be read, or a name is there twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let invalid = |what| Refusal::new(Code::InvalidRequest, what);
        let fields = Fields::parse(bytes)
            .map_err(|_| invalid("The body holds characters that no parameter takes."))?;
        if fields.twice().is_some() {
            return Err(invalid("A parameter is there twice."));
        }
        let parameters = Self(fields.without_empty());
        if parameters.get("scope").is_some() {
            return Err(no_scope());
        }
        Ok(parameters)
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.one(name)
    }

    /// All of them as one type, which names a program that is known.
    ///
    /// # Errors
    /// When it is not known, or something is missing.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let program = self.get("client_id").and_then(Program::named);
        program.ok_or(Refusal::new(
            Code::InvalidClient,
            "The parameter client_id names no program that is known here.",
        ))?;
        self.0.read().map_err(|error| Refusal {
            error: Code::InvalidRequest,
            description: format!("The parameters cannot be read: {error}.").into(),
        })
    }
}

/// The refusal of scopes.
#[must_use]
pub fn no_scope() -> Refusal {
    Refusal::new(
        Code::InvalidScope,
        "A person's token has no scopes: leave the parameter scope out.",
    )
}

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        if !is_form(request.headers()) {
            let detail = "The body must be application/x-www-form-urlencoded.";
            return Err(Failure::new(ProblemCode::UnsupportedMediaType, detail).into());
        }
        let bytes = whole(request, state).await?;
        Ok(Self::parse(&bytes)?)
    }
}
