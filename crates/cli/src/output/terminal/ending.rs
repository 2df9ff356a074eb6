//! The last lines.

use std::io;

use anstyle::Style;
use serde_json::Value;
use slipway_contract::RunId;
use slipway_contract::run::{EndReason, RunStatus, Usage};

use super::{Mode, Paragraph, TerminalView};
use crate::output::style::{ATTENTION, BAD, FAINT, GOOD, STRONG, styled};
use crate::output::{amount, sanitize};

/// Lines of a difference that are printed.
const MOST_OF_A_DIFF: usize = 40;

/// How a run ended.
pub(super) struct Ending<'a> {
    pub(super) status: RunStatus,
    pub(super) reason: EndReason,
    pub(super) message: &'a str,
    pub(super) output: Option<&'a Value>,
    pub(super) usage: &'a Usage,
}

impl TerminalView {
    pub(super) fn finished(&mut self, run: RunId, end: &Ending<'_>) -> io::Result<()> {
        self.screen.all_still();
        if let Some(output) = end
            .output
            .filter(|output| !was_shown(output, self.text.raw()))
        {
            self.paragraph(Paragraph::Text)?;
            self.screen.line(&readable(output))?;
        }
        self.paragraph(Paragraph::End)?;
        let (mark, style) = match end.status {
            RunStatus::Succeeded => ("✓", GOOD),
            RunStatus::Cancelled => ("■", ATTENTION),
            _ => ("✗", BAD),
        };
        let verdict = match end.status {
            RunStatus::Failed => format!("{mark} failed: {}", end.reason.as_str()),
            status => format!("{mark} {}", status.as_str()),
        };
        let figures = figures(end.usage, self.worked.ms());
        self.screen.line(&format!(
            "{}{}",
            styled(style, &verdict),
            styled(FAINT, &figures)
        ))?;
        if end.status == RunStatus::Failed {
            self.why(run, end)?;
        }
        self.further(run, end)
    }

    fn why(&mut self, run: RunId, end: &Ending<'_>) -> io::Result<()> {
        let message = sanitize::text(end.message);
        let most = if end.reason == EndReason::RecordingMismatch {
            MOST_OF_A_DIFF
        } else {
            usize::MAX
        };
        for line in message.lines().take(most) {
            self.screen
                .line(&format!("  {}", coloured(line, end.reason)))?;
        }
        match message.lines().count().saturating_sub(most) {
            0 => Ok(()),
            more => self.screen.line(&styled(
                FAINT,
                &format!(
                    "  … {}; slipway runs show {} --json has all",
                    amount::of(more as u64, "more line"),
                    run.short()
                ),
            )),
        }
    }

    fn further(&mut self, run: RunId, end: &Ending<'_>) -> io::Result<()> {
        if self.mode == Mode::Told {
            return Ok(());
        }
        let run = run.short();
        if self.missed_network {
            let hint = "http_request could reach nothing: this run was kept off the network. Without --no-network it can.";
            self.screen.line(&styled(ATTENTION, hint))?;
        }
        let remedy = match end.reason {
            EndReason::OverBudget => Some(format!(
                "With more to spend: slipway runs continue {run} --input 'Go on' --budget USD, and where a budget of your own is used up: slipway budgets"
            )),
            EndReason::PriceUnknown => Some(format!(
                "Without a limit of money: slipway runs continue {run} --input 'Go on' --budget none"
            )),
            _ => None,
        };
        if let Some(remedy) = remedy {
            return self.screen.line(&remedy);
        }
        if self.screen.columns().is_none() {
            return Ok(());
        }
        let hint = match end.status {
            RunStatus::Succeeded => {
                format!("A further message: slipway runs continue {run} --input TEXT")
            }
            _ => format!("What happened: slipway runs show {run}"),
        };
        self.screen.line(&styled(FAINT, &hint))
    }
}

/// ` · 2 model calls, 3 tool calls · 1,234 tokens in, 56 out · $0.0012 · 3.1 s`
fn figures(usage: &Usage, took_ms: u64) -> String {
    let cost = amount::cost(usage);
    format!(
        " · {}, {} · {} tokens in, {} out · {cost} · {}",
        amount::of(usage.model_calls.into(), "model call"),
        amount::of(usage.tool_calls.into(), "tool call"),
        amount::count(usage.input_tokens),
        amount::count(usage.output_tokens),
        amount::duration(took_ms),
    )
}

/// Whether the final answer is what the model said last.
fn was_shown(output: &Value, text: &str) -> bool {
    match output {
        Value::String(answer) => answer.trim() == text.trim(),
        json => serde_json::from_str::<Value>(text.trim()).is_ok_and(|shown| shown == *json),
    }
}

fn readable(output: &Value) -> String {
    match output {
        Value::String(answer) => sanitize::text(answer.trim()).into_owned(),
        json => {
            sanitize::text(&serde_json::to_string_pretty(json).unwrap_or_default()).into_owned()
        }
    }
}

/// The lines of a diff in its colours.
fn coloured(line: &str, reason: EndReason) -> String {
    let style = match line.bytes().next() {
        Some(b'+') if reason == EndReason::RecordingMismatch => GOOD,
        Some(b'-') if reason == EndReason::RecordingMismatch => BAD,
        Some(b'@') if reason == EndReason::RecordingMismatch => STRONG,
        _ => Style::new(),
    };
    styled(style, line)
}
