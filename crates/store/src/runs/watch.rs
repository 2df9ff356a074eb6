//! Noticing what other processes do to runs.

use std::collections::HashMap;

use slipway_contract::RunId;
use slipway_contract::run::RunState;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::live::{Live, live};
use crate::{Store, StoreError, columns};

/// Someone who looks now and then whether runs changed.
///
/// SQLite counts, for each connection, the commits of all others. As long as the count stays and
/// no run is at work, a look reads that count and nothing else.
pub struct RunWatch {
    store: Store,
    connection: SqliteConnection,
    commits: i64,
    newest: i64,
    live: HashMap<RunId, (i64, RunState)>,
}

impl Store {
    /// Begins to watch: what changes from now on is noticed.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn watch_runs(&self) -> Result<RunWatch, StoreError> {
        // One of its own: the count is that of a connection, and a pool lends any.
        let connection = self.pool().connect_options().as_ref().clone();
        let mut watch = RunWatch {
            store: self.clone(),
            connection: connection.connect().await?,
            commits: 0,
            newest: 0,
            live: HashMap::new(),
        };
        watch.changed().await?;
        Ok(watch)
    }
}

impl RunWatch {
    /// The runs that are new, went on, stopped or ended since the last look.
    ///
    /// # Errors
    /// The database cannot be read. The next look tells what this one would have.
    pub async fn changed(&mut self) -> Result<Vec<RunId>, StoreError> {
        let (commits,): (i64,) = sqlx::query_as("PRAGMA data_version")
            .fetch_one(&mut self.connection)
            .await?;
        let driven = |state: &RunState| matches!(state, RunState::Running | RunState::Queued);
        // Whose process dies writes nothing.
        let may_die = self.live.values().any(|(_, state)| driven(state));
        if commits == self.commits && !may_die {
            return Ok(Vec::new());
        }
        let mut snapshot = self.connection.begin().await?;
        let (me, now) = (self.store.owner(), self.store.clock().now());
        let found = live(&mut snapshot, (me, now)).await?;
        let new: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT number, id FROM runs WHERE number > ?1 ORDER BY number")
                .bind(self.newest)
                .fetch_all(&mut *snapshot)
                .await?;
        drop(snapshot);
        let found: HashMap<RunId, (i64, RunState)> = found
            .into_iter()
            .map(
                |Live {
                     run,
                     last_seq,
                     state,
                 }| (run, (last_seq, state)),
            )
            .collect();
        let mut changed = Vec::new();
        for (_, id) in &new {
            changed.push(columns::run_id("id", id).map_err(|error| error.of("table runs"))?);
        }
        let went_on = found
            .iter()
            .filter(|(run, now)| self.live.get(run) != Some(now));
        let ended = self.live.keys().filter(|run| !found.contains_key(run));
        for run in went_on.map(|(run, _)| run).chain(ended) {
            if !changed.contains(run) {
                changed.push(*run);
            }
        }
        self.commits = commits;
        self.newest = new.last().map_or(self.newest, |(number, _)| *number);
        self.live = found;
        Ok(changed)
    }
}
