//! What a run waits for, and what to type to go on.

use std::collections::BTreeMap;

use slipway_contract::approval::{Approval, Question};
use slipway_contract::event::EventKind;
use slipway_contract::{RunId, StepId};

/// The questions that nobody has answered yet.
#[derive(Debug, Default)]
pub(crate) struct OpenQuestions(BTreeMap<StepId, Approval>);

impl OpenQuestions {
    pub(crate) fn follow(&mut self, event: &EventKind) {
        match event {
            EventKind::ApprovalRequested(approval) => {
                self.0.insert(approval.step, approval.clone());
            }
            EventKind::ApprovalResolved { step, .. } => {
                self.0.remove(step);
            }
            EventKind::RunFinished { .. } => self.0.clear(),
            _ => {}
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Approval> {
        self.0.values()
    }
}

/// The commands that answer these questions. The step is named, so that an answer can only go to
/// the question that was seen.
pub(crate) fn go_on_commands<'a>(
    run: RunId,
    questions: impl Iterator<Item = &'a Approval>,
) -> Vec<String> {
    let run = run.short();
    let mut commands = Vec::new();
    for Approval { step, question, .. } in questions {
        match question {
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
