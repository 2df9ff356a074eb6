//! Model calls that fail: told at once when they are tried again, and by the run's end when that
//! is what follows.

use std::io;

use slipway_contract::StepId;
use slipway_contract::event::EventKind;
use slipway_contract::run::RunStatus;

use super::text::Text;
use super::{Mode, TerminalView};
use crate::output::style::{ATTENTION, styled};
use crate::output::{amount, sanitize};

/// A failure that is not tried again.
pub(super) struct LastFailure {
    step: StepId,
    message: String,
}

impl TerminalView {
    pub(super) fn model_failed(
        &mut self,
        step: StepId,
        attempt: u32,
        message: &str,
        retry_in_ms: Option<u64>,
        next_model: Option<&str>,
    ) -> io::Result<()> {
        self.screen.still(step);
        self.text = Text::default();
        if let Some(next) = next_model {
            return self.falls_back(step, next, message);
        }
        let Some(ms) = retry_in_ms else {
            self.last_failure = Some(LastFailure {
                step,
                message: message.to_owned(),
            });
            return Ok(());
        };
        self.failure(step, message)?;
        let next = attempt + 1;
        self.faint_step(
            None,
            &format!("trying again in {} (attempt {next})", amount::duration(ms)),
        )?;
        self.spin(step, "waiting to try again".to_owned())
    }

    /// Never silently: another model is asked from now on.
    pub(super) fn falls_back(&mut self, step: StepId, next: &str, why: &str) -> io::Result<()> {
        self.failure(
            step,
            &format!("falls back to {}: {}", sanitize::line(next), why.trim()),
        )
    }

    /// The end of a failed run has the same message; anything else that follows has not.
    pub(super) fn tell_last_failure(&mut self, next: &EventKind) -> io::Result<()> {
        let ends = matches!(
            next,
            EventKind::RunFinished { status: RunStatus::Failed, message, .. } if !message.is_empty()
        );
        match self.last_failure.take() {
            Some(failure) if !ends => self.failure(failure.step, &failure.message),
            Some(failure) if self.mode == Mode::Told => {
                self.faint_step(failure.step, "the model gave no answer")
            }
            _ => Ok(()),
        }
    }

    fn failure(&mut self, step: StepId, message: &str) -> io::Result<()> {
        let message = sanitize::text(message.trim());
        let mut lines = message.lines();
        let first = lines.next().unwrap_or_default();
        self.step(step, &format!("{} {first}", styled(ATTENTION, "!")))?;
        lines.try_for_each(|line| self.step(None, &format!("  {line}")))
    }
}
