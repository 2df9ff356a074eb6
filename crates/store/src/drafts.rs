//! Drafts of agents that have no folder: the tables `drafts` and `draft_changes`.

use slipway_contract::{AgentName, ContentHash, Timestamp};

use crate::columns::{self, Unreadable};
use crate::{Store, StoreError};

/// What was changed since a version and not saved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRecord {
    /// The version that was changed.
    pub base: ContentHash,
    /// The hash of the draft's files.
    pub hash: ContentHash,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The changed files by path; without content, a file that is gone.
    pub changes: Vec<(String, Option<Vec<u8>>)>,
}

/// A change of one file of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftChange {
    /// It has this content.
    Put(Vec<u8>),
    /// It is gone.
    Remove,
    /// It is as in the base again.
    AsBefore,
}

/// One step of editing a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftStep {
    /// What the writer saw: the draft's hash or, where there is none, the agent's version.
    pub seen: ContentHash,
    /// The draft's hash after it.
    pub hash: ContentHash,
    /// The file.
    pub path: String,
    /// What happens to it.
    pub change: DraftChange,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The draft of this agent, or none.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn draft(&self, agent: &AgentName) -> Result<Option<DraftRecord>, StoreError> {
        let mut snapshot = self.pool().begin().await?;
        let row: Option<(Vec<u8>, Vec<u8>, i64)> =
            sqlx::query_as("SELECT base, hash, updated_at FROM drafts WHERE agent = ?1")
                .bind(agent.as_str())
                .fetch_optional(&mut *snapshot)
                .await?;
        let Some((base, hash, updated_at)) = row else {
            return Ok(None);
        };
        let changes = sqlx::query_as(
            "SELECT path, content FROM draft_changes WHERE agent = ?1 ORDER BY path",
        )
        .bind(agent.as_str())
        .fetch_all(&mut *snapshot)
        .await?;
        let read = || -> Result<DraftRecord, Unreadable> {
            Ok(DraftRecord {
                base: columns::hash("base", &base)?,
                hash: columns::hash("hash", &hash)?,
                updated_at: columns::time("updated_at", updated_at)?,
                changes,
            })
        };
        read()
            .map(Some)
            .map_err(|error| error.of(format!("draft of {agent}")))
    }

    /// Changes a file of an agent's draft, and says whether it did: not when the draft is
    /// another than the writer saw. A draft that is as its base again is none.
    ///
    /// # Errors
    /// There is no such agent, or the database cannot be written.
    pub async fn edit_draft(
        &self,
        agent: &AgentName,
        step: &DraftStep,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let found: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT coalesce(drafts.base, agents.version), coalesce(drafts.hash, agents.version) \
             FROM agents LEFT JOIN drafts ON drafts.agent = agents.name WHERE agents.name = ?1",
        )
        .bind(agent.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((base, _)) = found.filter(|(_, hash)| hash == step.seen.as_bytes()) else {
            return Ok(false);
        };
        if base == step.hash.as_bytes() {
            sqlx::query("DELETE FROM drafts WHERE agent = ?1")
                .bind(agent.as_str())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            return Ok(true);
        }
        sqlx::query(
            "INSERT INTO drafts (agent, base, hash, updated_at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (agent) DO UPDATE SET hash = excluded.hash, updated_at = excluded.updated_at",
        )
        .bind(agent.as_str())
        .bind(base)
        .bind(&step.hash.as_bytes()[..])
        .bind(step.at.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        let content = match &step.change {
            DraftChange::Put(content) => Some(content),
            DraftChange::Remove => None,
            DraftChange::AsBefore => {
                sqlx::query("DELETE FROM draft_changes WHERE agent = ?1 AND path = ?2")
                    .bind(agent.as_str())
                    .bind(&step.path)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
                return Ok(true);
            }
        };
        sqlx::query(
            "INSERT INTO draft_changes (agent, path, content) VALUES (?1, ?2, ?3) \
             ON CONFLICT (agent, path) DO UPDATE SET content = excluded.content",
        )
        .bind(agent.as_str())
        .bind(&step.path)
        .bind(content)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
