//! A run as people read it.

mod ending;
mod forked;
mod model_failed;
mod open_questions;
mod opening;
mod resolved;
mod text;
mod tool;
mod worked;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::{self, IsTerminal as _};

use serde_json::Value;
use slipway_contract::approval::Approval;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::message::{AttachmentSummary, Content};
use slipway_contract::{CallId, StepId};

pub(crate) use open_questions::OpenQuestions;
pub(crate) use opening::recording_note;

use super::style::{ATTENTION, FAINT, styled};
use super::view::{Facts, View};
use super::{Screen, amount, sanitize};
use model_failed::LastFailure;
use text::{Text, Thoughts};
use tool::UnderWay;
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
    thoughts: Thoughts,
    /// The arguments of the newest answer's calls.
    calls: HashMap<CallId, Value>,
    under_way: UnderWay,
    open: OpenQuestions,
    last_failure: Option<LastFailure>,
    /// The model that was asked last, `provider/model`.
    asked: Option<String>,
    /// Whether this shows the run from its beginning.
    is_whole: bool,
    missed_network: bool,
}

/// What was printed last; different things stand apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paragraph {
    Nothing,
    Header,
    Text,
    Thoughts,
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
            thoughts: Thoughts::default(),
            calls: HashMap::new(),
            under_way: UnderWay::default(),
            open: OpenQuestions::default(),
            last_failure: None,
            asked: None,
            is_whole: true,
            missed_network: false,
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

    /// A line about this step, or about the run.
    fn step(&mut self, of: impl Into<Option<StepId>>, line: &str) -> io::Result<()> {
        self.paragraph(Paragraph::Steps)?;
        let margin = self.margin(of.into());
        self.screen.line(&format!("{margin}{line}"))
    }

    fn faint_step(&mut self, of: impl Into<Option<StepId>>, line: &str) -> io::Result<()> {
        self.step(of, &styled(FAINT, &format!("· {line}")))
    }

    fn note_step(&mut self, of: impl Into<Option<StepId>>, line: &str) -> io::Result<()> {
        self.step(of, &styled(ATTENTION, &format!("! {line}")))
    }

    /// What is told again names its steps, since `slipway runs retry` wants to know which.
    fn margin(&self, of: Option<StepId>) -> String {
        match (self.mode, of) {
            (Mode::Live, _) => "  ".to_owned(),
            (Mode::Told, None) => "    ".to_owned(),
            (Mode::Told, Some(step)) => styled(FAINT, &format!("{:>3} ", step.0)),
        }
    }

    /// Shows that something is under way: only what happens now is.
    fn spin(&mut self, step: StepId, what: String) -> io::Result<()> {
        match self.mode {
            Mode::Live => self.screen.spin(step, what),
            Mode::Told => Ok(()),
        }
    }

    fn said(&mut self, input: &str, attachments: &[AttachmentSummary]) -> io::Result<()> {
        if self.mode == Mode::Live {
            return Ok(());
        }
        self.paragraph(Paragraph::Text)?;
        for line in sanitize::text(input).lines() {
            self.screen.line(&styled(FAINT, &format!("> {line}")))?;
        }
        for file in attachments {
            let (name, kind) = (sanitize::line(&file.name), file.media.as_str());
            let size = amount::size(file.bytes);
            let line = format!("> [{name}: {kind}, {size}]");
            self.screen.line(&styled(FAINT, &line))?;
        }
        Ok(())
    }

    /// Whether nothing may be cut: a program reads, or a person who looks at what has been.
    fn shows_all(&self) -> bool {
        self.mode == Mode::Told || self.screen.columns().is_none()
    }

    fn parked(&mut self, event: &RunEvent) -> io::Result<()> {
        self.screen.all_still();
        if self.mode == Mode::Told {
            return self.faint_step(None, "parked");
        }
        self.questions_and_commands(event.run_id)
    }

    /// What the run waits for, and how to go on.
    pub(crate) fn questions_and_commands(
        &mut self,
        run: slipway_contract::RunId,
    ) -> io::Result<()> {
        self.paragraph(Paragraph::Question)?;
        self.open.print(&mut self.screen, run, &self.facts.workdir)
    }
}

impl View for TerminalView {
    fn known(&mut self, event: &RunEvent) {
        self.is_whole = false;
        self.open.follow(&event.kind);
        self.under_way.follow(&event.kind);
        if let EventKind::ModelResponded { content, .. } = &event.kind {
            self.remember_calls(content);
        }
    }

    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        let asked = match &event.kind {
            EventKind::ApprovalResolved { step, .. } => self.open.of(*step).cloned(),
            _ => None,
        };
        let left_open = self.left_open_by(&event.kind);
        self.open.follow(&event.kind);
        self.before(event)?;
        self.worked.follow(event);
        if self.last == Paragraph::Nothing {
            self.header(event.run_id)?;
        }
        match &event.kind {
            EventKind::RunStarted {
                input, attachments, ..
            }
            | EventKind::RunContinued {
                input, attachments, ..
            } => self.said(input, attachments),
            EventKind::RunForked { .. } => self.forked(&event.kind),
            EventKind::RunResumed {} => {
                self.left("cut off")?;
                self.faint_step(None, "taken up again")
            }
            EventKind::ModelRequested {
                step,
                provider,
                model,
                prompted,
                ..
            } => {
                let asked = Some(format!("{provider}/{model}"));
                if *prompted && self.asked != asked {
                    let words = format!("{} calls tools by prompts", sanitize::line(model));
                    self.faint_step(*step, &words)?;
                }
                self.asked = asked;
                self.spin(*step, format!("{} is thinking", sanitize::line(model)))
            }
            EventKind::ModelDelta { step, text, .. } => self.delta(*step, text),
            EventKind::ModelReasoning { step, text, .. } => self.thought(*step, text),
            EventKind::ModelResponded { step, content, .. } => {
                self.remember_calls(content);
                self.answered(*step, content)?;
                self.answer(*step, content)
            }
            EventKind::ModelOverbilled {
                step,
                provider,
                announced_output_tokens,
                billed_output_tokens,
                reserved_usd,
                beyond_usd,
                ..
            } => self.note_step(*step, &format!(
                "{} billed {} beyond the {} that were reserved: {} tokens of answer, where {} were allowed",
                sanitize::line(provider),
                beyond_usd.display_exact(),
                reserved_usd.display_exact(),
                amount::count(*billed_output_tokens),
                amount::count((*announced_output_tokens).into()),
            )),
            EventKind::ModelFailed {
                step,
                attempt,
                message,
                retry_in_ms,
                next_model,
                ..
            } => {
                let next = next_model.as_deref();
                self.model_failed(*step, *attempt, message, *retry_in_ms, next)
            }
            EventKind::ModelSkipped {
                step,
                message,
                next_model,
                ..
            } => self.falls_back(*step, next_model, message),
            EventKind::ContextCompacted {
                tokens_before,
                tokens_after,
                results_elided,
                turns_dropped,
            } => self.faint_step(None, &format!(
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
                ..
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
            EventKind::ApprovalResolved { answer, by, .. } => {
                self.resolved(asked.as_ref(), answer, *by)
            }
            EventKind::RunParked { .. } => self.parked(event),
            EventKind::RunFinished {
                status,
                reason,
                message,
                output,
                usage,
            } => {
                self.never_answered(&left_open)?;
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
        if self.mode == Mode::Told {
            let how = if self.facts.driven {
                "under way"
            } else {
                "cut off"
            };
            self.left(how)?;
        }
        self.screen.all_still();
        self.screen.start_line()?;
        self.screen.flush()
    }

    fn question(&mut self, approval: &Approval) -> io::Result<&mut Screen> {
        if self.aside.is_none() {
            self.open.saw(approval);
            self.paragraph(Paragraph::Question)?;
        }
        Ok(self.aside.as_mut().unwrap_or(&mut self.screen))
    }
}

impl TerminalView {
    /// What the event tells besides itself.
    fn before(&mut self, event: &RunEvent) -> io::Result<()> {
        self.tell_last_failure(&event.kind)?;
        self.under_way.follow(&event.kind);
        self.missed_network |= !self.facts.network
            && matches!(&event.kind, EventKind::ToolReturned { tool, is_error: true, .. } if tool == "http_request");
        Ok(())
    }

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
