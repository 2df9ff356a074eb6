//! A command as it crosses to the host: written, and no longer of a type of its own.
//!
//! There are a hundred commands. What does not have to know which one it carries is compiled once, not once for each:
//! that was a tenth of the wasm.

use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use slipway_contract::Problem;
use slipway_contract::command::Command;

use super::host;

/// The answer's JSON, once it is there.
pub(super) type Answer = Pin<Box<dyn Future<Output = Result<Vec<u8>, Problem>>>>;

/// A command's name and what it says, as JSON.
#[derive(Clone, PartialEq)]
pub(super) struct Request(Result<String, Problem>);

#[derive(Serialize)]
struct Envelope<'a, C> {
    name: &'static str,
    payload: &'a C,
}

impl Request {
    pub(super) fn of<C: Command>(command: &C) -> Self {
        let envelope = Envelope {
            name: C::NAME,
            payload: command,
        };
        Self::written(C::NAME, serde_json::to_string(&envelope))
    }

    fn written(command: &'static str, text: serde_json::Result<String>) -> Self {
        Self(text.map_err(|error| host::mismatch(command, &error)))
    }

    /// Sends it and waits for the answer's JSON.
    pub(super) fn send(self) -> Answer {
        Box::pin(async move { host::dispatch(&self.0?).await })
    }
}

/// Reads the answer to a command.
///
/// # Errors
/// A problem that says that window and host were not built together.
pub(super) fn read<C: Command, R: DeserializeOwned>(answer: &[u8]) -> Result<R, Problem> {
    serde_json::from_slice(answer).map_err(|error| unreadable::<C>(&error))
}

/// The problem of an answer that is not what the command promises: window and host were not built together.
pub(crate) fn unreadable<C: Command>(error: &serde_json::Error) -> Problem {
    host::mismatch(C::NAME, error)
}
