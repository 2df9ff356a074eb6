//! Planning a test run: everything that can be wrong is found before anything starts.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use slipway_contract::id::ReportId;
use slipway_contract::model::ModelRef;
use slipway_contract::test::TestOrder;
use slipway_contract::{AgentName, ErrorCode, Problem, RunId};
use slipway_evals::execute::{Selection, Work, plan};
use slipway_evals::report::{CaseReport, FORMAT, Mode, Report, SkippedCase, SuiteReport};
use slipway_evals::suite::{CaseId, ConcreteCase};
use slipway_runner::Pace;
use slipway_runner::system::new_run_id;

use super::header::Header;
use super::{no_suite, suites_to_run};
use crate::target::Found;
use crate::{App, Target};

/// Runs of tests that ask models at once, where the person says nothing.
const LIVE_AT_ONCE: usize = 8;

/// How a person wants tests to be run.
#[derive(Debug, Clone)]
pub struct TestOptions {
    /// Which, and how models answer.
    pub order: TestOrder,
    /// Only cases with one of these words.
    pub tags: Vec<String>,
    /// Only cases whose title holds this.
    pub text: Option<String>,
    /// Only cases that differ from a version, or that run what differs.
    pub changed_since: Option<Since>,
    /// Allow whatever the package asks for, and whatever its runs ask and no case denies.
    pub allow_all: bool,
    /// Keep the runs off the network.
    pub no_network: bool,
    /// How many attempts are made at once.
    pub at_once: Option<usize>,
    /// The most calls a minute to each provider.
    pub a_minute: Option<NonZeroU32>,
    /// Another model than the agent's, for cases whose suite names none.
    pub model: Option<ModelRef>,
    /// The model that judges by rubrics.
    pub judge: Option<ModelRef>,
    /// The model that makes embeddings; without it texts are compared by their words.
    pub embeddings: Option<ModelRef>,
    /// The ready suite of attacks, instead of the agent's own suites.
    pub attacks: bool,
}

/// A version of the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Its newest.
    Newest,
    /// By the first digits of its hash.
    Version(String),
}

impl TestOptions {
    /// This order, and nothing else said.
    #[must_use]
    pub const fn of(order: TestOrder) -> Self {
        Self {
            order,
            tags: Vec::new(),
            text: None,
            changed_since: None,
            allow_all: false,
            no_network: false,
            at_once: None,
            a_minute: None,
            model: None,
            judge: None,
            embeddings: None,
            attacks: false,
        }
    }
}

/// Tests that are ready to be run.
pub struct PlannedTests {
    pub(super) id: ReportId,
    pub(super) found: Found,
    pub(super) header: Header,
    pub(super) work: Vec<Work>,
    pub(super) options: TestOptions,
    pub(super) pace: Arc<Pace>,
    /// Whether the report is there already.
    pub(super) is_resumed: bool,
}

impl PlannedTests {
    /// The report that will be made.
    #[must_use]
    pub const fn report(&self) -> ReportId {
        self.id
    }

    /// The agent.
    #[must_use]
    pub const fn agent(&self) -> &AgentName {
        &self.header.report.agent
    }

    /// The suites with the cases that are run, and those that are left out.
    #[must_use]
    pub fn suites(&self) -> &[SuiteReport] {
        &self.header.report.suites
    }

    /// The cases that are run: their ids and titles.
    #[must_use]
    pub fn cases(&self) -> Vec<(String, String)> {
        let cases = self.header.report.cases();
        cases
            .map(|(_, case)| (case.id.to_string(), case.title.clone()))
            .collect()
    }

    /// Attempts that are to be made.
    #[must_use]
    pub const fn attempts(&self) -> usize {
        self.work.len()
    }

    /// How models answer.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.header.report.mode
    }
}

impl App {
    /// Plans tests; nothing is run or stored.
    ///
    /// # Errors
    /// The package is not valid, has no tests, or nothing in it is what is asked for. A suite that
    /// is not valid is no error: the report says what is wrong with it.
    pub async fn plan_tests(
        &self,
        target: &Target,
        options: TestOptions,
    ) -> Result<PlannedTests, Problem> {
        let found = self.find(target, None).await?;
        if options.order.resume.is_some() {
            return self.plan_resumed(found, options).await;
        }
        let package = &found.package;
        let agent = &package.manifest().agent.name;
        let all = suites_to_run(package, options.attacks);
        if all.is_empty() {
            return Err(no_suite(agent));
        }
        let order = &options.order;
        let files: Vec<&str> = all.iter().map(|(file, _)| file.as_str()).collect();
        if let Some(unknown) = order
            .suites
            .iter()
            .find(|file| !files.contains(&file.as_str()))
        {
            let message = format!("{agent} has no suite {unknown:?}");
            return Err(Problem::new(ErrorCode::NotFound, message)
                .help(format!("It has: {}.", files.join(", "))));
        }
        let mut selection = Selection {
            cases: chosen(&order.cases)?,
            tags: options.tags.clone(),
            text: options.text.clone(),
        };
        if order.failed {
            let failed = self.failed_cases(agent).await?;
            narrow(&mut selection, failed);
        }
        if let Some(version) = &options.changed_since {
            let changed = self.changed_cases(&found, version).await?;
            narrow(&mut selection, changed);
        }
        let mode = order.mode;
        let (mut suites, mut work) = (Vec::new(), Vec::new());
        for (file, suite) in all {
            if !order.suites.is_empty() && !order.suites.contains(&file.to_string()) {
                continue;
            }
            let mut told = SuiteReport {
                file: file.to_string(),
                title: file.to_string(),
                findings: Vec::new(),
                cases: Vec::new(),
                skipped: Vec::new(),
            };
            match suite {
                Err(findings) => told.findings = findings,
                Ok(suite) => {
                    told.title.clone_from(&suite.title);
                    let (attempts, skipped) = plan(&suite, package, mode, &selection);
                    told.cases = cases_of(&attempts);
                    told.skipped = skipped
                        .into_iter()
                        .map(|one| SkippedCase {
                            id: one.case,
                            title: one.title,
                            why: one.why,
                        })
                        .collect();
                    work.extend(attempts);
                }
            }
            suites.push(told);
        }
        check_any(agent, &suites, &selection)?;
        let world = self.runner();
        let world = world.world();
        let report = Report {
            format: FORMAT,
            agent: agent.clone(),
            title: package.manifest().agent.title.clone(),
            version: Some(package.content_hash()),
            mode,
            started_at: world.clock.now(),
            took_ms: 0,
            suites,
            against: None,
        };
        let draft = self.is_draft(agent, package).await?;
        let header = Header {
            report,
            order: options.order.clone(),
            folder: found.folder().map(|folder| folder.display().to_string()),
            draft,
            allow_all: options.allow_all,
            attacks: options.attacks,
        };
        let id = new_run_id(&*world.random);
        Ok(PlannedTests {
            id: ReportId::from_random(*id.as_bytes()),
            pace: pace(&options),
            found,
            header,
            work,
            options,
            is_resumed: false,
        })
    }

    async fn is_draft(
        &self,
        agent: &AgentName,
        package: &slipway_agent::package::Package,
    ) -> Result<bool, Problem> {
        let row = self.store().agent(agent).await;
        let row = row.map_err(|error| crate::problem::from_store(&error))?;
        Ok(row.is_some_and(|row| row.version != package.content_hash()))
    }
}

pub(super) fn pace(options: &TestOptions) -> Arc<Pace> {
    let at_once = options.at_once.unwrap_or(LIVE_AT_ONCE);
    Arc::new(Pace::new(at_once, options.a_minute))
}

/// How many attempts are made at once.
pub(super) fn at_once(options: &TestOptions, mode: Mode) -> usize {
    options.at_once.unwrap_or_else(|| match mode {
        // Playing a recording is work for this machine alone.
        Mode::Replay => std::thread::available_parallelism().map_or(2, usize::from),
        Mode::Live | Mode::Record => LIVE_AT_ONCE,
    })
}

fn chosen(cases: &[String]) -> Result<Option<BTreeSet<CaseId>>, Problem> {
    if cases.is_empty() {
        return Ok(None);
    }
    let ids = cases.iter().map(|case| {
        case.parse::<CaseId>()
            .map_err(|error| Problem::new(ErrorCode::InvalidInput, error))
    });
    ids.collect::<Result<_, _>>().map(Some)
}

fn narrow(selection: &mut Selection, to: BTreeSet<CaseId>) {
    selection.cases = Some(match selection.cases.take() {
        None => to,
        Some(cases) => cases.intersection(&to).cloned().collect(),
    });
}

/// The cases of these attempts, each once, without attempts.
pub(super) fn cases_of(work: &[Work]) -> Vec<CaseReport> {
    let mut last: Option<&Arc<ConcreteCase>> = None;
    let mut cases = Vec::new();
    for one in work {
        if last.is_none_or(|last| last.id != one.case.id) {
            cases.push(CaseReport::new(&one.case, Vec::new()));
            last = Some(&one.case);
        }
    }
    cases
}

fn check_any(
    agent: &AgentName,
    suites: &[SuiteReport],
    selection: &Selection,
) -> Result<(), Problem> {
    let is_empty = |suite: &SuiteReport| suite.cases.is_empty() && suite.findings.is_empty();
    if !suites.iter().all(is_empty) {
        return Ok(());
    }
    let mut skipped = suites.iter().flat_map(|suite| &suite.skipped);
    if let Some(first) = skipped.next() {
        let count = skipped.count() + 1;
        let message = format!(
            "no case of {agent} can be run so: {count} were left out. {}: {}",
            first.title, first.why
        );
        return Err(Problem::new(ErrorCode::NoModel, message));
    }
    let narrowed =
        selection.cases.is_some() || !selection.tags.is_empty() || selection.text.is_some();
    let message = match narrowed {
        true => format!("no case of {agent} is what was asked for"),
        false => format!("the suites of {agent} have no cases"),
    };
    Err(Problem::new(ErrorCode::NotFound, message))
}

/// The runs that were begun for each attempt of a report.
pub(super) fn by_attempt(rows: Vec<(String, u32, RunId)>) -> BTreeMap<(String, u32), Vec<RunId>> {
    let mut runs: BTreeMap<(String, u32), Vec<RunId>> = BTreeMap::new();
    for (case, number, run) in rows {
        runs.entry((case, number)).or_default().push(run);
    }
    runs
}
