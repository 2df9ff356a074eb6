//! What went over the wire, in files beside the database.
//!
//! A diagnostic, never a source of truth: a process appends what its runs sent and received to
//! segments of its own, without syncing them, on one thread in the background. Where that thread
//! falls behind, the oldest that is not written yet is dropped; where the segments grow beyond
//! their limit, or too old, the oldest go. Several processes write side by side, and whoever reads
//! skips what is torn or no record at all.

mod frame;
mod queue;
mod read;
mod repeat;
mod segment;
mod sweep;
mod writer;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::model::Unclean;
use slipway_agent::ports::wire::{WireLog, WireRecord};
use slipway_contract::RunId;

use queue::Queue;
pub use read::WireEntry;
pub use sweep::WireSize;

/// How much is kept, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireLimits {
    /// Bytes after which a new segment begins.
    pub segment: u64,
    /// Bytes of all segments together.
    pub total: u64,
    /// How long a segment stays after it was last written to.
    pub age: Duration,
    /// Bytes that may wait to be written.
    pub waiting: usize,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            segment: 16 << 20,
            total: 256 << 20,
            age: Duration::from_secs(30 * 24 * 60 * 60),
            waiting: 64 << 20,
        }
    }
}

/// How long the end of a process waits for what is not written yet.
const AT_THE_END: Duration = Duration::from_secs(2);

/// The segments in a folder; clones share one thread that writes. Nothing is made before
/// something is kept.
#[derive(Clone)]
pub struct WireFiles {
    folder: Arc<Path>,
    queue: Arc<Queue>,
}

impl WireFiles {
    /// The segments in this folder.
    #[must_use]
    pub fn new(folder: PathBuf, clock: Arc<dyn Clock>, limits: WireLimits) -> Self {
        let folder: Arc<Path> = folder.into();
        let writer = writer::Writer::new(Arc::clone(&folder), clock, limits);
        Self {
            queue: Arc::new(Queue::new(writer, limits.waiting)),
            folder,
        }
    }

    /// Waits, not for long, until what was kept by now is written. Blocks.
    pub fn flush(&self) {
        self.queue.flush(AT_THE_END);
    }

    /// What was dropped because it could not be written, or not fast enough.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.queue.dropped()
    }

    /// The attempts of these runs, oldest first. Blocks.
    #[must_use]
    pub fn entries(&self, runs: &[RunId]) -> Vec<WireEntry> {
        self.flush();
        read::entries(&self.folder, runs)
    }

    /// An attempt with all of it; none when it is not there any more, or damaged. Blocks.
    #[must_use]
    pub fn record(&self, entry: &WireEntry) -> Option<WireRecord> {
        read::record(entry)
    }

    /// How much there is. Blocks.
    #[must_use]
    pub fn size(&self) -> WireSize {
        sweep::size(&self.folder)
    }
}

impl WireLog for WireFiles {
    fn is_on(&self) -> bool {
        true
    }

    fn keep(&self, record: WireRecord<Unclean>) {
        self.queue.push(record);
    }
}
