//! Models that are recordings of the agent's package.

use std::sync::Arc;

use slipway_agent::ports::model::Model;

use super::ResolveError;
use super::instead::names;
use crate::recording::{RecordedModel, Recording};

/// A recording of the agent's package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingFile {
    /// Its name, without folder and ending.
    pub name: String,
    /// The file.
    pub bytes: Arc<[u8]>,
}

/// The recording of this name.
pub(super) fn recorded(
    name: &str,
    recordings: &[RecordingFile],
    workdir: &str,
) -> Result<Arc<dyn Model>, ResolveError> {
    let file = recordings.iter().find(|file| file.name == name);
    let file = file.ok_or_else(|| ResolveError::NoRecording {
        name: name.to_owned(),
        instead: match names(recordings) {
            None => {
                "Make one with --record NAME, from a run with a live or local model.".to_owned()
            }
            Some(names) => format!("It has {names}."),
        },
    })?;
    let recording = Recording::parse(&file.bytes).map_err(|error| ResolveError::Recording {
        name: name.to_owned(),
        error,
    })?;
    Ok(Arc::new(RecordedModel::new(
        name,
        Arc::new(recording),
        workdir,
    )))
}
