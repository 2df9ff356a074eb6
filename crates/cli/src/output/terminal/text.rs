//! What the model says.

use std::io;

use slipway_contract::StepId;
use slipway_contract::message::Content;

use super::{FAINT, Mode, Paragraph, TerminalView, styled};
use crate::output::sanitize::{self, Pieces};

/// The newest answer's text.
#[derive(Debug, Default)]
pub(super) struct Text {
    step: Option<StepId>,
    /// As it arrived so far, or as a whole.
    raw: String,
    pieces: Pieces,
    /// Line ends that came last: shown when more text follows.
    held: String,
}

/// The newest thoughts, as they come.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    step: Option<StepId>,
    pieces: Pieces,
    held: String,
}

impl Text {
    /// The answer as the model gave it.
    pub(super) fn raw(&self) -> &str {
        &self.raw
    }
}

impl TerminalView {
    pub(super) fn delta(&mut self, step: StepId, piece: &str) -> io::Result<()> {
        self.screen.still(step);
        if self.text.step != Some(step) {
            self.text = Text {
                step: Some(step),
                ..Text::default()
            };
        }
        // Models like to begin with an empty line.
        let piece = if self.text.raw.is_empty() {
            piece.trim_start()
        } else {
            piece
        };
        if piece.is_empty() {
            return Ok(());
        }
        if self.text.raw.is_empty() || self.last == Paragraph::Thoughts {
            self.paragraph(Paragraph::Text)?;
        }
        self.text.raw.push_str(piece);
        let mut shown = std::mem::take(&mut self.text.held);
        shown.push_str(&self.text.pieces.next(piece));
        self.text.held = shown.split_off(shown.trim_end_matches('\n').len());
        self.screen.text(&shown)
    }

    /// The model's reasoning, as it comes: to a person who watches, and to nobody later.
    pub(super) fn thought(&mut self, step: StepId, piece: &str) -> io::Result<()> {
        if self.screen.columns().is_none() || self.mode == Mode::Told {
            return Ok(());
        }
        let piece = if self.thoughts.step == Some(step) {
            piece
        } else {
            piece.trim_start()
        };
        if piece.is_empty() {
            return Ok(());
        }
        self.screen.still(step);
        if self.thoughts.step != Some(step) || self.last != Paragraph::Thoughts {
            self.paragraph(Paragraph::Thoughts)?;
            self.thoughts = Thoughts {
                step: Some(step),
                ..Thoughts::default()
            };
        }
        let mut shown = std::mem::take(&mut self.thoughts.held);
        shown.push_str(&self.thoughts.pieces.next(piece));
        self.thoughts.held = shown.split_off(shown.trim_end_matches('\n').len());
        self.screen.text(&styled(FAINT, &shown))
    }

    /// What the model did, told again: its step can be made again like any other.
    pub(super) fn answered(&mut self, step: StepId, content: &[Content]) -> io::Result<()> {
        if self.mode == Mode::Live {
            return Ok(());
        }
        let mut calls = Vec::new();
        let mut says = false;
        for part in content {
            match part {
                Content::Text { text } => says |= !text.trim().is_empty(),
                Content::ToolCall(call) => calls.push(sanitize::line(&call.tool)),
                Content::Reasoning { .. } => {}
            }
        }
        let calls = calls.join(", ");
        let line = match (says, calls.is_empty()) {
            (true, true) => "the model answers".to_owned(),
            (true, false) => format!("the model answers, and calls {calls}"),
            (false, false) => format!("the model calls {calls}"),
            (false, true) => "the model answers nothing".to_owned(),
        };
        // The header names the model; another one is named where it answers.
        let header = self.facts.model.to_string();
        let line = match self.asked.as_ref().filter(|asked| **asked != header) {
            Some(asked) => format!("{line} ({})", sanitize::line(asked)),
            None => line,
        };
        self.faint_step(step, &line)
    }

    /// The whole answer: what did not stream is printed now.
    pub(super) fn answer(&mut self, step: StepId, content: &[Content]) -> io::Result<()> {
        self.screen.still(step);
        let whole: String = content
            .iter()
            .filter_map(|part| match part {
                Content::Text { text } => Some(text.as_str()),
                Content::Reasoning { .. } | Content::ToolCall(_) => None,
            })
            .collect();
        let whole = whole.trim_start();
        let streamed = if self.text.step == Some(step) {
            self.text.raw.as_str()
        } else {
            ""
        };
        let missing = match whole.strip_prefix(streamed) {
            Some(rest) => format!("{}{rest}", self.text.held),
            None => format!("\n{whole}"),
        };
        let apart = streamed.is_empty() || self.last == Paragraph::Thoughts;
        if apart && !missing.trim().is_empty() {
            self.paragraph(Paragraph::Text)?;
        }
        self.screen.text(&sanitize::text(missing.trim_end()))?;
        self.screen.start_line()?;
        self.text = Text {
            step: Some(step),
            raw: whole.to_owned(),
            ..Text::default()
        };
        Ok(())
    }
}
