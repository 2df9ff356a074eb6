//! What stands on the page.

use std::collections::BTreeMap;

use maud::{Markup, html};
use slipway_contract::version::LineChange;

use crate::assertion::{Basis, Check, Explanation, Outcome, Verdict, seconds};
use crate::report::case::{Attempt, CaseReport};
use crate::report::compare::Change;
use crate::report::exposed::{line, lines};
use crate::report::{Report, SuiteReport, words};
use crate::suite::CaseId;

/// Lines of a diff that are shown.
const DIFF: usize = 400;
/// Cases that did not pass which are open when the page is: more of them are a list to choose from.
const OPEN: usize = 20;

type Changes<'r> = BTreeMap<&'r CaseId, Change>;

pub(super) fn body(report: &Report) -> Markup {
    let totals = report.totals();
    let changes = report
        .against
        .as_ref()
        .map(|against| against.by_id())
        .unwrap_or_default();
    let verdict = if report.passed() { "passed" } else { "failed" };
    html! {
        header {
            p.kicker { "Tests · " (report.mode.as_str()) " · " time { (report.started_at.strftime("%Y-%m-%d %H:%M")) " UTC" }
                @if let Some(version) = report.version { " · " code { (version.short()) } } }
            h1 { (line(&report.title)) " " span class={ "outcome " (verdict) } { (verdict) } }
            p { (words::summary(report, &totals)) "." }
            @for repeats in words::repeats(&totals) { p.quiet { (repeats) } }
            @if let Some(comparison) = &report.against {
                @for told in words::comparison(comparison) { p.quiet { (told) } }
            }
        }
        @let mut open = OPEN;
        @for suite in &report.suites { (section(suite, &changes, &mut open)) }
    }
}

fn section(suite: &SuiteReport, changes: &Changes<'_>, open: &mut usize) -> Markup {
    // Failures first, and open; what passed is one line.
    let mut cases: Vec<&CaseReport> = suite.cases.iter().collect();
    cases.sort_by_key(|case| match case.outcome() {
        Outcome::Failed => 0,
        Outcome::Unjudged => 1,
        Outcome::Passed => 2,
    });
    html! {
        section {
            h2 { (line(&suite.title)) " " code { (line(&suite.file)) } }
            @if !suite.findings.is_empty() {
                ul.findings { @for finding in &suite.findings { li { (line(&finding.to_string())) } } }
            }
            @for case in cases { (one(case, changes.get(&case.id).copied(), open)) }
        }
    }
}

fn one(case: &CaseReport, change: Option<Change>, open: &mut usize) -> Markup {
    let outcome = case.outcome();
    let change = change.filter(|change| *change != Change::Unchanged);
    let is_open = outcome != Outcome::Passed && *open > 0;
    if is_open {
        *open -= 1;
    }
    html! {
        details.case open[is_open] {
            summary {
                span class={ "outcome " (class(outcome)) } { (words::outcome(outcome)) }
                span {
                    span.title { (line(&case.title)) }
                    @if let Some(change) = change {
                        " " span class={ "tag " (changed(change)) } { (words::change(change)) }
                    }
                    @for tag in &case.tags { " " span.tag { (line(tag)) } }
                }
            }
            div.attempts {
                @if let Some(attempts) = words::attempts(case) { p.quiet { (attempts) } }
                @if case.attempts.is_empty() { p { "It was never run." } }
                @for attempt in shown(case) { (attempted(attempt, case.attempts.len() > 1)) }
            }
        }
    }
}

const fn changed(change: Change) -> &'static str {
    match change {
        Change::Broken => "failed",
        Change::Fixed => "passed",
        Change::Flaky | Change::Unknown => "unjudged",
        Change::Unchanged | Change::New | Change::Gone => "quiet",
    }
}

/// Of an attempt that passed there is nothing to see beside one that did not.
fn shown(case: &CaseReport) -> Vec<&Attempt> {
    let wrong = |attempt: &&Attempt| attempt.outcome != Outcome::Passed;
    let all: Vec<&Attempt> = case.attempts.iter().filter(wrong).collect();
    match all.is_empty() {
        true => case.attempts.iter().take(1).collect(),
        false => all,
    }
}

fn attempted(attempt: &Attempt, is_one_of_several: bool) -> Markup {
    html! {
        div.attempt {
            p.quiet {
                @if is_one_of_several { "Attempt " (attempt.number) " · " }
                // What never ran took no time and cost nothing.
                @if attempt.error.is_some() && attempt.run.is_none() { "not run" } @else {
                    (seconds(attempt.latency_ms)) " · " (attempt.steps)
                    (if attempt.steps == 1 { " step · " } else { " steps · " })
                    @match attempt.cost_usd {
                        Some(cost) => (cost.display_run()),
                        None => "unknown cost",
                    }
                    @if let Some(run) = attempt.run { " · run " code { (run.to_string()) } }
                }
            }
            @if let Some(error) = &attempt.error { p.why { (line(error)) } }
            ul.checks { @for check in &attempt.checks { (checked(check)) } }
            @if let Some(answer) = &attempt.answer {
                details.answer { summary { "Answer" } pre { (lines(answer)) } }
            }
        }
    }
}

fn checked(check: &Check) -> Markup {
    let outcome = match &check.judgement.verdict {
        Verdict::Passed => Outcome::Passed,
        Verdict::Failed { .. } => Outcome::Failed,
        Verdict::Unjudged { .. } => Outcome::Unjudged,
    };
    html! {
        li {
            span class={ "outcome " (class(outcome)) } { (words::outcome(outcome)) }
            div {
                p.what { (line(&check.what)) }
                @match &check.judgement.verdict {
                    Verdict::Passed => {},
                    Verdict::Failed { why } => (explained(why)),
                    Verdict::Unjudged { why } => p.why.unjudged { (line(why)) },
                }
                @if let Some(basis) = &check.judgement.basis { (rests_on(basis)) }
            }
        }
    }
}

fn explained(why: &Explanation) -> Markup {
    html! {
        p.why { (line(&why.summary)) }
        @if let Some(details) = &why.details { pre { (lines(details)) } }
        @if !why.diff.is_empty() {
            p.quiet.legend { code.minus { "- expected" } " " code.plus { "+ got" } }
            pre.diff {
                @for (change, text) in words::diff(&why.diff, DIFF) {
                    span class=(match change {
                        LineChange::Same => "same",
                        LineChange::Removed => "minus",
                        LineChange::Added => "plus",
                    }) { (words::mark(change)) " " (text) "\n" }
                }
            }
        } @else {
            dl {
                @if let Some(expected) = &why.expected { dt { "expected" } dd { pre { (lines(expected)) } } }
                @if let Some(got) = &why.got { dt { "got" } dd { pre { (lines(got)) } } }
            }
        }
    }
}

fn rests_on(basis: &Basis) -> Markup {
    let told = match basis {
        Basis::Similarity { metric, score, .. } => format!("likeness {score:.2} of 1, by {metric}"),
        Basis::Rubric {
            model,
            score,
            reasoning,
            cost_usd,
        } => {
            let score = score.map_or_else(
                || "no score".to_owned(),
                |score| format!("score {score} of 1"),
            );
            let cost =
                cost_usd.map_or_else(|| "unknown cost".to_owned(), |cost| cost.display_run());
            format!("{score} by {model}, for {cost}: {reasoning}")
        }
    };
    html! { p.quiet { (line(&told)) } }
}

const fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Unjudged => "unjudged",
    }
}
