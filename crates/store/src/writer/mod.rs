//! What a run writes while it is driven: journal, leases, ledger. One connection, one writer at a
//! time: the caller itself where nobody else wants to write, else a thread that commits for all
//! who wait.
//!
//! See `docs/decisions/0001-journal-writer.md`.

mod batch;
mod connect;
mod turn;

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::Connection;
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::journal::JournalError;
use slipway_agent::ports::lease::LeaseError;
use slipway_agent::ports::ledger::LedgerError;
use tokio::sync::oneshot;

use crate::error::is_busy_code;

use batch::Batches;
pub(crate) use connect::Connect;
use turn::Turn;

/// How well a write is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Durability {
    /// It survives a crash of the process, and a loss of power as soon as any later write of
    /// this file does: they lie in one log, in order.
    WithTheNext,
    /// It survives what the store was opened for (see [`crate::Synchronous`]).
    Now,
}

/// The database refused or failed a write; nothing of it was kept.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum WriteFailure {
    /// Another program keeps the database locked.
    #[error("another program keeps the database locked")]
    Busy,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl From<rusqlite::Error> for WriteFailure {
    fn from(error: rusqlite::Error) -> Self {
        if error
            .sqlite_error()
            .is_some_and(|error| is_busy_code(error.extended_code))
        {
            Self::Busy
        } else {
            Self::Failed(error.to_string())
        }
    }
}

impl From<WriteFailure> for JournalError {
    fn from(failure: WriteFailure) -> Self {
        Self::Storage(failure.to_string())
    }
}

impl From<WriteFailure> for LeaseError {
    fn from(failure: WriteFailure) -> Self {
        Self::Storage(failure.to_string())
    }
}

impl From<WriteFailure> for LedgerError {
    fn from(failure: WriteFailure) -> Self {
        Self::Storage(failure.to_string())
    }
}

/// Work for the writer: done once or more until it is committed, then answered once.
trait Job: Send {
    fn durability(&self) -> Durability;
    /// Does the work inside a transaction, and says whether to keep what it wrote.
    fn execute(&mut self, connection: &Connection) -> bool;
    /// Tells the caller what came of it, once that is committed.
    fn answer(self: Box<Self>);
    /// Tells the caller that nothing came of it.
    fn fail(self: Box<Self>, failure: WriteFailure);
}

struct Request<W, T, E> {
    durability: Durability,
    work: W,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<W, T, E> Job for Request<W, T, E>
where
    W: Fn(&Connection) -> Result<T, E> + Send,
    T: Send,
    E: From<WriteFailure> + Send,
{
    fn durability(&self) -> Durability {
        self.durability
    }

    fn execute(&mut self, connection: &Connection) -> bool {
        let result = (self.work)(connection);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>) {
        let untried = || Err(WriteFailure::Failed("the write was not tried".to_owned()).into());
        // Who asked may be gone; what was committed stays.
        let _ = self.reply.send(self.result.unwrap_or_else(untried));
    }

    fn fail(self: Box<Self>, failure: WriteFailure) {
        let _ = self.reply.send(Err(failure.into()));
    }
}

/// The way to the connection. The thread ends when this is dropped or closed, after what was
/// asked before.
#[derive(Debug)]
pub(crate) struct Writer {
    turn: Arc<Turn>,
    queue: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread over this connection.
    pub(crate) fn start(
        connect: Connect,
        connection: Connection,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let turn = Arc::new(Turn::new(Batches::new(connect, connection), clock));
        let (queue, jobs) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("slipway-journal".to_owned())
            .spawn({
                let turn = Arc::clone(&turn);
                move || turn.serve(&jobs)
            })?;
        Ok(Self {
            turn,
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Has the work done in a transaction, together with what others ask for at the same time,
    /// and returns when that is committed. Work that fails leaves nothing behind and fails
    /// alone. It may be done more than once before it is committed.
    pub(crate) async fn write<T, E>(
        &self,
        durability: Durability,
        work: impl Fn(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<WriteFailure> + Send + 'static,
    {
        let (reply, result) = oneshot::channel();
        let request: Box<dyn Job> = Box::new(Request {
            durability,
            work,
            result: None,
            reply,
        });
        if let Some(request) = self.turn.take(request)
            && let Some(queue) = &*lock(&self.queue)
        {
            self.turn.announce();
            // Nobody takes it when the thread has ended, and then nobody answers.
            let _ = queue.send(request);
        }
        // Without an answer the request was dropped: there is no thread.
        let closed = || WriteFailure::Failed("the store is closed".to_owned());
        result.await.unwrap_or_else(|_| Err(closed().into()))
    }

    /// Lets the thread end, and waits until it has: then the file is closed.
    pub(crate) fn close(&self) {
        drop(lock(&self.queue).take());
        if let Some(thread) = lock(&self.thread).take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's writer ended in a panic");
        }
        self.turn.close();
    }
}

#[cfg(test)]
mod tests;

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
