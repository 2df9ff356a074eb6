//! What came of running tests: the tables `reports`, `attempts`, `attempt_runs`, `verdict_labels`
//! and `regressions`.

mod attempts;
mod said;

use slipway_contract::id::ReportId;
use slipway_contract::test::Mode;
use slipway_contract::{AgentName, ContentHash, Timestamp};

pub use attempts::{AttemptRow, Counts};
pub use said::LabelRow;

use crate::columns::{self, Unreadable};
use crate::{Store, StoreError};

/// Reports of an agent that are kept; older ones go when a new one begins.
const KEPT: i64 = 300;
/// Reports of an agent whose attempts keep what happened in them.
const TRACED: i64 = 20;

/// Once that tests were run.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportRow {
    /// The report.
    pub id: ReportId,
    /// The agent.
    pub agent: AgentName,
    /// The content of what was tested.
    pub version: ContentHash,
    /// How models answered.
    pub mode: Mode,
    /// What is known before anything is run, as its maker keeps it.
    pub header: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When its process was last at it.
    pub seen_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it ended before its end.
    pub stopped: Option<String>,
    /// The attempts that there are to make.
    pub attempts: u32,
}

type Row = (
    Vec<u8>,
    String,
    Vec<u8>,
    String,
    String,
    i64,
    i64,
    Option<i64>,
    Option<String>,
    u32,
);

const COLUMNS: &str = "SELECT id, agent, version, mode, header, started_at, seen_at, finished_at, stopped, attempts FROM reports";

impl Store {
    /// Keeps a report that begins; the oldest of the agent go.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn begin_report(&self, report: &ReportRow) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin().await?;
        sqlx::query(
            "INSERT INTO reports (id, agent, version, mode, header, started_at, seen_at, attempts) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
        )
        .bind(&report.id.as_bytes()[..])
        .bind(report.agent.as_str())
        .bind(&report.version.as_bytes()[..])
        .bind(report.mode.as_str())
        .bind(&report.header)
        .bind(report.started_at.as_millisecond())
        .bind(report.attempts)
        .execute(&mut *transaction)
        .await?;
        let older = |count: i64| {
            format!(
                "(SELECT id FROM reports WHERE agent = ?1 ORDER BY started_at DESC, id LIMIT -1 OFFSET {count})"
            )
        };
        for sql in [
            format!("DELETE FROM reports WHERE id IN {}", older(KEPT)),
            format!(
                "UPDATE attempts SET trace = NULL WHERE trace IS NOT NULL AND report IN {}",
                older(TRACED)
            ),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(report.agent.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Says that somebody is at a report now; from then on it has not ended.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn see_report(&self, report: ReportId, at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE reports SET seen_at = ?2, finished_at = NULL, stopped = NULL WHERE id = ?1",
        )
        .bind(&report.as_bytes()[..])
        .bind(at.as_millisecond())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Ends a report; `stopped` says why before its end.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn end_report(
        &self,
        report: ReportId,
        at: Timestamp,
        stopped: Option<&str>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE reports SET finished_at = ?2, seen_at = ?2, stopped = ?3 WHERE id = ?1",
        )
        .bind(&report.as_bytes()[..])
        .bind(at.as_millisecond())
        .bind(stopped)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// An agent's reports, the newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn reports_of(
        &self,
        agent: &AgentName,
        most: u32,
    ) -> Result<Vec<ReportRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE agent = ?1 ORDER BY started_at DESC, id LIMIT ?2");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(agent.as_str())
            .bind(most)
            .fetch_all(self.pool())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Reports that have not ended, of all agents.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_reports(&self) -> Result<Vec<ReportRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE finished_at IS NULL ORDER BY started_at DESC, id");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(self.pool())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// A report.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn report(&self, report: ReportId) -> Result<Option<ReportRow>, StoreError> {
        let sql = format!("{COLUMNS} WHERE id = ?1");
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(&report.as_bytes()[..])
            .fetch_optional(self.pool())
            .await?;
        row.map(read).transpose()
    }
}

fn read(row: Row) -> Result<ReportRow, StoreError> {
    let (id, agent, version, mode, header, started_at, seen_at, finished_at, stopped, attempts) =
        row;
    let read = || -> Result<ReportRow, Unreadable> {
        Ok(ReportRow {
            id: report_id("id", &id)?,
            agent: columns::word("agent", &agent)?,
            version: columns::hash("version", &version)?,
            mode: columns::word("mode", &mode)?,
            header,
            started_at: columns::time("started_at", started_at)?,
            seen_at: columns::time("seen_at", seen_at)?,
            finished_at: finished_at
                .map(|at| columns::time("finished_at", at))
                .transpose()?,
            stopped,
            attempts,
        })
    };
    read().map_err(|error| error.of("table reports"))
}

fn report_id(column: &'static str, bytes: &[u8]) -> Result<ReportId, Unreadable> {
    columns::run_id(column, bytes).map(|id| ReportId::from_random(*id.as_bytes()))
}
