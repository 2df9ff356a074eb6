//! Going on with a report that was cut off: what is over is not made again, and what was under way
//! is taken up where its journal ends.

use std::collections::BTreeSet;

use slipway_contract::id::ReportId;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_evals::execute::{Selection, plan};
use slipway_evals::report::{CaseReport, Mode};
use slipway_evals::suite::CaseId;
use slipway_store::ReportRow;

use super::at_work::is_made;
use super::header::Header;
use super::plan::{PlannedTests, TestOptions, by_attempt, pace};
use super::suites_to_run;
use crate::problem::from_store;
use crate::target::Found;
use crate::{App, Target};

/// Reports that are looked through for one that was cut off.
const LOOKED_AT: u32 = 50;

impl App {
    pub(super) async fn plan_resumed(
        &self,
        found: Found,
        options: TestOptions,
    ) -> Result<PlannedTests, Problem> {
        let agent = found.package.manifest().agent.name.clone();
        let Some(id) = options.order.resume else {
            return Err(nothing_to_resume(&agent));
        };
        let row = self
            .store()
            .report(id)
            .await
            .map_err(|error| from_store(&error))?;
        let row = row.filter(|row| row.agent == agent);
        let row = row.ok_or_else(|| {
            let message = format!("there is no report {} of {agent}", id.short());
            Problem::new(ErrorCode::NotFound, message)
        })?;
        self.check_resumable(&row)?;
        let mut header = Header::of(&row)?;
        let mut found = found;
        // What is gone on with is what was begun.
        found.package = self.version(row.version).await?;
        let over: BTreeSet<(String, u32)> = self
            .store()
            .outcomes_of(id)
            .await
            .map_err(|error| from_store(&error))?
            .into_iter()
            .map(|(case, number, _)| (case, number))
            .collect();
        let runs = self.store().attempt_runs(id).await;
        let mut runs = by_attempt(runs.map_err(|error| from_store(&error))?);
        let mut work = Vec::new();
        for (file, suite) in suites_to_run(&found.package, header.attacks) {
            let of = header
                .report
                .suites
                .iter()
                .find(|one| one.file == file.as_str());
            let (Some(of), Ok(suite)) = (of, suite) else {
                continue;
            };
            let cases: BTreeSet<CaseId> = of
                .cases
                .iter()
                .map(|case: &CaseReport| case.id.clone())
                .collect();
            let selection = Selection {
                cases: Some(cases),
                ..Selection::default()
            };
            let (attempts, _) = plan(&suite, &found.package, row.mode, &selection);
            work.extend(attempts);
        }
        work.retain_mut(|one| {
            let key = (one.id.case.to_string(), one.id.number);
            one.begun = runs.remove(&key).unwrap_or_default();
            !over.contains(&key)
        });
        if options.order.budget_usd.is_some() {
            header.order.budget_usd = options.order.budget_usd;
        }
        header.allow_all |= options.allow_all;
        Ok(PlannedTests {
            id,
            pace: pace(&options),
            found,
            header,
            work,
            options,
            is_resumed: true,
        })
    }

    pub(super) fn check_resumable(&self, row: &ReportRow) -> Result<(), Problem> {
        let id = row.id.short();
        let refused = |code, message| Err(Problem::new(code, message));
        if row.mode == Mode::Replay {
            return refused(
                ErrorCode::WrongState,
                format!("the report {id} played recordings: run it again, it costs nothing"),
            );
        }
        if row.finished_at.is_some() && row.stopped.is_none() {
            return refused(
                ErrorCode::WrongState,
                format!("the report {id} is complete: there is nothing left to run"),
            );
        }
        if self.is_at_work(row) {
            return Err(is_made(row.id));
        }
        Ok(())
    }

    /// The newest report of an agent that was cut off or stopped and asked models.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn unfinished_report(&self, agent: &AgentName) -> Result<Option<ReportId>, Problem> {
        let row = self.unfinished_row(agent).await?;
        Ok(row.map(|row| row.id))
    }

    /// The same for a package of a folder or an agent.
    ///
    /// # Errors
    /// None was cut off.
    pub async fn report_to_resume(&self, target: &Target) -> Result<ReportId, Problem> {
        let found = self.find(target, None).await?;
        let agent = &found.package.manifest().agent.name;
        if let Some(report) = self.unfinished_report(agent).await? {
            return Ok(report);
        }
        let open = self.store().open_reports().await;
        let open = open.map_err(|error| from_store(&error))?;
        let made = open
            .iter()
            .find(|row| row.agent == *agent && self.is_at_work(row));
        Err(made.map_or_else(|| nothing_to_resume(agent), |row| is_made(row.id)))
    }

    pub(super) async fn unfinished_row(
        &self,
        agent: &AgentName,
    ) -> Result<Option<ReportRow>, Problem> {
        let rows = self.store().reports_of(agent, LOOKED_AT).await;
        let rows = rows.map_err(|error| from_store(&error))?;
        Ok(rows
            .into_iter()
            .find(|row| self.check_resumable(row).is_ok()))
    }
}

pub(super) fn nothing_to_resume(agent: &AgentName) -> Problem {
    let message = format!("no test run of {agent} was cut off: there is nothing to go on with");
    Problem::new(ErrorCode::NotFound, message)
}
