//! The sentences that several reporters say.

use slipway_contract::run::EndReason;
use slipway_contract::version::{Hunk, LineChange};

use super::case::{Attempt, CaseReport};
use super::compare::{Change, Comparison, FigureChange, Trend};
use super::exposed;
use super::{Report, Totals};
use crate::assertion::{Check, Outcome, Verdict, seconds};

/// How many of which cases passed, and how sure that is.
pub(super) fn summary(report: &Report, totals: &Totals) -> String {
    let Totals {
        cases,
        passed,
        failed,
        unjudged,
        ..
    } = totals;
    let mut parts = vec![format!("{passed} passed")];
    if *failed > 0 {
        parts.push(format!("{failed} failed"));
    }
    if *unjudged > 0 {
        parts.push(format!("{unjudged} could not be judged"));
    }
    let rate = totals.rate.map_or_else(String::new, |rate| {
        let interval = rate.interval;
        format!(
            " ({}, with 95% confidence {} to {})",
            percent(rate.share),
            percent(interval.low),
            percent(interval.high)
        )
    });
    let invalid = match totals.invalid_suites {
        0 => String::new(),
        1 => "; 1 suite is not valid".to_owned(),
        more => format!("; {more} suites are not valid"),
    };
    let left_out: usize = report.suites.iter().map(|suite| suite.skipped.len()).sum();
    let left_out = match left_out {
        0 => String::new(),
        1 => "; 1 case was left out".to_owned(),
        more => format!("; {more} cases were left out"),
    };
    let noun = if *cases == 1 { "case" } else { "cases" };
    format!(
        "{} of {cases} {noun}{rate} in {} for {}{invalid}{left_out}",
        parts.join(", "),
        seconds(report.took_ms),
        cost(totals)
    )
}

fn cost(totals: &Totals) -> String {
    let mut cost = totals.cost_usd.display_run();
    if totals.cost_unknown > 0 {
        cost = format!("{cost} and {} runs of unknown cost", totals.cost_unknown);
    }
    if totals.judging_usd != slipway_contract::Usd::ZERO {
        cost = format!(
            "{cost}, and {} for judging",
            totals.judging_usd.display_run()
        );
    }
    cost
}

/// What repeats say, one line for each count.
pub(super) fn repeats(totals: &Totals) -> Vec<String> {
    let lines = totals.repeats.iter().map(|repeats| {
        let (k, cases) = (repeats.k, repeats.cases);
        let noun = if cases == 1 { "case" } else { "cases" };
        format!(
            "pass@{k} {} (one of {k} attempts passes), pass^{k} {} (all of them pass), over {cases} {noun}",
            percent(repeats.any),
            percent(repeats.all),
        )
    });
    lines.collect()
}

/// What changed, in a few lines.
pub fn comparison(comparison: &Comparison) -> Vec<String> {
    let count = |change| comparison.count(change);
    let against = comparison.against.version.map_or_else(
        || comparison.against.started_at.to_string(),
        |version| version.short(),
    );
    let mut first = format!(
        "Against {against}: {} broken, {} fixed, {} flaky, {} unchanged",
        count(Change::Broken),
        count(Change::Fixed),
        count(Change::Flaky),
        count(Change::Unchanged)
    );
    for (change, word) in [
        (Change::Unknown, "could not be judged"),
        (Change::New, "new"),
        (Change::Gone, "gone"),
    ] {
        if count(change) > 0 {
            first = format!("{first}, {} {word}", count(change));
        }
    }
    let mut lines = vec![first];
    if let Some(rate) = &comparison.rate {
        let told = match rate.trend {
            Trend::Better => "better",
            Trend::Worse => "worse",
            Trend::Same if rate.luck.is_none() => "the same",
            Trend::Same => "no difference that luck could not make",
        };
        let luck = rate.luck.map_or_else(String::new, |luck| {
            let (low, high) = (points(luck.difference.low), points(luck.difference.high));
            format!(" (difference {low} to {high} points, p = {:.3})", luck.p)
        });
        lines.push(format!(
            "Pass rate {}/{} before, {}/{} now: {told}{luck}",
            rate.before.hits(),
            rate.before.of(),
            rate.after.hits(),
            rate.after.of(),
        ));
    }
    let moved = |change: &&FigureChange| change.signs.rose + change.signs.fell > 0;
    let dollars = |value: f64| format!("${value:.4}");
    let cost = comparison.cost.as_ref().filter(moved);
    lines.extend(cost.map(|change| figure("Cost", change, &dollars)));
    let time = |value: f64| seconds(value.max(0.0) as u64);
    let latency = comparison.latency.as_ref().filter(moved);
    lines.extend(latency.map(|change| figure("Latency", change, &time)));
    lines
}

fn figure(what: &str, change: &FigureChange, shown: &dyn Fn(f64) -> String) -> String {
    let told = match change.trend {
        Trend::Better => "lower",
        Trend::Worse => "higher",
        Trend::Same => "no difference that luck could not make",
    };
    let signed = |value: f64| {
        let sign = if value < 0.0 { "-" } else { "+" };
        format!("{sign}{}", shown(value.abs()))
    };
    let interval = change.interval.map_or_else(String::new, |interval| {
        let (low, high) = (signed(interval.low), signed(interval.high));
        format!(", with 95% confidence {low} to {high}")
    });
    format!(
        "{what} {} before, {} now: {told} (by case {}{interval}; p = {:.3})",
        shown(change.before),
        shown(change.after),
        signed(change.rose_by),
        change.p
    )
}

/// A share as people read it.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    // What is nearly all is not all, and what is hardly any is some.
    match percent {
        nearly if (99.5..100.0).contains(&nearly) => format!("{:.1}%", nearly.min(99.9)),
        hardly if hardly > 0.0 && hardly <= 0.5 => format!("{:.1}%", hardly.max(0.1)),
        percent => format!("{percent:.0}%"),
    }
}

fn points(difference: f64) -> String {
    format!("{:+.0}", difference * 100.0)
}

/// What an outcome is called.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Unjudged => "not judged",
    }
}

/// What a change is called.
pub(super) const fn change(change: Change) -> &'static str {
    match change {
        Change::Fixed => "fixed",
        Change::Broken => "broken",
        Change::Flaky => "flaky",
        Change::Unchanged => "unchanged",
        Change::Unknown => "could not be judged",
        Change::New => "new",
        Change::Gone => "gone",
    }
}

/// How many attempts passed, where there were several.
pub(super) fn attempts(case: &CaseReport) -> Option<String> {
    let passes = case.passes().filter(|passes| passes.of() > 1)?;
    Some(format!(
        "{} of {} attempts passed, {} must",
        passes.hits(),
        passes.of(),
        case.required
    ))
}

/// What is wrong with an attempt: each expectation that is not met in a sentence.
pub(super) fn wrong(attempt: &Attempt) -> Vec<(String, Option<&Check>)> {
    // What was never asked cannot have come to anything.
    let shown = match attempt.reason {
        Some(EndReason::RecordingMismatch) => 1,
        _ => usize::MAX,
    };
    let checks = attempt.checks.iter().take(shown).filter_map(|check| {
        let told = match &check.judgement.verdict {
            Verdict::Passed => return None,
            Verdict::Failed { why } => exposed::line(&format!("{}: {}", check.what, why.summary)),
            Verdict::Unjudged { why } => {
                exposed::line(&format!("{}: could not be judged: {why}", check.what))
            }
        };
        Some((told, Some(check)))
    });
    let error = attempt
        .error
        .as_ref()
        .map(|error| (exposed::line(error), None));
    error.into_iter().chain(checks).collect()
}

/// The lines of a diff, each with its mark, and no more than so many.
pub(super) fn diff(hunks: &[Hunk], most: usize) -> Vec<(LineChange, String)> {
    let lines = hunks.iter().flat_map(|hunk| &hunk.lines);
    let lines = lines.map(|line| (line.change, exposed::line(&line.text)));
    lines.take(most).collect()
}

/// What is to be seen of why a check failed: details, or the lines that differ with their marks.
pub(super) fn lines(check: &Check, most: usize) -> Vec<String> {
    let Verdict::Failed { why } = &check.judgement.verdict else {
        return Vec::new();
    };
    let all = match &why.details {
        Some(details) => details.lines().count(),
        None => why.diff.iter().map(|hunk| hunk.lines.len()).sum(),
    };
    let mut lines: Vec<String> = match &why.details {
        Some(details) => details.lines().take(most).map(exposed::line).collect(),
        None => {
            let lines = diff(&why.diff, most).into_iter();
            lines
                .map(|(change, text)| format!("{} {text}", mark(change)))
                .collect()
        }
    };
    if all > most {
        lines.push(format!("… {} more lines", all - most));
    }
    lines
}

/// The mark of a line in a diff: what was expected and is missing, what came instead.
pub(super) const fn mark(change: LineChange) -> char {
    match change {
        LineChange::Same => ' ',
        LineChange::Removed => '-',
        LineChange::Added => '+',
    }
}
