//! Recordings of runs.

use slipway_agent::event::Recorded;
use slipway_providers::recording::{Recording, RecordingError};

/// The recording file of a run's journal.
///
/// # Errors
/// The journal holds nothing that could be replayed.
pub fn recording_of(events: &[Recorded]) -> Result<Vec<u8>, RecordingError> {
    Ok(Recording::of_run(events)?.to_bytes())
}
