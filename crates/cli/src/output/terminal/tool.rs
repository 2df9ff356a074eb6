//! Tool calls: a spinner while they run, then one line.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;
use slipway_contract::StepId;
use slipway_contract::event::EventKind;

use super::{Mode, TerminalView};
use crate::output::style::{BAD, FAINT, GOOD, NAME, styled};
use crate::output::{amount, brief, sanitize, width};

/// What a call came to.
pub(super) struct Returned<'a> {
    pub(super) tool: &'a str,
    /// None when the model's call was lost; it is then shown without.
    pub(super) arguments: Option<Value>,
    pub(super) result: &'a Value,
    pub(super) is_error: bool,
    pub(super) took_ms: Option<u64>,
}

impl TerminalView {
    pub(super) fn tool_begins(
        &mut self,
        step: StepId,
        tool: &str,
        arguments: &Value,
    ) -> io::Result<()> {
        self.spin(step, brief::call(tool, arguments))
    }

    pub(super) fn tool_returned(
        &mut self,
        step: StepId,
        returned: &Returned<'_>,
    ) -> io::Result<()> {
        self.screen.still(step);
        if returned.is_error && self.shows_all() {
            let whole = whole(returned);
            let mut of = Some(step);
            whole
                .lines()
                .try_for_each(|line| self.step(of.take(), line))?;
            return self.denied(returned);
        }
        let margin = width::of(&anstream::adapter::strip_str(&self.margin(Some(step))).to_string());
        let line = line(returned, self.screen.line_length().saturating_sub(margin));
        self.step(step, &line)?;
        self.denied(returned)
    }

    /// Which rule it was that a call was not made for.
    fn denied(&mut self, returned: &Returned<'_>) -> io::Result<()> {
        let was_made = !returned.is_error || returned.took_ms.is_some();
        match self.facts.denied.get(returned.tool) {
            Some(rule) if !was_made => {
                let rule = rule.short();
                self.faint_step(
                    None,
                    &format!("denied by your rule {rule}: slipway rules show {rule}"),
                )
            }
            _ => Ok(()),
        }
    }

    /// Says what began and has not returned.
    pub(super) fn left(&mut self, how: &str) -> io::Result<()> {
        let UnderWay { model, calls } = std::mem::take(&mut self.under_way);
        if self.mode == Mode::Live {
            return Ok(());
        }
        if let Some(step) = model {
            self.faint_step(step, &format!("{how}: the model's answer"))?;
        }
        calls.into_iter().try_for_each(|(step, (tool, arguments))| {
            self.faint_step(step, &format!("{how}: {}", brief::call(&tool, &arguments)))
        })
    }
}

/// What has begun and not returned.
#[derive(Debug, Default)]
pub(super) struct UnderWay {
    model: Option<StepId>,
    calls: BTreeMap<StepId, (String, Value)>,
}

impl UnderWay {
    pub(super) fn follow(&mut self, event: &EventKind) {
        match event {
            EventKind::ToolRequested {
                step,
                tool,
                arguments,
                ..
            } => {
                self.calls.insert(*step, (tool.clone(), arguments.clone()));
            }
            EventKind::ToolReturned { step, .. } => {
                self.calls.remove(step);
            }
            EventKind::ModelRequested { step, .. } => self.model = Some(*step),
            EventKind::ModelResponded { .. } | EventKind::ModelFailed { .. } => self.model = None,
            EventKind::RunFinished { .. } => *self = Self::default(),
            _ => {}
        }
    }
}

/// A failed call with all that it said, the lines after the first further in.
fn whole(returned: &Returned<'_>) -> String {
    let error = brief::error(returned.result).replace('\n', "\n    ");
    format!(
        "{} {}{} {} {}{}",
        styled(BAD, "✗"),
        styled(NAME, &sanitize::line(returned.tool)),
        arguments_after_a_gap(returned),
        styled(FAINT, "→"),
        styled(BAD, &error),
        styled(FAINT, &took(returned))
    )
}

fn took(returned: &Returned<'_>) -> String {
    returned
        .took_ms
        .map(|ms| format!("  {}", amount::duration(ms)))
        .unwrap_or_default()
}

fn arguments_after_a_gap(returned: &Returned<'_>) -> String {
    match returned.arguments.as_ref().map(brief::arguments) {
        Some(arguments) if !arguments.is_empty() => format!(" {arguments}"),
        _ => String::new(),
    }
}

/// `✓ read_table path=july.csv → 15 rows, total 15  12 ms`, in this many columns.
fn line(returned: &Returned<'_>, columns: usize) -> String {
    let tool = sanitize::line(returned.tool);
    let took = took(returned);
    let arguments = returned
        .arguments
        .as_ref()
        .map(brief::arguments)
        .unwrap_or_default();
    let result = brief::result(returned.result, returned.arguments.as_ref());
    let fixed =
        width::of("✓ ") + width::of(&tool) + width::of(" ") + width::of(" → ") + width::of(&took);
    let left = columns.saturating_sub(fixed);
    let for_result =
        width::of(&result).min(left.saturating_sub(width::of(&arguments)).max(left / 2));
    let arguments = width::cut(&arguments, left - for_result.min(left));
    let result = width::cut(&result, for_result);
    let (mark, result) = if returned.is_error {
        (styled(BAD, "✗"), styled(BAD, &result))
    } else {
        (styled(GOOD, "✓"), result)
    };
    let gap = if arguments.is_empty() { "" } else { " " };
    format!(
        "{mark} {}{gap}{arguments} {} {result}{}",
        styled(NAME, &tool),
        styled(FAINT, "→"),
        styled(FAINT, &took)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(arguments: Value, result: &Value, columns: usize) -> String {
        let returned = Returned {
            tool: "read_file",
            arguments: Some(arguments),
            result,
            is_error: false,
            took_ms: Some(12),
        };
        anstream::adapter::strip_str(&line(&returned, columns)).to_string()
    }

    #[test]
    fn a_call_is_one_line() {
        let result = json!({"files": [1, 2]});
        assert_eq!(
            shown(json!({"path": "a"}), &result, 80),
            "✓ read_file path=a → 2 files  12 ms"
        );
    }

    #[test]
    fn a_line_is_no_wider_than_the_terminal() {
        let long = "x".repeat(200);
        for columns in [20, 40, 80, 120] {
            for (arguments, result) in [
                ("a", long.as_str()),
                (long.as_str(), "b"),
                (long.as_str(), long.as_str()),
            ] {
                let line = shown(json!({"path": arguments}), &json!(result), columns);
                assert!(width::of(&line) <= columns.max(25), "{columns}: {line}");
            }
        }
        let both = shown(json!({"path": long}), &json!("the result"), 60);
        assert!(
            both.contains("the result"),
            "a short result is never cut for the arguments: {both}"
        );
    }
}
