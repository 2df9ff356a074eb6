//! One model's try at something: a run like any other, with what is worth comparing of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use slipway_agent::driver::{Control, Outcome};
use slipway_agent::ports::clock::Clock;
use slipway_agent::ports::observer::Observer;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::model::ModelRef;
use slipway_contract::provider::ModelTrial;
use slipway_contract::run::{EndReason, RunStatus, Usage};
use slipway_contract::{ErrorCode, Problem};

use crate::App;
use crate::runs::Planned;

/// A try that could not begin.
pub(super) fn not_begun(model: ModelRef, problem: Problem) -> ModelTrial {
    ModelTrial {
        model,
        run_id: None,
        status: None,
        parked: None,
        output: None,
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
        let mut trial = ModelTrial {
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
                    }
                    Outcome::Detached => trial.status = Some(RunStatus::Running),
                    Outcome::Ended(end) => {
                        trial.status = Some(end.status);
                        trial.output = end.output;
                        if end.status != RunStatus::Succeeded {
                            trial.problem = Some(Problem::new(code(end.reason), end.message));
                        }
                    }
                }
            }
        }
        trial
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
            EventKind::RunFinished { usage, .. } => seen.usage = usage.clone(),
            _ => {}
        }
        drop(seen);
        self.observer.event(event);
    }
}
