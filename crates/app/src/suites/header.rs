//! What a stored report says before anything is run: its suites and cases, and how they are run.

use serde::{Deserialize, Serialize};
use slipway_contract::test::{TestOrder, TestProgress};
use slipway_contract::{Problem, Usd};
use slipway_evals::assertion::Outcome;
use slipway_evals::report::{Attempt, Report};
use slipway_store::{AttemptRow, ReportRow};

use crate::App;
use crate::problem::from_store;

/// A stored report without its attempts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Header {
    /// The report, its cases without attempts.
    pub(super) report: Report,
    /// What was ordered.
    pub(super) order: TestOrder,
    /// The folder that the package was read from; none for an agent without one.
    pub(super) folder: Option<String>,
    /// Whether what was tested had not been saved as a version.
    #[serde(default)]
    pub(super) draft: bool,
    /// Whether a person allowed everything.
    #[serde(default)]
    pub(super) allow_all: bool,
    /// Whether it is the ready suite of attacks.
    #[serde(default)]
    pub(super) attacks: bool,
}

impl Header {
    pub(super) fn of(row: &ReportRow) -> Result<Self, Problem> {
        serde_json::from_str(&row.header).map_err(|error| unreadable(&error))
    }

    /// Whether the suite of this file was run.
    pub(super) fn has(&self, file: &str) -> bool {
        self.report.suites.iter().any(|suite| suite.file == file)
    }
}

/// The report with these attempts, each at its case in their order.
pub(super) fn with_attempts(mut report: Report, attempts: Vec<(String, Attempt)>) -> Report {
    let mut places = std::collections::HashMap::new();
    for (suite, of) in report.suites.iter().enumerate() {
        for (case, one) in of.cases.iter().enumerate() {
            places.insert(one.id.as_str().to_owned(), (suite, case));
        }
    }
    for (case, attempt) in attempts {
        if let Some((suite, case)) = places.get(&case) {
            report.suites[*suite].cases[*case].attempts.push(attempt);
        }
    }
    for suite in &mut report.suites {
        for case in &mut suite.cases {
            case.attempts.sort_by_key(|attempt| attempt.number);
        }
    }
    report
}

/// An attempt as it was kept.
pub(super) fn attempt_of(row: &AttemptRow) -> Result<Attempt, Problem> {
    serde_json::from_str(&row.body).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let message = format!("a stored report cannot be read: {error}");
    Problem::new(slipway_contract::ErrorCode::Storage, message)
}

impl App {
    /// A stored report whole.
    pub(super) async fn whole_report(&self, row: &ReportRow) -> Result<Report, Problem> {
        let header = Header::of(row)?;
        let rows = self.store().attempts_of(row.id).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        let attempts = rows
            .iter()
            .map(|row| Ok((row.case.clone(), attempt_of(row)?)))
            .collect::<Result<Vec<_>, Problem>>()?;
        let mut report = with_attempts(header.report, attempts);
        let took = row
            .finished_at
            .map(|end| end.as_millisecond() - row.started_at.as_millisecond());
        report.took_ms = took.and_then(|took| took.try_into().ok()).unwrap_or(0);
        Ok(report)
    }

    /// How far a stored report is that this process does not make.
    pub(super) async fn stored_progress(&self, row: &ReportRow) -> Result<TestProgress, Problem> {
        let header = Header::of(row)?;
        let rows = self.store().outcomes_of(row.id).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        let count = |outcome| rows.iter().filter(|(.., found)| *found == outcome).count();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let passed = number(count(Outcome::Passed));
        Ok(TestProgress {
            report: row.id,
            agent: row.agent.clone(),
            suites: header
                .report
                .suites
                .iter()
                .map(|suite| suite.file.clone())
                .collect(),
            mode: row.mode,
            done: number(rows.len()),
            of: row.attempts,
            passed,
            failed: number(rows.len()) - passed,
            now: Vec::new(),
            cost_usd: Usd::ZERO,
            over: row.finished_at.is_some(),
            stopped: row.stopped.clone(),
        })
    }
}
