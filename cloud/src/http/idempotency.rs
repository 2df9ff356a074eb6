//! Requests that are sent twice and do their work once, by an `Idempotency-Key`.
//!
//! What was answered is kept in the very transaction that did the work, sealed, for a day: a second
//! request with the same key gets the first one's answer, even if that was a secret that is shown once.

use axum::extract::FromRequestParts;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use slipway_contract::cloud::ProblemCode;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::caller::Caller;
use crate::database::Transaction;
use crate::failure::Failure;
use crate::server::Server;
use crate::tables::idempotency_keys;

/// For how long an answer is kept, in seconds.
pub const KEPT_SECONDS: i64 = 24 * 3600;
const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST: usize = 200;
pub(crate) const PURPOSE: &str = "idempotent answer";

/// What keys are, for the API's description.
pub(super) fn schema() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST))
        .pattern(Some("^[!-~]+$"))
        .into()
}

/// How a request that creates something is known again.
#[derive(Debug, Clone)]
pub struct Idempotency {
    key: Option<String>,
    /// Method and path, which belong to the request that the key is for.
    target: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Idempotency {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let target = format!("{} {}", parts.method, parts.uri);
        let Some(given) = parts.headers.get(HEADER) else {
            return Ok(Self { key: None, target });
        };
        let key = given.to_str().ok().map(str::trim).filter(|key| {
            (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
        });
        match key {
            Some(key) => Ok(Self {
                key: Some(key.to_owned()),
                target,
            }),
            None => Err(Failure::field(
                "Idempotency-Key",
                format!("it must have 1 to {LONGEST} visible ASCII characters"),
            )),
        }
    }
}

/// What an answer is sealed for.
pub(crate) fn place(caller: &str, key: &str) -> Vec<u8> {
    [caller.as_bytes(), b"\0", key.as_bytes()].concat()
}

impl Idempotency {
    /// Does the work and answers 201 with what it made; or, for a key that was used, answers what was
    /// answered then. The work runs in a transaction, perhaps several times.
    ///
    /// # Errors
    /// What the work gives; or that the key was used for another request.
    pub async fn create<T, F>(
        &self,
        server: &Server,
        caller: &Caller,
        request: &impl Serialize,
        work: impl Fn(Transaction) -> F + Sync,
    ) -> Result<Response, Failure>
    where
        T: Serialize,
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let now = server.clock.now();
        let name = caller.name();
        let broken = |error: serde_json::Error| {
            Failure::Internal(format!("an answer cannot be written: {error}"))
        };
        let asked = serde_json::to_vec(request).map_err(broken)?;
        let asked = Sha256::new()
            .chain_update(self.target.as_bytes())
            .chain_update([0])
            .chain_update(asked)
            .finalize();
        let (name, asked, work) = (&name, asked.as_slice(), &work);
        let (answer, replayed) = server
            .database
            .write(|on| async move {
                let Some(key) = &self.key else {
                    return Ok((serde_json::to_vec(&work(on).await?).map_err(broken)?, false));
                };
                let place = place(name, key);
                if let Some(known) = idempotency_keys::find(&on, name, key).await? {
                    if known.request != asked {
                        let detail = "This Idempotency-Key was used for another request. Use a new one for each thing that you create.";
                        return Err(Failure::new(ProblemCode::IdempotencyKeyReused, detail));
                    }
                    let opened = server.sealer.open(PURPOSE, &place, &known.answer);
                    let opened = opened.map_err(|error| Failure::Internal(format!("a kept answer: {error}")))?;
                    return Ok((opened.to_vec(), true));
                }
                let answer = serde_json::to_vec(&work(on.clone()).await?).map_err(broken)?;
                let row = idempotency_keys::Model {
                    caller: name.clone(),
                    key: key.clone(),
                    request: asked.to_vec(),
                    status: i64::from(StatusCode::CREATED.as_u16()),
                    answer: server.sealer.seal(&*server.chance, PURPOSE, &place, &answer)?,
                    created_at: now,
                };
                idempotency_keys::insert(&on, row).await?;
                Ok((answer, false))
            })
            .await?;
        let mut response = (StatusCode::CREATED, answer).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if replayed {
            response
                .headers_mut()
                .insert(REPLAYED, HeaderValue::from_static("true"));
        }
        Ok(response)
    }
}
