//! What a person granted: the table `grants`.

use slipway_contract::permission::Permission;
use slipway_contract::{AgentName, ContentHash, Timestamp};

use crate::columns::{self, Unreadable};
use crate::{AgentSource, Store, StoreError};

/// A permission that a person granted to one behaviour in one working folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The agent that asked.
    pub agent: AgentName,
    /// Where its package came from.
    pub source: AgentSource,
    /// What was granted to: the hash of the files that decide how it behaves.
    pub behaviour: ContentHash,
    /// The absolute folder from which relative paths start.
    pub workdir: String,
    /// The permission.
    pub permission: Permission,
    /// When.
    pub granted_at: Timestamp,
}

type Row = (String, String, Vec<u8>, String, String, i64);

/// How [`AgentSource::Imported`] is kept; no absolute path reads so.
pub(crate) const IMPORTED: &str = "imported";

impl Store {
    /// Remembers grants, all or none of them. What was granted before keeps its time. To an
    /// imported package only while its behaviour is the one that is here: an answer that comes
    /// after the agent was replaced or removed must not reach its successor.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn grant(&self, grants: &[Grant]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for grant in grants {
            sqlx::query(
                "INSERT INTO grants (agent, source, behaviour, workdir, permission, granted_at) \
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?2 <> 'imported' OR EXISTS ( \
                 SELECT 1 FROM agents JOIN versions ON versions.hash = agents.version \
                 WHERE agents.name = ?1 AND agents.folder IS NULL AND versions.behaviour = ?3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(grant.agent.as_str())
            .bind(source_text(&grant.source))
            .bind(&grant.behaviour.as_bytes()[..])
            .bind(&grant.workdir)
            .bind(permission_text(&grant.permission)?)
            .bind(grant.granted_at.as_millisecond())
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// What was granted to this agent of this source in exactly this working folder, in any
    /// version; sorted.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn granted(
        &self,
        agent: &AgentName,
        source: &AgentSource,
        workdir: &str,
    ) -> Result<Vec<Permission>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT permission FROM grants WHERE agent = ?1 AND source = ?2 AND workdir = ?3",
        )
        .bind(agent.as_str())
        .bind(source_text(source))
        .bind(workdir)
        .fetch_all(self.pool())
        .await?;
        let permissions = rows
            .iter()
            .map(|(text,)| columns::json("permission", text))
            .collect::<Result<Vec<Permission>, _>>();
        let mut permissions = permissions.map_err(|error| error.of("table grants"))?;
        permissions.sort();
        Ok(permissions)
    }

    /// Everything that was granted, or what was granted to one agent: newest first.
    ///
    /// # Errors
    /// As [`Self::granted`].
    pub async fn grants(&self, agent: Option<&AgentName>) -> Result<Vec<Grant>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT agent, source, behaviour, workdir, permission, granted_at FROM grants \
             WHERE ?1 IS NULL OR agent = ?1 ORDER BY granted_at DESC, workdir, permission",
        )
        .bind(agent.map(AgentName::as_str))
        .fetch_all(self.pool())
        .await?;
        let read = rows.into_iter().map(grant).collect::<Result<_, _>>();
        read.map_err(|error: Unreadable| error.of("table grants"))
    }

    /// Takes back what was granted to this behaviour in this working folder: these permissions,
    /// and says how many there were.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn revoke(
        &self,
        behaviour: ContentHash,
        workdir: &str,
        permissions: &[Permission],
    ) -> Result<u64, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut revoked = 0;
        for permission in permissions {
            let result = sqlx::query(
                "DELETE FROM grants WHERE behaviour = ?1 AND workdir = ?2 AND permission = ?3",
            )
            .bind(&behaviour.as_bytes()[..])
            .bind(workdir)
            .bind(permission_text(permission)?)
            .execute(&mut *transaction)
            .await?;
            revoked += result.rows_affected();
        }
        transaction.commit().await?;
        Ok(revoked)
    }

    /// Takes back everything that was granted to an agent, in any version and folder, and says
    /// how many permissions that were.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn revoke_all(&self, agent: &AgentName) -> Result<u64, StoreError> {
        let result = sqlx::query("DELETE FROM grants WHERE agent = ?1")
            .bind(agent.as_str())
            .execute(self.pool())
            .await?;
        Ok(result.rows_affected())
    }
}

/// One permission has one text, so that granting it twice is granting it once.
fn permission_text(permission: &Permission) -> Result<String, StoreError> {
    serde_json::to_value(permission)
        .map(|value| slipway_agent::canonical::to_string(&value))
        .map_err(|error| StoreError::Unreadable {
            what: "permission".to_owned(),
            message: error.to_string(),
        })
}

pub(crate) fn source_text(source: &AgentSource) -> &str {
    match source {
        AgentSource::Folder(path) => path,
        AgentSource::Imported => IMPORTED,
    }
}

fn grant(
    (agent, source, behaviour, workdir, permission, granted_at): Row,
) -> Result<Grant, Unreadable> {
    Ok(Grant {
        agent: columns::word("agent", &agent)?,
        source: if source == IMPORTED {
            AgentSource::Imported
        } else {
            AgentSource::Folder(source)
        },
        behaviour: columns::hash("behaviour", &behaviour)?,
        workdir,
        permission: columns::json("permission", &permission)?,
        granted_at: columns::time("granted_at", granted_at)?,
    })
}
