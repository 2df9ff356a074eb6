//! Why an agent has a version: the table `agent_versions`.

use std::collections::BTreeMap;

use slipway_contract::version::{VersionEntry, VersionReason};
use slipway_contract::{AgentName, ContentHash, Timestamp};
use sqlx::SqliteConnection;

use crate::columns::{self, Unreadable};
use crate::{Store, StoreError};

/// That a version was made of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Why.
    pub why: VersionReason,
    /// What the person wrote about it.
    pub note: Option<String>,
}

impl Made {
    /// A version that was made for this reason, without a note.
    #[must_use]
    pub const fn by(why: VersionReason) -> Self {
        Self { why, note: None }
    }
}

impl Store {
    /// Every time that a version was made of this agent, the newest first.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn agent_versions(&self, agent: &AgentName) -> Result<Vec<VersionEntry>, StoreError> {
        let mut snapshot = self.pool().begin().await?;
        let rows: Vec<(Vec<u8>, i64, String, Option<String>)> = sqlx::query_as(
            "SELECT version, made_at, why, note FROM agent_versions \
             WHERE agent = ?1 ORDER BY number DESC",
        )
        .bind(agent.as_str())
        .fetch_all(&mut *snapshot)
        .await?;
        let runs: Vec<(Vec<u8>, i64)> =
            sqlx::query_as("SELECT version, count(*) FROM runs WHERE agent = ?1 GROUP BY version")
                .bind(agent.as_str())
                .fetch_all(&mut *snapshot)
                .await?;
        drop(snapshot);
        let runs: BTreeMap<Vec<u8>, i64> = runs.into_iter().collect();
        let read = |(version, made_at, why, note)| -> Result<_, Unreadable> {
            let version: Vec<u8> = version;
            let why: String = why;
            Ok(VersionEntry {
                runs: columns::count("runs", runs.get(&version).copied().unwrap_or_default())?,
                version: columns::hash("version", &version)?,
                made_at: columns::time("made_at", made_at)?,
                why: columns::word("why", &why)?,
                note,
            })
        };
        let entries = rows.into_iter().map(read).collect::<Result<_, _>>();
        entries.map_err(|error: Unreadable| error.of("table agent_versions"))
    }
}

/// Writes down that a version was made, and says whether that is news: a run of the newest
/// version, and saving it again without a note, is none.
pub(crate) async fn add(
    connection: &mut SqliteConnection,
    agent: &AgentName,
    version: ContentHash,
    at: Timestamp,
    made: &Made,
) -> Result<bool, StoreError> {
    let newest: Option<(Vec<u8>,)> = sqlx::query_as(
        "SELECT version FROM agent_versions WHERE agent = ?1 ORDER BY number DESC LIMIT 1",
    )
    .bind(agent.as_str())
    .fetch_optional(&mut *connection)
    .await?;
    let is_newest = newest.is_some_and(|(newest,)| newest == version.as_bytes());
    if is_newest && made.note.is_none() {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO agent_versions (agent, version, made_at, why, note) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(agent.as_str())
    .bind(&version.as_bytes()[..])
    .bind(at.as_millisecond())
    .bind(made.why.as_str())
    .bind(&made.note)
    .execute(connection)
    .await?;
    Ok(true)
}
