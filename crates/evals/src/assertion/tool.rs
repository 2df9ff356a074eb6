//! Which tools were called, with what, how often and in which order.

use std::fmt;

use serde_json::Value;
use slipway_agent::package::document::{Reader, Section, Text, Wrong, json, nearest};

use super::subset::difference;
use super::verdict::{Explanation, Verdict, cut};
use crate::evidence::{Call, Evidence};
use crate::suite::Texts;

/// A tool was called so often, with such arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// The tool.
    pub tool: String,
    /// What the arguments of such a call hold; none for every call.
    pub with: Option<Value>,
    /// At least so often.
    pub least: u32,
    /// At most so often.
    pub most: Option<u32>,
}

/// Tools were called in this order; others may have been called between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InOrder {
    /// The tools.
    pub tools: Vec<String>,
}

impl Called {
    /// `tool_called`
    pub(super) fn read(
        reader: &mut Reader<'_>,
        section: &Section<'_>,
        known: &[String],
    ) -> Option<Self> {
        let tool = tool(reader, section, "tool_called", known);
        let range = 0..=10_000;
        let times = reader.integer(section, "times", &(1..=10_000));
        let least = reader.integer(section, "at_least", &(1..=10_000));
        let most = reader.integer(section, "at_most", &range);
        if times.is_some() && (least.is_some() || most.is_some()) {
            let message = "has `times` beside `at_least` or `at_most`: leave one out";
            reader.report(&section.span, &section.key, message);
        }
        let with = arguments(reader, section);
        // `at_most` alone does not ask for a call.
        let least = times
            .or(least)
            .unwrap_or(if most.is_some() { 0 } else { 1 });
        let most = times.or(most);
        if most.is_some_and(|most| most < least) {
            reader.report(
                &section.span,
                &section.key,
                "`at_least` is more than `at_most`",
            );
        }
        Some(Self {
            tool: tool?,
            with,
            least,
            most,
        })
    }

    /// `tool_not_called`: the tool may be one that the agent does not have.
    pub(super) fn read_not(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let tool = reader.text(section, "tool_not_called", Text::Line(200))?;
        let with = arguments(reader, section);
        Some(Self {
            tool: tool.value.to_owned(),
            with,
            least: 0,
            most: Some(0),
        })
    }

    pub(super) fn judge(&self, evidence: &Evidence) -> Verdict {
        let of_tool: Vec<&Call> = evidence
            .calls
            .iter()
            .filter(|call| call.tool == self.tool)
            .collect();
        let differs = |call: &&&Call| {
            self.with
                .as_ref()
                .and_then(|with| difference(with, &call.arguments))
        };
        let count = of_tool
            .iter()
            .filter(|call| differs(call).is_none())
            .count();
        let enough = count >= self.least as usize;
        let fits = enough && self.most.is_none_or(|most| count <= most as usize);
        Verdict::of(fits, || {
            let such = if self.with.is_some() {
                " with such arguments"
            } else {
                ""
            };
            let mut summary = format!(
                "{} was called {}{such}, and it should be {}",
                self.tool,
                times(count),
                self.range()
            );
            let near = of_tool.iter().filter_map(|call| differs(&call)).next_back();
            if let (false, Some(near)) = (enough, near) {
                summary = format!("{summary}; the last call differs: {near}");
            }
            let why = Explanation::with_got(summary, &listed(&evidence.calls));
            let expected = self
                .with
                .as_ref()
                .map(|with| format!("{} {with}", self.tool));
            Explanation { expected, ..why }
        })
    }

    fn range(&self) -> String {
        match (self.least, self.most) {
            (0, Some(0)) => "never".to_owned(),
            (least, Some(most)) if least == most => times(least as usize),
            (0, Some(most)) => format!("at most {}", times(most as usize)),
            (least, None) => format!("at least {}", times(least as usize)),
            (least, Some(most)) => format!("{least} to {most} times"),
        }
    }
}

impl InOrder {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        section: &Section<'_>,
        known: &[String],
    ) -> Option<Self> {
        let found = section.get("tools_in_order")?;
        let tools = reader.texts(section, "tools_in_order", Text::Line(200));
        let tools = tools.into_iter().filter_map(|tool| {
            reader
                .parsed_or(tool, |name| known_tool(name, known))
                .map(|tool| tool.value)
        });
        let tools: Vec<String> = tools.collect();
        if tools.len() < 2 && reader.is_clean() {
            reader.report(&found.span, &found.key, "an order has two tools at least");
        }
        Some(Self { tools })
    }

    pub(super) fn judge(&self, evidence: &Evidence) -> Verdict {
        let mut calls = evidence.calls.iter();
        let mut before: Option<&str> = None;
        for tool in &self.tools {
            if !calls.any(|call| call.tool == *tool) {
                let summary = match before {
                    None => format!("{tool} was not called"),
                    Some(before) => format!("{tool} was not called after {before}"),
                };
                let why = Explanation::with_got(summary, &listed(&evidence.calls));
                return Verdict::Failed { why };
            }
            before = Some(tool);
        }
        Verdict::Passed
    }
}

/// The calls, one a line.
fn listed(calls: &[Call]) -> String {
    if calls.is_empty() {
        return "no tool was called".to_owned();
    }
    let lines = calls.iter().map(|call| {
        let failed = if call.is_error { " (failed)" } else { "" };
        format!(
            "{} {}{failed}",
            call.tool,
            cut(&call.arguments.to_string(), 200)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

pub(super) fn tool(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    known: &[String],
) -> Option<String> {
    let found = reader.text(section, key, Text::Line(200))?;
    let found = reader.parsed_or(found, |name| known_tool(name, known))?;
    Some(found.value)
}

fn known_tool(name: &str, known: &[String]) -> Result<String, Wrong> {
    if known.iter().any(|tool| tool == name) {
        return Ok(name.to_owned());
    }
    let meant = nearest(name, known.iter().map(String::as_str));
    let hint = match meant {
        Some(meant) => format!("; did you mean {meant:?}?"),
        None if known.is_empty() => "; it has none".to_owned(),
        None => format!("; it has {}", known.join(", ")),
    };
    let message = format!("the agent has no tool {name:?}{hint}");
    Err(Wrong::new(message).meaning(meant))
}

fn arguments(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Value> {
    reader.table(section, "with")?;
    let found = section.get("with")?;
    json(reader, &found)
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (0, Some(0)) => write!(f, "does not call {}", self.tool)?,
            (1, None) => write!(f, "calls {}", self.tool)?,
            _ => write!(f, "calls {} {}", self.tool, self.range())?,
        }
        match &self.with {
            Some(with) => write!(f, " with {}", cut(&with.to_string(), 200)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for InOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "calls {}", self.tools.join(", then "))
    }
}

impl Texts for Called {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        self.with.each_text(see);
    }
}
