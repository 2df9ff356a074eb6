//! One model's try at something: a run like any other, with what is worth comparing of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use slipway_agent::driver::{Control, Outcome};
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::observer::Observer;
use slipway_contract::approval::Question;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::model::ModelRef;
use slipway_contract::provider::ModelTrial;
use slipway_contract::run::{End, EndReason, ParkReason, RunStatus, Usage};
use slipway_contract::{ErrorCode, Problem, RunId};

use crate::App;
use crate::runs::Planned;

/// A try that could not begin.
pub(super) fn not_begun(model: ModelRef, problem: Problem) -> ModelTrial {
    ModelTrial {
        model,
        run_id: None,
        status: None,
        parked: None,
        reason: None,
        output: None,
        answered_by: None,
        first_token_ms: None,
        took_ms: 0,
        usage: Usage::default(),
        workdir: None,
        problem: Some(problem),
    }
}

impl App {
    /// Runs what was planned, unattended, and tells what came of it. Everything that happens goes
    /// to the observer too.
    pub(super) async fn try_model(
        &self,
        model: ModelRef,
        planned: Planned,
        observer: Arc<dyn Observer>,
        control: Control,
    ) -> ModelTrial {
        let clock = self.runner().world().clock.clone();
        let figures = Arc::new(Figures {
            begun: clock.monotonic(),
            clock,
            seen: Mutex::default(),
            observer,
        });
        let watching: Arc<dyn Observer> = figures.clone();
        let report = self.run_unlisted(planned, watching, control).await;
        let seen =
            std::mem::take(&mut *figures.seen.lock().unwrap_or_else(PoisonError::into_inner));
        let answered_by = seen.answered.filter(|answered| *answered != model);
        let mut trial = ModelTrial {
            answered_by,
            first_token_ms: seen.first_token_ms,
            took_ms: figures.elapsed_ms(),
            usage: seen.usage,
            ..not_begun(model, Problem::new(ErrorCode::Internal, ""))
        };
        trial.problem = None;
        match report {
            Err(problem) => trial.problem = Some(problem),
            Ok(report) => {
                trial.run_id = Some(report.run);
                match report.outcome {
                    Outcome::Parked(reason) => {
                        trial.status = Some(RunStatus::Parked);
                        trial.parked = Some(reason);
                        trial.problem = Some(self.why_parked(report.run, reason).await);
                        trial.usage = self.usage_so_far(report.run).await;
                    }
                    Outcome::Detached => {
                        trial.status = Some(RunStatus::Running);
                        trial.usage = self.usage_so_far(report.run).await;
                    }
                    Outcome::Ended(end) => {
                        trial.status = Some(end.status);
                        trial.reason = Some(end.reason);
                        if end.status != RunStatus::Succeeded {
                            trial.problem = Some(ended(&end));
                        }
                        trial.output = end.output;
                    }
                }
            }
        }
        trial
    }

    /// What a run used that has not ended. Where nobody can tell, that is what is said.
    async fn usage_so_far(&self, run: RunId) -> Usage {
        let unknown = |_| Usage {
            cost_usd: None,
            ..Usage::default()
        };
        let shown = self.show_run(run).await;
        shown.map_or_else(unknown, |shown| shown.summary.usage)
    }

    /// What a run waits for, and what a person can do about it.
    async fn why_parked(&self, run: RunId, reason: ParkReason) -> Problem {
        let (id, wrong) = (run.short(), |message| {
            Problem::new(ErrorCode::WrongState, message)
        });
        match reason {
            ParkReason::Price => {
                let asked = self.show_run(run).await.map(|shown| shown.approvals);
                let question = asked.unwrap_or_default().into_iter().next();
                let message = match question.map(|asked| asked.question) {
                    Some(Question::Price { model, budgets }) => format!(
                        "nobody knows what {model} costs, and {} cannot be kept without it",
                        budgets.join(" and ")
                    ),
                    _ => "nobody knows what the model costs, and a budget cannot be kept without it"
                        .to_owned(),
                };
                wrong(message).help(format!(
                    "Write its price into {} (`slipway models prices --help` shows how, docs/models.md says more), and go on with: slipway runs resume {id}. Without its price: slipway runs approve {id} goes on without the limit of money.",
                    self.home().prices().display()
                ))
            }
            ParkReason::Approval => wrong("it waits for your approval of a tool call".to_owned())
                .help(format!("See what it asks: slipway runs show {id}. With --approve allow nothing is asked.")),
            ParkReason::Grant => wrong("it waits until you grant what its package asks for".to_owned())
                .help(format!("See what it asks: slipway runs show {id}. With --approve allow nothing is asked.")),
            ParkReason::OutcomeUnknown => {
                wrong("it waits for you to say what became of a call that was cut off".to_owned())
                    .help(format!("See which: slipway runs show {id}."))
            }
        }
    }
}

/// Why it ended without an answer.
fn ended(end: &End) -> Problem {
    let problem = Problem::new(code(end.reason), end.message.clone());
    match end.reason {
        EndReason::OverBudget => {
            problem.help("All models that are compared draw from one budget: --budget USD sets it.")
        }
        _ => problem,
    }
}

const fn code(reason: EndReason) -> ErrorCode {
    match reason {
        EndReason::Model => ErrorCode::Provider,
        _ => ErrorCode::WrongState,
    }
}

/// Notes the figures of a run as it goes by.
struct Figures {
    begun: Duration,
    clock: Arc<dyn Clock>,
    seen: Mutex<Seen>,
    observer: Arc<dyn Observer>,
}

#[derive(Default)]
struct Seen {
    first_token_ms: Option<u64>,
    asked: Option<ModelRef>,
    answered: Option<ModelRef>,
    usage: Usage,
}

impl Figures {
    fn elapsed_ms(&self) -> u64 {
        let elapsed = self.clock.monotonic().saturating_sub(self.begun);
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Observer for Figures {
    fn event(&self, event: &RunEvent) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match &event.kind {
            EventKind::ModelDelta { .. } | EventKind::ModelReasoning { .. }
                if seen.first_token_ms.is_none() =>
            {
                seen.first_token_ms = Some(self.elapsed_ms());
            }
            // What came first may have been a tool call, which nobody is shown piece by piece.
            EventKind::ModelResponded {
                first_token_ms: Some(first),
                took_ms,
                ..
            } if seen.first_token_ms.is_none() => {
                let after = took_ms.saturating_sub(*first);
                seen.first_token_ms = Some(self.elapsed_ms().saturating_sub(after));
            }
            EventKind::ModelRequested {
                provider, model, ..
            } => {
                seen.asked = Some(ModelRef {
                    provider: provider.clone(),
                    model: model.clone(),
                });
            }
            EventKind::ModelResponded { .. } => seen.answered = seen.asked.clone(),
            EventKind::RunFinished { usage, .. } => seen.usage = usage.clone(),
            _ => {}
        }
        drop(seen);
        self.observer.event(event);
    }
}
