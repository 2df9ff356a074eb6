//! A run that goes on from a step of another.

use std::io;

use slipway_contract::event::EventKind;

use super::TerminalView;
use super::tool::Returned;

impl TerminalView {
    pub(super) fn forked(&mut self, event: &EventKind) -> io::Result<()> {
        let EventKind::RunForked {
            parent,
            from,
            edited,
            answer,
            results,
            ..
        } = event
        else {
            return Ok(());
        };
        let parent = parent.short();
        let how = if *edited {
            format!("goes on from the run {parent}, with step {from} edited")
        } else {
            format!("goes on from the run {parent}, again from step {from}")
        };
        self.faint_step(None, &how)?;
        if let Some(content) = answer {
            self.remember_calls(content);
            self.answered(*from, content)?;
            self.answer(*from, content)?;
        }
        for kept in results {
            let earlier = || self.facts.calls.get(&kept.call_id).cloned();
            let arguments = self.calls.remove(&kept.call_id).or_else(earlier);
            let returned = Returned {
                tool: &kept.tool,
                arguments,
                result: &kept.result,
                is_error: kept.is_error,
                took_ms: None,
            };
            self.tool_returned(kept.step, &returned)?;
        }
        Ok(())
    }
}
