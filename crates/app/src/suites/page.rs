//! An agent's tests as their page shows them.

use std::collections::HashMap;

use slipway_agent::package::Package;
use slipway_contract::test::{
    CaseCell, CaseRow, Outcome, ReportChange, ReportColumn, SuiteEntry, TestsPage,
};
use slipway_contract::{AgentName, ContentHash, Problem, Usd};
use slipway_evals::execute::{Selection, plan};
use slipway_evals::report::{Change, Comparison, Mode, Report, sentences};
use slipway_evals::statistics::{Confidence, Proportion};
use slipway_evals::suite::Suite;
use slipway_store::ReportRow;

use super::header::Header;
use super::suites_of;
use crate::App;
use crate::problem::from_store;

/// Versions that are shown beside each other.
const COLUMNS: usize = 8;
/// Reports that are looked through for them.
const LOOKED_AT: u32 = 100;

impl App {
    /// An agent's tests: its suites, and what came of one of them in its versions.
    ///
    /// # Errors
    /// There is no such agent, or what it is now is no valid package.
    pub async fn tests_page(
        &self,
        agent: &AgentName,
        suite: Option<&str>,
    ) -> Result<TestsPage, Problem> {
        let row = self.listed(agent).await?;
        let present = self.present(&row).await?;
        let package = self.package_of(present.files)?;
        let all = suites_of(&package);
        let entries: Vec<SuiteEntry> = all
            .iter()
            .map(|(file, suite)| entry(file.as_str(), suite, &package))
            .collect();
        let has = |file: &&str| entries.iter().any(|entry| entry.file == *file);
        let first = || entries.first().map(|entry| entry.file.clone());
        let file = suite.filter(has).map(str::to_owned).or_else(first);
        let shown = all
            .into_iter()
            .find(|(path, _)| Some(path.as_str()) == file.as_deref())
            .and_then(|(_, suite)| suite.ok());
        let reports = match &file {
            Some(file) => self.reports_of_suite(agent, file).await?,
            None => Vec::new(),
        };
        let chosen = columns_of(&reports, row.version);
        let mut columns = Vec::new();
        let mut cells: HashMap<String, Vec<Option<CaseCell>>> = HashMap::new();
        for (index, (report, header)) in chosen.iter().enumerate() {
            let outcomes = self.outcomes(report, header, file.as_deref()).await?;
            for (case, cell) in &outcomes {
                let row = cells
                    .entry(case.clone())
                    .or_insert_with(|| vec![None; chosen.len()]);
                row[index] = Some(*cell);
            }
            columns.push(self.column(report, header, &outcomes, row.version).await?);
        }
        let rows = shown
            .as_ref()
            .map_or_else(Vec::new, |suite| rows(suite, &cells, chosen.len()));
        let change = match reports.first() {
            Some((newest, _)) if newest.finished_at.is_some() => {
                self.changed_against(newest).await?
            }
            _ => None,
        };
        let mut running = None;
        for open in self
            .store()
            .open_reports()
            .await
            .map_err(|error| from_store(&error))?
        {
            if open.agent == *agent && running.is_none() && self.is_at_work(&open) {
                running = match self.testing().progress(open.id) {
                    Some(progress) => Some(progress),
                    None => Some(self.stored_progress(&open).await?),
                };
            }
        }
        let unfinished = match self.unfinished_row(agent).await? {
            Some(row) => Some(self.stored_progress(&row).await?),
            None => None,
        };
        Ok(TestsPage {
            agent: agent.clone(),
            title: package.manifest().agent.title.clone(),
            version: row.version,
            draft: package.content_hash() != row.version,
            suites: entries,
            suite: file,
            columns,
            rows,
            change,
            running,
            unfinished,
        })
    }

    /// The reports of a suite, the newest first.
    async fn reports_of_suite(
        &self,
        agent: &AgentName,
        file: &str,
    ) -> Result<Vec<(ReportRow, Header)>, Problem> {
        let rows = self.store().reports_of(agent, LOOKED_AT).await;
        let mut reports = Vec::new();
        for row in rows.map_err(|error| from_store(&error))? {
            let header = Header::of(&row)?;
            if header.has(file) {
                reports.push((row, header));
            }
        }
        Ok(reports)
    }

    /// What came of each case of the suite.
    async fn outcomes(
        &self,
        report: &ReportRow,
        header: &Header,
        file: Option<&str>,
    ) -> Result<HashMap<String, CaseCell>, Problem> {
        let suite = header
            .report
            .suites
            .iter()
            .find(|suite| Some(suite.file.as_str()) == file);
        let cases = suite
            .map(|suite| suite.cases.as_slice())
            .unwrap_or_default();
        let required: HashMap<&str, (u32, u32)> = cases
            .iter()
            .map(|case| (case.id.as_str(), (case.required.max(1), 0)))
            .collect();
        let rows = self.store().outcomes_of(report.id).await;
        let mut cells: HashMap<String, (CaseCell, u32)> = HashMap::new();
        for (case, _, outcome) in rows.map_err(|error| from_store(&error))? {
            if !required.contains_key(case.as_str()) {
                continue;
            }
            let (cell, unjudged) = cells.entry(case).or_insert((
                CaseCell {
                    outcome: Outcome::Unjudged,
                    passed: 0,
                    of: 0,
                },
                0,
            ));
            cell.of += 1;
            cell.passed += u32::from(outcome == Outcome::Passed);
            *unjudged += u32::from(outcome == Outcome::Unjudged);
        }
        let judged = cells.into_iter().map(|(case, (mut cell, unjudged))| {
            let (required, _) = required.get(case.as_str()).copied().unwrap_or((1, 0));
            cell.outcome = if cell.passed >= required {
                Outcome::Passed
            } else if cell.passed + unjudged >= required {
                Outcome::Unjudged
            } else {
                Outcome::Failed
            };
            (case, cell)
        });
        Ok(judged.collect())
    }

    async fn column(
        &self,
        row: &ReportRow,
        header: &Header,
        cells: &HashMap<String, CaseCell>,
        newest: ContentHash,
    ) -> Result<ReportColumn, Problem> {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let passed = cells
            .values()
            .filter(|cell| cell.outcome == Outcome::Passed)
            .count();
        let (passed, of) = (number(passed), number(cells.len()));
        let interval = Proportion::new(passed, of).map(|share| share.wilson(Confidence::P95));
        let is_draft = header.draft && row.version != newest;
        Ok(ReportColumn {
            report: row.id,
            version: (!is_draft).then_some(row.version),
            at: row.started_at,
            mode: row.mode,
            complete: row.finished_at.is_some() && row.stopped.is_none(),
            passed,
            of,
            interval: interval.map_or((0.0, 1.0), |interval| (interval.low, interval.high)),
            cost_usd: match row.mode {
                Mode::Replay => Some(Usd::ZERO),
                Mode::Live | Mode::Record => self.cost_of(row).await?,
            },
            took_ms: row.finished_at.map_or(0, |end| {
                u64::try_from(end.as_millisecond() - row.started_at.as_millisecond()).unwrap_or(0)
            }),
        })
    }

    /// What a report's runs cost; none where that is not known of all.
    async fn cost_of(&self, row: &ReportRow) -> Result<Option<Usd>, Problem> {
        let totals = self.whole_report(row).await?.totals();
        let cost = totals.cost_usd.plus(totals.judging_usd);
        Ok((totals.cost_unknown == 0).then_some(cost))
    }

    /// What a report changed against the one before it.
    async fn changed_against(&self, row: &ReportRow) -> Result<Option<ReportChange>, Problem> {
        let Some(before) = self.row_before(row).await? else {
            return Ok(None);
        };
        let (old, new): (Report, Report) = (
            self.whole_report(&before).await?,
            self.whole_report(row).await?,
        );
        let comparison = Comparison::between(&old, &new);
        let count = |change| u32::try_from(comparison.count(change)).unwrap_or(u32::MAX);
        let draft = Header::of(&before)?.draft;
        Ok(Some(ReportChange {
            report: row.id,
            against: before.id,
            against_version: (!draft).then_some(before.version),
            broken: count(Change::Broken),
            fixed: count(Change::Fixed),
            flaky: count(Change::Flaky),
            unchanged: count(Change::Unchanged),
            // The first says what the figures above say.
            words: sentences(&comparison).into_iter().skip(1).collect(),
        }))
    }
}

fn entry(
    file: &str,
    suite: &Result<Suite, Vec<slipway_contract::error::Finding>>,
    package: &Package,
) -> SuiteEntry {
    match suite {
        Err(findings) => SuiteEntry {
            file: file.to_owned(),
            title: file.to_owned(),
            cases: 0,
            replayable: false,
            findings: findings.clone(),
        },
        Ok(suite) => {
            let (work, skipped) = plan(suite, package, Mode::Replay, &Selection::default());
            let cases = super::plan::cases_of(&work).len() + skipped.len();
            SuiteEntry {
                file: file.to_owned(),
                title: suite.title.clone(),
                cases: u32::try_from(cases).unwrap_or(u32::MAX),
                replayable: skipped.is_empty(),
                findings: Vec::new(),
            }
        }
    }
}

/// The newest report of each version, and of the drafts only the newest where nothing was saved
/// since; the newest last.
fn columns_of(reports: &[(ReportRow, Header)], newest: ContentHash) -> Vec<&(ReportRow, Header)> {
    let mut chosen: Vec<&(ReportRow, Header)> = Vec::new();
    for (index, report) in reports.iter().enumerate() {
        let (row, header) = report;
        let is_draft = header.draft && row.version != newest;
        if is_draft && index > 0 {
            continue;
        }
        if chosen.iter().all(|(other, _)| other.version != row.version) {
            chosen.push(report);
        }
        if chosen.len() == COLUMNS {
            break;
        }
    }
    chosen.reverse();
    chosen
}

fn rows(
    suite: &Suite,
    cells: &HashMap<String, Vec<Option<CaseCell>>>,
    columns: usize,
) -> Vec<CaseRow> {
    let rows = suite.expand().into_iter().map(|concrete| {
        let case = concrete.case();
        CaseRow {
            case: concrete.id.to_string(),
            title: concrete.title.clone(),
            name: case.name.to_string(),
            line: case.line,
            tags: case.tags.clone(),
            model: concrete.point.model.clone(),
            recording: case.recording.clone(),
            cells: cells
                .get(concrete.id.as_str())
                .cloned()
                .unwrap_or_else(|| vec![None; columns]),
        }
    });
    rows.collect()
}
