//! Taking runs up again: answers to what they ask, resuming, continuing, cancelling.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use slipway_agent::driver::{Control, DriveError, Resolution};
use slipway_agent::ports::observer::Observer;
use slipway_agent::spec::RunSpec;
use slipway_contract::approval::{AnsweredBy, Approval};
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{ContentHash, ErrorCode, Problem, RunId, StepId};
use slipway_runner::{Attendance, Message, Origin, RunError};

use super::{Planned, RunOptions, RunReport};
use crate::approve::{Nobody, Person, Remembering};
use crate::rules::Said;
use crate::target::{Found, existing_folder};
use crate::{App, Approve, Target};

/// How long another process is waited for: ten seconds.
const LOOKS: u32 = 50;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

impl App {
    /// Takes a run up, with the answer to what it asks if there is one, and drives it.
    ///
    /// # Errors
    /// The run has ended, is driven elsewhere, or asks something else.
    pub async fn resume(
        &self,
        run: RunId,
        answer: Option<(Approval, Said)>,
        approve: Approve,
        person: Option<Arc<dyn Person>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let spec = self
            .runner()
            .spec_of(run)
            .await
            .map_err(|error| error.to_problem())?;
        let next = spec.fallback.iter().map(|route| &route.model);
        self.check_prices_for(std::iter::once(&spec.model).chain(next))?;
        self.check_database().await?;
        let package = self.version(spec.version).await?;
        let _live = self.live().add(run, control.clone())?;
        let detail = self.show_run(run).await?;
        if let Some(end) = &detail.summary.end {
            return Err(has_ended(run, end));
        }
        let asked = detail.approvals;
        let resolution = match answer {
            None => None,
            Some((approval, said)) => Some(self.resolution(&spec, &asked, &approval, said).await?),
        };
        let answers = resolution.is_some();
        let (observer, remembered) = Remembering::new(self.memory_of(&spec), asked, observer);
        let attendance = Attendance {
            approvals: self.in_charge(&spec, approve, person),
            observer: Arc::new(observer),
            control,
        };
        let outcome = self
            .runner()
            .resume(run, &package, resolution, &attendance)
            .await;
        remembered.written().await;
        Ok(RunReport {
            run,
            outcome: outcome.map_err(|error| match error {
                RunError::Drive(DriveError::Illegal(_)) if answers => asks_something_else(),
                error => error.to_problem(),
            })?,
            recording: None,
            note: None,
        })
    }

    /// What a person's answer is to the driver; the rule that they want with it is made first.
    async fn resolution(
        &self,
        spec: &RunSpec,
        asked: &[Approval],
        approval: &Approval,
        said: Said,
    ) -> Result<Resolution, Problem> {
        // Nobody decides for good about what is not asked any more.
        let mut asked = asked.iter();
        if !asked.any(|open| open.step == approval.step && open.binding == approval.binding) {
            return Err(asks_something_else());
        }
        let Said { answer, always } = said;
        let by = match always {
            None => AnsweredBy::Person,
            Some(pattern) => self.rules_of(spec).make(approval, &answer, pattern).await?,
        };
        Ok(Resolution {
            step: approval.step,
            binding: approval.binding,
            answer,
            by,
        })
    }

    /// Takes a run up in the background.
    ///
    /// # Errors
    /// The run has ended or is driven.
    pub async fn resume_run(&self, run: RunId) -> Result<(), Problem> {
        self.must_wait(run).await?;
        self.spawn_resume(run, None).await
    }

    /// Answers what a parked run asks; it goes on in the background. An answer to anything else
    /// than what the run asks now is refused.
    ///
    /// # Errors
    /// The run does not ask this.
    pub async fn answer_run(
        &self,
        run: RunId,
        step: StepId,
        binding: ContentHash,
        said: Said,
    ) -> Result<(), Problem> {
        self.must_wait(run).await?;
        let approval = self.question(run, Some(step)).await?;
        if approval.binding != binding {
            return Err(asks_something_else());
        }
        self.spawn_resume(run, Some((approval, said))).await
    }

    /// What a run asks now: the question of this step, or the only one.
    ///
    /// # Errors
    /// It asks nothing, or several things and no step is named.
    pub async fn question(&self, run: RunId, step: Option<StepId>) -> Result<Approval, Problem> {
        let detail = self.show_run(run).await?;
        if let Some(end) = &detail.summary.end {
            return Err(has_ended(run, end));
        }
        let wrong = |message: String| Problem::new(ErrorCode::WrongState, message);
        let mut questions = detail.approvals.into_iter();
        match step {
            Some(step) => questions
                .find(|approval| approval.step == step)
                .ok_or_else(|| {
                    wrong(format!(
                        "step {step} of the run {} asks nothing",
                        run.short()
                    ))
                }),
            None => match (questions.next(), questions.next()) {
                (None, _) => Err(wrong(format!("the run {} asks nothing", run.short()))),
                (Some(only), None) => Ok(only),
                (Some(one), Some(other)) => Err(wrong(format!(
                    "the run {} asks several things (steps {}, {} …)",
                    run.short(),
                    one.step,
                    other.step
                ))
                .help("Say which with --step.")),
            },
        }
    }

    /// Ends a run as cancelled.
    ///
    /// # Errors
    /// It has ended already, or another process drives it.
    pub async fn cancel_run(&self, run: RunId) -> Result<(), Problem> {
        if let Some(control) = self.live().control(run) {
            control.cancel.cancel();
            return Ok(());
        }
        if let Some(end) = &self.summary_of(run).await?.end {
            return Err(has_ended(run, end));
        }
        let attendance = Attendance {
            approvals: Arc::new(Nobody),
            observer: self.broadcast(),
            control: Control::default(),
        };
        let mut was_asked = false;
        for _ in 0..LOOKS {
            match self.runner().cancel(run, &attendance).await {
                Ok(_) => return Ok(()),
                Err(error) if error.is_driven_elsewhere() => {
                    // Whoever drives it ends it, or lets go of it, and then it is ended here.
                    let leases = self.runner().world().leases.clone();
                    let asked = leases.ask_to_cancel(run).await;
                    asked.map_err(|error| Problem::new(ErrorCode::Storage, error.to_string()))?;
                    was_asked = true;
                    self.runner().world().clock.sleep(BETWEEN_LOOKS).await;
                }
                Err(error) if was_asked => {
                    return match self.summary_of(run).await?.status {
                        RunStatus::Cancelled => Ok(()),
                        _ => Err(error.to_problem()),
                    };
                }
                Err(error) => return Err(error.to_problem()),
            }
        }
        let message = format!(
            "the process that drives the run {} was asked to end it, and has not yet",
            run.short()
        );
        Err(Problem::new(ErrorCode::Busy, message).help(
            "It looks once a second. If it hangs, stop that process, and cancel the run then.",
        ))
    }

    async fn must_wait(&self, run: RunId) -> Result<(), Problem> {
        self.end_expired().await;
        let summary = self.summary_of(run).await?;
        if let Some(end) = &summary.end {
            return Err(has_ended(run, end));
        }
        if summary.driven {
            return Err(Problem::new(
                ErrorCode::Busy,
                format!("the run {} is being driven", run.short()),
            ));
        }
        Ok(())
    }

    async fn spawn_resume(
        &self,
        run: RunId,
        answer: Option<(Approval, Said)>,
    ) -> Result<(), Problem> {
        let app = self.clone();
        self.in_background(run, |observer| async move {
            let control = Control::default();
            app.resume(run, answer, Approve::Ask, None, observer, control)
                .await
        })
        .await
    }

    /// Plans a further message to an ended run: the same version, model and folder.
    pub(crate) async fn plan_further(
        &self,
        parent: RunId,
        input: String,
        options: RunOptions,
    ) -> Result<Planned, Problem> {
        let summary = self.summary_of(parent).await?;
        if !summary.status.is_end() {
            let word = if summary.status == RunStatus::Parked {
                "waits for an answer"
            } else {
                "has not ended"
            };
            return Err(Problem::new(
                ErrorCode::WrongState,
                format!("the run {} {word}", parent.short()),
            )
            .help("Answer, resume or cancel it first; a further message makes a new run."));
        }
        let spec = self.spec_to_go_on(parent, None).await?;
        self.plan_as(spec, Message::Further(input), options).await
    }

    /// What must be said before a run goes on from this one: with which version it does, where
    /// that is not what the agent is now.
    pub async fn goes_on_with(&self, parent: RunId) -> Option<String> {
        let spec = self.spec_of(parent).await.ok()?;
        let (agent, version) = (&spec.agent, spec.version.short());
        let target = match &spec.folder {
            Some(folder) => Target::Folder(folder.into()),
            None => Target::Agent(agent.clone()),
        };
        let now = match self.find(&target, None).await {
            Ok(found) if found.package.content_hash() == spec.version => return None,
            Ok(_) => "it was changed since".to_owned(),
            Err(problem) => format!("what it is now cannot be run: {}", problem.message),
        };
        Some(format!(
            "it goes on with the stored version {version} of {agent}, as it ran ({now})"
        ))
    }

    /// Plans a run that goes on from a step of another: the same version, model, folder and input.
    pub(crate) async fn plan_again(
        &self,
        parent: RunId,
        step: StepId,
        options: RunOptions,
    ) -> Result<Planned, Problem> {
        let spec = self.spec_to_go_on(parent, Some(step)).await?;
        let message = Message::Again(spec.input.clone());
        self.plan_as(spec, message, options).await
    }

    /// A run's fixed facts, with the models that are in force where another goes on from it.
    pub async fn spec_to_go_on(
        &self,
        parent: RunId,
        before: Option<StepId>,
    ) -> Result<RunSpec, Problem> {
        let spec = self.runner().spec_to_go_on(parent, before).await;
        spec.map_err(|error| error.to_problem())
    }

    pub(super) async fn plan_as(
        &self,
        spec: RunSpec,
        message: Message,
        options: RunOptions,
    ) -> Result<Planned, Problem> {
        let package = self.version(spec.version).await?;
        let workdir = PathBuf::from(&spec.workdir);
        // A folder that is gone, or is a link by now, is not the one that the person ran.
        let folder = spec.folder.as_ref().map(PathBuf::from);
        let folder = folder.filter(|path| existing_folder(path).is_ok_and(|found| found == *path));
        let own_workdir = folder.is_none() && workdir == self.own_workdir(&spec.agent)?;
        if !own_workdir && !workdir.is_dir() {
            return Err(without_workdir(&spec));
        }
        let found = Found {
            package,
            origin: folder.map_or(Origin::Imported, Origin::Folder),
            workdir,
            own_workdir,
        };
        let stand_ins = spec.fallback.into_iter().map(|route| route.model);
        let (model, fallback) = match options.model {
            // Whoever names a model means that one.
            Some(model) => (model, Vec::new()),
            None => (spec.model, stand_ins.collect()),
        };
        let options = RunOptions {
            model: Some(model),
            fallback: Some(options.fallback.unwrap_or(fallback)),
            budget_usd: options.budget_usd.or(spec.limits.budget_usd),
            no_network: options.no_network || !spec.network,
            ..options
        };
        self.assemble(found, message, options).await
    }
}

fn without_workdir(spec: &RunSpec) -> Problem {
    let message = format!(
        "the folder in which this run of {} worked is not here: {}",
        spec.agent, spec.workdir
    );
    Problem::new(ErrorCode::NotFound, message).help(format!(
        "Put it back; nothing was started. The version that ran is kept: slipway agents restore {} {} writes its files anew.",
        spec.agent,
        spec.version.short()
    ))
}

fn has_ended(run: RunId, end: &End) -> Problem {
    let message = match end.reason {
        EndReason::ApprovalExpired => format!(
            "an answer comes too late and changes nothing: the run {} has ended. {}",
            run.short(),
            end.message
        ),
        _ => format!(
            "the run {} has ended already ({})",
            run.short(),
            end.status.as_str()
        ),
    };
    Problem::new(ErrorCode::WrongState, message).help(what_now(run))
}

/// What can be done with a run that has ended.
pub(crate) fn what_now(run: RunId) -> String {
    format!(
        "Look at it: slipway runs show {0}. Go on from it in a new run: slipway runs continue {0} --input TEXT, or slipway runs retry {0} --step STEP.",
        run.short()
    )
}

fn asks_something_else() -> Problem {
    let message = "the question was answered already, or the run asks something else by now";
    Problem::new(ErrorCode::Conflict, message).help("Look at the run again before you answer.")
}
