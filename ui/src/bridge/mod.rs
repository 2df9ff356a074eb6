//! The one way to the host: typed commands, and the stream of run events.

mod action;
mod host;
mod query;
mod stream;
mod told;

use serde::Serialize;
use slipway_contract::Problem;
use slipway_contract::command::Command;

pub(crate) use action::use_action;
pub(crate) use query::{Query, UseQuery, use_query, use_watched_query};
pub(crate) use stream::{Heard, Stream, use_events, use_stream};
pub(crate) use told::hear_told;

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
    let request =
        serde_json::to_string(&request).map_err(|error| host::mismatch(C::NAME, &error))?;
    let answer = host::dispatch(&request).await?;
    serde_json::from_slice(&answer).map_err(|error| host::mismatch(C::NAME, &error))
}
