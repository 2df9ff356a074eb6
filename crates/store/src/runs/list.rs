//! Runs as lists show them.

use slipway_contract::RunId;
use slipway_contract::history::RunQuery;
use slipway_contract::run::{End, RunSummary, Usage};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::select;
use crate::columns::{self, Unreadable};
use crate::leases::LeaseRow;
use crate::{Store, StoreError};

const COLUMNS: &str = "
SELECT runs.id, parent, created_at, agent, title, version, model, input, budget_usd,
    input_tokens, output_tokens, cost_usd, cost_at_most_usd, model_calls, tool_calls,
    status, parked, end_reason, end_message, end_output, end_blob, finished_at,
    leases.token, leases.owner, leases.expires_at
FROM runs LEFT JOIN leases ON leases.run = runs.id
WHERE true";

impl Store {
    /// The runs of this page. The final answer of a run is left out where it is longer than
    /// 64 KiB; [`Self::run`] has it.
    ///
    /// # Errors
    /// The database cannot be read, or a row says what cannot be.
    pub async fn runs(&self, query: &RunQuery) -> Result<Vec<RunSummary>, StoreError> {
        self.know_words(&query.filter).await?;
        let mut sql = self.page(query).await?;
        let rows = sql.build().fetch_all(self.pool()).await?;
        rows.iter().map(|row| self.summary(row)).collect()
    }

    /// The query of a page.
    pub(super) async fn page(&self, query: &RunQuery) -> Result<QueryBuilder<Sqlite>, StoreError> {
        let cut_off = self.cut_off_if_asked(&query.filter).await?;
        let mut sql = QueryBuilder::<Sqlite>::new(COLUMNS);
        select::narrow(&mut sql, &query.filter, &cut_off);
        if let Some(run) = query.after {
            select::after(&mut sql, query.order, run);
        }
        select::sort(&mut sql, query.order);
        sql.push(" LIMIT ").push_bind(query.limit);
        sql.push(" OFFSET ").push_bind(query.skip);
        Ok(sql)
    }

    /// The run with all of its final answer, or none when there is no such run.
    ///
    /// # Errors
    /// As [`Self::runs`]; also when a long answer is missing or was changed.
    pub async fn run(&self, run: RunId) -> Result<Option<RunSummary>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new(COLUMNS);
        sql.push(" AND runs.id = ").push_bind(&run.as_bytes()[..]);
        let Some(row) = sql.build().fetch_optional(self.pool()).await? else {
            return Ok(None);
        };
        let mut summary = self.summary(&row)?;
        if let (Some(end), Some(hash)) = (
            &mut summary.end,
            row.try_get::<Option<Vec<u8>>, _>("end_blob")?,
        ) {
            let hash =
                columns::hash("end_blob", &hash).map_err(|error| error.of(name(&summary.id)))?;
            let blobs = self.blobs().clone();
            let json = tokio::task::spawn_blocking(move || blobs.get(hash))
                .await
                .map_err(|error| StoreError::Sql(error.to_string()))??;
            end.output = serde_json::from_slice(&json).map_err(|error| StoreError::Content {
                hash,
                message: error.to_string(),
            })?;
        }
        Ok(Some(summary))
    }

    fn summary(&self, row: &SqliteRow) -> Result<RunSummary, StoreError> {
        let id: Vec<u8> = row.try_get("id")?;
        let id = columns::run_id("id", &id).map_err(|error| error.of("table runs"))?;
        let stored = Stored::of(row)?;
        let lease = match row.try_get::<Option<i64>, _>("token")? {
            Some(_) => Some(LeaseRow::new(
                0,
                row.try_get("owner")?,
                row.try_get("expires_at")?,
            )),
            None => None,
        };
        let mut summary = stored.summary(id).map_err(|error| error.of(name(&id)))?;
        summary.driven = !summary.status.is_end()
            && lease.is_some_and(|lease| lease.held_by(self.owner(), self.clock().now()).is_some());
        Ok(summary)
    }
}

fn name(run: &RunId) -> String {
    format!("run {run}")
}

/// A row as it lies in the table.
#[derive(sqlx::FromRow)]
struct Stored {
    parent: Option<Vec<u8>>,
    created_at: i64,
    agent: String,
    title: String,
    version: Vec<u8>,
    model: String,
    input: String,
    budget_usd: Option<String>,
    input_tokens: i64,
    output_tokens: i64,
    cost_usd: Option<String>,
    cost_at_most_usd: Option<String>,
    model_calls: i64,
    tool_calls: i64,
    status: String,
    parked: Option<String>,
    end_reason: Option<String>,
    end_message: Option<String>,
    end_output: Option<String>,
    finished_at: Option<i64>,
}

impl Stored {
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        Ok(sqlx::FromRow::from_row(row)?)
    }

    fn summary(self, id: RunId) -> Result<RunSummary, Unreadable> {
        let amount =
            |column, text: Option<String>| text.map(|text| columns::usd(column, &text)).transpose();
        let status = columns::word("status", &self.status)?;
        let end = match self.end_reason {
            Some(reason) => Some(End {
                status,
                reason: columns::word("end_reason", &reason)?,
                message: self.end_message.unwrap_or_default(),
                output: self
                    .end_output
                    .map(|json| columns::json("end_output", &json))
                    .transpose()?,
            }),
            None => None,
        };
        Ok(RunSummary {
            id,
            agent: columns::word("agent", &self.agent)?,
            title: self.title,
            version: columns::hash("version", &self.version)?,
            model: self.model,
            parent: self
                .parent
                .map(|parent| columns::run_id("parent", &parent))
                .transpose()?,
            status,
            driven: false,
            parked: self
                .parked
                .map(|reason| columns::word("parked", &reason))
                .transpose()?,
            end,
            created_at: columns::time("created_at", self.created_at)?,
            finished_at: self
                .finished_at
                .map(|time| columns::time("finished_at", time))
                .transpose()?,
            input: self.input,
            usage: Usage {
                input_tokens: columns::count("input_tokens", self.input_tokens)?,
                output_tokens: columns::count("output_tokens", self.output_tokens)?,
                cost_usd: amount("cost_usd", self.cost_usd)?,
                cost_at_most_usd: amount("cost_at_most_usd", self.cost_at_most_usd)?,
                model_calls: columns::count("model_calls", self.model_calls)?,
                tool_calls: columns::count("tool_calls", self.tool_calls)?,
            },
            budget_usd: amount("budget_usd", self.budget_usd)?,
        })
    }
}
