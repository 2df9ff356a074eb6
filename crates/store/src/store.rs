//! Opening and closing.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use rusqlite::Connection;
use slipway_agent::ports::clock::Clock;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use tokio::sync::watch;

use crate::blobs::Blobs;
use crate::error::StoreError;
use crate::file;
use crate::migrations::{self, Standing};
use crate::options::{Options, Synchronous};
use crate::owner::Owner;
use crate::pool;
use crate::presence;
use crate::snapshots::{Reason, Snapshots};
use crate::writer::{Connect, Writer};

/// The desktop's database. Clones share it.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
}

struct Parts {
    writer: Writer,
    pool: SqlitePool,
    blobs: Blobs,
    clock: Arc<dyn Clock>,
    owner: Arc<Owner>,
    zone: TimeZone,
    /// Rises with each append that settles something.
    settlements: watch::Sender<u64>,
    /// As long as this is there, nobody replaces the database.
    presence: Mutex<Option<File>>,
}

impl Store {
    /// Opens the database at this path, or makes it; long contents lie in the folder `blobs`
    /// beside it. Several processes may have it open.
    ///
    /// # Errors
    /// [`StoreError::NotADatabase`], [`StoreError::Foreign`], [`StoreError::Newer`] and
    /// [`StoreError::Damaged`] leave the file as it was.
    pub async fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let path = file::absolute(path)?;
        let connect = Connect {
            path: path.clone(),
            synchronous: options.synchronous,
            busy_timeout: options.busy_timeout,
        };
        let opened = tokio::task::spawn_blocking({
            let (connect, clock) = (connect.clone(), Arc::clone(&options.clock));
            move || opened(&connect, &*clock)
        });
        let (presence, connection) = opened
            .await
            .map_err(|error| StoreError::Sql(error.to_string()))??;
        let readers = SqliteConnectOptions::new()
            .filename(&path)
            .foreign_keys(true)
            .busy_timeout(options.busy_timeout)
            .synchronous(match options.synchronous {
                Synchronous::Full => SqliteSynchronous::Full,
                Synchronous::Normal => SqliteSynchronous::Normal,
            });
        let pool = pool::lazy(readers);
        let blobs = Blobs::new(path.with_file_name("blobs"));
        let writer = Writer::start(connect, connection, Arc::clone(&options.clock))
            .map_err(StoreError::io("opened for writing", &path))?;
        let parts = Parts {
            writer,
            pool,
            blobs,
            clock: options.clock,
            owner: Arc::new(Owner::current()),
            zone: options.zone,
            settlements: watch::Sender::new(0),
            presence: Mutex::new(Some(presence)),
        };
        Ok(Self {
            parts: Arc::new(parts),
        })
    }

    /// Finishes what was asked for and closes the file, whatever clones there are; from then on it
    /// may be replaced, and all that is asked of a clone fails. Without it the writer ends by
    /// itself soon after the last clone is dropped.
    pub async fn close(self) {
        self.parts.pool.close().await;
        let parts = self.parts;
        // A writer that panicked has said so.
        let _ = tokio::task::spawn_blocking(move || {
            parts.writer.close();
            let mut presence = parts
                .presence
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            drop(presence.take());
        })
        .await;
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.parts.writer
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.parts.pool
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.parts.blobs
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.parts.clock
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.parts.zone
    }

    pub(crate) fn settlements(&self) -> &watch::Sender<u64> {
        &self.parts.settlements
    }

    pub(crate) fn owner(&self) -> &Arc<Owner> {
        &self.parts.owner
    }
}

/// A connection for writing to a database that is ours and has every migration.
fn opened(connect: &Connect, clock: &dyn Clock) -> Result<(File, Connection), StoreError> {
    let path = &connect.path;
    file::prepare(path)?;
    let presence = presence::shared(path)?;
    let mut connection = connected(connect)?;
    if migrations::standing(path, &connection)? == Standing::Behind {
        let _lock = migrations::lock(path)?;
        // Another process may have been at it meanwhile.
        if migrations::standing(path, &connection)? == Standing::Behind {
            if migrations::has_any(&connection)? {
                let taken = Snapshots::of(path)?.create(Reason::BeforeMigration, clock.now());
                taken.map_err(StoreError::before_migration(path))?;
            }
            migrations::run(path, &mut connection)?;
        }
    }
    Ok((presence, connection))
}

/// A connection for writing to a database that is ours.
fn connected(connect: &Connect) -> Result<Connection, StoreError> {
    let path = &connect.path;
    let connection = connect
        .open()
        .map_err(|error| file::damaged_or(path, error))?;
    // SQLite settles for reading where it may not write.
    if connection.is_readonly("main")? {
        let denied = std::io::ErrorKind::PermissionDenied.into();
        return Err(StoreError::io("opened for writing", path)(denied));
    }
    // A standing property of the file; a copy made by a tool may have lost it.
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(|error| file::damaged_or(path, error))?;
    Ok(connection)
}
