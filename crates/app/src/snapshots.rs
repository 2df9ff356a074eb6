//! Snapshots of all local data. Nothing here needs the database to open, but the day's own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use slipway_agent::ports::clock::Clock;
use slipway_contract::{ErrorCode, Problem};
use slipway_runner::system::SystemClock;
use slipway_store::{Reason, Snapshots, StoreError};
use tokio::sync::watch;

pub use slipway_store::{Restored, Snapshot, Unreadable};

use crate::Home;
use crate::damage::Suspicion;
use crate::problem::from_store;

/// The name that stands for the newest snapshot that is whole.
pub const NEWEST: &str = "newest";

/// How often a process that stays looks whether a day has passed.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// A snapshot, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Its name.
    pub name: String,
    /// Whether it can be restored.
    pub good: bool,
    /// What is wrong.
    pub faults: Vec<String>,
}

/// The snapshots of this home, the newest first, and what lies among them and is none. Changes
/// nothing.
///
/// # Errors
/// Their folder cannot be read.
pub async fn list(home: &Home) -> Result<(Vec<Snapshot>, Vec<Unreadable>), Problem> {
    blocking(home, |snapshots| snapshots.list()).await
}

/// Takes a snapshot now, verified, while runs go on.
///
/// # Errors
/// There is no database, it is not whole, or the disk is full.
pub async fn create(home: &Home) -> Result<Snapshot, Problem> {
    if !home.database().exists() {
        return Err(nothing_there(&home.database()));
    }
    let now = SystemClock::default().now();
    blocking(home, move |snapshots| snapshots.create(Reason::ByHand, now)).await
}

fn nothing_there(database: &Path) -> Problem {
    let message = format!(
        "there is nothing to take a snapshot of: {} is not there",
        database.display()
    );
    Problem::new(ErrorCode::NotFound, message)
}

/// Reads through the snapshot of this name, or through all of them. Changes nothing.
///
/// # Errors
/// There is no snapshot of this name.
pub async fn verify(home: &Home, name: Option<String>) -> Result<Vec<Verified>, Problem> {
    blocking(home, move |snapshots| {
        let (found, unreadable) = match &name {
            Some(name) if name != NEWEST => (vec![snapshots.find(name)?], Vec::new()),
            Some(_) => (vec![newest_good(snapshots)?], Vec::new()),
            None => snapshots.list()?,
        };
        let found = found.into_iter().map(|snapshot| {
            let faults = snapshots.faults(&snapshot);
            (snapshot.name, faults)
        });
        let unreadable = unreadable
            .into_iter()
            .map(|unreadable| (unreadable.name, vec![unreadable.message]));
        Ok(found
            .chain(unreadable)
            .map(|(name, faults)| Verified {
                name,
                good: faults.is_empty(),
                faults,
            })
            .collect())
    })
    .await
}

/// Makes a snapshot this home's database, and keeps the present one as a snapshot.
///
/// # Errors
/// There is no such snapshot, it is not whole, or something has the database open.
pub async fn restore(home: &Home, name: String) -> Result<Restored, Problem> {
    let now = SystemClock::default().now();
    let restored = blocking(home, move |snapshots| {
        let name = match name.as_str() {
            NEWEST => newest_good(snapshots)?.name,
            _ => name,
        };
        snapshots.restore(&name, now)
    });
    restored.await
}

fn newest_good(snapshots: &Snapshots) -> Result<Snapshot, StoreError> {
    let newest = snapshots.newest_good();
    newest.ok_or_else(|| StoreError::NoSnapshot(NEWEST.to_owned()))
}

async fn blocking<T: Send + 'static>(
    home: &Home,
    work: impl FnOnce(&Snapshots) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let database = home.database();
    let done = tokio::task::spawn_blocking(move || work(&Snapshots::of(&database)?)).await;
    let result = done.unwrap_or_else(|error| Err(StoreError::Sql(error.to_string())));
    match result {
        Ok(done) => Ok(done),
        Err(error) => Err(explained(home, &error).await),
    }
}

/// An error of the store, with what can be done where a snapshot is what helps.
pub(crate) async fn explained(home: &Home, error: &StoreError) -> Problem {
    let problem = from_store(error);
    let unusable_snapshot = matches!(error, StoreError::Snapshot { .. });
    if !error.is_damage() && !unusable_snapshot {
        return problem;
    }
    match newest_of(home).await {
        None if unusable_snapshot => problem.help("No snapshot here is whole."),
        newest => problem.help(way_back(newest)),
    }
}

/// The problem of a damaged database, with what puts a whole one in its place.
pub(crate) async fn with_way_back(home: &Home, problem: Problem) -> Problem {
    let newest = newest_of(home).await;
    problem.help(way_back(newest))
}

async fn newest_of(home: &Home) -> Option<Snapshot> {
    let database = home.database();
    let newest = tokio::task::spawn_blocking(move || Snapshots::of(&database).ok()?.newest_good());
    newest.await.ok().flatten()
}

fn way_back(newest: Option<Snapshot>) -> String {
    match newest {
        Some(newest) => format!(
            "The newest good snapshot is {name}. Put it in the database's place: slipway snapshots restore {name}",
            name = newest.name
        ),
        None => "There is no good snapshot here: put a copy of it back, or move it away to begin with an empty one.".to_owned(),
    }
}

/// Takes the day's snapshot now if it is due, and again as days pass, until nobody holds the
/// receiver any more. It says when the first look is over.
pub(crate) fn keep_daily(
    home: &Home,
    clock: Arc<dyn Clock>,
    suspicion: Suspicion,
) -> watch::Receiver<bool> {
    let (tell, looked) = watch::channel(false);
    let database = home.database();
    tokio::spawn(async move {
        while !tell.is_closed() {
            let (now, database) = (clock.now(), database.clone());
            let taken =
                tokio::task::spawn_blocking(move || Snapshots::of(&database)?.create_daily(now));
            match taken.await {
                Ok(Ok(None)) => {}
                Ok(Ok(Some(taken))) => {
                    tracing::info!(snapshot = taken.name, "a snapshot was taken");
                }
                // Whoever waits for this says it, with the way back.
                Ok(Err(error)) if error.is_damage() => suspicion.raise(),
                Ok(Err(error)) => tracing::warn!("today's snapshot was not taken: {error}"),
                Err(error) => tracing::error!(%error, "today's snapshot was not taken"),
            }
            tell.send_replace(true);
            tokio::select! {
                () = tell.closed() => {}
                () = clock.sleep(LOOK) => {}
            }
        }
    });
    looked
}
