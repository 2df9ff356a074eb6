//! The attempts of reports, and their runs.

use rusqlite::{Connection, params};
use slipway_contract::RunId;
use slipway_contract::id::ReportId;
use slipway_contract::test::Outcome;
use sqlx::{QueryBuilder, Sqlite};

use crate::columns;
use crate::writer::{Durability, WriteFailure};
use crate::{Store, StoreError};

/// Rows of one statement: SQLite takes 32,766 values.
const ROWS: usize = 4_000;

/// An attempt that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// The case.
    pub case: String,
    /// From 1.
    pub number: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// The rest of it, as its maker keeps it.
    pub body: String,
    /// What happened in it; none where that was not kept, or is not asked for.
    pub trace: Option<String>,
}

/// How many attempts of a report are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Over.
    pub done: u32,
    /// Passed.
    pub passed: u32,
}

impl Store {
    /// Keeps attempts that are over, all of them or none.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn keep_attempts(
        &self,
        report: ReportId,
        rows: &[AttemptRow],
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin().await?;
        for some in rows.chunks(ROWS) {
            let mut sql: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT OR REPLACE INTO attempts (report, case_id, number, outcome, body, trace) ",
            );
            sql.push_values(some, |mut row, attempt| {
                row.push_bind(report.as_bytes().to_vec())
                    .push_bind(&attempt.case)
                    .push_bind(attempt.number)
                    .push_bind(columns::of_word(&attempt.outcome))
                    .push_bind(&attempt.body)
                    .push_bind(attempt.trace.as_deref());
            });
            sql.build().execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The attempts of a report without what happened in them, as they came to their end.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn attempts_of(&self, report: ReportId) -> Result<Vec<AttemptRow>, StoreError> {
        let rows: Vec<(String, u32, String, String)> = sqlx::query_as(
            "SELECT case_id, number, outcome, body FROM attempts WHERE report = ?1 ORDER BY rowid",
        )
        .bind(&report.as_bytes()[..])
        .fetch_all(self.pool())
        .await?;
        let rows = rows.into_iter().map(|(case, number, outcome, body)| {
            let outcome = columns::word("outcome", &outcome);
            Ok(AttemptRow {
                case,
                number,
                outcome: outcome.map_err(|error| error.of("table attempts"))?,
                body,
                trace: None,
            })
        });
        rows.collect()
    }

    /// What came of each attempt of a report, without the rest: the case, its number, the outcome.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn outcomes_of(
        &self,
        report: ReportId,
    ) -> Result<Vec<(String, u32, Outcome)>, StoreError> {
        let rows: Vec<(String, u32, String)> =
            sqlx::query_as("SELECT case_id, number, outcome FROM attempts WHERE report = ?1")
                .bind(&report.as_bytes()[..])
                .fetch_all(self.pool())
                .await?;
        let rows = rows.into_iter().map(|(case, number, outcome)| {
            let outcome = columns::word("outcome", &outcome);
            Ok((
                case,
                number,
                outcome.map_err(|error| error.of("table attempts"))?,
            ))
        });
        rows.collect()
    }

    /// How many attempts of a report are over.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn count_attempts(&self, report: ReportId) -> Result<Counts, StoreError> {
        let (done, passed): (u32, u32) = sqlx::query_as(
            "SELECT count(*), count(*) FILTER (WHERE outcome = 'passed') FROM attempts WHERE report = ?1",
        )
        .bind(&report.as_bytes()[..])
        .fetch_one(self.pool())
        .await?;
        Ok(Counts { done, passed })
    }

    /// What happened in an attempt, if that was kept.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn trace_of(
        &self,
        report: ReportId,
        case: &str,
        number: u32,
    ) -> Result<Option<String>, StoreError> {
        let row: Option<(Option<String>,)> = sqlx::query_as(
            "SELECT trace FROM attempts WHERE report = ?1 AND case_id = ?2 AND number = ?3",
        )
        .bind(&report.as_bytes()[..])
        .bind(case)
        .bind(number)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.and_then(|(trace,)| trace))
    }

    /// Writes down that this run is about to begin for an attempt. What was begun before for the
    /// same turn, or later ones, is given up.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn keep_attempt_run(
        &self,
        report: ReportId,
        (case, number, turn): (&str, u32, u32),
        run: RunId,
    ) -> Result<(), StoreError> {
        let case = case.to_owned();
        let write = move |connection: &Connection| -> Result<(), WriteFailure> {
            connection
                .prepare_cached(
                    "UPDATE attempt_runs SET turn = NULL \
                     WHERE report = ?1 AND case_id = ?2 AND number = ?3 AND turn >= ?4",
                )?
                .execute(params![report.as_bytes(), case, number, turn])?;
            connection
                .prepare_cached(
                    "INSERT INTO attempt_runs (run, report, case_id, number, turn) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![run.as_bytes(), report.as_bytes(), case, number, turn])?;
            Ok(())
        };
        // Nothing of the run is there before this: its own first write comes after it.
        self.writer().write(Durability::WithTheNext, write).await?;
        Ok(())
    }

    /// Gives up the runs that were begun for an attempt: it is made anew.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn give_up_runs(
        &self,
        report: ReportId,
        (case, number): (&str, u32),
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE attempt_runs SET turn = NULL WHERE report = ?1 AND case_id = ?2 AND number = ?3",
        )
        .bind(&report.as_bytes()[..])
        .bind(case)
        .bind(number)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The runs that were begun for the attempts of a report: the case, the attempt, the run; those
    /// of one attempt turn by turn. Those that were given up are not among them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn attempt_runs(
        &self,
        report: ReportId,
    ) -> Result<Vec<(String, u32, RunId)>, StoreError> {
        let rows: Vec<(String, u32, Vec<u8>)> = sqlx::query_as(
            "SELECT case_id, number, run FROM attempt_runs WHERE report = ?1 AND turn IS NOT NULL ORDER BY case_id, number, turn",
        )
        .bind(&report.as_bytes()[..])
        .fetch_all(self.pool())
        .await?;
        let rows = rows.into_iter().map(|(case, number, run)| {
            let run = columns::run_id("run", &run);
            Ok((
                case,
                number,
                run.map_err(|error| error.of("table attempt_runs"))?,
            ))
        });
        rows.collect()
    }
}
