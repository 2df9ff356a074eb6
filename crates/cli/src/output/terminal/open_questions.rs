//! What a run waits for, and what to type to go on.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use slipway_contract::approval::{Approval, Question};
use slipway_contract::event::EventKind;
use slipway_contract::{RunId, StepId};

use crate::output::prompt::question::{self, Extent};
use crate::output::style::{ATTENTION, styled};
use crate::output::{Screen, amount};

/// The questions that nobody has answered yet.
#[derive(Debug, Default)]
pub(crate) struct OpenQuestions {
    open: BTreeMap<StepId, Approval>,
    /// Those that the person was shown here, and left open.
    seen: BTreeSet<StepId>,
}

impl OpenQuestions {
    pub(crate) fn follow(&mut self, event: &EventKind) {
        match event {
            EventKind::ApprovalRequested(approval) => {
                self.open.insert(approval.step, approval.clone());
            }
            EventKind::ApprovalResolved { step, .. } => {
                self.open.remove(step);
            }
            EventKind::RunFinished { .. } => self.open.clear(),
            _ => {}
        }
    }

    /// The person was shown this question here.
    pub(crate) fn saw(&mut self, approval: &Approval) {
        self.seen.insert(approval.step);
    }

    /// The question that this step asks.
    pub(crate) fn of(&self, step: StepId) -> Option<&Approval> {
        self.open.get(&step)
    }

    /// All of them, in the order of their steps.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Approval> {
        self.open.values()
    }

    /// What the run waits for, and how to go on.
    pub(crate) fn print(&self, screen: &mut Screen, run: RunId, workdir: &Path) -> io::Result<()> {
        let asks = match self.open.len() {
            0 => String::new(),
            some => format!(" ({})", amount::of(some as u64, "question")),
        };
        let line = format!("⏸ parked: run {} waits for you{asks}", run.short());
        screen.line(&styled(ATTENTION, &line))?;
        for approval in self.open.values() {
            if self.seen.contains(&approval.step) {
                let again = question::headline(&approval.question);
                screen.line(&format!(
                    "{} {again}: step {}, as shown above",
                    styled(ATTENTION, "?"),
                    approval.step
                ))?;
            } else {
                question::print(screen, approval, workdir, Extent::Whole)?;
            }
        }
        screen.line("")?;
        screen.line("Go on with:")?;
        go_on_commands(run, self.open.values())
            .iter()
            .try_for_each(|command| screen.line(&format!("  {command}")))
    }
}

/// The commands that answer these questions. The step is named, so that an answer can only go to
/// the question that was seen.
fn go_on_commands<'a>(run: RunId, questions: impl Iterator<Item = &'a Approval>) -> Vec<String> {
    let run = run.short();
    let mut commands = Vec::new();
    for Approval { step, question, .. } in questions {
        match question {
            Question::Price { .. } => {
                commands.push(format!(
                    "slipway runs resume {run}    # once prices.toml has the price"
                ));
                commands.push(format!(
                    "slipway runs approve {run} --step {step}    # without a limit of money"
                ));
                commands.push(format!("slipway runs deny {run} --step {step}"));
                continue;
            }
            Question::Grant { .. } | Question::Call { .. } => {
                commands.push(format!("slipway runs approve {run} --step {step}"));
                commands.push(format!("slipway runs deny {run} --step {step}"));
            }
            Question::Outcome { .. } => {
                commands.push(format!(
                    "slipway runs resolve {run} --step {step} --happened RESULT"
                ));
                commands.push(format!(
                    "slipway runs resolve {run} --step {step} --not-happened"
                ));
                commands.push(format!("slipway runs resolve {run} --step {step} --stop"));
            }
        }
    }
    commands.push(format!(
        "slipway runs resume {run}    # at a terminal: asks you there"
    ));
    commands
}
