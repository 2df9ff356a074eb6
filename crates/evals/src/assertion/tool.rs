//! Which tools were called, with what, how often and in which order.

use std::fmt;

use serde_json::Value;
use slipway_agent::package::document::{Reader, Section, Text, Wrong, json, nearest};

use super::subset::difference;
use super::verdict::{Explanation, Verdict, cut, quoted};
use crate::evidence::{AskedCall, Call, Evidence};
use crate::suite::Texts;

/// What stands for any tool.
pub(super) const ANY: &str = "*";
/// Calls that are shown of those that should not have been.
const TRIED: usize = 10;

/// A tool was called so often, with such arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// The tool; none for any.
    pub tool: Option<String>,
    /// What the arguments of such a call hold; none for every call.
    pub with: Option<Value>,
    /// A text that its arguments hold somewhere; case does not count.
    pub mentions: Option<String>,
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
        let (with, mentions) = (arguments(reader, section), mentions(reader, section));
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
            tool: Some(tool?),
            with,
            mentions,
            least,
            most,
        })
    }

    /// `tool_not_called`: the tool may be one that the agent does not have, or `*` for any.
    pub(super) fn read_not(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let tool = reader.text(section, "tool_not_called", Text::Line(200))?;
        let (with, mentions) = (arguments(reader, section), mentions(reader, section));
        Some(Self {
            tool: (tool.value != ANY).then(|| tool.value.to_owned()),
            with,
            mentions,
            least: 0,
            most: Some(0),
        })
    }

    pub(super) fn judge(&self, evidence: &Evidence) -> Verdict {
        let is_meant = |call: &&Call| self.tool.as_ref().is_none_or(|tool| call.tool == *tool);
        let of_tool: Vec<&Call> = evidence.calls.iter().filter(is_meant).collect();
        let differs = |call: &Call| self.differs(&call.arguments);
        let count = of_tool
            .iter()
            .filter(|call| differs(call).is_none())
            .count();
        let enough = count >= self.least as usize;
        let fits = enough && self.most.is_none_or(|most| count <= most as usize);
        Verdict::of(fits, || {
            let any = self.with.is_none() && self.mentions.is_none();
            let such = if any { "" } else { " with such arguments" };
            let called = match count {
                0 => "never called".to_owned(),
                more => format!("called {}", times(more)),
            };
            let mut summary = format!(
                "{} was {called}{such}, and it should be {}",
                self.named(),
                self.range()
            );
            let near = of_tool.iter().filter_map(|call| differs(call)).next_back();
            if let (false, Some(near)) = (enough, near) {
                summary = format!("{summary}; the last call differs: {near}");
            }
            let mut why = Explanation::with_got(summary, &listed(&evidence.calls));
            if enough {
                // What was called that should not have been is in sight, and what it tried beside.
                let tried = of_tool.iter().filter(|call| differs(call).is_none());
                let mut told = listed(tried.copied().take(TRIED));
                for refused in self.refused(evidence).take(TRIED) {
                    let arguments = cut(&refused.arguments.to_string(), 200);
                    told = format!("{told}\n{} {arguments} (not allowed)", refused.tool);
                }
                why.details = Some(told);
            }
            let expected = self
                .with
                .as_ref()
                .map(|with| format!("{} {with}", self.named()));
            Explanation { expected, ..why }
        })
    }

    /// Where a call's arguments are not as meant.
    fn differs(&self, arguments: &Value) -> Option<String> {
        let with = self
            .with
            .as_ref()
            .and_then(|with| difference(with, arguments));
        let mentions = self.mentions.as_ref();
        let missing = mentions.filter(|text| !mentioned(&text.to_lowercase(), arguments));
        with.or_else(|| missing.map(|text| format!("it does not mention {}", quoted(text))))
    }

    /// Such calls that nobody allowed, and that were not made.
    fn refused<'a>(&'a self, evidence: &'a Evidence) -> impl Iterator<Item = &'a AskedCall> {
        evidence.questions.iter().filter(|asked| {
            asked.allowed != Some(true)
                && self.tool.as_ref().is_none_or(|tool| asked.tool == *tool)
                && self.differs(&asked.arguments).is_none()
        })
    }

    fn named(&self) -> &str {
        self.tool.as_deref().unwrap_or("a tool")
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

/// Whether a text stands somewhere in a value: in its texts, or in its keys.
fn mentioned(text: &str, value: &Value) -> bool {
    match value {
        Value::String(one) => one.to_lowercase().contains(text),
        Value::Array(items) => items.iter().any(|item| mentioned(text, item)),
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| key.to_lowercase().contains(text) || mentioned(text, value)),
        other => other.to_string().contains(text),
    }
}

fn mentions(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let found = reader.text(section, "mentions", Text::Line(2_000))?;
    Some(found.value.to_owned())
}

/// The calls, one a line.
fn listed<'c>(calls: impl IntoIterator<Item = &'c Call>) -> String {
    let lines = calls.into_iter().map(|call| {
        let failed = if call.is_error { " (failed)" } else { "" };
        format!(
            "{} {}{failed}",
            call.tool,
            cut(&call.arguments.to_string(), 200)
        )
    });
    let lines: Vec<String> = lines.collect();
    match lines.is_empty() {
        true => "no tool was called".to_owned(),
        false => lines.join("\n"),
    }
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

/// The same, where `*` may stand for any.
pub(super) fn tool_or_any(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    known: &[String],
) -> Option<String> {
    match section.get(key) {
        Some(found) if found.value.as_str() == Some(ANY) => Some(ANY.to_owned()),
        _ => tool(reader, section, key, known),
    }
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
            (0, Some(0)) => write!(
                f,
                "does not call {}",
                self.tool.as_deref().unwrap_or("any tool")
            )?,
            (1, None) => write!(f, "calls {}", self.named())?,
            _ => write!(f, "calls {} {}", self.named(), self.range())?,
        }
        if let Some(with) = &self.with {
            write!(f, " with {}", cut(&with.to_string(), 200))?;
        }
        match &self.mentions {
            Some(text) => write!(f, " with arguments that mention {}", quoted(text)),
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
        self.mentions.each_text(see);
    }
}
