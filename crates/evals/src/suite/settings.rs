//! What `[defaults]` and each `[[case]]` may say, and the one rule by which they are merged.

use std::collections::BTreeMap;

use slipway_agent::package::document::{Reader, Section, Span, Text, describe, nearest};
use slipway_agent::package::{Files, PackagePath};
use slipway_contract::Usd;
use toml::de::DeValue;

use super::case::{ApprovalRule, ToolSource, ToolSources};
use super::files::{self, CaseFile};
use super::mock::{self, Mock};
use super::name::is_variable;
use super::variables::{Texts as _, Variables};
use super::{Tested, case::Approvals};
use crate::assertion::{self, Expectation, Threshold};

/// The most characters of one turn.
const MAX_TURN: usize = 200_000;

/// What was said; nothing is filled in yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) tags: Vec<String>,
    pub(super) turns: Option<Vec<String>>,
    pub(super) variables: Variables,
    pub(super) files: Vec<CaseFile>,
    pub(super) attachments: Vec<PackagePath>,
    pub(super) recording: Option<String>,
    pub(super) tools: Option<ToolSources>,
    pub(super) mocks: Vec<Mock>,
    pub(super) approvals: BTreeMap<String, ApprovalRule>,
    pub(super) repeat: Option<u32>,
    pub(super) required: Option<u32>,
    pub(super) timeout_ms: Option<u64>,
    pub(super) budget_usd: Option<Usd>,
    pub(super) threshold: Option<Threshold>,
    pub(super) expect: Vec<Expectation>,
}

impl Settings {
    /// About how many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        const EACH: usize = 256;
        let mut copy = self.clone();
        let mut bytes = self.variables.values().map(String::len).sum::<usize>();
        let mut add = |text: &mut String| bytes += text.len();
        copy.turns.each_text(&mut add);
        copy.files.each_text(&mut add);
        copy.mocks.each_text(&mut add);
        copy.expect.each_text(&mut add);
        let lists = [
            self.tags.len(),
            self.variables.len(),
            self.files.len(),
            self.attachments.len(),
            self.mocks.len(),
            self.approvals.len(),
            self.expect.len(),
        ];
        bytes + lists.iter().sum::<usize>() * EACH
    }

    /// These over the defaults: a value replaces the default's, a table is merged key by key, and
    /// a list is appended to the default's.
    pub(super) fn over(self, defaults: &Self) -> Self {
        Self {
            tags: joined(&defaults.tags, self.tags),
            turns: self.turns.or_else(|| defaults.turns.clone()),
            variables: merged(&defaults.variables, self.variables),
            files: joined(&defaults.files, self.files),
            attachments: joined(&defaults.attachments, self.attachments),
            recording: self.recording.or_else(|| defaults.recording.clone()),
            tools: self.tools.or_else(|| defaults.tools.clone()),
            mocks: joined(&defaults.mocks, self.mocks),
            approvals: merged(&defaults.approvals, self.approvals),
            repeat: self.repeat.or(defaults.repeat),
            required: self.required.or(defaults.required),
            timeout_ms: self.timeout_ms.or(defaults.timeout_ms),
            budget_usd: self.budget_usd.or(defaults.budget_usd),
            threshold: self.threshold.or(defaults.threshold),
            expect: joined(&defaults.expect, self.expect),
        }
    }
}

fn joined<T: Clone>(defaults: &[T], own: Vec<T>) -> Vec<T> {
    let mut all = defaults.to_vec();
    all.extend(own);
    all
}

fn merged<T: Clone>(
    defaults: &BTreeMap<String, T>,
    own: BTreeMap<String, T>,
) -> BTreeMap<String, T> {
    let mut all = defaults.clone();
    all.extend(own);
    all
}

/// What a table says.
pub(super) fn read(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    tested: &Tested<'_>,
) -> Settings {
    let tags = reader.texts(section, "tags", Text::Line(40));
    Settings {
        tags: tags.into_iter().map(|tag| tag.value.to_owned()).collect(),
        turns: turns(reader, section),
        variables: variables(reader, section),
        files: files::read(reader, section, tested.files),
        attachments: files::attachments(reader, section, tested.files),
        recording: recording(reader, section, tested.files),
        tools: tools(reader, section, tested),
        mocks: mock::read(reader, section),
        approvals: approvals(reader, section).0,
        repeat: reader.integer(section, "repeat", &(1..=1_000)),
        required: reader.integer(section, "required", &(1..=1_000)),
        timeout_ms: reader.duration(section, "timeout", Span::Work),
        budget_usd: reader.usd(section, "budget_usd"),
        threshold: reader
            .number(section, "threshold", &(0.01..=1.0))
            .and_then(Threshold::new),
        expect: assertion::read(reader, section, &tested.tools),
    }
}

const SOURCES: [(&str, ToolSource); 3] = [
    ("live", ToolSource::Live),
    ("recorded", ToolSource::Recorded),
    ("mocked", ToolSource::Mocked),
];

/// `tools`: one word for all, or a table of tools with one for each, `"*"` for those not named.
fn tools(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    tested: &Tested<'_>,
) -> Option<ToolSources> {
    let found = section.get("tools")?;
    if found.value.is_str() {
        return reader
            .word(section, "tools", &SOURCES)
            .map(ToolSources::all);
    }
    if !found.value.is_table() {
        reader.expected("a word, or a table with a word for each tool", &found);
        return None;
    }
    let table = reader.table(section, "tools")?;
    let mut sources = ToolSources::default();
    for (tool, found) in table.iter() {
        let Some(text) = reader.as_text(&found, Text::Line(20)) else {
            continue;
        };
        let Some(source) = reader.word_of(text, &SOURCES) else {
            continue;
        };
        if tool == Approvals::OTHERS {
            sources.others = source;
        } else if tested.tools.iter().any(|known| known == tool) {
            sources.of.insert(tool.to_owned(), source);
        } else {
            let meant = nearest(tool, tested.tools.iter().map(String::as_str));
            let hint = meant.map(|meant| format!("; did you mean {meant:?}?"));
            let message = format!("the agent has no tool {tool:?}{}", hint.unwrap_or_default());
            reader.report(&found.span, &found.key, &message);
        }
    }
    Some(sources)
}

const RULES: [(&str, ApprovalRule); 2] =
    [("allow", ApprovalRule::Allow), ("deny", ApprovalRule::Deny)];

/// `input`: one text, or a list with one for each turn.
fn turns(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Vec<String>> {
    let found = section.get("input")?;
    if found.value.is_str() {
        let text = reader.text(section, "input", Text::Lines(MAX_TURN))?;
        return Some(vec![text.value.to_owned()]);
    }
    if !found.value.is_array() {
        reader.expected("a text, or a list with a text for each turn", &found);
        return None;
    }
    let turns = reader.texts(section, "input", Text::Lines(MAX_TURN));
    if turns.is_empty() {
        reader.report(
            &found.span,
            &found.key,
            "is empty: write what the person says",
        );
        return None;
    }
    Some(
        turns
            .into_iter()
            .map(|turn| turn.value.to_owned())
            .collect(),
    )
}

fn variables(reader: &mut Reader<'_>, section: &Section<'_>) -> Variables {
    let mut variables = Variables::new();
    let Some(table) = reader.table(section, "variables") else {
        return variables;
    };
    for (name, found) in table.iter() {
        if !is_variable(name) {
            let message =
                "a variable's name begins with a letter and has letters, digits and `_` alone";
            reader.report(&found.span, &found.key, message);
            continue;
        }
        let value = match found.value {
            DeValue::String(_) => reader
                .as_text(&found, Text::Lines(MAX_TURN))
                .map(|text| text.value.to_owned()),
            DeValue::Integer(number) => Some(number.to_string()),
            DeValue::Float(number) => Some(number.to_string()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            other => {
                let what = describe(other);
                let message = format!("expected a text, a number or a boolean, found {what}");
                reader.report(&found.span, &found.key, &message);
                None
            }
        };
        variables.extend(value.map(|value| (name.to_owned(), value)));
    }
    variables
}

fn approvals(reader: &mut Reader<'_>, section: &Section<'_>) -> Approvals {
    let mut rules = BTreeMap::new();
    if let Some(table) = reader.table(section, "approvals") {
        for (tool, found) in table.iter() {
            let Some(text) = reader.as_text(&found, Text::Line(20)) else {
                continue;
            };
            let rule = reader.word_of(text, &RULES);
            rules.extend(rule.map(|rule| (tool.to_owned(), rule)));
        }
    }
    Approvals(rules)
}

fn recording(reader: &mut Reader<'_>, section: &Section<'_>, files: &Files) -> Option<String> {
    let found = reader.text(section, "recording", Text::Line(150))?;
    let found = reader.parsed_or(found, |name| {
        let known: Vec<&str> = files.recordings().collect();
        if known.contains(&name) {
            return Ok(name.to_owned());
        }
        let meant = nearest(name, known.iter().copied());
        let hint = match meant {
            Some(meant) => format!("; did you mean {meant:?}?"),
            None if known.is_empty() => "; make one with `slipway run --record NAME`".to_owned(),
            None => format!("; there are: {}", known.join(", ")),
        };
        let message = format!("the package has no `recordings/{name}.jsonl`{hint}");
        Err(slipway_agent::package::document::Wrong::new(message).meaning(meant))
    })?;
    Some(found.value)
}
