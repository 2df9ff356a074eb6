//! Leases: the table `leases`.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::lease::{FencingToken, LEASE, Lease, LeaseError, Leases};
use slipway_contract::{RunId, Timestamp};

use crate::Store;
use crate::owner::Owner;
use crate::writer::{Durability, WriteFailure};

/// Taking a run's lease, as the writer does it.
pub(crate) struct Take {
    run: RunId,
    owner: Arc<Owner>,
    clock: Arc<dyn Clock>,
}

impl Take {
    pub(crate) fn new(store: &Store, run: RunId) -> Self {
        Self {
            run,
            owner: Arc::clone(store.owner()),
            clock: Arc::clone(store.clock()),
        }
    }

    /// Takes the lease unless somebody else may hold it.
    pub(crate) fn take(&self, connection: &Connection) -> Result<Lease, LeaseError> {
        let now = self.clock.now();
        let row = find(connection, self.run)?;
        if let Some(holder) = row.as_ref().and_then(|row| row.held_by(&self.owner, now)) {
            return Err(LeaseError::Held { owner: holder });
        }
        let token = row.map_or(0, |row| row.token) + 1;
        let owner = serde_json::to_string(&*self.owner)
            .map_err(|error| LeaseError::Storage(error.to_string()))?;
        connection
            .prepare_cached(
                "INSERT INTO leases (run, token, owner, expires_at) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (run) DO UPDATE \
                 SET token = excluded.token, owner = excluded.owner, expires_at = excluded.expires_at, \
                 asked_to_cancel = 0",
            )
            .and_then(|mut statement| {
                statement.execute(params![self.run.as_bytes(), token, owner, end(now)])
            })
            .map_err(WriteFailure::from)?;
        Ok(Lease {
            run: self.run,
            token: FencingToken(token),
        })
    }
}

/// What the table says of a run's lease.
pub(crate) struct LeaseRow {
    token: u64,
    owner: Option<String>,
    expires_at: i64,
}

impl LeaseRow {
    pub(crate) const fn new(token: u64, owner: Option<String>, expires_at: i64) -> Self {
        Self {
            token,
            owner,
            expires_at,
        }
    }

    /// Who holds the lease now, as far as `me` can tell: not who let go, whose time is over, or
    /// who is provably dead.
    pub(crate) fn held_by(&self, me: &Owner, now: Timestamp) -> Option<String> {
        let owner = self.owner.as_deref()?;
        if self.expires_at <= now.as_millisecond() {
            return None;
        }
        match serde_json::from_str::<Owner>(owner) {
            Ok(owner) if me.sees_dead(&owner) => None,
            Ok(owner) => Some(owner.to_string()),
            Err(_) => Some("an unknown process".to_owned()),
        }
    }
}

fn find(connection: &Connection, run: RunId) -> Result<Option<LeaseRow>, WriteFailure> {
    let row = connection
        .prepare_cached("SELECT token, owner, expires_at FROM leases WHERE run = ?1")?
        .query_row([run.as_bytes()], |row| {
            Ok(LeaseRow::new(row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(row)
}

/// Lets go of a lease that is still the newest. An ended run needs no row: nothing can be
/// appended to it, whoever holds which token.
pub(crate) fn let_go(connection: &Connection, lease: &Lease) -> Result<(), WriteFailure> {
    let which = params![lease.run.as_bytes(), lease.token.0];
    let removed = connection
        .prepare_cached(
            "DELETE FROM leases WHERE run = ?1 AND token = ?2 \
             AND EXISTS (SELECT 1 FROM runs WHERE id = ?1 AND finished_at IS NOT NULL)",
        )?
        .execute(which)?;
    if removed == 0 {
        connection
            .prepare_cached(
                "UPDATE leases SET owner = NULL, expires_at = 0 WHERE run = ?1 AND token = ?2",
            )?
            .execute(which)?;
    }
    Ok(())
}

fn renew(connection: &Connection, lease: &Lease, now: Timestamp) -> Result<(), LeaseError> {
    let changed = connection
        .prepare_cached(
            "UPDATE leases SET expires_at = ?3 \
             WHERE run = ?1 AND token = ?2 AND owner IS NOT NULL",
        )
        .and_then(|mut statement| {
            statement.execute(params![lease.run.as_bytes(), lease.token.0, end(now)])
        })
        .map_err(WriteFailure::from)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(LeaseError::Lost)
    }
}

fn end(now: Timestamp) -> i64 {
    let end = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
    end.as_millisecond()
}

#[async_trait]
impl Leases for Store {
    async fn acquire(&self, run: RunId) -> Result<Lease, LeaseError> {
        let take = Take::new(self, run);
        let write = move |connection: &Connection| take.take(connection);
        self.writer().write(Durability::WithTheNext, write).await
    }

    async fn renew(&self, lease: &Lease) -> Result<(), LeaseError> {
        let (lease, clock) = (*lease, Arc::clone(self.clock()));
        let write = move |connection: &Connection| renew(connection, &lease, clock.now());
        self.writer().write(Durability::WithTheNext, write).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        let lease = *lease;
        let write = move |connection: &Connection| Ok(let_go(connection, &lease)?);
        self.writer().write(Durability::WithTheNext, write).await
    }

    async fn ask_to_cancel(&self, run: RunId) -> Result<(), LeaseError> {
        let write = move |connection: &Connection| -> Result<(), WriteFailure> {
            connection
                .prepare_cached("UPDATE leases SET asked_to_cancel = 1 WHERE run = ?1")?
                .execute([run.as_bytes()])?;
            Ok(())
        };
        Ok(self.writer().write(Durability::WithTheNext, write).await?)
    }

    async fn is_asked_to_cancel(&self, lease: &Lease) -> Result<bool, LeaseError> {
        let asked: Option<(bool,)> =
            sqlx::query_as("SELECT asked_to_cancel FROM leases WHERE run = ?1 AND token = ?2")
                .bind(&lease.run.as_bytes()[..])
                .bind(i64::try_from(lease.token.0).unwrap_or(i64::MAX))
                .fetch_optional(self.pool())
                .await
                .map_err(|error| LeaseError::Storage(error.to_string()))?;
        Ok(asked.is_some_and(|(asked,)| asked))
    }
}
