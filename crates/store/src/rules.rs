//! What a person decided for good: the table `rules`.

use slipway_contract::rule::Rule;
use slipway_contract::{AgentName, ContentHash, RuleId, Timestamp};
use sqlx::SqliteConnection;

use crate::columns::{self, Unreadable};
use crate::grants::{IMPORTED, source_text};
use crate::{AgentSource, Store, StoreError};

type Row = (
    Vec<u8>,
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<i64>,
);

const COLUMNS: &str =
    "SELECT id, agent, source, workdir, tool, ruling, made_at, revoked_at FROM rules";

/// An imported package's rules are about the package that is here, and none that had its name
/// before: ?1 is the agent, ?2 the source, ?3 the behaviour.
const IS_HERE: &str = "(?2 <> 'imported' OR EXISTS ( \
     SELECT 1 FROM agents JOIN versions ON versions.hash = agents.version \
     WHERE agents.name = ?1 AND agents.folder IS NULL AND versions.behaviour = ?3))";

/// Most rules of one agent in one working folder: more than that is no list that anybody reads.
const MOST: i64 = 1_000;

impl Store {
    /// Keeps a new rule, made for this behaviour; says whether it was kept. It is not where its
    /// agent was imported and is not the one that is here any more, or where there are more than a
    /// thousand already.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn add_rule(&self, rule: &Rule, behaviour: ContentHash) -> Result<bool, StoreError> {
        let source = source_of(rule);
        let ruling =
            serde_json::to_value(&rule.ruling).map_err(|error| StoreError::Unreadable {
                what: "rule".to_owned(),
                message: error.to_string(),
            })?;
        let sql = format!(
            "INSERT INTO rules (agent, source, behaviour, id, workdir, tool, ruling, made_at) \
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE {IS_HERE} AND {MOST} > ( \
             SELECT count(*) FROM rules WHERE agent = ?1 AND source = ?2 AND workdir = ?5 \
             AND revoked_at IS NULL) ON CONFLICT (id) DO NOTHING"
        );
        let result = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(rule.agent.as_str())
            .bind(source_text(&source))
            .bind(&behaviour.as_bytes()[..])
            .bind(&rule.id.as_bytes()[..])
            .bind(&rule.workdir)
            .bind(&rule.tool)
            .bind(slipway_agent::canonical::to_string(&ruling))
            .bind(rule.made_at.as_millisecond())
            .execute(self.pool())
            .await?;
        Ok(result.rows_affected() == 1)
    }

    /// The rules in force for this agent of this source, in exactly this working folder, oldest
    /// first. For an imported agent, only while this behaviour is the one that is here.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn rules_for(
        &self,
        agent: &AgentName,
        source: &AgentSource,
        workdir: &str,
        behaviour: ContentHash,
    ) -> Result<Vec<Rule>, StoreError> {
        let sql = format!(
            "{COLUMNS} WHERE agent = ?1 AND source = ?2 AND workdir = ?4 AND revoked_at IS NULL \
             AND {IS_HERE} ORDER BY made_at, id"
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(agent.as_str())
            .bind(source_text(source))
            .bind(&behaviour.as_bytes()[..])
            .bind(workdir)
            .fetch_all(self.pool())
            .await?;
        read(rows)
    }

    /// All rules, or those of one agent: newest first. Those that were taken back come with them
    /// when `revoked` says so.
    ///
    /// # Errors
    /// As [`Self::rules_for`].
    pub async fn rules(
        &self,
        agent: Option<&AgentName>,
        revoked: bool,
    ) -> Result<Vec<Rule>, StoreError> {
        let sql = format!(
            "{COLUMNS} WHERE (?1 IS NULL OR agent = ?1) AND (?2 OR revoked_at IS NULL) \
             ORDER BY made_at DESC, id"
        );
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(agent.map(AgentName::as_str))
            .bind(revoked)
            .fetch_all(self.pool())
            .await?;
        read(rows)
    }

    /// Takes a rule back for good; says whether it was in force.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn revoke_rule(&self, rule: RuleId, at: Timestamp) -> Result<bool, StoreError> {
        let result =
            sqlx::query("UPDATE rules SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL")
                .bind(&rule.as_bytes()[..])
                .bind(at.as_millisecond())
                .execute(self.pool())
                .await?;
        Ok(result.rows_affected() == 1)
    }
}

/// Takes back every rule of an agent, which is removed or replaced.
pub(crate) async fn revoke_all(
    connection: &mut SqliteConnection,
    agent: &AgentName,
    unless_version: Option<ContentHash>,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE rules SET revoked_at = ?2 WHERE agent = ?1 AND revoked_at IS NULL AND NOT EXISTS ( \
         SELECT 1 FROM agents WHERE name = ?1 AND folder IS NULL AND version = ?3)",
    )
    .bind(agent.as_str())
    .bind(at.as_millisecond())
    .bind(unless_version.map(|version| version.as_bytes().to_vec()))
    .execute(connection)
    .await?;
    Ok(())
}

fn source_of(rule: &Rule) -> AgentSource {
    rule.folder
        .clone()
        .map_or(AgentSource::Imported, AgentSource::Folder)
}

fn read(rows: Vec<Row>) -> Result<Vec<Rule>, StoreError> {
    let rules = rows.into_iter().map(rule).collect::<Result<_, _>>();
    rules.map_err(|error: Unreadable| error.of("table rules"))
}

fn rule(
    (id, agent, source, workdir, tool, ruling, made_at, revoked_at): Row,
) -> Result<Rule, Unreadable> {
    Ok(Rule {
        id: columns::rule_id("id", &id)?,
        agent: columns::word("agent", &agent)?,
        folder: (source != IMPORTED).then_some(source),
        workdir,
        tool,
        ruling: columns::json("ruling", &ruling)?,
        made_at: columns::time("made_at", made_at)?,
        revoked_at: revoked_at
            .map(|at| columns::time("revoked_at", at))
            .transpose()?,
    })
}
