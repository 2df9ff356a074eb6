//! The test kit: a desk of one's own to work at, the built command, and a model that follows a script.

mod agent;
mod binary;
mod desk;
#[cfg(target_os = "linux")]
mod keychain;
mod process;
pub(crate) mod python;
pub(crate) mod reports;
#[cfg(unix)]
mod terminal;

pub(crate) use agent::Agent;
pub(crate) use desk::Desk;
#[cfg(target_os = "linux")]
pub(crate) use keychain::Session;
pub(crate) use process::{Ran, Running};
pub(crate) use slipway_providers::scripted::{Answer, Received, Reply, ScriptedServer};
#[cfg(unix)]
pub(crate) use terminal::Terminal;

/// Waits until a model was asked so many times.
#[track_caller]
pub(crate) fn until_asked(model: &ScriptedServer, times: usize) {
    for _ in 0..6_000 {
        if model.requests().len() >= times {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!(
        "the model was asked {} times in a minute",
        model.requests().len()
    );
}

/// A scripted model server.
pub(crate) fn model(script: impl IntoIterator<Item = impl Into<Reply>>) -> ScriptedServer {
    ScriptedServer::start(script).expect("a free port of this machine")
}

/// A model server that answers each request by what it asks.
pub(crate) fn clerk(
    answers: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> ScriptedServer {
    ScriptedServer::answering(answers).expect("a free port of this machine")
}
