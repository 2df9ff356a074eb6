//! Agents as lists show them: the table `agent_cards`, beside it each agent's newest run and what
//! it cost this month. All of them are read with three statements, however many they are.

use std::collections::BTreeMap;

use rusqlite::{Connection, OpenFlags, Row, params};
use slipway_agent::policy::period::Span;
use slipway_contract::agent::{LastRun, RunningCost};
use slipway_contract::budget::Period;
use slipway_contract::run::{RunState, RunStatus};
use slipway_contract::{AgentName, ContentHash, Problem, Timestamp, Usd};

use crate::columns::{self, Unreadable};
use crate::leases::LeaseRow;
use crate::owner::Owner;
use crate::{AgentRecord, AgentSource, Store, StoreError};

/// What lists say of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentCard {
    /// What it was made of: a hash, to the caller's liking.
    pub made_of: String,
    /// The title.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The model that it asks for.
    pub model: String,
    /// Why it cannot be run.
    pub problem: Option<Problem>,
}

/// An agent in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentRow {
    /// The agent; changed last when its draft was, where it has one here.
    pub record: AgentRecord,
    /// When it was put aside.
    pub archived_at: Option<Timestamp>,
    /// The hash of its draft, where it has one here.
    pub draft: Option<ContentHash>,
    /// Its card, which may be of an earlier package.
    pub card: Option<AgentCard>,
    /// Its newest run.
    pub last_run: Option<LastRun>,
    /// What its runs of this month cost.
    pub cost_this_month: Option<RunningCost>,
}

/// Which agents.
#[derive(Clone)]
enum Which {
    Archived(bool),
    Named(AgentName),
}

const AGENTS: &str = "
SELECT a.name, a.folder, a.version, max(a.updated_at, coalesce(d.updated_at, 0)), a.archived_at, d.hash,
    c.made_of, c.title, c.description, c.tags, c.model, c.problem
FROM agents AS a
LEFT JOIN drafts AS d ON d.agent = a.name
LEFT JOIN agent_cards AS c ON c.agent = a.name
WHERE coalesce(a.name = ?1, (a.archived_at IS NOT NULL) = ?2) ORDER BY a.name";

const LAST_RUNS: &str = "
SELECT a.name, r.id, r.status, r.parked, r.end_reason, r.created_at, r.finished_at, r.cost_usd,
    l.token, l.owner, l.expires_at
FROM agents AS a
JOIN runs AS r ON r.number = (
    SELECT number FROM runs WHERE agent = a.name ORDER BY created_at DESC, id DESC LIMIT 1)
LEFT JOIN leases AS l ON l.run = r.id
WHERE coalesce(a.name = ?1, (a.archived_at IS NOT NULL) = ?2)";

const COSTS: &str = "
SELECT agent, cost_usd, status FROM runs
WHERE created_at >= ?2 AND created_at < ?3 AND coalesce(agent = ?1, TRUE)";

impl Store {
    /// The agents that are in use, or those that are archived, by name.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn agent_rows(&self, archived: bool) -> Result<Vec<AgentRow>, StoreError> {
        self.read_rows(Which::Archived(archived)).await
    }

    /// One agent as lists show it, or none.
    ///
    /// # Errors
    /// As [`Self::agent_rows`].
    pub async fn agent_row(&self, name: &AgentName) -> Result<Option<AgentRow>, StoreError> {
        let rows = self.read_rows(Which::Named(name.clone())).await?;
        Ok(rows.into_iter().next())
    }

    async fn read_rows(&self, which: Which) -> Result<Vec<AgentRow>, StoreError> {
        let path = self.pool().connect_options().get_filename().to_owned();
        let (owner, now) = (self.owner().clone(), self.clock().now());
        let month = Span::of(Period::Month, now, self.zone());
        let read = move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(std::time::Duration::from_secs(5))?;
            // One state of the database for all of it.
            let snapshot = connection.transaction()?;
            let mut costs = costs(&snapshot, &which, month)?;
            let mut runs = last_runs(&snapshot, &which, (&owner, now))?;
            let mut rows = agents(&snapshot, &which)?;
            for row in &mut rows {
                row.cost_this_month = costs.remove(row.record.name.as_str());
                row.last_run = runs.remove(row.record.name.as_str());
            }
            Ok(rows)
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|error| StoreError::Sql(error.to_string()))?
    }

    /// Keeps cards; those of agents that are not here are left out.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn put_cards(&self, cards: &[(AgentName, AgentCard)]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for (agent, card) in cards {
            sqlx::query(
                "INSERT INTO agent_cards (agent, made_of, title, description, tags, model, problem) \
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM agents WHERE name = ?1) \
                 ON CONFLICT (agent) DO UPDATE SET made_of = excluded.made_of, title = excluded.title, \
                 description = excluded.description, tags = excluded.tags, model = excluded.model, \
                 problem = excluded.problem",
            )
            .bind(agent.as_str())
            .bind(&card.made_of)
            .bind(&card.title)
            .bind(&card.description)
            .bind(json(&card.tags)?)
            .bind(&card.model)
            .bind(card.problem.as_ref().map(json).transpose()?)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }
}

impl Which {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name.as_str()),
            Self::Archived(_) => None,
        }
    }

    const fn is_archived(&self) -> bool {
        matches!(self, Self::Archived(true))
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable {
        what: "what a list says of an agent".to_owned(),
        message: error.to_string(),
    })
}

fn agents(connection: &Connection, which: &Which) -> Result<Vec<AgentRow>, StoreError> {
    let mut statement = connection.prepare(AGENTS)?;
    let mut rows = statement.query(params![which.name(), which.is_archived()])?;
    let mut agents = Vec::new();
    while let Some(row) = rows.next()? {
        agents.push(agent(row)?);
    }
    Ok(agents)
}

fn agent(row: &Row<'_>) -> Result<AgentRow, StoreError> {
    let name: String = row.get(0)?;
    let folder: Option<String> = row.get(1)?;
    let version: Vec<u8> = row.get(2)?;
    let (updated_at, archived_at): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
    let draft: Option<Vec<u8>> = row.get(5)?;
    let card = card(row)?;
    let read = || -> Result<AgentRow, Unreadable> {
        Ok(AgentRow {
            record: AgentRecord {
                name: columns::word("name", &name)?,
                source: folder.map_or(AgentSource::Imported, AgentSource::Folder),
                version: columns::hash("version", &version)?,
                updated_at: columns::time("updated_at", updated_at)?,
            },
            archived_at: archived_at
                .map(|at| columns::time("archived_at", at))
                .transpose()?,
            draft: draft
                .map(|draft| columns::hash("hash", &draft))
                .transpose()?,
            card,
            last_run: None,
            cost_this_month: None,
        })
    };
    read().map_err(|error| error.of(format!("agent {name}")))
}

/// A card that cannot be read is made again.
fn card(row: &Row<'_>) -> Result<Option<AgentCard>, StoreError> {
    let Some(made_of) = row.get::<_, Option<String>>(6)? else {
        return Ok(None);
    };
    let (tags, problem): (String, Option<String>) = (row.get(9)?, row.get(11)?);
    let problem = problem
        .as_deref()
        .map(serde_json::from_str::<Problem>)
        .transpose();
    let (Ok(tags), Ok(problem)) = (serde_json::from_str(&tags), problem) else {
        return Ok(None);
    };
    Ok(Some(AgentCard {
        made_of,
        title: row.get(7)?,
        description: row.get(8)?,
        tags,
        model: row.get(10)?,
        problem,
    }))
}

fn last_runs(
    connection: &Connection,
    which: &Which,
    here: (&Owner, Timestamp),
) -> Result<BTreeMap<String, LastRun>, StoreError> {
    let mut statement = connection.prepare(LAST_RUNS)?;
    let mut rows = statement.query(params![which.name(), which.is_archived()])?;
    let mut runs = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let agent: String = row.get(0)?;
        let run = last_run(row, here)?.map_err(|error| error.of(format!("newest run of {agent}")));
        runs.insert(agent, run?);
    }
    Ok(runs)
}

fn last_run(
    row: &Row<'_>,
    (me, now): (&Owner, Timestamp),
) -> Result<Result<LastRun, Unreadable>, rusqlite::Error> {
    let (id, status): (Vec<u8>, String) = (row.get(1)?, row.get(2)?);
    let (parked, end): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let (created_at, finished_at): (i64, Option<i64>) = (row.get(5)?, row.get(6)?);
    let cost: Option<String> = row.get(7)?;
    let is_driven = match row.get::<_, Option<u64>>(8)? {
        Some(token) => LeaseRow::new(token, row.get(9)?, row.get(10)?)
            .held_by(me, now)
            .is_some(),
        None => false,
    };
    let read = || {
        let status = columns::word("status", &status)?;
        Ok(LastRun {
            id: columns::run_id("id", &id)?,
            state: RunState::of(status, is_driven),
            parked: parked
                .map(|reason| columns::word("parked", &reason))
                .transpose()?,
            end: end
                .map(|reason| columns::word("end_reason", &reason))
                .transpose()?,
            created_at: columns::time("created_at", created_at)?,
            finished_at: finished_at
                .map(|at| columns::time("finished_at", at))
                .transpose()?,
            cost_usd: cost
                .map(|cost| columns::usd("cost_usd", &cost))
                .transpose()?,
        })
    };
    Ok(read())
}

/// Amounts are exact decimals, which SQLite does not add up.
fn costs(
    connection: &Connection,
    which: &Which,
    month: Span,
) -> Result<BTreeMap<String, RunningCost>, StoreError> {
    let mut statement = connection.prepare(COSTS)?;
    let (since, until) = (month.since.as_millisecond(), month.until.as_millisecond());
    let mut rows = statement.query(params![which.name(), since, until])?;
    let mut costs: BTreeMap<String, RunningCost> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let cost: Option<String> = row.get(1)?;
        let usd = cost.as_deref().map(|cost| columns::usd("cost_usd", cost));
        let usd = usd.transpose().map_err(|error| error.of("table runs"))?;
        let status: String = row.get(2)?;
        // A run without a price costs nothing that is known; one that has only begun may yet have one.
        let is_unknown = usd.is_none() && status != RunStatus::Queued.as_str();
        let agent = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        if !costs.contains_key(agent) {
            let none = RunningCost {
                usd: Usd::ZERO,
                is_least: false,
            };
            costs.insert(agent.to_owned(), none);
        }
        if let Some(sum) = costs.get_mut(agent) {
            sum.usd = sum.usd.plus(usd.unwrap_or(Usd::ZERO));
            sum.is_least |= is_unknown;
        }
    }
    Ok(costs)
}
