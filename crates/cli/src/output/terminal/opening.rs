//! The first lines.

use std::io;

use slipway_contract::RunId;

use super::{Mode, Paragraph, TerminalView};
use crate::output::style::{ATTENTION, FAINT, STRONG, styled};
use crate::output::{sanitize, view::Facts};

impl TerminalView {
    pub(super) fn header(&mut self, run: RunId) -> io::Result<()> {
        let Facts {
            agent,
            version,
            model,
            fallback,
            ..
        } = &self.facts;
        let models = std::iter::once(model).chain(fallback);
        let models: Vec<String> = models.map(ToString::to_string).collect();
        let model = models.join(", else ");
        let rest = format!(
            " {} · {} · run {}",
            version.short(),
            sanitize::line(&model),
            run.short()
        );
        let line = format!("{}{}", styled(STRONG, agent.as_str()), styled(FAINT, &rest));
        self.paragraph(Paragraph::Header)?;
        self.screen.line(&line)?;
        if self.mode == Mode::Live && self.is_whole {
            for line in recording_note(&self.facts)
                .iter()
                .flat_map(|note| note.lines())
            {
                self.screen.line(&styled(ATTENTION, line))?;
            }
        }
        Ok(())
    }
}

/// Never silently: what is recorded, what is real, and how to have a live model.
pub(crate) fn recording_note(facts: &Facts) -> Option<String> {
    let name = facts.recording()?;
    Some(format!(
        "This plays the recording {}: the model's answers are recorded, the tools run for real.\n\
         A live model instead: --model local/NAME, or OPENAI_API_KEY and --model openai/gpt-5-mini.",
        sanitize::line(name)
    ))
}
