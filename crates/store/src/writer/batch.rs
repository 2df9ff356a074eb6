//! Group commit: what waits is written in one transaction.

use std::time::Duration;

use rusqlite::Connection;

use super::connect::Connect;
use super::{Durability, Job, WriteFailure};

/// The most jobs in one transaction, so that none waits long for the others.
pub(super) const MOST: usize = 128;

pub(super) struct Batches {
    connect: Connect,
    connection: Connection,
    level: &'static str,
}

/// Why a transaction came to nothing.
enum Lost {
    /// It could not begin: another process writes, or the file cannot be reached.
    NotBegun(WriteFailure),
    /// It was rolled back.
    RolledBack(WriteFailure),
}

impl Batches {
    pub(super) fn new(connect: Connect, connection: Connection) -> Self {
        let level = connect.level(Durability::Now);
        Self {
            connect,
            connection,
            level,
        }
    }

    /// Answers the job, or gives it back if that would mean waiting for another process.
    pub(super) fn settle_now(&mut self, job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        let mut batch = [job];
        let result = self.commit(&mut batch, Duration::ZERO);
        let [job] = batch;
        match result {
            Ok(()) => job.answer(),
            Err(Lost::RolledBack(failure)) => fail(job, failure),
            Err(Lost::NotBegun(_)) => return Some(job),
        }
        None
    }

    /// Answers each of the jobs.
    pub(super) fn settle(&mut self, mut batch: Vec<Box<dyn Job>>) {
        match self.commit(&mut batch, self.connect.busy_timeout) {
            Ok(()) => batch.into_iter().for_each(|job| job.answer()),
            Err(Lost::RolledBack(_)) if batch.len() > 1 => {
                // One of them may be at fault, such as by its size: each has its own try.
                for job in batch {
                    self.settle(vec![job]);
                }
            }
            Err(Lost::RolledBack(failure) | Lost::NotBegun(failure)) => {
                for job in batch {
                    fail(job, failure.clone());
                }
            }
        }
    }

    fn commit(&mut self, batch: &mut [Box<dyn Job>], patience: Duration) -> Result<(), Lost> {
        let patient = self.connection.busy_timeout(patience);
        patient.map_err(|error| Lost::NotBegun(error.into()))?;
        let result = self.transact(batch);
        if result.is_err() && !self.connection.is_autocommit() {
            self.leave();
        }
        result
    }

    fn transact(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), Lost> {
        let not_begun = |error: rusqlite::Error| Lost::NotBegun(error.into());
        let rolled_back = |error: rusqlite::Error| Lost::RolledBack(error.into());
        self.choose_level(batch).map_err(not_begun)?;
        self.execute("BEGIN IMMEDIATE").map_err(not_begun)?;
        let alone = batch.len() == 1;
        for job in batch {
            if !alone {
                self.execute("SAVEPOINT job").map_err(rolled_back)?;
            }
            let keep = job.execute(&self.connection);
            // A full disk and the like end the whole transaction.
            let ended = self.connection.is_autocommit();
            match (alone, keep) {
                (true, false) if ended => return Ok(()),
                _ if ended => {
                    let failure = "the database ended the transaction: the disk may be full";
                    return Err(Lost::RolledBack(WriteFailure::Failed(failure.to_owned())));
                }
                (true, true) => {}
                (true, false) => return self.execute("ROLLBACK").map_err(rolled_back),
                (false, keep) => {
                    if !keep {
                        self.execute("ROLLBACK TO job").map_err(rolled_back)?;
                    }
                    self.execute("RELEASE job").map_err(rolled_back)?;
                }
            }
        }
        self.execute("COMMIT").map_err(rolled_back)
    }

    /// A pragma cannot be prepared once and used often: it works when it is prepared.
    fn choose_level(&mut self, batch: &[Box<dyn Job>]) -> Result<(), rusqlite::Error> {
        let durability = batch.iter().map(|job| job.durability()).max();
        let level = self
            .connect
            .level(durability.unwrap_or(Durability::WithTheNext));
        if level != self.level {
            self.connection.pragma_update(None, "synchronous", level)?;
            self.level = level;
        }
        Ok(())
    }

    fn execute(&self, sql: &str) -> Result<(), rusqlite::Error> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Ends a failed transaction, with a new connection if this one cannot.
    fn leave(&mut self) {
        if self.execute("ROLLBACK").is_ok() && self.connection.is_autocommit() {
            return;
        }
        match self.connect.open() {
            Ok(connection) => {
                self.connection = connection;
                self.level = self.connect.level(Durability::Now);
            }
            Err(error) => tracing::error!(%error, "the database cannot be opened again"),
        }
    }
}

fn fail(job: Box<dyn Job>, failure: WriteFailure) {
    tracing::warn!(%failure, "a write to the database failed");
    job.fail(failure);
}
