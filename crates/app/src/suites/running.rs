//! Running planned tests to their end, keeping what comes of them as it comes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use slipway_agent::driver::Control;
use slipway_contract::id::ReportId;
use slipway_contract::run::EndReason;
use slipway_contract::test::{Outcome, TestOrder, TestProgress};
use slipway_contract::{AgentName, ErrorCode, Problem, RunId, Usd};
use slipway_evals::execute::{Allowed, Begun, Done, Ended, Setup, SharedBudget, UnderWay, run};
use slipway_evals::report::{Attempt, Mode, Report};
use slipway_evals::suite::AttemptId;
use slipway_store::{AttemptRow, ReportRow, Store};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::header::with_attempts;
use super::plan::{PlannedTests, TestOptions, at_once};
use super::recordings::Kept;
use crate::problem::{from_io, from_store};
use crate::runs::source_of;
use crate::{App, Target};

/// Attempts that are kept at once, at most: what is lost of those that were replayed costs nothing.
const AT_ONCE: usize = 512;
/// Cases under way that are named.
const NOW: usize = 12;
/// How often progress is told, and what is over is kept.
const TELL: Duration = Duration::from_millis(100);
/// How often a report says that somebody is at it.
const SEEN: Duration = Duration::from_secs(3);

/// What came of a test run.
#[derive(Debug, Clone)]
pub struct TestedReport {
    /// The report's id.
    pub id: ReportId,
    /// The report.
    pub report: Report,
    /// Why it ended before its end.
    pub stopped: Option<StoppedBy>,
    /// Recordings that were written, by their paths in the package.
    pub recorded: Vec<String>,
    /// Recordings that could not be written, by their paths in the package.
    pub unrecorded: Vec<String>,
    /// What else the person must know.
    pub notes: Vec<String>,
}

/// Why a test run ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoppedBy {
    /// A person stopped it.
    Person,
    /// Its process had to end.
    Process,
    /// Its budget is used up.
    Budget(Usd),
}

impl StoppedBy {
    /// In a sentence.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Person => "it was stopped".to_owned(),
            Self::Process => "Slipway had to end".to_owned(),
            Self::Budget(limit) => format!(
                "the budget of {} for all of it is used up",
                limit.display_exact()
            ),
        }
    }
}

impl App {
    /// Runs planned tests. `watch` is told how far they are.
    ///
    /// # Errors
    /// What comes of them cannot be kept.
    pub async fn run_tests(
        &self,
        planned: PlannedTests,
        watch: impl Fn(&TestProgress) + Send,
        control: Control,
    ) -> Result<TestedReport, Problem> {
        let began = Instant::now();
        let _held = self.hold_report(planned.id).await?;
        self.tidy_tests().await;
        let mut keeping = self.begin_tests(&planned).await?;
        // Whoever ends Slipway, or all runs, ends it as one of them.
        let as_run = RunId::from_random(*planned.id.as_bytes());
        let _live = self.live().add(as_run, control.clone())?;
        let under_way = self.testing().begin(&keeping.progress, control.clone());
        let folder = self.test_folder(planned.id)?;
        let result = self
            .drive_tests(planned, &mut keeping, &folder, &watch, &control)
            .await;
        let stopped = match &result {
            Ok(()) => keeping.stopped,
            Err(_) => Some(StoppedBy::Process),
        };
        // What can be gone on with finds its folders as it left them.
        if stopped.is_none_or(|why| why == StoppedBy::Person)
            || keeping.progress.mode == Mode::Replay
        {
            let _ = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(folder)).await;
        }
        let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let ended = match stopped {
            // Somebody else's clean end: the report stays open for whoever goes on.
            Some(StoppedBy::Process) => Ok(()),
            why => {
                let why = why.map(StoppedBy::words);
                let at = self.runner().world().clock.now();
                self.store()
                    .end_report(keeping.progress.report, at, why.as_deref())
                    .await
            }
        };
        keeping.progress.over = true;
        keeping.progress.now.clear();
        keeping.progress.stopped = stopped.map(StoppedBy::words);
        self.testing().tell(&keeping.progress);
        watch(&keeping.progress);
        drop(under_way);
        result?;
        ended.map_err(|error| from_store(&error))?;
        let mut report = with_attempts(keeping.report, keeping.attempts);
        report.took_ms = took;
        Ok(TestedReport {
            id: keeping.progress.report,
            report,
            stopped,
            recorded: keeping.recorded,
            unrecorded: keeping.unrecorded,
            notes: keeping.notes,
        })
    }

    /// The same in the background, for an agent as it is now.
    ///
    /// # Errors
    /// As [`Self::plan_tests`].
    pub async fn start_tests(
        &self,
        agent: &AgentName,
        order: TestOrder,
    ) -> Result<ReportId, Problem> {
        let target = Target::Agent(agent.clone());
        let planned = self.plan_tests(&target, TestOptions::of(order)).await?;
        let (report, app) = (planned.report(), self.clone());
        let (begun, begins) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let begun = std::sync::Mutex::new(Some(begun));
            // It is in the list of what is under way by then.
            let watch = |_: &TestProgress| {
                let begun = begun
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .take();
                begun.map(|begun| begun.send(Ok(())));
            };
            let tested = app.run_tests(planned, watch, Control::default()).await;
            let begun = begun
                .into_inner()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            match (tested, begun) {
                (Err(problem), Some(begun)) => drop(begun.send(Err(problem))),
                (Err(problem), None) => tracing::error!(%problem, "tests ended early"),
                (Ok(_), _) => {}
            }
        });
        match begins.await {
            Ok(Err(problem)) => Err(problem),
            _ => Ok(report),
        }
    }

    /// Stops a test run of this process.
    ///
    /// # Errors
    /// This process does not make that report.
    pub fn stop_tests(&self, report: ReportId) -> Result<(), Problem> {
        match self.testing().control(report) {
            Some(control) => {
                control.cancel.cancel();
                Ok(())
            }
            None => Err(Problem::new(
                ErrorCode::WrongState,
                format!("the report {} is not being made here", report.short()),
            )),
        }
    }

    async fn begin_tests(&self, planned: &PlannedTests) -> Result<Keeping, Problem> {
        let header = &planned.header;
        let report = header.report.clone();
        let mode = report.mode;
        let is_kept = mode != Mode::Replay;
        if is_kept {
            self.keep_version(&planned.found.package).await?;
        }
        let count = |cases: usize| u32::try_from(cases).unwrap_or(u32::MAX);
        let mut progress = TestProgress {
            report: planned.id,
            agent: report.agent.clone(),
            suites: report
                .suites
                .iter()
                .map(|suite| suite.file.clone())
                .collect(),
            mode,
            done: 0,
            of: count(planned.work.len()),
            passed: 0,
            failed: 0,
            now: Vec::new(),
            cost_usd: Usd::ZERO,
            over: false,
            stopped: None,
        };
        let mut attempts = Vec::new();
        let now = self.runner().world().clock.now();
        if planned.is_resumed {
            let rows = self.store().attempts_of(planned.id).await;
            for row in rows.map_err(|error| from_store(&error))? {
                let attempt = super::header::attempt_of(&row)?;
                tally(&mut progress, &attempt);
                progress.of += 1;
                attempts.push((row.case, attempt));
            }
            let seen = self.store().see_report(planned.id, now).await;
            seen.map_err(|error| from_store(&error))?;
        } else {
            let header = serde_json::to_string(header)
                .map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
            let row = ReportRow {
                id: planned.id,
                agent: report.agent.clone(),
                version: planned.found.package.content_hash(),
                mode,
                header,
                started_at: report.started_at,
                seen_at: report.started_at,
                finished_at: None,
                stopped: None,
                attempts: progress.of,
            };
            let begun = self.store().begin_report(&row).await;
            begun.map_err(|error| from_store(&error))?;
        }
        Ok(Keeping {
            store: self.store().clone(),
            report,
            progress,
            attempts,
            rows: Vec::new(),
            places: Vec::new(),
            stopped: None,
            recorded: Vec::new(),
            unrecorded: Vec::new(),
            notes: Vec::new(),
        })
    }

    async fn drive_tests(
        &self,
        planned: PlannedTests,
        keeping: &mut Keeping,
        folder: &std::path::Path,
        watch: &(impl Fn(&TestProgress) + Send),
        control: &Control,
    ) -> Result<(), Problem> {
        let PlannedTests {
            id,
            found,
            header,
            work,
            options,
            pace,
            ..
        } = planned;
        let mode = header.report.mode;
        let budget = header.order.budget_usd.map(|limit| SharedBudget {
            root: RunId::from_random(*id.as_bytes()),
            limit,
        });
        let mut kept = Kept::of(&work);
        let at_once = at_once(&options, mode);
        let setup = Setup {
            runner: self.runner().at_pace(pace),
            package: Arc::new(found.package.clone()),
            mode,
            network: !options.no_network,
            allowed: Allowed {
                all: header.allow_all,
                granted: self.granted_hosts(&found).await?,
            },
            budget,
            folder: folder.to_owned(),
            judge: self.judge(&options, &found.package, mode).await?,
            embeddings: self.embeddings(options.embeddings.as_ref()).await?,
            model: options.model.clone(),
        };
        let begun: Arc<dyn Begun> = Arc::new(Noting {
            store: self.store().clone(),
            report: id,
        });
        // Somebody who stops it for want of money is not the person who may.
        let inner = Control {
            cancel: control.cancel.child_token(),
            detach: control.detach.child_token(),
        };
        let under_way = UnderWay::default();
        let mut told = run(&Arc::new(setup), work, at_once, &begun, &under_way, &inner);
        let mut tell = interval(TELL);
        tell.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = Instant::now();
        loop {
            tokio::select! {
                biased;
                ended = told.recv() => match ended {
                    None => break,
                    Some(Ended::Stopped(_)) => {}
                    Some(Ended::Done(done)) => {
                        let spent = keeping.progress.cost_usd;
                        if let Some(limit) = spent_all(&done, spent, budget) {
                            keeping.stopped = Some(StoppedBy::Budget(limit));
                            inner.cancel.cancel();
                            // It is made anew, in a folder of its own.
                            if let Some(place) = &done.place {
                                let _ = std::fs::remove_dir_all(place);
                            }
                            continue;
                        }
                        if mode == Mode::Record {
                            kept.keep(self, &found, &done, keeping).await;
                        }
                        keeping.take(*done, mode)?;
                        // Those that are over at the same time are kept at once.
                        if keeping.rows.len() >= AT_ONCE || mode != Mode::Replay && told.is_empty() {
                            keeping.flush().await?;
                        }
                    }
                },
                _ = tell.tick() => {
                    keeping.flush().await?;
                    keeping.progress.now = under_way.titles(NOW);
                    self.testing().tell(&keeping.progress);
                    watch(&keeping.progress);
                    if seen.elapsed() > SEEN {
                        seen = Instant::now();
                        let at = self.runner().world().clock.now();
                        let written = self.store().see_report(id, at).await;
                        written.map_err(|error| from_store(&error))?;
                    }
                }
            }
        }
        keeping.flush().await?;
        if control.detach.is_cancelled() {
            keeping.stopped = Some(StoppedBy::Process);
        } else if control.cancel.is_cancelled() {
            keeping.stopped = Some(StoppedBy::Person);
        }
        Ok(())
    }

    /// What was granted to the agent, of which a test may use hosts and commands.
    async fn granted_hosts(
        &self,
        found: &crate::target::Found,
    ) -> Result<Vec<slipway_contract::permission::Permission>, Problem> {
        let agent = &found.package.manifest().agent.name;
        let source = source_of(found.folder().map(crate::target::text_of).transpose()?);
        let workdir = crate::target::text_of(&found.workdir)?;
        let granted = self.store().granted(agent, &source, workdir).await;
        granted.map_err(|error| from_store(&error))
    }

    /// Where the working folders of a report's attempts are.
    fn test_folder(&self, report: ReportId) -> Result<PathBuf, Problem> {
        let folder = self.home().folder().join("tests").join(report.to_string());
        std::fs::create_dir_all(&folder).map_err(|error| from_io("made", &folder, &error))?;
        folder
            .canonicalize()
            .map_err(|error| from_io("opened", &folder, &error))
    }
}

/// Writes runs down before they begin.
struct Noting {
    store: Store,
    report: ReportId,
}

#[async_trait]
impl Begun for Noting {
    async fn begun(&self, attempt: &AttemptId, run: RunId, turn: usize) -> Result<(), String> {
        let turn = u32::try_from(turn).unwrap_or(u32::MAX);
        let place = (attempt.case.as_str(), attempt.number, turn);
        let kept = self.store.keep_attempt_run(self.report, place, run).await;
        kept.map_err(|error| error.to_string())
    }

    async fn given_up(&self, attempt: &AttemptId) -> Result<(), String> {
        let place = (attempt.case.as_str(), attempt.number);
        let given_up = self.store.give_up_runs(self.report, place).await;
        given_up.map_err(|error| error.to_string())
    }
}

/// What is kept of a test run while it goes on.
pub(super) struct Keeping {
    store: Store,
    report: Report,
    progress: TestProgress,
    attempts: Vec<(String, Attempt)>,
    /// Over, and not kept yet.
    rows: Vec<AttemptRow>,
    /// Their working folders, which are needed until then.
    places: Vec<PathBuf>,
    stopped: Option<StoppedBy>,
    pub(super) recorded: Vec<String>,
    pub(super) unrecorded: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Keeping {
    fn take(&mut self, done: Done, mode: Mode) -> Result<(), Problem> {
        let unwritable =
            |error: serde_json::Error| Problem::new(ErrorCode::Internal, error.to_string());
        let case = done.id.case.to_string();
        // What can be played again need not be kept whole, where it went well.
        let is_kept = mode != Mode::Replay || done.attempt.outcome != Outcome::Passed;
        let trace = match is_kept {
            true => Some(serde_json::to_string(&done.events).map_err(unwritable)?),
            false => None,
        };
        self.rows.push(AttemptRow {
            case: case.clone(),
            number: done.id.number,
            outcome: done.attempt.outcome,
            body: serde_json::to_string(&done.attempt).map_err(unwritable)?,
            trace,
        });
        tally(&mut self.progress, &done.attempt);
        self.attempts.push((case, done.attempt));
        self.places.extend(done.place);
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Problem> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let kept = self
            .store
            .keep_attempts(self.progress.report, &self.rows)
            .await;
        kept.map_err(|error| from_store(&error))?;
        self.rows.clear();
        for place in self.places.drain(..) {
            if let Err(error) = std::fs::remove_dir_all(place)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, "a test's working folder was not removed");
            }
        }
        Ok(())
    }
}

fn tally(progress: &mut TestProgress, attempt: &Attempt) {
    progress.done += 1;
    match attempt.outcome {
        Outcome::Passed => progress.passed += 1,
        Outcome::Failed | Outcome::Unjudged => progress.failed += 1,
    }
    let cost = attempt
        .cost_usd
        .unwrap_or(Usd::ZERO)
        .plus(attempt.judging_usd);
    progress.cost_usd = progress.cost_usd.plus(cost);
}

/// The budget of all, where an attempt ended because that is used up, and not because its own is.
fn spent_all(done: &Done, spent: Usd, budget: Option<SharedBudget>) -> Option<Usd> {
    let limit = budget?.limit;
    if done.end != Some(EndReason::OverBudget) {
        return None;
    }
    let cost = done.attempt.cost_usd.unwrap_or(Usd::ZERO);
    let left = limit.minus(spent.plus(cost));
    // It was refused by the budget that leaves less.
    let is_all = done.own_budget.is_none_or(|own| left < own.minus(cost));
    is_all.then_some(limit)
}
