//! Finding a run's records, whoever wrote them.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::DeflateDecoder;
use memchr::memmem;
use slipway_agent::ports::model::Exchanged;
use slipway_agent::ports::wire::WireRecord;
use slipway_contract::model::ModelRef;
use slipway_contract::wire::WireCut;
use slipway_contract::{RunId, StepId, Timestamp};

use super::frame::{About, HEAD, Head, MAGIC, sum};
use super::sweep;

/// Bytes that are read at once; what is passed over beyond them is not read at all.
const BUFFER: usize = 64 << 10;

/// An attempt that was kept, without its bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct WireEntry {
    /// The run.
    pub run: RunId,
    /// The model call.
    pub step: StepId,
    /// Which attempt at it, from 1.
    pub attempt: u32,
    /// The model that was asked.
    pub model: ModelRef,
    /// When the attempt began.
    pub at: Timestamp,
    /// Milliseconds until it was over.
    pub took_ms: u64,
    /// The answer's status; none when there was no answer.
    pub status: Option<u16>,
    /// Bytes of the request's body.
    pub request_bytes: u64,
    /// Bytes of the answer's body in all.
    pub response_bytes: u64,
    /// Why the answer has no end.
    pub cut: Option<WireCut>,
    segment: Arc<Path>,
    place: u64,
}

/// What was kept of these runs, oldest first.
pub(super) fn entries(folder: &Path, runs: &[RunId]) -> Vec<WireEntry> {
    let mut entries = Vec::new();
    for segment in sweep::segments(folder) {
        // One that was removed meanwhile, or that nobody may read, holds nothing.
        if let Err(error) = scan(&segment.path, runs, &mut entries) {
            tracing::debug!(path = %segment.path.display(), %error, "a segment is not read");
        }
    }
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn scan(path: &Path, runs: &[RunId], entries: &mut Vec<WireEntry>) -> io::Result<()> {
    let mut reader = Reader::open(path)?;
    let segment: Arc<Path> = path.into();
    let mut place = 0;
    while let Some(head) = reader.head_from(&mut place)? {
        if runs.contains(&head.run)
            && let Some(about) = reader.about(&head)?
        {
            entries.push(WireEntry {
                run: head.run,
                step: head.step,
                attempt: head.attempt,
                model: about.model,
                at: about.at,
                took_ms: about.took_ms,
                status: about.status,
                request_bytes: about.request_bytes,
                response_bytes: about.response_bytes,
                cut: about.cut,
                segment: Arc::clone(&segment),
                place,
            });
        }
        place += HEAD as u64 + head.rest();
    }
    Ok(())
}

/// An attempt with all of it; none where it is damaged or gone.
pub(super) fn record(entry: &WireEntry) -> Option<WireRecord> {
    let mut reader = Reader::open(&entry.segment).ok()?;
    let whole = reader.whole(entry.place, entry.run)?;
    // Down to a request that stands on no other, and up again.
    let mut layers = vec![(whole.about.repeated, whole.request)];
    let (mut place, mut next) = (entry.place, whole.head.repeats);
    while let Some(below) = next.filter(|below| *below < place) {
        let layer = reader.whole(below, entry.run)?;
        (place, next) = (below, layer.head.repeats);
        layers.push((layer.about.repeated, layer.request));
    }
    next.is_none().then_some(())?;
    let (_, mut request) = layers.pop()?;
    while let Some((repeated, rest)) = layers.pop() {
        request = repeated.restored(&request, &rest)?;
    }
    let about = whole.about;
    let kept = about.request_kept.unwrap_or(about.request_bytes);
    (request.len() as u64 == kept).then_some(())?;
    Some(WireRecord {
        run: entry.run,
        step: entry.step,
        attempt: entry.attempt,
        model: about.model,
        at: about.at,
        took_ms: about.took_ms,
        exchanged: Exchanged {
            url: about.url,
            request_headers: about.request_headers,
            request_body: request,
            request_files: about.request_files,
            request_bytes: about.request_bytes,
            status: about.status,
            response_headers: about.response_headers,
            response_body: unpacked(
                whole.response,
                whole.head.response_is_packed,
                about.response_length,
            )?,
            response_bytes: about.response_bytes,
            cut: about.cut,
        },
    })
}

/// A record as it lies there.
struct Whole {
    head: Head,
    about: About,
    /// What it adds to the request before it.
    request: Vec<u8>,
    /// The answer's body, which may still be packed.
    response: Vec<u8>,
}

struct Reader {
    file: BufReader<File>,
    path: PathBuf,
    length: u64,
    place: u64,
}

impl Reader {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self {
            length: file.metadata()?.len(),
            file: BufReader::with_capacity(BUFFER, file),
            path: path.to_owned(),
            place: 0,
        })
    }

    fn go_to(&mut self, place: u64) -> io::Result<()> {
        let by = i64::try_from(i128::from(place) - i128::from(self.place));
        self.file.seek_relative(by.map_err(io::Error::other)?)?;
        self.place = place;
        Ok(())
    }

    fn bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.file.read_exact(&mut bytes)?;
        self.place += length as u64;
        Ok(bytes)
    }

    /// The head of the first record that is whole at this place or after it, which moves there;
    /// none at the end.
    fn head_from(&mut self, place: &mut u64) -> io::Result<Option<Head>> {
        loop {
            if *place + HEAD as u64 > self.length {
                return Ok(None);
            }
            if let Some(head) = self.head(*place)? {
                return Ok(Some(head));
            }
            match self.next_magic(*place + 1)? {
                Some(next) => *place = next,
                None => return Ok(None),
            }
        }
    }

    /// The head at this place, if there is one and its record ends within the file.
    fn head(&mut self, place: u64) -> io::Result<Option<Head>> {
        let end = place.checked_add(HEAD as u64);
        if end.is_none_or(|end| end > self.length) {
            return Ok(None);
        }
        self.go_to(place)?;
        let mut bytes = [0; HEAD];
        self.file.read_exact(&mut bytes)?;
        self.place += HEAD as u64;
        let head = Head::read(&bytes);
        Ok(head.filter(|head| self.place + head.rest() <= self.length))
    }

    /// Where something that looks like a record begins.
    fn next_magic(&mut self, from: u64) -> io::Result<Option<u64>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut rest = Vec::new();
        file.take(self.length.saturating_sub(from))
            .read_to_end(&mut rest)?;
        Ok(memmem::find(&rest, &MAGIC).map(|at| from + at as u64))
    }

    /// What is known of the attempt whose head was read just now.
    fn about(&mut self, head: &Head) -> io::Result<Option<About>> {
        let about = self.bytes(head.about as usize)?;
        Ok(serde_json::from_slice(&about).ok())
    }

    /// The record at this place, of this run; none where it is damaged.
    fn whole(&mut self, place: u64, run: RunId) -> Option<Whole> {
        let head = self.head(place).ok()??;
        let about = self.bytes(head.about as usize).ok()?;
        let request = self.bytes(head.request as usize).ok()?;
        let response = self.bytes(head.response as usize).ok()?;
        if head.run != run || sum(&[&about, &request, &response]) != head.sum {
            return None;
        }
        let about: About = serde_json::from_slice(&about).ok()?;
        Some(Whole {
            request: unpacked(request, head.request_is_packed, about.request_length)?,
            response,
            head,
            about,
        })
    }
}

/// The bytes as they were; none where they are others than was said.
fn unpacked(bytes: Vec<u8>, is_packed: bool, length: usize) -> Option<Vec<u8>> {
    let bytes = if is_packed {
        let mut unpacked = Vec::new();
        // No more than was said, whatever they would become.
        let most = length as u64 + 1;
        let mut decoder = DeflateDecoder::new(bytes.as_slice()).take(most);
        decoder.read_to_end(&mut unpacked).ok()?;
        unpacked
    } else {
        bytes
    };
    (bytes.len() == length).then_some(bytes)
}
