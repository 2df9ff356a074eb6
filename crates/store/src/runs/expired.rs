//! Runs that waited too long for an answer.

use slipway_contract::{RunId, Timestamp};

use crate::{Store, StoreError, columns};

impl Store {
    /// The parked runs of which a question has expired by this time.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn expired_runs(&self, now: Timestamp) -> Result<Vec<RunId>, StoreError> {
        let ids: Vec<(Vec<u8>,)> = sqlx::query_as(
            "SELECT id FROM runs WHERE expires_at <= ?1 AND status = 'parked' ORDER BY expires_at",
        )
        .bind(now.as_millisecond())
        .fetch_all(self.pool())
        .await?;
        let read = ids.iter().map(|(id,)| columns::run_id("id", id));
        read.collect::<Result<_, _>>()
            .map_err(|error| error.of("table runs"))
    }
}
