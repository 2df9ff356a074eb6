//! From a suite's text to a [`Suite`], with everything that is wrong on the way.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use slipway_agent::package::document::{self, Reader, Section, Text, nearest};
use slipway_agent::package::{Files, PackagePath};
use slipway_contract::error::Finding;

use super::case::{Approvals, Case, Repeat};
use super::fillable;
use super::name::CaseName;
use super::settings::{self, Settings};
use super::variables::{Texts as _, names};
use super::{MAX_ATTEMPTS, MAX_CASES, MAX_SUITE_BYTES, Matrix, Suite, Tested, keys, matrix, table};

/// The format that this version reads.
const FORMAT: u32 = 1;
/// The most bytes that the defaults may come to when each case has them.
const MAX_DEFAULTS: usize = 64 << 20;

pub(super) fn suite(file: &PackagePath, tested: &Tested<'_>) -> Result<Suite, Vec<Finding>> {
    let source = source(file, tested.files).map_err(|finding| vec![finding])?;
    text(file, source, tested)
}

pub(super) fn text(
    file: &PackagePath,
    source: &str,
    tested: &Tested<'_>,
) -> Result<Suite, Vec<Finding>> {
    let document = document::parse(file.as_str(), source)?;
    let mut reader = Reader::new(file.as_str(), source, keys::TABLES);
    let mut top = Section::new(String::new(), document.span(), document.get_ref());
    let suite = suite_of(&mut reader, &mut top, file, tested);
    if reader.is_clean() {
        Ok(suite)
    } else {
        Err(reader.into_findings())
    }
}

fn source<'f>(file: &PackagePath, files: &'f Files) -> Result<&'f str, Finding> {
    let finding = |message: String| Finding {
        file: file.to_string(),
        line: None,
        column: None,
        key: None,
        message,
        fix: None,
    };
    let Some(bytes) = files.get(file.as_str()) else {
        return Err(finding("the package has no such file".to_owned()));
    };
    if bytes.len() > MAX_SUITE_BYTES {
        let message = format!(
            "it has {} bytes, and {} KiB are the most: put the cases into a table, or into several suites",
            bytes.len(),
            MAX_SUITE_BYTES >> 10
        );
        return Err(finding(message));
    }
    std::str::from_utf8(bytes)
        .map_err(|_| finding("it is not UTF-8 text: save it as UTF-8".to_owned()))
}

fn suite_of(
    reader: &mut Reader<'_>,
    top: &mut Section<'_>,
    file: &PackagePath,
    tested: &Tested<'_>,
) -> Suite {
    reader.only(top, keys::TOP, &[]);
    reader.format(top, FORMAT, "the suite");
    let title = reader
        .text(top, "title", Text::Line(100))
        .map(|title| title.value.to_owned());
    meant_for(reader, top, tested);
    let defaults = reader.table(top, "defaults").map(|mut section| {
        reader.only(&mut section, keys::DEFAULTS, &[]);
        settings::read(reader, &section, tested)
    });
    let defaults = defaults.unwrap_or_default();
    let matrix = matrix::read(reader, top);
    let cases = cases(reader, top, tested, &defaults);
    bounded(reader, top, &matrix, &cases);
    let name = file
        .as_str()
        .trim_start_matches("tests/")
        .trim_end_matches(".toml");
    Suite {
        file: file.clone(),
        title: title.unwrap_or_else(|| name.to_owned()),
        matrix,
        cases,
    }
}

/// A suite may say which agent it is for, and then it is for no other.
fn meant_for(reader: &mut Reader<'_>, top: &Section<'_>, tested: &Tested<'_>) {
    let Some(agent) = reader.text(top, "agent", Text::Line(64)) else {
        return;
    };
    if agent.value != tested.agent.as_str() {
        let message = format!(
            "the suite is for the agent {:?}, and this one is {:?}",
            agent.value,
            tested.agent.as_str()
        );
        reader.report(&agent.span, &agent.key, &message);
    }
}

fn cases(
    reader: &mut Reader<'_>,
    top: &Section<'_>,
    tested: &Tested<'_>,
    defaults: &Settings,
) -> Vec<Arc<Case>> {
    let sections = reader.tables_up_to(top, "case", MAX_CASES);
    if reader.lacks(top, "case") {
        let message = "there is no case: add `[[case]]` with `name = \"…\"`";
        reader.report_absent("case", message);
    }
    let whole = defaults.bytes().saturating_mul(sections.len());
    if whole > MAX_DEFAULTS {
        let message = format!(
            "the defaults are too large for {} cases: put large texts into files of `tests/`",
            sections.len()
        );
        reader.report(&top.span, "defaults", &message);
        return Vec::new();
    }
    let mut lines: HashMap<String, usize> = HashMap::new();
    let mut tables = table::Cache::default();
    let mut tried = fillable::TRIED;
    let mut cases = Vec::new();
    for mut section in sections {
        reader.only(&mut section, keys::CASE, &[]);
        reader.require(&section, "name", "name = \"Sums match the table\"");
        let name = reader.text(&section, "name", Text::Line(CaseName::MOST));
        let name = name.and_then(|name| reader.parsed(name, str::parse::<CaseName>));
        let own = settings::read(reader, &section, tested);
        let rows = table::read(reader, &section, tested.files, &mut tables);
        let settings = own.over(defaults);
        let Some(name) = name else { continue };
        let line = reader.line(&name.span);
        // Systems and people may fold case, so names that differ in it alone are one.
        if let Some(first) = lines.insert(name.value.as_str().to_lowercase(), line) {
            let message = format!("there is a case of this name already, on line {first}");
            reader.report(&name.span, &name.key, &message);
        }
        let case = case(reader, &section, name.value, settings, rows);
        if known_variables(reader, &section, &case) {
            fillable::check(reader, &section, &case, &mut tried);
        }
        cases.push(Arc::new(case));
    }
    cases
}

fn case(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    name: CaseName,
    settings: Settings,
    rows: Arc<[table::Row]>,
) -> Case {
    let turns = settings.turns.unwrap_or_default();
    if turns.is_empty() {
        reader.require(section, "input", "input = \"What the person says\"");
    }
    let tools = settings.tools.unwrap_or_default();
    if settings.expect.is_empty() && reader.lacks(section, "expect") {
        let message = "expects nothing: add `[[case.expect]]` with what a good run shows, such as `contains = \"Total\"`";
        reader.report(&section.span, &section.key, message);
    }
    let times = settings.repeat.unwrap_or(1);
    let repeat = Repeat::new(times, settings.required.unwrap_or(times));
    if repeat.is_none() {
        let required = settings.required.unwrap_or_default();
        let message = format!("requires {required} passes of {times} attempts: raise `repeat`");
        reader.report(&section.span, &section.key, &message);
    }
    Case {
        name,
        line: u32::try_from(reader.line(&section.span)).unwrap_or(u32::MAX),
        tags: unique(settings.tags),
        turns,
        variables: settings.variables,
        files: settings.files,
        attachments: settings.attachments,
        recording: settings.recording,
        tools,
        mocks: settings.mocks,
        approvals: Approvals(settings.approvals),
        repeat: repeat.unwrap_or(Repeat::ONCE),
        timeout_ms: settings.timeout_ms,
        budget_usd: settings.budget_usd,
        threshold: settings.threshold,
        expect: settings.expect,
        rows,
    }
}

fn unique(tags: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    tags.into_iter()
        .filter(|tag| seen.insert(tag.clone()))
        .collect()
}

/// Every variable that a text names must have a value: one of the case's own, or a column of its
/// table. Whether that is so.
fn known_variables(reader: &mut Reader<'_>, section: &Section<'_>, case: &Case) -> bool {
    let mut known: BTreeSet<&str> = case.variables.keys().map(String::as_str).collect();
    if let Some(first) = case.rows.first() {
        known.extend(first.values.keys().map(String::as_str));
    }
    let mut unknown = BTreeSet::new();
    let mut texts = case.clone();
    texts.each_text(&mut |text| {
        let missing = names(text).into_iter().filter(|name| !known.contains(name));
        unknown.extend(missing.map(str::to_owned));
    });
    for name in &unknown {
        let meant = nearest(name, known.iter().copied());
        let hint = meant.map(|meant| format!("; did you mean `{{{{{meant}}}}}`?"));
        let message = format!(
            "a text names the variable `{{{{{name}}}}}`, which has no value{}",
            hint.unwrap_or_default()
        );
        reader.report(&section.span, &section.key, &message);
    }
    unknown.is_empty()
}

fn bounded(reader: &mut Reader<'_>, top: &Section<'_>, matrix: &Matrix, cases: &[Arc<Case>]) {
    let points = matrix.points().len();
    let attempts = cases.iter().map(|case| {
        let rows = case.rows.len().max(1);
        rows.saturating_mul(points)
            .saturating_mul(case.repeat.times() as usize)
    });
    let attempts = attempts.fold(0, usize::saturating_add);
    if attempts > MAX_ATTEMPTS {
        let message = format!(
            "the suite comes to {attempts} attempts (cases × rows × matrix × repeats), and {MAX_ATTEMPTS} are the most"
        );
        reader.report(&top.span, "", &message);
    }
}
