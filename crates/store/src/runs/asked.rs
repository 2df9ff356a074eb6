//! Which models runs began with.

use slipway_contract::Timestamp;

use crate::columns::{self, Unreadable};
use crate::{Store, StoreError};

impl Store {
    /// Each model that a run began with, how many did, and when the newest of them was made.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn models_asked(&self) -> Result<Vec<(String, u64, Timestamp)>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT model, count(*), max(created_at) FROM runs GROUP BY model ORDER BY model",
        )
        .fetch_all(self.pool())
        .await?;
        let read = |(model, runs, last): (String, i64, i64)| {
            let last = columns::time("created_at", last)?;
            Ok((model, runs.unsigned_abs(), last))
        };
        let read: Result<Vec<_>, Unreadable> = rows.into_iter().map(read).collect();
        read.map_err(|error| error.of("table runs"))
    }
}
