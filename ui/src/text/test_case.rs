//! Texts of one case of an agent's tests: what came of it, and what a person decides.

use slipway_contract::test::Outcome;

use super::{counted, outcome};
use crate::format;

pub(crate) const ALL_CASES: &str = "All cases";
pub(crate) const CASE_NOT_RUN: &str = "Not run yet";
pub(crate) const CASE_NOT_RUN_HOW: &str = "What came of it is shown here as soon as it was run.";
pub(crate) const NO_ATTEMPT: &str = "There was no attempt in this report.";
pub(crate) const ATTEMPTS: &str = "Attempts";
pub(crate) const EXPECTATIONS: &str = "What was expected";
pub(crate) const EXPECTED_WORD: &str = "expected ";
pub(crate) const GOT_WORD: &str = ", got ";
pub(crate) const LEGEND_EXPECTED: &str = " expected";
pub(crate) const LEGEND_GOT: &str = " got";
pub(crate) const LEGEND_RECORDED: &str = " recorded";
pub(crate) const LEGEND_NOW: &str = " now";
pub(crate) const ANSWER: &str = "Answer";
pub(crate) const OPEN_TRACE: &str = "Open trace";
pub(crate) const THE_VERDICT_IS: &str = "The verdict is";
pub(crate) const JUDGED_RIGHT: &str = "Right";
pub(crate) const JUDGED_WRONG: &str = "Wrong";
pub(crate) const IS_MET: &str = "It is met";
pub(crate) const IS_NOT_MET: &str = "It is not met";

pub(crate) const THIS_IS_REGRESSION: &str = "This is a regression";
pub(crate) const REGRESSION: &str = "Regression";
pub(crate) const TAKE_BACK: &str = "Take back";
pub(crate) const ACCEPT_BEHAVIOUR: &str = "Accept the new behaviour";
pub(crate) const ACCEPT_ASKS: &str = "Accept what the agent asks now?";
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const ACCEPTED: &str = "Accepted";
pub(crate) const ALSO_PLAY: &str = "These cases play the same recording, and are changed with it:";
pub(crate) const ALSO_PLAYED: &str = "These cases play the same recording:";
pub(crate) const CASES_THAT_DIFFER: &str = "Cases that did not pass";
pub(crate) const PREVIOUS_CASE: &str = "The one before";
pub(crate) const NEXT_CASE: &str = "The next one";

pub(crate) const fn check_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "Met",
        Outcome::Failed => "Not met",
        Outcome::Unjudged => "Could not be judged",
    }
}

pub(crate) fn attempt(number: u32, came: Outcome) -> String {
    format!("Attempt {number}: {}", outcome(came).to_lowercase())
}

pub(crate) fn trace_of(title: &str, attempt: u32) -> String {
    format!("{title}, attempt {attempt}")
}

/// Where a case's recording is from.
pub(crate) fn recorded(made: &str, model: &str, calls: u32, accepted: Option<&str>) -> String {
    let calls = counted(u64::from(calls), "model call", "model calls");
    let accepted = accepted.map_or_else(String::new, |at| format!(", accepted anew {at}"));
    format!("Recorded {made} with {model}, {calls}{accepted}")
}

pub(crate) fn attempt_figures(took: &str, steps: u32, cost: Option<&str>) -> String {
    let steps = counted(u64::from(steps), "step", "steps");
    let cost = cost.unwrap_or("cost not known");
    format!("{took}, {steps}, {cost}")
}

pub(crate) fn judged_by(model: &str, score: Option<f64>, cost: Option<&str>) -> String {
    let score = score.map_or_else(
        || "an answer that is no verdict".to_owned(),
        |score| format!("{score:.2} of 1"),
    );
    let cost = cost.map_or_else(String::new, |cost| format!(", {cost}"));
    format!("{score} by {model}{cost}")
}

pub(crate) fn restore_file(_path: &str) -> String {
    "Restore".to_owned()
}

pub(crate) fn file_restored(path: &str) -> String {
    format!("{path} is as it was recorded. Run the case again")
}

pub(crate) fn file_line(path: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{path}, line {line}"),
        None => path.to_owned(),
    }
}

pub(crate) fn accept_how(recording: Option<&str>) -> String {
    let which = recording.map_or_else(String::new, |name| format!(" {name}"));
    format!(
        "The recording{which} will say that the agent asks what it asks now. The answers that were recorded stay. The suite's file does not change."
    )
}

pub(crate) fn accepted_in(recording: &str) -> String {
    format!("The recording {recording} was changed:")
}

pub(crate) fn called_regression(at: &str) -> String {
    format!("You called it a regression, {at}")
}

pub(crate) fn and_more(more: usize) -> String {
    format!("and {} more", format::count(more as u64))
}

pub(crate) fn case_of(at: Option<usize>, of: usize) -> String {
    match at {
        Some(at) => format!("{at} of {of}"),
        None => format!("{of} did not pass"),
    }
}
