//! Answers to what the run asked.

use std::io;

use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};
use slipway_contract::event::EventKind;
use slipway_contract::model::Price;

use super::{Mode, TerminalView};
use crate::output::style::{ATTENTION, BAD, GOOD, styled};
use crate::output::{brief, permission, sanitize};

impl TerminalView {
    pub(super) fn resolved(
        &mut self,
        asked: Option<&Approval>,
        answer: &Answer,
        by: AnsweredBy,
    ) -> io::Result<()> {
        // While it happens, the question has just been seen.
        if self.mode == Mode::Told
            && let Some(approval) = asked
        {
            self.was_asked(approval)?;
        }
        let who = match by {
            AnsweredBy::Person => "by you",
            AnsweredBy::RunOption => "by --approve allow",
            AnsweredBy::PriceTable => "by what is known now",
            AnsweredBy::Rule { rule } => &format!("by your rule {}", rule.short()),
        };
        let line = match answer {
            Answer::Approve => format!("{} allowed {who}", styled(GOOD, "✓")),
            Answer::Deny { reason } if reason.is_empty() => {
                format!("{} refused {who}", styled(BAD, "✗"))
            }
            Answer::Deny { reason } => format!(
                "{} refused {who}: {}",
                styled(BAD, "✗"),
                sanitize::line(reason)
            ),
            Answer::Happened { result } => format!(
                "{} it happened, you say: {}",
                styled(GOOD, "✓"),
                brief::first_line(result)
            ),
            Answer::NotHappened => format!(
                "{} it did not happen, you say: it is done now",
                styled(GOOD, "✓")
            ),
            // Which of the two it was, the journal does not say.
            Answer::Price { price } if *price == Price::FREE => format!(
                "{} it costs nothing: its server is on this machine, or prices.toml says so",
                styled(GOOD, "✓")
            ),
            Answer::Price { price } => format!(
                "{} priced {who}: {} for a million tokens in, {} out",
                styled(GOOD, "✓"),
                price.input.display_exact(),
                price.output.display_exact()
            ),
            Answer::Stop => format!("{} stopped {who}", styled(BAD, "✗")),
        };
        self.step(None, &line)
    }

    /// The questions that the end of the run leaves open: while it happens they have been seen.
    pub(super) fn left_open_by(&self, next: &EventKind) -> Vec<Approval> {
        match (self.mode, next) {
            (Mode::Told, EventKind::RunFinished { .. }) => self.open.all().cloned().collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn never_answered(&mut self, questions: &[Approval]) -> io::Result<()> {
        questions.iter().try_for_each(|approval| {
            self.was_asked(approval)?;
            self.faint_step(None, "nobody answered")
        })
    }

    fn was_asked(&mut self, Approval { step, question, .. }: &Approval) -> io::Result<()> {
        let mark = styled(ATTENTION, "?");
        let step = *step;
        match question {
            Question::Grant { permissions, .. } => permissions.iter().try_for_each(|item| {
                let item = permission::described(item, &self.facts.workdir);
                self.step(step, &format!("{mark} {item}"))
            }),
            Question::Call {
                tool, arguments, ..
            } => self.step(step, &format!("{mark} {}", brief::call(tool, arguments))),
            Question::Price { model, .. } => {
                let model = model.to_string();
                let model = sanitize::line(&model);
                self.step(step, &format!("{mark} the price of {model} is unknown"))
            }
            Question::Outcome {
                tool, arguments, ..
            } => {
                let call = brief::call(tool, arguments);
                self.step(step, &format!("{mark} did it happen? {call}"))
            }
        }
    }
}
