//! Runs that have not ended: they are few, and each has a lease.

use slipway_contract::history::RunFilter;
use slipway_contract::run::{RunState, RunStatus};
use slipway_contract::{RunId, Timestamp};
use sqlx::SqliteConnection;

use super::select;
use crate::columns::{self, Unreadable};
use crate::leases::LeaseRow;
use crate::owner::Owner;
use crate::{Store, StoreError};

/// A run that has not ended, as lists and those who watch them tell it from what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Live {
    pub(super) run: RunId,
    pub(super) last_seq: i64,
    pub(super) state: RunState,
}

/// `id`, `last_seq`, `status`, `token`, `owner`, `expires_at`.
type Row = (Vec<u8>, i64, String, i64, Option<String>, i64);

/// All of them, as they are now.
pub(super) async fn live(
    connection: &mut SqliteConnection,
    (me, now): (&Owner, Timestamp),
) -> Result<Vec<Live>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT r.id, r.last_seq, r.status, l.token, l.owner, l.expires_at \
         FROM leases AS l JOIN runs AS r ON r.id = l.run \
         WHERE r.finished_at IS NULL ORDER BY r.number",
    )
    .fetch_all(connection)
    .await?;
    let read = |(id, last_seq, status, token, owner, expires_at): Row| {
        let status: RunStatus = columns::word("status", &status)?;
        let lease = LeaseRow::new(token.unsigned_abs(), owner, expires_at);
        let driven = lease.held_by(me, now).is_some();
        Ok(Live {
            run: columns::run_id("id", &id)?,
            last_seq,
            state: RunState::of(status, driven),
        })
    };
    let read: Result<Vec<_>, Unreadable> = rows.into_iter().map(read).collect();
    read.map_err(|error| error.of("table runs"))
}

impl Store {
    /// The runs that nobody drives any more, where the filter asks who drives runs.
    pub(super) async fn cut_off_if_asked(
        &self,
        filter: &RunFilter,
    ) -> Result<Vec<RunId>, StoreError> {
        if !select::asks_who_drives(filter) {
            return Ok(Vec::new());
        }
        let mut connection = self.pool().acquire().await?;
        let live = live(&mut connection, (self.owner(), self.clock().now())).await?;
        let cut_off = live.iter().filter(|run| run.state == RunState::CutOff);
        Ok(cut_off.map(|run| run.run).collect())
    }
}
