//! One attempt: runs for its turns, and what they left behind judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use slipway_agent::driver::{Control, Outcome};
use slipway_agent::event::Recorded;
use slipway_agent::machine::fold;
use slipway_agent::ports::model::Model;
use slipway_agent::projection::project_all;
use slipway_contract::event::RunEvent;
use slipway_contract::model::ModelRef;
use slipway_contract::permission::Permission;
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{RunId, Usd};
use slipway_runner::recordings::RecordedModel;
use slipway_runner::system::new_run_id;
use slipway_runner::{Attendance, Message, Order, Origin, Player, RunError, Runner};

use super::approvals::ByRule;
use super::place::Place;
use super::{Begun, Done, Ended, Setup, Work, is_stopped, tools};
use crate::assertion::judge;
use crate::assertion::ports::Ports;
use crate::evidence::{Evidence, Figures, State, WrittenFiles};
use crate::report::{Attempt, Mode};
use crate::suite::{Case, ToolSource, ToolSources};

/// What an attempt may take where neither its case nor its agent says it: five minutes.
const TIMEOUT_MS: u64 = 5 * 60 * 1000;

/// Makes an attempt.
pub(super) async fn attempt(
    setup: &Setup,
    work: &Work,
    begun: &dyn Begun,
    control: &Control,
) -> Ended {
    if let Some(why) = &work.broken {
        return Ended::Done(Box::new(Done::not_run(work, why.clone())));
    }
    let case = work.case.filled();
    match Attempting::new(setup, work, &case) {
        Err(why) => Ended::Done(Box::new(Done::not_run(work, why))),
        Ok(attempting) => attempting.make(begun, control).await,
    }
}

impl Done {
    pub(super) fn not_run(work: &Work, why: impl Into<String>) -> Self {
        Self {
            id: work.id.clone(),
            attempt: Attempt::not_run(work.id.number, why),
            end: None,
            own_budget: None,
            events: Vec::new(),
            journal: Vec::new(),
            place: None,
        }
    }
}

struct Attempting<'a> {
    setup: &'a Setup,
    work: &'a Work,
    case: &'a Case,
    runner: Runner,
    place: Place,
    /// Tools that a suite may allow.
    harmless: Vec<String>,
}

/// Why an attempt came to no judgement.
enum Stop {
    /// The agent does not take what it was given, which is what came of it.
    Refused(String),
    /// A person or the process stopped it.
    Stopped,
    /// For this reason.
    NotRun(String),
}

impl<'a> Attempting<'a> {
    fn new(setup: &'a Setup, work: &'a Work, case: &'a Case) -> Result<Self, String> {
        let recording = work.answers.tools.as_deref();
        let stood_in = |tool: &str| tools::is_stood_in_for(case, recording, tool);
        let all = &setup.runner.world().tools;
        let used = setup.package.manifest().tools.iter();
        let really = used
            .map(|entry| entry.tool.to_string())
            .any(|tool| !stood_in(&tool));
        let name = format!("{}-{}", work.id.case, work.id.number);
        let place = Place::new(setup.folder.join(name), &setup.package, case, really);
        let place = place.map_err(|error| {
            format!(
                "its working folder could not be made in {}: {error}",
                setup.folder.display()
            )
        })?;
        let harmless = all
            .iter()
            .filter(|tool| !tool.leaves_machine() || stood_in(&tool.definition().name))
            .map(|tool| tool.definition().name.clone())
            .collect();
        let runner = match setup.mode {
            Mode::Replay => setup.runner.in_memory(),
            Mode::Live | Mode::Record => setup.runner.clone(),
        };
        let plain = case.tools == ToolSources::default() && case.mocks.is_empty();
        let runner = match plain {
            true => runner,
            false => runner.with_tools(tools::of_case(case, recording, all)),
        };
        Ok(Self {
            setup,
            work,
            case,
            runner,
            place,
            harmless,
        })
    }

    async fn make(self, begun: &dyn Begun, control: &Control) -> Ended {
        let id = self.work.id.clone();
        let attendance = Attendance {
            approvals: Arc::new(ByRule {
                rules: self.case.approvals.clone(),
                all: self.setup.allowed.all,
                harmless: self.harmless.clone(),
            }),
            observer: Arc::new(()),
            control: control.clone(),
        };
        match self.turns(begun, &attendance).await {
            Ok((run, outcome)) => {
                let judged = self.judged(run).await;
                if let (Outcome::Parked(_), true) = (outcome, self.is_kept()) {
                    // A test's question waits for nobody; its journal says so where this fails.
                    let _ = self.runner.cancel(run, &attendance).await;
                }
                // Whoever keeps what came of it takes the folder away after that.
                if !self.is_kept() || judged.is_err() {
                    self.place.leave();
                }
                Ended::Done(Box::new(match judged {
                    Ok(done) => done,
                    Err(why) => Done::not_run(self.work, why),
                }))
            }
            Err(Stop::Stopped) => {
                // What is gone on with finds its folder as it left it, and without one it has none
                // of its turns.
                if control.cancel.is_cancelled() || !self.is_kept() {
                    if let (true, Err(error)) = (self.is_kept(), begun.given_up(&id).await) {
                        tracing::warn!(error, "a cancelled attempt is not given up");
                    }
                    self.place.leave();
                }
                Ended::Stopped(id)
            }
            Err(Stop::Refused(why)) => {
                let done = self.refused(why).await;
                self.place.leave();
                Ended::Done(Box::new(done))
            }
            Err(Stop::NotRun(why)) => {
                let done = Done::not_run(self.work, why);
                self.place.leave();
                Ended::Done(Box::new(done))
            }
        }
    }

    /// The run of the last turn that was made, and how it ended.
    async fn turns(
        &self,
        begun: &dyn Begun,
        attendance: &Attendance,
    ) -> Result<(RunId, Outcome), Stop> {
        let control = &attendance.control;
        let mut before = self.taken_up(attendance).await?;
        let first = before.as_ref().map_or(0, |(_, turn, _)| turn + 1);
        for turn in first..self.case.turns.len() {
            if before
                .as_ref()
                .is_some_and(|(_, _, outcome)| !goes_on(outcome))
            {
                break;
            }
            if is_stopped(control) {
                return Err(Stop::Stopped);
            }
            let run = new_run_id(&*self.runner.world().random);
            let assembly = self.runner.assemble(self.order(turn)?).await;
            let mut assembly = assembly.map_err(|error| {
                let problem = error.to_problem();
                let help = problem
                    .help
                    .map(|help| format!(" {help}"))
                    .unwrap_or_default();
                match error {
                    RunError::Input(_) => Stop::Refused(problem.message),
                    _ => Stop::NotRun(format!("it could not be run: {}{help}", problem.message)),
                }
            })?;
            self.limit(&mut assembly.spec);
            if self.is_kept() {
                let told = begun.begun(&self.work.id, run, turn).await;
                told.map_err(Stop::NotRun)?;
            }
            let outcome = match &before {
                None => Box::pin(self.runner.start(run, assembly, attendance)).await,
                Some((parent, ..)) => {
                    Box::pin(self.runner.converse(run, *parent, assembly, attendance)).await
                }
            };
            let outcome = outcome.map_err(|error| Stop::NotRun(error.to_problem().message))?;
            if is_stopped(control) && !matches!(outcome, Outcome::Ended(_))
                || was_cancelled(&outcome)
            {
                return Err(Stop::Stopped);
            }
            before = Some((run, turn, outcome));
        }
        let made = before.map(|(run, _, outcome)| (run, outcome));
        made.ok_or_else(|| Stop::NotRun("the case says nothing to the agent".to_owned()))
    }

    /// Takes the run up that was begun before, if there is one.
    async fn taken_up(
        &self,
        attendance: &Attendance,
    ) -> Result<Option<(RunId, usize, Outcome)>, Stop> {
        let mut found = None;
        for (turn, run) in self.work.begun.iter().enumerate().rev() {
            if let Ok(events) = self.runner.world().journal.read(*run).await {
                found = Some((*run, turn, events));
                break;
            }
        }
        let Some((run, turn, events)) = found else {
            return Ok(None);
        };
        let state = fold(&events).map_err(|error| Stop::NotRun(error.to_string()))?;
        let head = state.head();
        if let Some(end) = head.end {
            // One that was stopped, or had no money left, is made anew.
            return Ok((!was_stopped(&end)).then_some((run, turn, Outcome::Ended(end))));
        }
        // One that waits asks again: its process may have ended before the case's answer was kept.
        let outcome = self
            .runner
            .resume(run, &self.setup.package, None, attendance)
            .await;
        let outcome = outcome.map_err(|error| Stop::NotRun(error.to_problem().message))?;
        if was_cancelled(&outcome) || outcome == Outcome::Detached {
            return Err(Stop::Stopped);
        }
        Ok(Some((run, turn, outcome)))
    }

    /// Whether its runs are kept in the runner's own journal.
    const fn is_kept(&self) -> bool {
        !matches!(self.setup.mode, Mode::Replay)
    }

    fn order(&self, turn: usize) -> Result<Order, Stop> {
        let said = self.case.turns.get(turn).cloned().unwrap_or_default();
        let message = match turn {
            0 => Message::First(said),
            _ => Message::Further(said),
        };
        let attachments = match turn {
            0 => super::attached::read(self.case, &self.setup.package).map_err(Stop::NotRun)?,
            _ => Vec::new(),
        };
        let (model, player) = match &self.work.answers.played {
            None => {
                let model = self.work.case.point.model.clone();
                (model.or_else(|| self.setup.model.clone()), None)
            }
            Some((name, recording)) => {
                let workdir = self.place.path().to_string_lossy();
                let recorded = RecordedModel::new(name, Arc::clone(recording), &workdir);
                let player: Arc<dyn Model> =
                    Arc::new(recorded.matching(self.work.answers.matching));
                let model = ModelRef {
                    provider: "recording".to_owned(),
                    model: name.clone(),
                };
                (Some(model), Some(Player(player)))
            }
        };
        let granted = self.setup.allowed.granted.iter();
        // Folders that were granted are others than the case's own.
        let granted = granted
            .filter(|one| matches!(one, Permission::Network { .. } | Permission::Command { .. }));
        Ok(Order {
            package: Arc::clone(&self.setup.package),
            origin: Origin::Folder(self.place.path().to_owned()),
            workdir: self.place.path().to_owned(),
            package_files: None,
            message,
            attachments,
            model,
            fallback: None,
            budget_usd: self.case.budget_usd,
            unlimited: false,
            granted: granted.cloned().collect(),
            rules: Vec::new(),
            grant_all: self.setup.allowed.all,
            network: self.setup.network && self.is_kept(),
            player,
        })
    }

    /// What the case says of how it is run, over what the agent says.
    fn limit(&self, spec: &mut slipway_agent::spec::RunSpec) {
        let parameters = self.work.case.point.parameters;
        spec.temperature = parameters.temperature.or(spec.temperature);
        spec.max_output_tokens = parameters.max_output_tokens.or(spec.max_output_tokens);
        spec.reasoning = parameters.reasoning.or(spec.reasoning);
        let limits = &mut spec.limits;
        limits.timeout_ms = self
            .case
            .timeout_ms
            .or(limits.timeout_ms)
            .or(Some(TIMEOUT_MS));
        if let Some(budget) = self.setup.budget {
            limits.draws_from = Some(budget.root);
            limits.shared_budget_usd = Some(budget.limit);
        }
    }

    /// What came of an input that the agent does not take.
    async fn refused(&self, why: String) -> Done {
        let evidence = Evidence {
            input: self.case.turns.clone(),
            state: State::Refused { why },
            files: WrittenFiles::Known(BTreeMap::new()),
            figures: Figures {
                cost_usd: Some(Usd::ZERO),
                ..Figures::default()
            },
            ..Evidence::from_events(&[])
        };
        let judged = judge(
            &self.case.expect,
            self.case.threshold,
            &evidence,
            &self.ports(),
        )
        .await;
        Done {
            attempt: Attempt::judged(self.work.id.number, &evidence, judged),
            ..Done::not_run(self.work, "")
        }
    }

    fn ports(&self) -> Ports<'_> {
        Ports {
            embeddings: self.setup.embeddings.as_deref(),
            judge: self.setup.judge.as_deref(),
        }
    }

    async fn judged(&self, run: RunId) -> Result<Done, String> {
        let journal = self.runner.world().journal.read(run).await;
        let journal: Vec<Recorded> = journal.map_err(|error| error.to_string())?;
        let (state, events) = project_all(run, &journal).map_err(|error| error.to_string())?;
        let events: Vec<RunEvent> = events;
        let mut evidence = Evidence::from_events(&events);
        evidence.files = match self.case.tools.others == ToolSource::Recorded
            && self.work.answers.tools.is_some()
        {
            true => WrittenFiles::Unknown,
            false => self.place.written(),
        };
        if !self.is_kept() {
            // Nobody finds a run that is kept nowhere.
            evidence.run = None;
        }
        let judged = judge(
            &self.case.expect,
            self.case.threshold,
            &evidence,
            &self.ports(),
        )
        .await;
        Ok(Done {
            id: self.work.id.clone(),
            attempt: Attempt::judged(self.work.id.number, &evidence, judged),
            end: state.head().end.map(|end| end.reason),
            own_budget: state.spec().and_then(|spec| spec.limits.budget_usd),
            events,
            journal,
            place: self.is_kept().then(|| self.place.path().to_owned()),
        })
    }
}

/// Whether a further turn follows on this.
fn goes_on(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Ended(end) if end.status == RunStatus::Succeeded)
}

/// Whether a run ended because all of its test run did, of which it says nothing.
fn was_stopped(end: &End) -> bool {
    end.status == RunStatus::Cancelled || end.reason == EndReason::OverBudget
}

fn was_cancelled(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Ended(end) if end.status == RunStatus::Cancelled)
}
