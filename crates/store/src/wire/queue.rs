//! What waits to be written, and the thread that writes it.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use slipway_agent::ports::model::Unclean;
use slipway_agent::ports::wire::WireRecord;

use super::writer::Writer;

/// How long the thread lets records come together, so that many make one write.
const TOGETHER: Duration = Duration::from_millis(50);
/// Bytes that are enough for a write.
const ENOUGH: usize = 4 << 20;
/// Records that may wait, however short they are.
const MOST_RECORDS: usize = 65_536;
/// What a record takes beside its bodies, about.
const FRAME: usize = 1_024;
/// After this time without a record the thread lets go of what it remembers.
const IDLE: Duration = Duration::from_secs(600);

/// A record that this thread cleans, so that nobody else waits for that.
type Record = WireRecord<Unclean>;

/// Takes records at once and has them written soon.
pub(super) struct Queue {
    shared: Arc<Shared>,
    most_bytes: usize,
}

struct Shared {
    state: Mutex<State>,
    /// Something came, or is wanted at once.
    came: Condvar,
    /// Something was written.
    went: Condvar,
}

struct State {
    waiting: VecDeque<Record>,
    bytes: usize,
    /// Records that came.
    taken: u64,
    /// Records that were written or dropped.
    done: u64,
    dropped: u64,
    /// Somebody waits for it to be written.
    hurry: bool,
    closing: bool,
    /// The writer, until its thread is started.
    writer: Option<Writer>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    pub(super) fn new(writer: Writer, most_bytes: usize) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            bytes: 0,
            taken: 0,
            done: 0,
            dropped: 0,
            hurry: false,
            closing: false,
            writer: Some(writer),
        };
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                came: Condvar::new(),
                went: Condvar::new(),
            }),
            most_bytes,
        }
    }

    /// Takes a record; where too much waits, the oldest is dropped.
    pub(super) fn push(&self, record: Record) {
        let mut state = self.shared.lock();
        state.taken += 1;
        let bytes = weight(&record);
        if bytes > self.most_bytes || !self.has_thread(&mut state) {
            state.dropped += 1;
            state.done += 1;
            return;
        }
        let was_empty = state.waiting.is_empty();
        state.waiting.push_back(record);
        state.bytes += bytes;
        while state.bytes > self.most_bytes || state.waiting.len() > MOST_RECORDS {
            let Some(oldest) = state.waiting.pop_front() else {
                break;
            };
            state.bytes -= weight(&oldest);
            state.dropped += 1;
            state.done += 1;
        }
        // Records that come while the thread lets them come together wake nobody.
        if was_empty || state.bytes >= ENOUGH {
            self.shared.came.notify_one();
        }
    }

    fn has_thread(&self, state: &mut State) -> bool {
        let Some(writer) = state.writer.take() else {
            return !state.closing;
        };
        let shared = Arc::clone(&self.shared);
        let started = thread::Builder::new()
            .name("wire".to_owned())
            .spawn(move || work(&shared, writer));
        if let Err(error) = started {
            tracing::debug!(%error, "what goes over the wire is not kept");
            state.closing = true;
        }
        !state.closing
    }

    /// Waits until what came by now is written, at most this long.
    pub(super) fn flush(&self, patience: Duration) {
        let mut state = self.shared.lock();
        let wanted = state.taken;
        state.hurry = true;
        self.shared.came.notify_one();
        let _ = self
            .shared
            .went
            .wait_timeout_while(state, patience, |state| state.done < wanted)
            .map(drop);
    }

    /// The same, for good.
    pub(super) fn close(&self, patience: Duration) {
        self.shared.lock().closing = true;
        self.flush(patience);
    }

    pub(super) fn dropped(&self) -> u64 {
        self.shared.lock().dropped
    }
}

impl Drop for Queue {
    /// The last handle goes.
    fn drop(&mut self) {
        self.close(super::AT_THE_END);
    }
}

fn weight(record: &Record) -> usize {
    FRAME + record.exchanged.bytes()
}

/// The thread: until the queue closes.
fn work(shared: &Shared, mut writer: Writer) {
    loop {
        let mut state = shared.lock();
        while state.waiting.is_empty() {
            if state.closing {
                return;
            }
            let waited = shared.came.wait_timeout(state, IDLE);
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() {
                writer.forget();
            }
        }
        let more_to_come =
            |state: &mut State| !state.hurry && !state.closing && state.bytes < ENOUGH;
        let waited = shared
            .came
            .wait_timeout_while(state, TOGETHER, more_to_come);
        (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let batch = std::mem::take(&mut state.waiting);
        state.bytes = 0;
        drop(state);
        let came = batch.len() as u64;
        let written = writer.write(batch);
        let mut state = shared.lock();
        state.done += came;
        state.dropped += came - written;
        if state.waiting.is_empty() {
            state.hurry = false;
        }
        drop(state);
        shared.went.notify_all();
    }
}
