//! A run's row, as the journal's writer writes it.

use rusqlite::{Connection, params};
use slipway_agent::ports::journal::{Head, JournalError, NewRun};
use slipway_contract::Timestamp;
use slipway_contract::run::{End, RunStatus, Usage};

use crate::blobs::Blobs;
use crate::columns::{of_count, of_usd, of_word};
use crate::events::Body;
use crate::writer::WriteFailure;

/// A run's number in this database: short, and rising with each new run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RunNumber(pub(crate) i64);

/// What changes in a run's row, before it is decided where a long answer lies.
#[derive(Debug)]
pub(crate) struct HeadText {
    row: HeadRow,
    output: Option<String>,
}

/// What changes in a run's row.
#[derive(Debug)]
pub(crate) struct HeadRow {
    status: RunStatus,
    parked: Option<String>,
    end: Option<EndRow>,
    usage: Usage,
    expires_at: Option<i64>,
}

#[derive(Debug)]
struct EndRow {
    reason: &'static str,
    message: String,
    output: Option<Body>,
    finished_at: i64,
}

impl HeadText {
    /// The row of this head; `finished_at` counts where it has an end.
    pub(crate) fn of(head: &Head, finished_at: i64) -> Result<Self, JournalError> {
        let output = head.end.as_ref().and_then(|end| end.output.as_ref());
        let output = output
            .map(serde_json::to_string)
            .transpose()
            .map_err(|error| JournalError::Storage(error.to_string()))?;
        let end_row = |end: &End| EndRow {
            reason: end.reason.as_str(),
            message: end.message.clone(),
            output: None,
            finished_at,
        };
        Ok(Self {
            row: HeadRow {
                status: head.status,
                parked: head.parked.as_ref().map(of_word),
                end: head.end.as_ref().map(end_row),
                usage: head.usage.clone(),
                expires_at: head.expires_at.map(Timestamp::as_millisecond),
            },
            output,
        })
    }

    pub(crate) fn is_long(&self) -> bool {
        let output = self.output.as_deref();
        output.is_some_and(|json| json.len() > crate::events::INLINE_BYTES)
    }

    /// The row, a long answer written beside the database. May block.
    pub(crate) fn keep(mut self, blobs: &Blobs) -> Result<HeadRow, JournalError> {
        if let (Some(end), Some(json)) = (&mut self.row.end, self.output) {
            end.output = Some(Body::keep(json, blobs)?);
        }
        Ok(self.row)
    }
}

impl HeadRow {
    /// Whether more than the figures is new, seen from the row's status.
    pub(crate) fn changes(&self, status: RunStatus) -> bool {
        self.status != status || self.parked.is_some() || self.end.is_some()
    }
}

/// Adds a run's row and gives its number; none when it was there before.
pub(crate) fn insert(
    connection: &Connection,
    new: &NewRun,
    last_seq: u64,
    head: &HeadRow,
) -> Result<Option<RunNumber>, WriteFailure> {
    let end = head.end.as_ref();
    let output = end.and_then(|end| end.output.as_ref());
    let added = connection
        .prepare_cached(
            "INSERT INTO runs (id, last_seq, input_tokens, output_tokens, cost_usd, model_calls, \
             tool_calls, status, parked, end_reason, end_message, end_output, end_blob, \
             finished_at, parent, fork_seq, created_at, agent, title, version, model, input, \
             budget_usd, expires_at, cost_at_most_usd) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
             ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            new.run.as_bytes(),
            of_count(last_seq),
            of_count(head.usage.input_tokens),
            of_count(head.usage.output_tokens),
            head.usage.cost_usd.map(of_usd),
            head.usage.model_calls,
            head.usage.tool_calls,
            head.status.as_str(),
            head.parked,
            end.map(|end| end.reason),
            end.map(|end| end.message.as_str()),
            output.and_then(Body::inline),
            output.and_then(Body::beside),
            end.map(|end| end.finished_at),
            new.parent.as_ref().map(|fork| &fork.run.as_bytes()[..]),
            new.parent.map(|fork| of_count(fork.seq)),
            new.created_at.as_millisecond(),
            new.agent.as_str(),
            new.title,
            new.version.as_bytes(),
            new.model.to_string(),
            new.input,
            new.budget_usd.map(of_usd),
            head.expires_at,
            head.usage.cost_at_most_usd.map(of_usd),
        ])?;
    Ok((added == 1).then(|| RunNumber(connection.last_insert_rowid())))
}

/// Writes all of a run's row that can change.
pub(crate) fn update(
    connection: &Connection,
    run: RunNumber,
    last_seq: u64,
    head: &HeadRow,
) -> Result<(), WriteFailure> {
    let end = head.end.as_ref();
    let output = end.and_then(|end| end.output.as_ref());
    connection
        .prepare_cached(
            "UPDATE runs SET last_seq = ?2, input_tokens = ?3, output_tokens = ?4, cost_usd = ?5, \
             model_calls = ?6, tool_calls = ?7, status = ?8, parked = ?9, end_reason = ?10, \
             end_message = ?11, end_output = ?12, end_blob = ?13, finished_at = ?14, \
             expires_at = ?15, cost_at_most_usd = ?16 WHERE number = ?1",
        )?
        .execute(params![
            run.0,
            of_count(last_seq),
            of_count(head.usage.input_tokens),
            of_count(head.usage.output_tokens),
            head.usage.cost_usd.map(of_usd),
            head.usage.model_calls,
            head.usage.tool_calls,
            head.status.as_str(),
            head.parked,
            end.map(|end| end.reason),
            end.map(|end| end.message.as_str()),
            output.and_then(Body::inline),
            output.and_then(Body::beside),
            end.map(|end| end.finished_at),
            head.expires_at,
            head.usage.cost_at_most_usd.map(of_usd),
        ])?;
    Ok(())
}

/// Writes a run's figures: the row's state, and so its place in the indexes, stays.
pub(crate) fn update_figures(
    connection: &Connection,
    run: RunNumber,
    last_seq: u64,
    head: &HeadRow,
) -> Result<(), WriteFailure> {
    connection
        .prepare_cached(
            "UPDATE runs SET last_seq = ?2, input_tokens = ?3, output_tokens = ?4, cost_usd = ?5, \
             model_calls = ?6, tool_calls = ?7, cost_at_most_usd = ?8 WHERE number = ?1",
        )?
        .execute(params![
            run.0,
            of_count(last_seq),
            of_count(head.usage.input_tokens),
            of_count(head.usage.output_tokens),
            head.usage.cost_usd.map(of_usd),
            head.usage.model_calls,
            head.usage.tool_calls,
            head.usage.cost_at_most_usd.map(of_usd),
        ])?;
    Ok(())
}
