//! Agents that were removed and can still be put back: the tables `removed_agents` and
//! `removed_grants`.

use slipway_contract::{AgentName, ContentHash, Timestamp};

use crate::columns::{self, Unreadable};
use crate::{Store, StoreError, rules};

/// An agent that was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedRecord {
    /// Its name.
    pub name: AgentName,
    /// Its title, as lists showed it.
    pub title: String,
    /// The folder it was run from.
    pub folder: Option<String>,
    /// Its version.
    pub version: ContentHash,
    /// When it was removed.
    pub removed_at: Timestamp,
}

/// What became of the wish to put an agent back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutBack {
    /// It is back.
    Done,
    /// None of this name was removed, or that is too long ago.
    Gone,
    /// Another one has its name by now.
    Taken,
}

type Row = (String, String, Option<String>, Vec<u8>, i64);

impl Store {
    /// Removes an agent with its draft and what was granted to it, and says whether there was one.
    /// It can be put back until [`Self::forget_removed`]. Its runs and versions stay. One of its
    /// name that was removed before is forgotten.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn remove_agent(&self, name: &AgentName) -> Result<bool, StoreError> {
        let now = self.clock().now();
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let here: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM agents WHERE name = ?1")
            .bind(name.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
        if here.is_none() {
            return Ok(false);
        }
        sqlx::query("DELETE FROM removed_agents WHERE name = ?1")
            .bind(name.as_str())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO removed_agents (name, title, folder, version, updated_at, archived_at, removed_at) \
             SELECT name, coalesce((SELECT title FROM agent_cards WHERE agent = name), name), \
             folder, version, updated_at, archived_at, ?2 FROM agents WHERE name = ?1",
        )
        .bind(name.as_str())
        .bind(now.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO removed_grants (agent, source, workdir, behaviour, permission, granted_at) \
             SELECT agent, source, workdir, behaviour, permission, granted_at FROM grants WHERE agent = ?1",
        )
        .bind(name.as_str())
        .execute(&mut *transaction)
        .await?;
        rules::revoke_all(&mut transaction, name, None, now).await?;
        for sql in [
            "DELETE FROM grants WHERE agent = ?1",
            "DELETE FROM agents WHERE name = ?1",
        ] {
            sqlx::query(sql)
                .bind(name.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Puts a removed agent back as it was, with what was granted to it and the rules that went
    /// with it. What the person took back before stays taken back.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put_agent_back(&self, name: &AgentName) -> Result<PutBack, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let found: Option<(i64, bool)> = sqlx::query_as(
            "SELECT removed_at, EXISTS (SELECT 1 FROM agents WHERE name = ?1) \
             FROM removed_agents WHERE name = ?1",
        )
        .bind(name.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        let removed_at = match found {
            None => return Ok(PutBack::Gone),
            Some((_, true)) => return Ok(PutBack::Taken),
            Some((removed_at, false)) => removed_at,
        };
        for sql in [
            "INSERT INTO agents (name, folder, version, updated_at, archived_at) \
             SELECT name, folder, version, updated_at, archived_at FROM removed_agents WHERE name = ?1",
            "INSERT INTO grants (agent, source, workdir, behaviour, permission, granted_at) \
             SELECT agent, source, workdir, behaviour, permission, granted_at \
             FROM removed_grants WHERE agent = ?1 ON CONFLICT DO NOTHING",
            "DELETE FROM removed_agents WHERE name = ?1",
        ] {
            sqlx::query(sql)
                .bind(name.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("UPDATE rules SET revoked_at = NULL WHERE agent = ?1 AND revoked_at = ?2")
            .bind(name.as_str())
            .bind(removed_at)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(PutBack::Done)
    }

    /// The agents that can be put back, the newest removed first.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn removed_agents(&self) -> Result<Vec<RemovedRecord>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT name, title, folder, version, removed_at FROM removed_agents \
             ORDER BY removed_at DESC, name",
        )
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(record).collect()
    }

    /// Forgets the agents that were removed before this time, and says how many there were.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn forget_removed(&self, before: Timestamp) -> Result<u64, StoreError> {
        // Most homes have none, and reading does not wait for who writes.
        let any: Option<(i64,)> =
            sqlx::query_as("SELECT 1 FROM removed_agents WHERE removed_at < ?1 LIMIT 1")
                .bind(before.as_millisecond())
                .fetch_optional(self.pool())
                .await?;
        if any.is_none() {
            return Ok(0);
        }
        let result = sqlx::query("DELETE FROM removed_agents WHERE removed_at < ?1")
            .bind(before.as_millisecond())
            .execute(self.pool())
            .await?;
        Ok(result.rows_affected())
    }
}

fn record((name, title, folder, version, removed_at): Row) -> Result<RemovedRecord, StoreError> {
    let agent = format!("removed agent {name}");
    let read = || -> Result<RemovedRecord, Unreadable> {
        Ok(RemovedRecord {
            name: columns::word("name", &name)?,
            title,
            folder,
            version: columns::hash("version", &version)?,
            removed_at: columns::time("removed_at", removed_at)?,
        })
    };
    read().map_err(|error| error.of(agent))
}
