//! Cases from past runs: what a run was given, and what it showed, to begin from.

use std::collections::BTreeSet;

use serde_json::Value;
use slipway_contract::run::RunStatus;
use toml_edit::{InlineTable, Item, Table, value};

use super::proposal::{Proposal, list, table, tables};
use super::review::{Proposed, plain, unique};
use crate::evidence::{Evidence, State, WrittenFiles};
use crate::suite::Tested;

/// Characters of a case's name that come from the input.
const NAME: usize = 60;
/// Expectations of one kind.
const EACH: usize = 5;
/// Characters of an answer that is expected word by word.
const SHORT: usize = 60;
/// Characters of an answer that another is held against.
const LONG: usize = 2_000;

/// A run that is over, or that stopped.
#[derive(Debug, Clone, Copy)]
pub struct PastRun<'r> {
    /// What it left behind.
    pub evidence: &'r Evidence,
    /// The names of the files that went with its first turn.
    pub attachments: &'r [String],
}

/// A case from each run, those that failed first: of them it is expected that they fail no more,
/// of the others what they showed. Runs that were given the same make one case.
#[must_use]
pub fn from_runs(runs: &[PastRun<'_>], tested: &Tested<'_>) -> Proposed {
    let mut proposed = Proposed::default();
    let (mut inputs, mut names) = (BTreeSet::new(), BTreeSet::new());
    let (good, bad): (Vec<&PastRun<'_>>, Vec<_>) =
        runs.iter().partition(|run| succeeded(run.evidence));
    for run in bad.into_iter().chain(good) {
        let said = (&run.evidence.input, run.attachments);
        if run.evidence.input.is_empty() || !inputs.insert(said) {
            continue;
        }
        let name = unique(&name(run.evidence), &mut names);
        proposed.take(proposal(run, name, tested), tested);
    }
    proposed
}

fn succeeded(evidence: &Evidence) -> bool {
    let status = match &evidence.state {
        State::Ended { status, .. } => *status,
        State::Parked { .. } | State::CutOff | State::Refused { .. } => return false,
    };
    status == RunStatus::Succeeded
}

fn name(evidence: &Evidence) -> String {
    let first = evidence.input.first().map_or("", String::as_str);
    let mut lines = first.lines().map(|line| plain(line, NAME + 1));
    let line = lines.find(|line| !line.is_empty()).unwrap_or_default();
    match line.char_indices().nth(NAME) {
        None => line,
        // The last word may be half of one.
        Some((end, _)) => match line[..end].rsplit_once(' ') {
            Some((words, _)) => format!("{words} …"),
            None => format!("{}…", &line[..end]),
        },
    }
}

fn proposal(run: &PastRun<'_>, name: String, tested: &Tested<'_>) -> Proposal {
    let evidence = run.evidence;
    let is_good = succeeded(evidence);
    let mut case = Table::new();
    case.insert("input", input(&evidence.input));
    let tag = if is_good { "from-run" } else { "failure" };
    case.insert("tags", list([tag]));
    if let Some(approvals) = approvals(evidence) {
        case.insert("approvals", approvals);
    }
    let expect = match is_good {
        true => shown(evidence, tested),
        false => vec![table([("no_error", value(true))])],
    };
    case.insert("expect", Item::ArrayOfTables(tables(expect)));
    if !run.attachments.is_empty() {
        let names: Vec<String> = run
            .attachments
            .iter()
            .map(|name| plain(name, 100))
            .collect();
        let told = format!(
            "# The run had files with it. Put them below tests/, and name them here:\n# attachments = {}\n",
            list(names.iter().map(|name| format!("tests/{name}")))
                .to_string()
                .trim()
        );
        // A comment above a key stays with it.
        if let Some(mut key) = case.key_mut("input") {
            key.leaf_decor_mut().set_prefix(told);
        }
    }
    let why = match &evidence.state {
        State::Ended { .. } if is_good => {
            "A run that went well: what it showed should stay so.".to_owned()
        }
        State::Ended { reason, .. } => format!("A run that failed ({}).", reason.as_str()),
        State::Parked { why, .. } => format!("A run that stopped, since {why}."),
        State::CutOff => "A run that was cut off.".to_owned(),
        State::Refused { .. } => "A run that was refused.".to_owned(),
    };
    Proposal::of(name, why, case)
}

/// What was said, as it was: what a suite would take for a variable is none.
fn input(turns: &[String]) -> Item {
    let turns: Vec<String> = turns.iter().map(|turn| literal(turn)).collect();
    match turns.as_slice() {
        [one] => value(one),
        several => list(several),
    }
}

pub(super) fn literal(text: &str) -> String {
    text.replace("{{", "{ {")
}

/// The answers that a person gave, so that the case does not wait for them.
fn approvals(evidence: &Evidence) -> Option<Item> {
    let mut answers = InlineTable::new();
    for question in &evidence.questions {
        if let Some(allowed) = question.allowed {
            answers.insert(
                &question.tool,
                if allowed { "allow" } else { "deny" }.into(),
            );
        }
    }
    (!answers.is_empty()).then(|| value(answers))
}

/// What a good run showed.
fn shown(evidence: &Evidence, tested: &Tested<'_>) -> Vec<Table> {
    let mut expect = answer(evidence.answer.as_ref());
    let mut tools: Vec<&str> = Vec::new();
    let good = evidence.calls.iter().filter(|call| !call.is_error);
    for call in good {
        let is_known = tested.tools.contains(&call.tool);
        if is_known && !tools.contains(&call.tool.as_str()) && tools.len() < EACH {
            tools.push(&call.tool);
        }
    }
    match tools.as_slice() {
        [] => {}
        [one] => expect.push(table([("tool_called", value(*one))])),
        several => expect.push(table([("tools_in_order", list(several.iter().copied()))])),
    }
    if let WrittenFiles::Known(files) = &evidence.files {
        let files = files.keys().take(EACH);
        expect.extend(files.map(|path| table([("file_written", value(literal(path)))])));
    }
    for question in evidence.questions.iter().take(EACH) {
        if question.allowed == Some(false) && tested.tools.contains(&question.tool) {
            expect.push(table([("approval_refused", value(&question.tool))]));
        }
    }
    // Twice as long is another way of doing it.
    let steps = i64::from(evidence.figures.steps) * 2 + 2;
    expect.push(table([("max_steps", value(steps.min(10_000)))]));
    expect
}

fn answer(answer: Option<&Value>) -> Vec<Table> {
    match answer {
        None => Vec::new(),
        Some(Value::String(text)) => vec![text_shown(text)],
        Some(Value::Object(fields)) => fields
            .iter()
            .filter_map(|(key, field)| field_shown(key, field))
            .take(EACH)
            .collect(),
        Some(_) => vec![table([("min_chars", value(1))])],
    }
}

/// A text: its figures, where it has some; else as it is, or like it.
fn text_shown(text: &str) -> Table {
    let text = text.trim();
    let figures = figures(text);
    let is_short = text.chars().count() <= SHORT && !text.contains('\n');
    if is_short && !text.is_empty() {
        return table([("equals", value(literal(text)))]);
    }
    if !figures.is_empty() {
        return table([("contains", list(figures))]);
    }
    let beginning: String = literal(text).chars().take(LONG).collect();
    if beginning.is_empty() {
        return table([("no_error", value(true))]);
    }
    let mut similar = table([("similar_to", value(beginning))]);
    similar.insert("at_least", value(0.5));
    similar
}

/// Numbers that say something: of three digits or more, such as `4,218.60`.
fn figures(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let words = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
    for word in words {
        let word = word.trim_matches(['.', ',']);
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if (3..=20).contains(&digits) && !found.contains(&word) && found.len() < EACH {
            found.push(word);
        }
    }
    found
}

fn field_shown(key: &str, field: &Value) -> Option<Table> {
    let expected: Item = match field {
        Value::Bool(flag) => value(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => value(whole),
            None => value(number.as_f64()?),
        },
        Value::String(text) if !text.is_empty() && text.chars().count() <= SHORT => {
            value(literal(text))
        }
        _ => return None,
    };
    let is_name = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let mut place = table([("equals", expected)]);
    place.insert("path", value(format!("$.{key}")));
    is_name.then_some(place)
}
