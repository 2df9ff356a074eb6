//! A report for a terminal: failures first, short. The text has no colours and nothing that could
//! steer the terminal.

use std::collections::{BTreeMap, HashMap};

use super::case::{Attempt, CaseReport};
use super::words;
use super::{Report, SuiteReport, exposed};
use crate::assertion::{Check, Outcome};

/// Lines of a diff that are shown.
const DIFF: usize = 20;
/// Cases that are shown in full; of others only the name.
const IN_FULL: usize = 50;
/// Cases that are named; of others only how many they are.
const NAMED: usize = 500;

/// The report as text.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = Vec::new();
    for suite in report
        .suites
        .iter()
        .filter(|suite| !suite.findings.is_empty())
    {
        out.push(format!("INVALID  {}", exposed::line(&suite.file)));
        out.extend(
            suite
                .findings
                .iter()
                .map(|finding| format!("         {}", exposed::line(&finding.to_string()))),
        );
        out.push(String::new());
    }
    let of = |outcome| {
        report
            .cases()
            .filter(move |(_, case)| case.outcome() == outcome)
    };
    let wrong: Vec<_> = of(Outcome::Failed).chain(of(Outcome::Unjudged)).collect();
    let mut told: HashMap<Vec<String>, String> = HashMap::new();
    for (index, (suite, case)) in wrong.iter().take(NAMED).enumerate() {
        out.push(name(suite, case));
        if index >= IN_FULL {
            continue;
        }
        let why = details(case);
        // A changed line breaks many cases alike.
        match told.get(&why).filter(|_| why.len() > 1) {
            Some(first) => out.push(format!("         the same as of {first}")),
            None => {
                out.extend(why.iter().cloned());
                told.insert(why, exposed::line(&case.title));
            }
        }
        out.push(String::new());
    }
    if wrong.len() > NAMED {
        out.push(format!(
            "… and {} more that did not pass",
            wrong.len() - NAMED
        ));
    }
    left_out(report, &mut out);
    let totals = report.totals();
    out.push(words::summary(report, &totals));
    out.extend(words::repeats(&totals));
    if let Some(comparison) = &report.against {
        out.extend(words::comparison(comparison));
    }
    out.join("\n") + "\n"
}

/// What was not run, and why: each reason once.
fn left_out(report: &Report, out: &mut Vec<String>) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for case in report.suites.iter().flat_map(|suite| &suite.skipped) {
        reasons.entry(&case.why).or_default().push(&case.title);
    }
    for (why, titles) in &reasons {
        let more = match titles.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let first = exposed::line(titles[0]);
        out.push(format!("LEFT OUT {first}{more}: {}", exposed::line(why)));
    }
    if !reasons.is_empty() {
        out.push(String::new());
    }
}

fn name(suite: &SuiteReport, case: &CaseReport) -> String {
    let word = match case.outcome() {
        Outcome::Failed => "FAILED ",
        Outcome::Unjudged => "UNKNOWN",
        Outcome::Passed => "passed ",
    };
    format!(
        "{word}  {} › {}",
        exposed::line(&suite.title),
        exposed::line(&case.title)
    )
}

fn details(case: &CaseReport) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(words::attempts(case).map(|attempts| format!("         {attempts}")));
    let Some(attempt) = case.telling() else {
        out.push("         it was never run".to_owned());
        return out;
    };
    for (told, check) in words::wrong(attempt) {
        out.push(format!("         {told}"));
        out.extend(check.into_iter().flat_map(shown));
    }
    out.extend(run(attempt));
    out
}

fn shown(check: &Check) -> Vec<String> {
    let lines = words::lines(check, DIFF).into_iter();
    lines.map(|line| format!("           {line}")).collect()
}

fn run(attempt: &Attempt) -> Option<String> {
    let run = attempt.run?;
    Some(format!(
        "         run {}: slipway runs show {run}",
        run.short()
    ))
}
