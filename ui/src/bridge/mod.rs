//! The one way to the host: typed commands, and the stream of run events.

mod action;
mod host;
mod query;
mod request;
mod stream;
mod told;

use serde::de::DeserializeOwned;
use slipway_contract::Problem;
use slipway_contract::command::Command;

pub(crate) use action::use_action;
pub(crate) use query::{Query, UseQuery, use_query, use_watched_query};
pub(crate) use request::unreadable;
pub(crate) use stream::{Heard, Stream, use_events, use_stream};
pub(crate) use told::hear_told;

/// Asks the host and waits for its answer.
///
/// # Errors
/// The host's [`Problem`], or one that says that there is no host.
pub(crate) async fn call<C: Command>(command: &C) -> Result<C::Response, Problem> {
    call_as(command).await
}

/// The same, for an answer of which not everything is read at once.
///
/// # Errors
/// As for [`call`].
pub(crate) async fn call_as<C: Command, R: DeserializeOwned>(command: &C) -> Result<R, Problem> {
    let answer = request::Request::of(command).send().await?;
    request::read::<C, R>(&answer)
}
