//! One segment that is being written, and the requests that the next ones may repeat.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use slipway_agent::ports::wire::WireRecord;
use slipway_contract::{RunId, Timestamp};

use super::frame::{About, Head, sum};
use super::repeat::Repeated;
use crate::blobs::create_private;

/// What a segment's name ends in.
pub(super) const EXTENSION: &str = "wire";
/// How its time is written in it, in UTC, so that names sort by age.
pub(super) const NAMED: &str = "%Y%m%dT%H%M%S%.3fZ";

/// Shorter bodies are not worth packing.
const WORTH_PACKING: usize = 4 << 10;
/// Runs whose last request is remembered, and how much of it in all.
const MOST_RUNS: usize = 256;
const MOST_REMEMBERED: usize = 32 << 20;
/// Requests that may stand on one another: whoever reads the last reads them all.
const DEEPEST: u32 = 1_000;

/// A file that grows by whole records.
pub(super) struct Segment {
    path: PathBuf,
    file: File,
    length: u64,
    began: Timestamp,
    last: HashMap<RunId, Last>,
    remembered: usize,
    turn: u64,
}

/// The request of a run that came last.
struct Last {
    body: Vec<u8>,
    at: u64,
    /// Requests that it stands on.
    depth: u32,
    /// Bytes that were written of them since a whole one, and of that.
    since: usize,
    whole: usize,
    turn: u64,
}

impl Segment {
    /// Begins a segment of this process that no other has.
    pub(super) fn begin(folder: &Path, now: Timestamp) -> io::Result<Self> {
        create_private(folder)?;
        let (time, pid) = (now.strftime(NAMED), std::process::id());
        let mut number = 0_u32;
        loop {
            let path = folder.join(format!("{time}-{pid}-{number:06}.{EXTENSION}"));
            let mut options = File::options();
            options.create_new(true).append(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            match options.open(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                opened => {
                    return Ok(Self {
                        path,
                        file: opened?,
                        length: 0,
                        began: now,
                        last: HashMap::new(),
                        remembered: 0,
                        turn: 0,
                    });
                }
            }
        }
    }

    /// Whether it is still there under its name: somebody may have removed it.
    pub(super) fn is_there(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|found| found.len() == self.length)
    }

    pub(super) const fn began(&self) -> Timestamp {
        self.began
    }

    /// Bytes that were written.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Lets go of the requests that the next ones could repeat.
    pub(super) fn forget(&mut self) {
        self.last.clear();
        self.remembered = 0;
    }

    /// Writes bytes that [`Self::add`] made.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Adds a record to bytes that will be written next.
    pub(super) fn add(&mut self, record: WireRecord, bytes: &mut Vec<u8>) -> io::Result<()> {
        let exchanged = record.exchanged;
        let at = self.length + bytes.len() as u64;
        let request_kept = exchanged.request_body.len() as u64;
        let (base, repeated) = self.repeats(record.run, &exchanged.request_body);
        let rest = repeated.rest(&exchanged.request_body);
        let request = packed(rest)?;
        let response = packed(&exchanged.response_body)?;
        let about = About {
            model: record.model,
            at: record.at,
            took_ms: record.took_ms,
            url: exchanged.url,
            status: exchanged.status,
            request_headers: exchanged.request_headers,
            response_headers: exchanged.response_headers,
            request_bytes: exchanged.request_bytes,
            response_bytes: exchanged.response_bytes,
            request_length: rest.len(),
            response_length: exchanged.response_body.len(),
            repeated,
            request_kept: Some(request_kept),
            request_files: exchanged.request_files,
            cut: exchanged.cut,
        };
        let about = serde_json::to_vec(&about)?;
        let request_is_packed = request.is_some();
        let response_is_packed = response.is_some();
        let rest_length = rest.len();
        let request = request.as_deref().unwrap_or(rest);
        let response = response.as_deref().unwrap_or(&exchanged.response_body);
        let length = |part: &[u8]| u32::try_from(part.len()).map_err(io::Error::other);
        let head = Head {
            run: record.run,
            step: record.step,
            attempt: record.attempt,
            request_is_packed,
            response_is_packed,
            repeats: base,
            about: length(&about)?,
            request: length(request)?,
            response: length(response)?,
            sum: sum(&[&about, request, response]),
        };
        for part in [&head.bytes()[..], &about, request, response] {
            bytes.extend_from_slice(part);
        }
        self.remember(
            record.run,
            exchanged.request_body,
            at,
            rest_length,
            base.is_some(),
        );
        Ok(())
    }

    /// What the request has in common with the run's last one, where saying so pays. A whole one
    /// comes again once as much was written since: so all of a run's requests together take no
    /// more than a few times what was ever new in them, and reading one takes as little.
    fn repeats(&self, run: RunId, request: &[u8]) -> (Option<u64>, Repeated) {
        let whole = (None, Repeated::default());
        let Some(last) = self.last.get(&run) else {
            return whole;
        };
        let repeated = Repeated::between(&last.body, request);
        let rest = repeated.rest(request).len();
        if rest > request.len() / 2 || last.since + rest > last.whole || last.depth >= DEEPEST {
            return whole;
        }
        (Some(last.at), repeated)
    }

    fn remember(&mut self, run: RunId, body: Vec<u8>, at: u64, rest: usize, repeats: bool) {
        let before = self.last.remove(&run);
        self.remembered -= before.as_ref().map_or(0, |last| last.body.len());
        if body.is_empty() || body.len() > MOST_REMEMBERED {
            return;
        }
        let (depth, since, whole) = match before.filter(|_| repeats) {
            Some(last) => (last.depth + 1, last.since + rest, last.whole),
            None => (0, 0, body.len()),
        };
        self.turn += 1;
        self.remembered += body.len();
        let turn = self.turn;
        let last = Last {
            body,
            at,
            depth,
            since,
            whole,
            turn,
        };
        self.last.insert(run, last);
        while self.last.len() > MOST_RUNS || self.remembered > MOST_REMEMBERED {
            let oldest = self.last.iter().min_by_key(|(_, last)| last.turn);
            let Some(oldest) = oldest.map(|(run, _)| *run) else {
                return;
            };
            let gone = self.last.remove(&oldest);
            self.remembered -= gone.map_or(0, |last| last.body.len());
        }
    }
}

/// The bytes packed, where they are long and get shorter.
fn packed(bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    if bytes.len() <= WORTH_PACKING {
        return Ok(None);
    }
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes)?;
    Ok(Some(encoder.finish()?).filter(|packed| packed.len() < bytes.len()))
}
