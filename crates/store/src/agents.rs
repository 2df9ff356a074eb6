//! Agents of this workspace: the table `agents`.

use slipway_contract::{AgentName, ContentHash, Timestamp};
use sqlx::SqliteConnection;

use crate::columns::{self, Unreadable};
use crate::history::{self, Made};
use crate::{Store, StoreError, rules};

/// Where an agent comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentSource {
    /// A folder that was opened, by its absolute path: the agent is whatever lies there.
    Folder(String),
    /// A package that was imported: the agent is the version in the store.
    Imported,
}

/// An agent as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRecord {
    /// The name, unique in the workspace.
    pub name: AgentName,
    /// Where it comes from.
    pub source: AgentSource,
    /// The current version, which the store holds.
    pub version: ContentHash,
    /// When it was imported or last changed.
    pub updated_at: Timestamp,
}

type Row = (String, Option<String>, Vec<u8>, i64);

impl Store {
    /// Adds an agent, or brings the one of the same name to this version, and writes down why. A
    /// draft of it that has become this version is one no more. Says whether the version is new
    /// in the agent's list of versions.
    ///
    /// # Errors
    /// The version is not in the store, or the database cannot be written.
    pub async fn put_agent(&self, agent: &AgentRecord, made: &Made) -> Result<bool, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let is_news = put(&mut transaction, agent, made).await?;
        transaction.commit().await?;
        Ok(is_news)
    }

    /// Adds an imported agent, or replaces the one of the same name. What was granted to another
    /// version or from another source is forgotten with it: nobody knows that the two have more
    /// in common than their name.
    ///
    /// # Errors
    /// As [`Self::put_agent`].
    pub async fn import_agent(&self, agent: &AgentRecord, made: &Made) -> Result<bool, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "DELETE FROM grants WHERE agent = ?1 AND NOT EXISTS ( \
             SELECT 1 FROM agents WHERE name = ?1 AND folder IS NULL AND version = ?2)",
        )
        .bind(agent.name.as_str())
        .bind(&agent.version.as_bytes()[..])
        .execute(&mut *transaction)
        .await?;
        let now = self.clock().now();
        rules::revoke_all(&mut transaction, &agent.name, Some(agent.version), now).await?;
        let is_news = put(&mut transaction, agent, made).await?;
        transaction.commit().await?;
        Ok(is_news)
    }

    /// The agent of this name, or none.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn agent(&self, name: &AgentName) -> Result<Option<AgentRecord>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as("SELECT name, folder, version, updated_at FROM agents WHERE name = ?1")
                .bind(name.as_str())
                .fetch_optional(self.pool())
                .await?;
        row.map(record).transpose()
    }

    /// All agents, by name.
    ///
    /// # Errors
    /// As [`Self::agent`].
    pub async fn agents(&self) -> Result<Vec<AgentRecord>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("SELECT name, folder, version, updated_at FROM agents ORDER BY name")
                .fetch_all(self.pool())
                .await?;
        rows.into_iter().map(record).collect()
    }

    /// Puts an agent aside at this time, or back without one; says whether there is such an agent.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_archived(
        &self,
        name: &AgentName,
        at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let result = sqlx::query(
            "UPDATE agents SET archived_at = CASE WHEN ?2 IS NULL THEN NULL \
             ELSE coalesce(archived_at, ?2) END WHERE name = ?1",
        )
        .bind(name.as_str())
        .bind(at.map(Timestamp::as_millisecond))
        .execute(self.pool())
        .await?;
        Ok(result.rows_affected() > 0)
    }
}

async fn put(
    connection: &mut SqliteConnection,
    agent: &AgentRecord,
    made: &Made,
) -> Result<bool, StoreError> {
    let folder = match &agent.source {
        AgentSource::Folder(path) => Some(path.as_str()),
        AgentSource::Imported => None,
    };
    sqlx::query(
        "INSERT INTO agents (name, folder, version, updated_at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (name) DO UPDATE SET folder = excluded.folder, version = excluded.version, \
         updated_at = CASE WHEN version = excluded.version AND folder IS excluded.folder \
         THEN updated_at ELSE excluded.updated_at END",
    )
    .bind(agent.name.as_str())
    .bind(folder)
    .bind(&agent.version.as_bytes()[..])
    .bind(agent.updated_at.as_millisecond())
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM drafts WHERE agent = ?1 AND hash = ?2")
        .bind(agent.name.as_str())
        .bind(&agent.version.as_bytes()[..])
        .execute(&mut *connection)
        .await?;
    history::add(
        connection,
        &agent.name,
        agent.version,
        agent.updated_at,
        made,
    )
    .await
}

fn record((name, folder, version, updated_at): Row) -> Result<AgentRecord, StoreError> {
    let agent = format!("agent {name}");
    let read = || -> Result<AgentRecord, Unreadable> {
        Ok(AgentRecord {
            name: columns::word("name", &name)?,
            source: folder.map_or(AgentSource::Imported, AgentSource::Folder),
            version: columns::hash("version", &version)?,
            updated_at: columns::time("updated_at", updated_at)?,
        })
    };
    read().map_err(|error| error.of(agent))
}
