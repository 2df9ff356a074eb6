//! Answers that stand in for tools.

use serde_json::Value;
use slipway_agent::package::document::{Reader, Section, Text, json};

use super::keys;
use super::variables::Texts;
use crate::assertion::subset;

/// An answer that stands in for a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct Mock {
    /// The tool.
    pub tool: String,
    /// What the call's arguments must hold; none for every call.
    pub when: Option<Value>,
    /// The answer.
    pub answer: MockAnswer,
}

/// What a mock answers.
#[derive(Debug, Clone, PartialEq)]
pub enum MockAnswer {
    /// A result: a text, or JSON.
    Returns(Value),
    /// A failure that the model can act on.
    Error(String),
}

impl Mock {
    /// Whether it stands in for this call.
    #[must_use]
    pub fn fits(&self, tool: &str, arguments: &Value) -> bool {
        let holds = |when| subset::difference(when, arguments).is_none();
        self.tool == tool && self.when.as_ref().is_none_or(holds)
    }
}

impl Texts for Mock {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        self.when.each_text(see);
        match &mut self.answer {
            MockAnswer::Returns(value) => value.each_text(see),
            MockAnswer::Error(text) => see(text),
        }
    }
}

/// The mocks of `[[case.mock]]`.
pub(super) fn read(reader: &mut Reader<'_>, case: &Section<'_>) -> Vec<Mock> {
    let mut mocks = Vec::new();
    for mut section in reader.tables(case, "mock") {
        reader.only(&mut section, keys::MOCK, &[]);
        reader.require(&section, "tool", "tool = \"read_file\"");
        let when = reader.table(&section, "when").is_some();
        let when = when.then(|| section.get("when")).flatten();
        let when = when.and_then(|found| json(reader, &found));
        let answer = match (section.get("returns"), section.get("error")) {
            (Some(found), None) => json(reader, &found).map(MockAnswer::Returns),
            (None, Some(_)) => reader
                .text(&section, "error", Text::Lines(10_000))
                .map(|text| MockAnswer::Error(text.value.to_owned())),
            _ => {
                let message = "needs `returns` with a result, or `error` with a message";
                reader.report(&section.span, &section.key, message);
                None
            }
        };
        let tool = reader.text(&section, "tool", Text::Line(200));
        if let (Some(tool), Some(answer)) = (tool, answer) {
            let tool = tool.value.to_owned();
            mocks.push(Mock { tool, when, answer });
        }
    }
    mocks
}
