//! Recordings of runs.

use slipway_agent::event::Recorded;
use slipway_providers::recording;

/// Why no recording was made.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The journal holds nothing that could be played.
    #[error(transparent)]
    Record(#[from] recording::RecordError),
    /// It could not be written down.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The recording file of a run's journal; `note` says for readers what it is.
///
/// # Errors
/// The journal holds nothing that could be replayed.
pub fn recording_of(events: &[Recorded], note: &str) -> Result<Vec<u8>, RecordingError> {
    Ok(recording::record(events, note)?.to_bytes()?)
}
