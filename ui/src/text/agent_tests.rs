//! Texts of the page of an agent's tests.

use slipway_contract::test::{
    Mode, Outcome, ReportChange, ReportColumn, SuiteEntry, TestProgress, TestsPage,
};

use super::{counted, sentence};
use crate::format;

pub(crate) const TESTS: &str = "Tests";
pub(crate) const CASES: &str = "Cases";
pub(crate) const SUITE: &str = "Suite";
pub(crate) const PASSED: &str = "Passed";
pub(crate) const NOT_PASSED: &str = "Not passed";
pub(crate) const BY_MODEL: &str = "By model";
pub(crate) const FIND_CASE: &str = "Find a case";
pub(crate) const NO_CASE_FITS: &str = "No case is like that.";
pub(crate) const NOT_RUN_THEN: &str = "Not run then";
pub(crate) const CHART_SHOWS: &str = "The chart shows";
pub(crate) const PASS_RATE: &str = "Pass rate";
pub(crate) const WITH_INTERVAL: &str = "with its 95% interval";
pub(crate) const COST_OF_RUNS: &str = "of all runs of a report";
pub(crate) const MODELS_ANSWER: &str = "How models answer";
pub(crate) const NEW_CASE: &str = "New case";
pub(crate) const EDIT_SUITE: &str = "Edit the suite";
pub(crate) const EDIT_CASE: &str = "Edit this case";
pub(crate) const RUN_ALL: &str = "Run all";
pub(crate) const RUN_FAILED: &str = "Run failed";
pub(crate) const RUN_CASE: &str = "Run this case";
pub(crate) const STOP: &str = "Stop";
pub(crate) const RUNS_ALREADY: &str = "Tests of this agent are being run";
pub(crate) const NONE_FAILED: &str = "No case failed in the newest report";
pub(crate) const TESTS_RUN: &str = "Tests are being run";
pub(crate) const CUT_OFF_AT: &str = "Tests were cut off: ";
pub(crate) const REPORT_CUT_OFF_HOW: &str = "What is over is kept and is not paid for again.";
pub(crate) const CANNOT_RUN_HOW: &str =
    "What it came to before stays in view. Correct the suite to run it again.";
pub(crate) const CORRECT_THESE: &str = "To be corrected:";
pub(crate) const CORRECT_SUITE_FIRST: &str = "Correct what is wrong with the suite first";
pub(crate) const NO_CASE_YET: &str = "No case yet";
pub(crate) const NO_CASE_YET_HOW: &str =
    "A case says what the agent is given, and what a good run shows.";
pub(crate) const NO_SUITE_YET: &str = "No tests yet";
pub(crate) const TESTS_ARE_FOR: &str = "Tests tell whether a change made the agent worse: in seconds, without network and without a key, since recorded answers are played.";
pub(crate) const SAVE_RUN_FIRST: &str = "Save a run as a test";
pub(crate) const SAVE_RUN_FIRST_HOW: &str =
    "What it was asked, what models answered and what came of it become a case.";
pub(crate) const TO_ITS_RUNS: &str = "To its runs";

pub(crate) const TESTS_BUDGET: &str = "All of it may cost at most";
pub(crate) const TESTS_BUDGET_HOW: &str = "In US dollars. What a call can cost at most is set aside before it is made; what does not fit is not run.";

pub(crate) const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Replay => "Replay",
        Mode::Record => "Record",
        Mode::Live => "Live",
    }
}

pub(crate) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => PASSED,
        Outcome::Failed => "Failed",
        Outcome::Unjudged => "Could not be judged",
    }
}

pub(crate) fn attempts_passed(passed: u32, of: u32, came: Outcome) -> String {
    format!("{}: {passed} of {of} attempts passed", outcome(came))
}

/// `1 case`, `12 cases`.
pub(crate) fn cases(number: usize) -> String {
    counted(number as u64, "case", "cases")
}

/// The head of the list: all of them, or how many of them.
pub(crate) fn cases_shown(shown: usize, all: usize) -> String {
    if shown == all {
        cases(all)
    } else {
        format!("{} of {}", format::count(shown as u64), cases(all))
    }
}

/// `11/12`; of thousands their share.
pub(crate) fn sum(passed: u32, of: u32) -> String {
    if of < 1_000 {
        return format!("{passed}/{of}");
    }
    // What is not all never reads as all.
    let tenths = (u64::from(passed) * 1_000 / u64::from(of)).min(1_000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

pub(crate) fn run_failed(cases: usize) -> String {
    format!("{RUN_FAILED}: {}", self::cases(cases))
}

/// What a suite is, in its list.
pub(crate) fn suite_note(suite: &SuiteEntry) -> String {
    let cases = cases(suite.cases as usize);
    match (suite.findings.len(), suite.replayable) {
        (0, true) => format!("{cases}, {}", suite.file),
        (0, false) => format!("{cases}, some need a model, {}", suite.file),
        _ => format!("cannot be run, {}", suite.file),
    }
}

pub(crate) fn cannot_run(findings: usize) -> String {
    let what = counted(findings as u64, "thing is", "things are");
    format!("The suite cannot be run: {what} wrong with it")
}

pub(crate) fn not_run_how(cases: usize) -> String {
    format!(
        "{}. Replay plays recorded answers: without network, for $0.",
        self::cases(cases)
    )
}

pub(crate) fn being_run(progress: &TestProgress) -> String {
    let verb = match progress.mode {
        Mode::Replay => "Playing",
        Mode::Record => "Recording",
        Mode::Live => "Asking models for",
    };
    format!(
        "{verb} {}",
        counted(u64::from(progress.of), "attempt", "attempts")
    )
}

pub(crate) fn runs_suites(progress: &TestProgress) -> String {
    let suites = progress.suites.join(", ");
    match progress.mode {
        Mode::Replay => format!("{suites}, without network."),
        Mode::Record => format!("{suites}. Models are asked, and what they answer is recorded."),
        Mode::Live => format!("{suites}. Models are asked."),
    }
}

pub(crate) fn done_of(done: u32, of: u32) -> String {
    format!(
        "{} of {} done",
        format::count(u64::from(done)),
        format::count(u64::from(of))
    )
}

pub(crate) fn not_passed_so_far(failed: u32) -> String {
    format!("{} not passed", format::count(u64::from(failed)))
}

/// The headline: what the newest report says of what was tested.
pub(crate) fn newest_says(page: &TestsPage, column: &ReportColumn) -> String {
    let what = match column.version {
        None => "The draft".to_owned(),
        Some(version) => format!("Version {}", version.short()),
    };
    let of = column.of;
    let all = |number: u32| {
        let cases = cases(of as usize);
        format!("{number} of {cases}")
    };
    if !column.complete {
        return format!("{what} was tested in part: {} passed", all(column.passed));
    }
    let (broken, fixed) = page
        .change
        .as_ref()
        .map_or((0, 0), |change| (change.broken, change.fixed));
    let failed = of.saturating_sub(column.passed);
    match (broken, fixed, failed) {
        (1.., _, _) => format!("{what} breaks {}", all(broken)),
        (0, 1.., 0) => format!("{what} fixes {}, and all pass", all(fixed)),
        (0, 1.., _) => format!("{what} fixes {}; {failed} did not pass", all(fixed)),
        (0, 0, 0) if of == 1 => format!("{what} passes its one case"),
        (0, 0, 0) => format!("{what} passes all {}", cases(of as usize)),
        (0, 0, _) if page.change.is_some() => {
            format!(
                "{what} breaks nothing; {} did not pass before either",
                all(failed)
            )
        }
        (0, 0, _) => format!("{what} passes {}", all(column.passed)),
    }
}

/// What it is compared with, and how that came out; ends with a space where there is something to say.
pub(crate) fn compared(change: Option<&ReportChange>) -> String {
    let Some(change) = change else {
        return String::new();
    };
    let against = change
        .against_version
        .map_or_else(|| "the draft before".to_owned(), |version| version.short());
    format!(
        "Against {against}: {} broken, {} fixed, {} flaky. ",
        change.broken, change.fixed, change.flaky
    )
}

pub(crate) fn played(mode: Mode, took: &str, cost: Option<&str>) -> String {
    let cost = cost.map_or_else(
        || "at a cost that is not known".to_owned(),
        |cost| format!("for {cost}"),
    );
    match mode {
        Mode::Replay => format!("Played in {took}, without network, {cost}."),
        Mode::Record => format!("Models were asked and recorded in {took}, {cost}."),
        Mode::Live => format!("Models were asked in {took}, {cost}."),
    }
}

/// A report, where its column has no room for it.
pub(crate) fn column_title(column: &ReportColumn, date: &str, time: &str) -> String {
    let what = column.version.map_or_else(
        || "Draft".to_owned(),
        |version| format!("Version {version}"),
    );
    let part = if column.complete { "" } else { ", cut off" };
    let cost = column
        .cost_usd
        .map_or_else(String::new, |cost| format!(", {}", format::usd_run(cost)));
    format!(
        "{what}, {date} {time}, {}, {} of {} passed, {}{cost}{part}",
        mode(column.mode).to_lowercase(),
        column.passed,
        column.of,
        format::took(column.took_ms)
    )
}

/// A report as the chart has it.
pub(crate) fn chart_point(cost: bool, column: &ReportColumn) -> String {
    let what = column
        .version
        .map_or_else(|| "draft".to_owned(), |version| version.short());
    let value = match (cost, column.cost_usd) {
        (true, Some(cost)) => format::usd_run(cost),
        (true, None) => "not known".to_owned(),
        (false, _) if column.of == 0 => "none run".to_owned(),
        (false, _) => {
            let (low, high) = column.interval;
            let share = f64::from(column.passed) / f64::from(column.of);
            format!(
                "{}, between {} and {}",
                percent(share),
                percent(low),
                percent(high)
            )
        }
    };
    format!("{what} {value}")
}

/// The chart for those who hear it.
pub(crate) fn chart_label(cost: bool, columns: &[ReportColumn]) -> String {
    let points = columns.iter().map(|column| chart_point(cost, column));
    let all: Vec<String> = points.collect();
    let what = if cost {
        "Cost by version"
    } else {
        "Pass rate by version, with 95% intervals"
    };
    format!("{what}: {}", all.join("; "))
}

pub(crate) fn models_at_most(budget: &str) -> String {
    format!("At most {budget}")
}

pub(crate) const fn models_are_asked(mode: Mode) -> &'static str {
    match mode {
        Mode::Record => "Ask models, and record them?",
        Mode::Replay | Mode::Live => "Ask models?",
    }
}

pub(crate) const fn ask_models(mode: Mode) -> &'static str {
    match mode {
        Mode::Record => "Ask and record",
        Mode::Replay | Mode::Live => "Ask models",
    }
}

pub(crate) fn asking_how(mode: Mode, cases: usize) -> String {
    let of = self::cases(cases);
    match mode {
        Mode::Record => format!(
            "{of}: models are asked over the network, which costs money where they are not on this machine. Their answers take the place of the recordings."
        ),
        Mode::Replay | Mode::Live => format!(
            "{of}: models are asked over the network, which costs money where they are not on this machine. Recordings stay as they are."
        ),
    }
}

pub(crate) fn tests_of(title: &str) -> String {
    format!("{title}, tests")
}

pub(crate) fn run_tests_of(title: &str) -> String {
    sentence(&format!("Run all tests of {title}"))
        .trim_end_matches('.')
        .to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use slipway_contract::{ContentHash, ReportId, Timestamp};

    use super::*;

    fn column(passed: u32, of: u32) -> ReportColumn {
        ReportColumn {
            report: ReportId::from_random([1; 10]),
            version: None,
            at: Timestamp::UNIX_EPOCH,
            mode: Mode::Replay,
            complete: true,
            passed,
            of,
            interval: (0.0, 1.0),
            cost_usd: None,
            took_ms: 40,
        }
    }

    fn page(change: Option<(u32, u32)>) -> TestsPage {
        TestsPage {
            agent: "a".parse().unwrap(),
            title: "A".to_owned(),
            version: ContentHash::from_bytes([1; 32]),
            draft: true,
            suites: Vec::new(),
            suite: None,
            columns: Vec::new(),
            rows: Vec::new(),
            change: change.map(|(broken, fixed)| ReportChange {
                report: ReportId::from_random([1; 10]),
                against: ReportId::from_random([2; 10]),
                against_version: None,
                broken,
                fixed,
                flaky: 0,
                unchanged: 0,
                words: Vec::new(),
            }),
            running: None,
            unfinished: None,
        }
    }

    #[test]
    fn the_headline_says_what_the_newest_report_says() {
        for (change, passed, of, says) in [
            (Some((1, 0)), 11, 12, "The draft breaks 1 of 12 cases"),
            (Some((1, 3)), 11, 12, "The draft breaks 1 of 12 cases"),
            (
                Some((0, 2)),
                12,
                12,
                "The draft fixes 2 of 12 cases, and all pass",
            ),
            (
                Some((0, 2)),
                10,
                12,
                "The draft fixes 2 of 12 cases; 2 did not pass",
            ),
            (Some((0, 0)), 12, 12, "The draft passes all 12 cases"),
            (
                Some((0, 0)),
                11,
                12,
                "The draft breaks nothing; 1 of 12 cases did not pass before either",
            ),
            (None, 11, 12, "The draft passes 11 of 12 cases"),
            (None, 1, 1, "The draft passes its one case"),
        ] {
            assert_eq!(newest_says(&page(change), &column(passed, of)), says);
        }
        let part = ReportColumn {
            complete: false,
            version: Some(ContentHash::from_bytes([0x7c; 32])),
            ..column(4, 5)
        };
        assert_eq!(
            newest_says(&page(None), &part),
            "Version 7c7c7c7 was tested in part: 4 of 5 cases passed"
        );
    }

    #[test]
    fn what_is_not_all_never_reads_as_all() {
        assert_eq!(sum(11, 12), "11/12");
        assert_eq!(sum(19_999, 20_000), "99.9%");
        assert_eq!(sum(20_000, 20_000), "100.0%");
    }
}
