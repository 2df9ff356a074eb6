//! The database: SQLite or PostgreSQL, behind one set of queries and one set of migrations.
//!
//! A write is one serializable transaction on both. SQLite has one writer at a time; PostgreSQL runs
//! transactions side by side and refuses those that would not come out as if one had followed the
//! other, and those are run again here. So the same code is right on both.

mod bounded;
mod file;
mod postgres;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteError, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, RuntimeErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector,
    TransactionOptions, TransactionTrait,
};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::Mutex;
use tokio::time::timeout;

pub use self::bounded::Bounded;
use self::bounded::in_time;
use crate::failure::Failure;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/cloud");

/// How often a write that PostgreSQL refused as not serializable is tried again.
const TRIES: u32 = 40;

/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// After how long without use a connection is asked whether it is still there.
const IDLE: Duration = Duration::from_millis(500);

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// The engine's own code of an error: a SQLSTATE of PostgreSQL, or a number of SQLite.
fn code(error: &DbErr) -> Option<String> {
    let error = sqlx_error(error)?.as_database_error()?;
    Some(error.code()?.into_owned())
}

/// What SQLite says when it works again as soon as somebody else is done, or the disk is in order:
/// `SQLITE_BUSY`, `_READONLY`, `_IOERR`, `_FULL` and `_CANTOPEN`. An extended code has its kind in its lowest byte.
const PASSING: [u32; 5] = [5, 8, 10, 13, 14];

/// What PostgreSQL says when it works again as soon as it is in order, or there is another one: the classes 08
/// (connection), 53 (resources), 57P (shutdown) and 58 (the disk), and 57014 (a statement took too long), 25P03 (a
/// transaction rested too long), 25006 and 0A000 (it only reads), of its appendix A.
const PASSING_STATES: [&str; 8] = ["08", "53", "57P", "58", "57014", "25P03", "25006", "0A000"];

/// Whether it may well work a moment later.
pub fn is_passing(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || must_run_again(error) {
        return true;
    }
    match sqlx_error(error) {
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_),
        ) => true,
        Some(sqlx::Error::Database(inner)) => {
            let code = inner.code().unwrap_or_default();
            match inner.try_downcast_ref::<SqliteError>() {
                Some(_) => code
                    .parse()
                    .is_ok_and(|code: u32| PASSING.contains(&(code & 0xff))),
                None => PASSING_STATES.iter().any(|state| code.starts_with(state)),
            }
        }
        _ => false,
    }
}

/// Whether PostgreSQL asks for the transaction to be run again: 40001 (serialization failure) and
/// 40P01 (deadlock).
fn must_run_again(error: &DbErr) -> bool {
    code(error).is_some_and(|code| code == "40001" || code == "40P01")
}

/// The one writer of SQLite was others' for too long.
fn no_turn() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("no turn to write".to_owned()))
}

/// Whether a row with the same unique value is there already.
#[must_use]
pub fn is_duplicate(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}

/// Whether a connection of SQLite may be used again. When the disk is full or fails, SQLite undoes a transaction by
/// itself, and sqlx still counts it: what came next would run in it as if it were nested, be answered as done, and
/// never be kept.
async fn is_whole(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // Until here an undoing may only be queued; what is asked now is answered after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// An open database.
#[derive(Debug)]
pub struct Database {
    connection: Bounded<DatabaseConnection>,
    /// SQLite has one writer: they queue here, in order, instead of polling for its lock.
    writer: Option<Mutex<()>>,
    /// Whether the last write failed for want of what comes back, such as room on the disk.
    is_stuck: AtomicBool,
    /// SQLite's file.
    file: Option<PathBuf>,
}

tokio::task_local! {
    /// What is to be done once the write that runs in this task is kept.
    static AFTERWARDS: RefCell<Vec<Box<dyn FnOnce() + Send>>>;
}

/// Does this once the write that runs now is kept, and never if it is not. Outside of a write nothing is done.
pub fn once_kept(what: impl FnOnce() + Send + 'static) {
    // Without a write there is no list.
    let _ = AFTERWARDS.try_with(|afterwards| afterwards.borrow_mut().push(Box::new(what)));
}

/// A write that is under way: what its body reads and writes through.
pub type Transaction = Bounded<DatabaseTransaction>;

impl Database {
    /// Opens the database of a URL: `postgres://…`, or `sqlite:PATH`, whose file is made where it is missing.
    ///
    /// # Errors
    /// When the URL is none of these, or the database cannot be reached.
    pub async fn open(url: &str, connections: u32) -> anyhow::Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_file(Path::new(path.trim_start_matches("//")), connections).await;
        }
        let pool = postgres::pool(url, connections).await?;
        Ok(Self {
            connection: Bounded(Arc::new(SqlxPostgresConnector::from_sqlx_postgres_pool(
                pool,
            ))),
            writer: None,
            is_stuck: AtomicBool::new(false),
            file: None,
        })
    }

    /// Whether this is a URL of PostgreSQL.
    #[must_use]
    pub fn is_postgres(url: &str) -> bool {
        url.starts_with("postgres://") || url.starts_with("postgresql://")
    }

    /// Whether what goes to the database of this URL may go over a network without TLS.
    #[must_use]
    pub fn is_in_clear(url: &str) -> bool {
        Self::is_postgres(url) && postgres::is_in_clear(url)
    }

    async fn open_file(path: &Path, connections: u32) -> anyhow::Result<Self> {
        file::make(path)?;
        // A new one is set up by one program alone.
        let _turn = file::turn(path).await?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT);
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(WAIT)
            .after_release(|connection, _| Box::pin(is_whole(connection)))
            .connect_with(options)
            .await?;
        Ok(Self {
            connection: Bounded(Arc::new(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))),
            writer: Some(Mutex::new(())),
            is_stuck: AtomicBool::new(false),
            file: Some(path.to_owned()),
        })
    }

    /// Brings the tables to the state that this program needs. Several copies may do so at once.
    ///
    /// # Errors
    /// When the database cannot be reached, or was made by a newer program.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let migrated = match &self.file {
            // On PostgreSQL, the migrations take their turns by themselves.
            None => self.migrate_postgres().await,
            Some(path) => {
                let _turn = file::turn(path).await?;
                MIGRATIONS
                    .run(self.pool().get_sqlite_connection_pool())
                    .await
            }
        };
        migrated.context("the tables cannot be brought up to date")
    }

    async fn migrate_postgres(&self) -> Result<(), MigrateError> {
        let pool = self.pool().get_postgres_connection_pool();
        // A migration takes as long as it takes. The connection is of no use for requests then.
        let mut connection = pool.acquire().await?.detach();
        postgres::limit(&mut connection, Duration::ZERO).await?;
        MIGRATIONS.run(&mut connection).await?;
        sqlx::Connection::close(connection).await?;
        Ok(())
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// For reading, each statement by itself.
    #[must_use]
    pub fn read(&self) -> &Bounded<DatabaseConnection> {
        &self.connection
    }

    /// The connections themselves.
    #[must_use]
    pub fn pool(&self) -> &DatabaseConnection {
        &self.connection.0
    }

    /// Runs this as one serializable transaction, which is kept when it gives `Ok` and undone when it
    /// gives `Err`. It may be run several times, and must do nothing but read and write the database.
    ///
    /// # Errors
    /// What the body gives; or the database's own error.
    pub async fn write<T, F>(&self, body: impl Fn(Transaction) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let _turn = match &self.writer {
            // Who is before it may wait for another program.
            Some(writer) => Some(timeout(WAIT, writer.lock()).await.map_err(|_| no_turn())?),
            None => None,
        };
        let mut tries = 0;
        loop {
            match self.once(&body).await {
                Err(Failure::Database(error)) if tries < TRIES && must_run_again(&error) => {
                    tries += 1;
                    // Those that got into each other's way come apart.
                    tokio::time::sleep(Duration::from_millis(u64::from(tries.min(10)))).await;
                }
                result => {
                    let is_stuck =
                        matches!(&result, Err(Failure::Database(error)) if is_passing(error));
                    self.is_stuck.store(is_stuck, Ordering::Relaxed);
                    return result;
                }
            }
        }
    }

    async fn once<T, F>(&self, body: &impl Fn(Transaction) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let postgres = self.engine() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::Serializable),
            access_mode: postgres.then_some(AccessMode::ReadWrite),
            sqlite_transaction_mode: (!postgres).then_some(SqliteTransactionMode::Immediate),
        };
        let transaction = Arc::new(in_time(self.pool().begin_with_options(options)).await?);
        let running = body(Bounded(Arc::clone(&transaction)));
        let (given, afterwards) = AFTERWARDS
            .scope(RefCell::default(), async {
                let given = running.await?;
                Ok::<_, Failure>((given, AFTERWARDS.with(RefCell::take)))
            })
            .await?;
        let ended = Arc::try_unwrap(transaction);
        let kept =
            ended.map_err(|_| Failure::Internal("a transaction outlived its body".to_owned()))?;
        in_time(kept.commit()).await?;
        afterwards.into_iter().for_each(|what| what());
        Ok(given)
    }

    /// How many connections are open, and how many of them idle.
    #[must_use]
    pub fn connections(&self) -> (usize, usize) {
        let (all, idle) = match self.engine() {
            DbBackend::Postgres => {
                let pool = self.pool().get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
            _ => {
                let pool = self.pool().get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        (usize::try_from(all).unwrap_or(usize::MAX), idle)
    }

    /// Whether it answers, and takes writes if it did not take the last one.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Failure> {
        if self.engine() == DbBackend::Sqlite && self.is_stuck.load(Ordering::Relaxed) {
            // It says the same number again, and so changes nothing, but is written to the disk.
            let same = "PRAGMA user_version = 0";
            self.write(|on| async move { Ok(on.execute_unprepared(same).await?) })
                .await?;
        }
        Ok(in_time(self.pool().ping()).await?)
    }

    /// Ends all connections, once what they do is done; those that hang are left.
    pub async fn close(&self) {
        let closed = async {
            match self.engine() {
                DbBackend::Postgres => self.pool().get_postgres_connection_pool().close().await,
                _ => self.pool().get_sqlite_connection_pool().close().await,
            }
        };
        if timeout(WAIT, closed).await.is_err() {
            tracing::warn!("connections to the database hang, and are left as they are");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_waits_long_for_a_turn_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("cloud.db").display());
        let database = Database::open(&url, 2).await.unwrap();
        let first = database.write(|_| std::future::pending::<Result<(), Failure>>());
        let second = timeout(WAIT * 12, database.write(|_| async { Ok(()) }));
        let refused = tokio::select! {
            biased;
            _ = first => None,
            refused = second => Some(refused),
        };
        match refused {
            Some(Ok(Err(Failure::Database(error)))) => assert!(is_passing(&error), "{error}"),
            other => panic!("{other:?}"),
        }
    }
}
