//! Writing segments, one after the other.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::model::Unclean;
use slipway_agent::ports::wire::WireRecord;

use super::segment::Segment;
use super::{WireLimits, sweep};

/// A segment of a process that writes little ends after this time, so that its age tells that of
/// what is in it.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// Bytes that are written at once.
const AT_ONCE: usize = 1 << 20;

/// Writes records to segments in a folder.
pub(super) struct Writer {
    folder: Arc<Path>,
    clock: Arc<dyn Clock>,
    limits: WireLimits,
    segment: Option<Segment>,
}

impl Writer {
    pub(super) fn new(folder: Arc<Path>, clock: Arc<dyn Clock>, limits: WireLimits) -> Self {
        Self {
            folder,
            clock,
            limits,
            segment: None,
        }
    }

    /// Lets go of what it remembers of the runs.
    pub(super) fn forget(&mut self) {
        if let Some(segment) = &mut self.segment {
            segment.forget();
        }
    }

    /// Writes these, and says how many could be written.
    pub(super) fn write(&mut self, batch: VecDeque<WireRecord<Unclean>>) -> u64 {
        if self.segment.as_ref().is_some_and(|open| !open.is_there()) {
            self.segment = None;
        }
        let mut records = batch.into_iter().map(WireRecord::cleaned).peekable();
        let mut written = 0;
        while records.peek().is_some() {
            match self.write_some(&mut records) {
                Ok(count) => written += count,
                Err(error) => {
                    tracing::debug!(%error, "what went over the wire could not be kept");
                    // What is half there is skipped by readers; what comes next goes elsewhere.
                    self.segment = None;
                    break;
                }
            }
        }
        written
    }

    fn write_some(&mut self, records: &mut impl Iterator<Item = WireRecord>) -> io::Result<u64> {
        let limit = self.limits.segment;
        let segment = self.segment()?;
        let mut bytes = Vec::new();
        let mut count = 0;
        let is_full =
            |segment: &Segment, bytes: &[u8]| segment.length() + bytes.len() as u64 >= limit;
        for record in records {
            segment.add(record, &mut bytes)?;
            count += 1;
            if bytes.len() >= AT_ONCE || is_full(segment, &bytes) {
                break;
            }
        }
        segment.write(&bytes)?;
        if is_full(segment, &[]) {
            self.segment = None;
        }
        Ok(count)
    }

    fn segment(&mut self) -> io::Result<&mut Segment> {
        let now = self.clock.now();
        let open = self.segment.take();
        let open = open.filter(|open| now.duration_since(open.began()) < LONGEST);
        let segment = match open {
            Some(open) => open,
            None => {
                sweep::sweep(&self.folder, &self.limits, now);
                Segment::begin(&self.folder, now)?
            }
        };
        Ok(self.segment.insert(segment))
    }
}
