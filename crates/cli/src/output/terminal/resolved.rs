//! Answers to what the run asked.

use std::io;

use slipway_contract::approval::{Answer, AnsweredBy, Approval, Question};

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
            self.was_asked(&approval.question)?;
        }
        let who = match by {
            AnsweredBy::Person => "by you",
            AnsweredBy::RunOption => "by --approve allow",
            AnsweredBy::PriceTable => "by prices.toml",
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
            Answer::Price { price } => format!(
                "{} priced {who}: {} for a million tokens in, {} out",
                styled(GOOD, "✓"),
                price.input.display_exact(),
                price.output.display_exact()
            ),
            Answer::Stop => format!("{} stopped {who}", styled(BAD, "✗")),
        };
        self.step(&line)
    }

    fn was_asked(&mut self, question: &Question) -> io::Result<()> {
        let mark = styled(ATTENTION, "?");
        match question {
            Question::Grant { permissions, .. } => permissions.iter().try_for_each(|item| {
                let item = permission::described(item, &self.facts.workdir);
                self.step(&format!("{mark} {item}"))
            }),
            Question::Call {
                tool, arguments, ..
            } => self.step(&format!("{mark} {}", brief::call(tool, arguments))),
            Question::Price { model, .. } => self.step(&format!(
                "{mark} the price of {} is unknown",
                sanitize::line(&model.to_string())
            )),
            Question::Outcome {
                tool, arguments, ..
            } => {
                let call = brief::call(tool, arguments);
                self.step(&format!("{mark} did it happen? {call}"))
            }
        }
    }
}
