//! What a report is compared with.

use std::path::{Path, PathBuf};

use slipway_contract::id::ReportId;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::report::{Mode, Report};
use slipway_store::ReportRow;

use super::header::Header;
use super::plan::PlannedTests;
use super::running::TestedReport;
use crate::App;
use crate::problem::{from_io, from_store};

/// Reports that are looked through for one to compare with.
const LOOKED_AT: u32 = 100;

/// What a report is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Baseline {
    /// The newest report before it that has a case of it, of the same mode.
    #[default]
    Before,
    /// A report in a file, as the reporter `json` writes it.
    File(PathBuf),
    /// The newest report of a version, by the first digits of its hash.
    Version(String),
    /// Nothing.
    Nothing,
}

impl App {
    /// The report, compared.
    ///
    /// # Errors
    /// What was named to compare with is not there, or is no report.
    pub async fn compared(
        &self,
        tested: TestedReport,
        baseline: &Baseline,
    ) -> Result<TestedReport, Problem> {
        let before = match baseline {
            Baseline::Nothing => None,
            Baseline::Before => {
                let row = self.report_row(tested.id).await?;
                self.report_before(&row).await?
            }
            Baseline::File(path) => Some(report_in(path)?),
            Baseline::Version(digits) => {
                let (agent, mode) = (&tested.report.agent, tested.report.mode);
                let row = self.row_of_version(tested.id, agent, mode, digits).await?;
                Some(self.whole_report(&row).await?)
            }
        };
        let report = match before {
            Some(before) => tested.report.compared_with(&before),
            None => tested.report,
        };
        Ok(TestedReport { report, ..tested })
    }

    /// Whether there is what planned tests are to be compared with: known before anything is run
    /// and paid for.
    ///
    /// # Errors
    /// As [`Self::compared`].
    pub async fn check_baseline(
        &self,
        planned: &PlannedTests,
        baseline: &Baseline,
    ) -> Result<(), Problem> {
        match baseline {
            Baseline::Before | Baseline::Nothing => Ok(()),
            Baseline::File(path) => report_in(path).map(drop),
            Baseline::Version(digits) => {
                let (id, agent) = (planned.report(), planned.agent());
                let row = self.row_of_version(id, agent, planned.mode(), digits);
                row.await.map(drop)
            }
        }
    }

    /// The newest complete report before this one, of the same mode and with a suite of it.
    pub(super) async fn report_before(&self, of: &ReportRow) -> Result<Option<Report>, Problem> {
        match self.row_before(of).await? {
            Some(row) => self.whole_report(&row).await.map(Some),
            None => Ok(None),
        }
    }

    pub(super) async fn row_before(&self, of: &ReportRow) -> Result<Option<ReportRow>, Problem> {
        let header = Header::of(of)?;
        let rows = self.store().reports_of(&of.agent, LOOKED_AT).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        let earlier = rows.into_iter().filter(|row| {
            row.id != of.id
                && row.mode == of.mode
                && row.started_at <= of.started_at
                && row.finished_at.is_some()
        });
        for row in earlier {
            let before = Header::of(&row)?;
            let mut suites = header.report.suites.iter();
            if suites.any(|suite| before.has(&suite.file)) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The newest report of a version beside this one.
    async fn row_of_version(
        &self,
        beside: ReportId,
        agent: &AgentName,
        mode: Mode,
        digits: &str,
    ) -> Result<ReportRow, Problem> {
        let rows = self.store().reports_of(agent, LOOKED_AT).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        let row = rows.into_iter().find(|row| {
            row.id != beside && row.mode == mode && row.version.to_string().starts_with(digits)
        });
        row.ok_or_else(|| {
            let message = format!(
                "the tests of {agent} were never run for a version {digits} in this way ({})",
                mode.as_str()
            );
            Problem::new(ErrorCode::NotFound, message)
                .help("Compare with a report in a file instead: --baseline FILE")
        })
    }

    /// The newest complete report of an agent.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn newest_report(&self, agent: &AgentName) -> Result<Option<ReportId>, Problem> {
        let rows = self.store().reports_of(agent, LOOKED_AT).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        Ok(rows
            .into_iter()
            .find(|row| row.finished_at.is_some())
            .map(|row| row.id))
    }
}

fn report_in(path: &Path) -> Result<Report, Problem> {
    let bytes = std::fs::read(path).map_err(|error| {
        let mut problem = from_io("read", path, &error);
        if error.kind() == std::io::ErrorKind::NotFound {
            problem.code = ErrorCode::NotFound;
        }
        problem
    })?;
    Report::read(&bytes).map_err(|error| {
        let message = format!("{}: {error}", path.display());
        Problem::new(ErrorCode::InvalidInput, message)
    })
}
