//! A run as people read it.

mod ending;
mod open_questions;
mod opening;
mod text;
mod tool;
mod worked;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::{self, IsTerminal as _};

use serde_json::Value;
use slipway_contract::approval::{Answer, AnsweredBy};
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::Content;
use slipway_contract::{CallId, StepId};

pub(crate) use open_questions::{OpenQuestions, go_on_commands};
pub(crate) use opening::recording_note;

use super::prompt::question::{self, Extent};
use super::style::{ATTENTION, BAD, FAINT, GOOD, styled};
use super::view::{Facts, View};
use super::{Screen, amount, sanitize};
use text::Text;
use worked::Worked;

/// Whether the run happens now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It happens now.
    Live,
    /// It is told again from its journal.
    Told,
}

/// Shows a run on a terminal, or in plain lines.
pub(crate) struct TerminalView {
    screen: Screen,
    /// Where questions are asked when the output does not go to the terminal.
    aside: Option<Screen>,
    facts: Facts,
    mode: Mode,
    worked: Worked,
    last: Paragraph,
    text: Text,
    /// The arguments of the newest answer's calls.
    calls: HashMap<CallId, Value>,
    open: OpenQuestions,
}

/// What was printed last; different things stand apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paragraph {
    Nothing,
    Header,
    Text,
    Steps,
    Question,
    End,
}

impl TerminalView {
    /// A view on standard output.
    pub(crate) fn new(facts: Facts, mode: Mode) -> Self {
        let aside = (!io::stdout().is_terminal()).then(Screen::stderr);
        Self::on(Screen::stdout(), aside, facts, mode)
    }

    fn on(screen: Screen, aside: Option<Screen>, facts: Facts, mode: Mode) -> Self {
        Self {
            screen,
            aside,
            facts,
            mode,
            worked: Worked::default(),
            last: Paragraph::Nothing,
            text: Text::default(),
            calls: HashMap::new(),
            open: OpenQuestions::default(),
        }
    }

    /// Begins a paragraph, apart from what stands before it.
    fn paragraph(&mut self, next: Paragraph) -> io::Result<()> {
        self.screen.start_line()?;
        if self.last != next && self.last != Paragraph::Nothing {
            self.screen.line("")?;
        }
        self.last = next;
        Ok(())
    }

    /// A line about a step.
    fn step(&mut self, line: &str) -> io::Result<()> {
        self.paragraph(Paragraph::Steps)?;
        self.screen.line(&format!("  {line}"))
    }

    fn faint_step(&mut self, line: &str) -> io::Result<()> {
        self.step(&styled(FAINT, &format!("· {line}")))
    }

    fn said(&mut self, input: &str) -> io::Result<()> {
        if self.mode == Mode::Live {
            return Ok(());
        }
        self.paragraph(Paragraph::Text)?;
        for line in sanitize::text(input).lines() {
            self.screen.line(&styled(FAINT, &format!("> {line}")))?;
        }
        Ok(())
    }

    fn model_failed(
        &mut self,
        step: StepId,
        attempt: u32,
        message: &str,
        retry_in_ms: Option<u64>,
    ) -> io::Result<()> {
        self.screen.still(step);
        self.text = Text::default();
        let message = sanitize::line(message);
        self.step(&format!("{} {message}", styled(ATTENTION, "!")))?;
        match retry_in_ms {
            Some(ms) => {
                let next = attempt + 1;
                self.faint_step(&format!(
                    "trying again in {} (attempt {next})",
                    amount::duration(ms)
                ))?;
                self.screen.spin(step, "waiting to try again".to_owned())
            }
            None => Ok(()),
        }
    }

    fn resolved(&mut self, answer: &Answer, by: AnsweredBy) -> io::Result<()> {
        let who = match by {
            AnsweredBy::Person => "by you",
            AnsweredBy::RunOption => "by --approve allow",
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
            Answer::Happened { .. } => format!("{} it happened, you say", styled(GOOD, "✓")),
            Answer::NotHappened => format!(
                "{} it did not happen, you say: it is done now",
                styled(GOOD, "✓")
            ),
            Answer::Stop => format!("{} stopped {who}", styled(BAD, "✗")),
        };
        self.step(&line)
    }

    fn parked(&mut self, event: &RunEvent) -> io::Result<()> {
        self.screen.all_still();
        if self.mode == Mode::Told {
            return self.faint_step("parked");
        }
        self.questions_and_commands(event.run_id)
    }

    /// What the run waits for, and how to go on.
    pub(crate) fn questions_and_commands(
        &mut self,
        run: slipway_contract::RunId,
    ) -> io::Result<()> {
        self.paragraph(Paragraph::Question)?;
        let line = format!("parked: run {} waits for you", run.short());
        self.screen.line(&styled(ATTENTION, &format!("⏸ {line}")))?;
        for approval in self.open.iter() {
            question::print(
                &mut self.screen,
                approval,
                &self.facts.workdir,
                Extent::Short,
            )?;
        }
        self.screen.line("")?;
        self.screen.line("Go on with:")?;
        for command in go_on_commands(run, self.open.iter()) {
            self.screen.line(&format!("  {command}"))?;
        }
        Ok(())
    }
}

impl View for TerminalView {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.open.follow(&event.kind);
        self.worked.follow(event);
        if self.last == Paragraph::Nothing {
            self.header(event.run_id)?;
        }
        match &event.kind {
            EventKind::RunStarted { input, .. } | EventKind::RunContinued { input, .. } => {
                self.said(input)
            }
            EventKind::RunResumed {} => self.faint_step("taken up again"),
            EventKind::ModelRequested { step, model, .. } => self
                .screen
                .spin(*step, format!("{} is thinking", sanitize::line(model))),
            EventKind::ModelDelta { step, text, .. } => self.delta(*step, text),
            EventKind::ModelResponded { step, content, .. } => {
                self.remember_calls(content);
                self.answer(*step, content)
            }
            EventKind::ModelFailed {
                step,
                attempt,
                message,
                retry_in_ms,
            } => self.model_failed(*step, *attempt, message, *retry_in_ms),
            EventKind::ContextCompacted {
                tokens_before,
                tokens_after,
                results_elided,
                turns_dropped,
            } => self.faint_step(&format!(
                "shortened the conversation from about {} to {} tokens: {} left out, {} dropped",
                amount::count(*tokens_before),
                amount::count(*tokens_after),
                amount::of((*results_elided).into(), "tool result"),
                amount::of((*turns_dropped).into(), "older turn"),
            )),
            EventKind::ToolRequested {
                step,
                call_id,
                tool,
                arguments,
                ..
            } => {
                self.calls.insert(call_id.clone(), arguments.clone());
                self.tool_begins(*step, tool, arguments)
            }
            EventKind::ToolReturned {
                step,
                call_id,
                tool,
                result,
                is_error,
                took_ms,
            } => {
                let arguments = self.calls.remove(call_id);
                self.tool_returned(
                    *step,
                    &tool::Returned {
                        tool,
                        arguments,
                        result,
                        is_error: *is_error,
                        took_ms: *took_ms,
                    },
                )
            }
            // Asked where the person is, or printed when the run parks.
            EventKind::ApprovalRequested(_) => Ok(()),
            EventKind::ApprovalResolved { answer, by, .. } => self.resolved(answer, *by),
            EventKind::RunParked { .. } => self.parked(event),
            EventKind::RunFinished {
                status,
                reason,
                message,
                output,
                usage,
            } => {
                let end = ending::Ending {
                    status: *status,
                    reason: *reason,
                    message,
                    output: output.as_ref(),
                    usage,
                };
                self.finished(event.run_id, &end)
            }
        }
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        self.screen.start_line()?;
        self.screen
            .line(&styled(ATTENTION, &sanitize::text(text)))?;
        self.screen.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.screen.flush()
    }

    fn end(&mut self) -> io::Result<()> {
        self.screen.all_still();
        self.screen.start_line()?;
        self.screen.flush()
    }

    fn questions(&mut self) -> io::Result<&mut Screen> {
        if self.aside.is_none() {
            self.paragraph(Paragraph::Question)?;
        }
        Ok(self.aside.as_mut().unwrap_or(&mut self.screen))
    }
}

impl TerminalView {
    fn remember_calls(&mut self, content: &[Content]) {
        self.calls = content
            .iter()
            .filter_map(|part| match part {
                Content::ToolCall(call) => Some((call.call_id.clone(), call.arguments.clone())),
                Content::Text { .. } | Content::Reasoning { .. } => None,
            })
            .collect();
    }
}
