//! How much there is, and removing what is too much or too old.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::tz::TimeZone;
use slipway_contract::Timestamp;

use super::WireLimits;
use super::segment::{EXTENSION, NAMED};

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WireSize {
    /// Bytes of all segments.
    pub bytes: u64,
    /// Segments.
    pub segments: usize,
    /// When the oldest segment began.
    pub since: Option<Timestamp>,
}

/// A segment that lies there.
#[derive(Debug)]
pub(super) struct Lying {
    pub(super) path: PathBuf,
    bytes: u64,
    written: Option<SystemTime>,
}

/// The segments in a folder, oldest first; none where there is no folder.
pub(super) fn segments(folder: &Path) -> Vec<Lying> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut segments: Vec<Lying> = entries
        .filter_map(|entry| {
            let path = entry.path();
            let found = entry.metadata().ok()?;
            let is_segment = path.extension().is_some_and(|found| found == EXTENSION);
            (is_segment && found.is_file()).then(|| Lying {
                path,
                bytes: found.len(),
                written: found.modified().ok(),
            })
        })
        .collect();
    segments.sort_by(|a, b| a.path.cmp(&b.path));
    segments
}

pub(super) fn size(folder: &Path) -> WireSize {
    let segments = segments(folder);
    WireSize {
        bytes: segments.iter().map(|segment| segment.bytes).sum(),
        segments: segments.len(),
        since: segments.iter().find_map(|segment| began(&segment.path)),
    }
}

/// When a segment began, by its name.
fn began(path: &Path) -> Option<Timestamp> {
    let name = path.file_name()?.to_str()?;
    let time = jiff::civil::DateTime::strptime(NAMED, name.split_once('-')?.0).ok()?;
    time.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

/// Makes room for one more segment: the oldest go first. What cannot be removed stays.
pub(super) fn sweep(folder: &Path, limits: &WireLimits, now: Timestamp) {
    let now = SystemTime::from(now);
    let is_too_old = |segment: &Lying| {
        let age = segment
            .written
            .and_then(|written| now.duration_since(written).ok());
        age.is_some_and(|age| age > limits.age)
    };
    let segments = segments(folder);
    let mut left: u64 = segments.iter().map(|segment| segment.bytes).sum();
    for segment in segments {
        let is_too_much = left + limits.segment > limits.total;
        if !is_too_much && !is_too_old(&segment) {
            continue;
        }
        match fs::remove_file(&segment.path) {
            Ok(()) => left -= segment.bytes,
            Err(error) => {
                tracing::debug!(path = %segment.path.display(), %error, "an old segment stays");
            }
        }
    }
}
