//! What a person said of what came of tests.

use slipway_contract::Timestamp;
use slipway_contract::id::ReportId;

use crate::columns;
use crate::{Store, StoreError};

/// What a person said of a model's verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRow {
    /// The case.
    pub case: String,
    /// The attempt, from 1.
    pub number: u32,
    /// The expectation, in the report's words.
    pub expected: String,
    /// Whether the person finds that it is met.
    pub met: bool,
}

impl Store {
    /// Keeps what a person says of a model's verdict.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn keep_label(
        &self,
        report: ReportId,
        label: &LabelRow,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT OR REPLACE INTO verdict_labels (report, case_id, number, expected, met, said_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(&report.as_bytes()[..])
        .bind(&label.case)
        .bind(label.number)
        .bind(&label.expected)
        .bind(label.met)
        .bind(at.as_millisecond())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Takes back what a person said of a verdict.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn remove_label(
        &self,
        report: ReportId,
        (case, number, expected): (&str, u32, &str),
    ) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM verdict_labels WHERE report = ?1 AND case_id = ?2 AND number = ?3 AND expected = ?4",
        )
        .bind(&report.as_bytes()[..])
        .bind(case)
        .bind(number)
        .bind(expected)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// What a person said of the verdicts of a report.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn labels_of(&self, report: ReportId) -> Result<Vec<LabelRow>, StoreError> {
        let rows: Vec<(String, u32, String, bool)> = sqlx::query_as(
            "SELECT case_id, number, expected, met FROM verdict_labels WHERE report = ?1",
        )
        .bind(&report.as_bytes()[..])
        .fetch_all(self.pool())
        .await?;
        let rows = rows
            .into_iter()
            .map(|(case, number, expected, met)| LabelRow {
                case,
                number,
                expected,
                met,
            });
        Ok(rows.collect())
    }

    /// Calls what came of a case a regression, or takes that back where there is no time.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn set_regression(
        &self,
        report: ReportId,
        case: &str,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = match at {
            Some(_) => {
                "INSERT OR REPLACE INTO regressions (report, case_id, said_at) VALUES (?1, ?2, ?3)"
            }
            None => "DELETE FROM regressions WHERE report = ?1 AND case_id = ?2 AND ?3 IS NULL",
        };
        sqlx::query(sql)
            .bind(&report.as_bytes()[..])
            .bind(case)
            .bind(at.map(Timestamp::as_millisecond))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// When a person called what came of this case a regression.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn regression(
        &self,
        report: ReportId,
        case: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT said_at FROM regressions WHERE report = ?1 AND case_id = ?2")
                .bind(&report.as_bytes()[..])
                .bind(case)
                .fetch_optional(self.pool())
                .await?;
        let at = row.map(|(at,)| columns::time("said_at", at)).transpose();
        at.map_err(|error| error.of("table regressions"))
    }
}
