//! Making a recording from what a run journalled.

use serde_json::Value;
use slipway_agent::canonical;
use slipway_agent::event::{Event, Recorded};
use slipway_agent::machine::{Illegal, State};
use slipway_agent::spec::RunSpec;
use slipway_contract::ContentHash;
use slipway_contract::message::Message;

use super::normal::{Folder, given};
use super::{FORMAT, Given, Header, RecordedAnswer, RecordedCall, Recording};
use crate::catalog;

/// Why a run gives no recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The journal is not one.
    #[error("the run's journal cannot be read: {0}")]
    Journal(#[from] Illegal),
    /// No model answered.
    #[error("no model answered in this run, so there is nothing to record")]
    NoAnswers,
    /// The answers were played.
    #[error(
        "this run played {0}: its answers are a recording already; run the agent with a live or local model to make another"
    )]
    Played(String),
}

/// Makes a recording from a run's events, its parent's prefix included.
///
/// # Errors
/// See [`RecordError`].
pub fn record(events: &[Recorded], note: &str) -> Result<Recording, RecordError> {
    let played = events.iter().find_map(|recorded| match &recorded.event {
        Event::ModelRequested { model, .. } if model.provider == catalog::RECORDING => Some(model),
        _ => None,
    });
    match played {
        Some(model) => Err(RecordError::Played(model.to_string())),
        None => of_any(events, note),
    }
}

/// A recording of a run, whoever answered in it.
pub(super) fn of_any(events: &[Recorded], note: &str) -> Result<Recording, RecordError> {
    let mut state = State::default();
    let mut calls = Vec::new();
    let mut made_at = None;
    for recorded in events {
        if let Event::ModelResponded {
            content,
            stop,
            usage,
            ..
        } = &recorded.event
        {
            let folder = state
                .spec()
                .map_or_else(Folder::default, |spec| Folder::new(&spec.workdir));
            calls.push(RecordedCall {
                given: newest(&state.messages(), &folder),
                answer: RecordedAnswer {
                    content: content.clone(),
                    stop: stop.clone(),
                    usage: *usage,
                },
            });
        }
        state.apply(recorded)?;
        made_at = Some(recorded.at);
    }
    let (Some(spec), Some(made_at), false) = (state.spec(), made_at, calls.is_empty()) else {
        return Err(RecordError::NoAnswers);
    };
    Ok(Recording {
        header: Header {
            format: FORMAT,
            made_at,
            agent: spec.agent.clone(),
            // Of several that stood in for each other, the one that answered last.
            model: state.model_in_force().unwrap_or(&spec.model).clone(),
            note: note.to_owned(),
            instructions: hash_of_instructions(&spec.instructions),
            output_schema: schema_of(spec).map(canonical::hash),
            accepted_at: None,
        },
        instructions: Some(words(&spec.instructions)),
        calls,
    })
}

/// What the model was given since its last answer.
fn newest(messages: &[Message], folder: &Folder) -> Vec<Given> {
    let start = messages
        .iter()
        .rposition(|message| matches!(message, Message::Assistant { .. }))
        .map_or(0, |last| last + 1);
    messages[start..]
        .iter()
        .flat_map(|message| given(message, folder))
        .collect()
}

fn schema_of(spec: &RunSpec) -> Option<&Value> {
    spec.output_schema.as_ref()
}

/// The same for the same words, however a checkout writes line ends.
pub(super) fn hash_of_instructions(instructions: &str) -> ContentHash {
    canonical::hash(&Value::from(words(instructions)))
}

fn words(instructions: &str) -> String {
    instructions.replace("\r\n", "\n").trim().to_owned()
}
