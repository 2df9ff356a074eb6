//! The one way to the host: typed commands, and the stream of run events.

mod action;
mod host;
mod query;
mod stream;
mod told;

use std::pin::Pin;

use serde::Serialize;
use slipway_contract::Problem;
use slipway_contract::command::Command;

pub(crate) use action::use_action;
pub(crate) use query::{Query, UseQuery, use_query, use_watched_query};
pub(crate) use stream::{Heard, Stream, use_events, use_stream};
pub(crate) use told::hear_told;

type Answer = Pin<Box<dyn Future<Output = Result<Vec<u8>, Problem>>>>;

#[derive(Serialize)]
struct Request<'a, C> {
    name: &'static str,
    payload: &'a C,
}

/// Asks the host and waits for its answer.
///
/// # Errors
/// The host's [`Problem`], or one that says that there is no host.
pub(crate) async fn call<C: Command>(command: &C) -> Result<C::Response, Problem> {
    let request = Request {
        name: C::NAME,
        payload: command,
    };
    let answer = answered(C::NAME, serde_json::to_string(&request)).await?;
    serde_json::from_slice(&answer).map_err(|error| host::mismatch(C::NAME, &error))
}

/// The bytes of an answer. Boxed, so that not each command's code holds all of the way to the host: that was a part of
/// the wasm that one could measure.
fn answered(command: &'static str, request: serde_json::Result<String>) -> Answer {
    Box::pin(async move {
        let request = request.map_err(|error| host::mismatch(command, &error))?;
        host::dispatch(&request).await
    })
}
