//! Reports as files, and the report of a version to compare with.

use std::path::PathBuf;

use slipway_contract::id::ReportId;
use slipway_contract::test::Reporter;
use slipway_contract::{ContentHash, ErrorCode, Problem};
use slipway_evals::report::{Report, console, html, junit, markdown};
use slipway_store::ReportRow;

use crate::problem::{from_io, from_store};
use crate::{App, Target};

/// A report as this reporter writes it.
///
/// # Errors
/// It cannot be written so; no report is like that.
pub fn written(report: &Report, reporter: Reporter) -> Result<String, Problem> {
    let failed = |error: String| {
        let message = format!(
            "the report could not be written as {}: {error}",
            reporter.as_str()
        );
        Problem::new(ErrorCode::Internal, message)
    };
    let mut text = match reporter {
        Reporter::Console => console::render(report),
        Reporter::Json => report
            .to_json()
            .map_err(|error| failed(error.to_string()))?,
        Reporter::Junit => junit::render(report).map_err(|error| failed(error.to_string()))?,
        Reporter::Html => html::render(report),
        Reporter::Markdown => markdown::render(report),
    };
    // A terminal's prompt, and whoever appends to the file, begins on a line of its own.
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

impl App {
    pub(super) async fn report_row(&self, id: ReportId) -> Result<ReportRow, Problem> {
        let row = self.store().report(id).await;
        row.map_err(|error| from_store(&error))?.ok_or_else(|| {
            let message = format!("there is no report {}", id.short());
            Problem::new(ErrorCode::NotFound, message)
        })
    }

    /// The newest complete report of a package of a folder or an agent.
    ///
    /// # Errors
    /// Its tests were never run.
    pub async fn last_report(&self, target: &Target) -> Result<ReportId, Problem> {
        let found = self.find(target, None).await?;
        let agent = &found.package.manifest().agent.name;
        self.newest_report(agent).await?.ok_or_else(|| {
            let message = format!("the tests of {agent} were never run");
            Problem::new(ErrorCode::NotFound, message)
        })
    }

    /// What a package is now: its hash, or why it cannot be read. It is another when anything in
    /// the package changed.
    pub async fn state_of(&self, target: &Target) -> Result<ContentHash, String> {
        let found = self.find(target, None).await;
        let found = found.map_err(|problem| format!("{problem:?}"))?;
        Ok(found.package.content_hash())
    }

    /// A stored report as a file of this kind, compared with the one before it.
    ///
    /// # Errors
    /// There is no such report.
    pub async fn report_as(&self, id: ReportId, reporter: Reporter) -> Result<String, Problem> {
        let row = self.report_row(id).await?;
        let report = self.whole_report(&row).await?;
        let report = match self.report_before(&row).await? {
            Some(before) => report.compared_with(&before),
            None => report,
        };
        written(&report, reporter)
    }

    /// Writes a stored report into a file; answers where.
    ///
    /// # Errors
    /// There is no such report, or the file cannot be written.
    pub async fn save_report(
        &self,
        id: ReportId,
        reporter: Reporter,
        to: PathBuf,
    ) -> Result<String, Problem> {
        let text = self.report_as(id, reporter).await?;
        std::fs::write(&to, text).map_err(|error| from_io("written", &to, &error))?;
        Ok(to.display().to_string())
    }

    /// What a file of a stored report would be called.
    ///
    /// # Errors
    /// There is no such report.
    pub async fn report_name(&self, id: ReportId, reporter: Reporter) -> Result<String, Problem> {
        let row = self.report_row(id).await?;
        let day = row.started_at.strftime("%Y-%m-%d");
        Ok(format!(
            "{}-tests-{day}.{}",
            row.agent,
            reporter.extension()
        ))
    }
}
