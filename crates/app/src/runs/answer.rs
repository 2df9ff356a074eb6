//! Taking runs up again: answers to what they ask, resuming, continuing, cancelling.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_agent::driver::{Control, Resolution};
use slipway_agent::ports::approvals::Approvals;
use slipway_agent::ports::observer::Observer;
use slipway_contract::approval::{Answer, AnsweredBy, Approval};
use slipway_contract::run::RunStatus;
use slipway_contract::{ContentHash, ErrorCode, Problem, RunId, StepId};
use slipway_runner::{Attendance, Message, Origin};

use super::plan::approvals;
use super::{Planned, RunOptions, RunReport};
use crate::approve::{Nobody, Remembering};
use crate::target::{Found, existing_folder};
use crate::{App, Approve};

impl App {
    /// Takes a run up, with the answer to what it asks if there is one, and drives it.
    ///
    /// # Errors
    /// The run has ended, is driven elsewhere, or asks something else.
    pub async fn resume(
        &self,
        run: RunId,
        answer: Option<(Approval, Answer)>,
        approve: Approve,
        person: Option<Arc<dyn Approvals>>,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> Result<RunReport, Problem> {
        let spec = self
            .runner()
            .spec_of(run)
            .await
            .map_err(|error| error.to_problem())?;
        let package = self.version(spec.version).await?;
        let _live = self.live().add(run, control.clone())?;
        let asked = self.show_run(run).await?.approvals;
        let resolution = answer.as_ref().map(|(approval, answer)| Resolution {
            step: approval.step,
            binding: approval.binding,
            answer: answer.clone(),
            by: AnsweredBy::Person,
        });
        let (observer, remembered) = Remembering::new(self.memory_of(&spec), asked, observer);
        let attendance = Attendance {
            approvals: approvals(approve, person),
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
            outcome: outcome.map_err(|error| error.to_problem())?,
            recording: None,
            note: None,
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
        answer: Answer,
    ) -> Result<(), Problem> {
        self.must_wait(run).await?;
        let approval = self.question(run, Some(step)).await?;
        if approval.binding != binding {
            return Err(
                Problem::new(ErrorCode::Conflict, "the run asks something else by now")
                    .help("Look at the run again before you answer."),
            );
        }
        self.spawn_resume(run, Some((approval, answer))).await
    }

    /// What a run asks now: the question of this step, or the only one.
    ///
    /// # Errors
    /// It asks nothing, or several things and no step is named.
    pub async fn question(&self, run: RunId, step: Option<StepId>) -> Result<Approval, Problem> {
        let detail = self.show_run(run).await?;
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
        let attendance = Attendance {
            approvals: Arc::new(Nobody),
            observer: self.broadcast(),
            control: Control::default(),
        };
        self.runner()
            .cancel(run, &attendance)
            .await
            .map_err(|error| error.to_problem())?;
        Ok(())
    }

    async fn must_wait(&self, run: RunId) -> Result<(), Problem> {
        let summary = self.summary_of(run).await?;
        if summary.status.is_end() {
            return Err(Problem::new(
                ErrorCode::WrongState,
                format!("the run {} has ended already", run.short()),
            ));
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
        answer: Option<(Approval, Answer)>,
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
        let spec = self
            .runner()
            .spec_of(parent)
            .await
            .map_err(|error| error.to_problem())?;
        let package = self.version(spec.version).await?;
        let workdir = PathBuf::from(&spec.workdir);
        // A folder that is gone, or is a link by now, is not the one that the person ran.
        let folder = spec.folder.map(PathBuf::from);
        let folder = folder.filter(|path| existing_folder(path).is_ok_and(|found| found == *path));
        let own_workdir = folder.is_none() && workdir == self.own_workdir(&spec.agent)?;
        let found = Found {
            package,
            origin: folder.map_or(Origin::Imported, Origin::Folder),
            workdir,
            own_workdir,
        };
        let options = RunOptions {
            model: Some(options.model.unwrap_or(spec.model)),
            budget_usd: options.budget_usd.or(spec.limits.budget_usd),
            no_network: options.no_network || !spec.network,
            ..options
        };
        self.assemble(found, Message::Further(input), options).await
    }
}
