//! Texts of the list of runs.

use super::counted;

pub(crate) const STATUS: &str = "Status";
pub(crate) const ASKED: &str = "Asked";
pub(crate) const VERSION: &str = "Version";
pub(crate) const TOKENS: &str = "Tokens";
pub(crate) const TOOK: &str = "Took";
pub(crate) const STARTED: &str = "Started";
pub(crate) const SHOW: &str = "Show";
pub(crate) const ALL: &str = "All";
pub(crate) const SHOW_ALL: &str = "Show all runs";
pub(crate) const NONE_OF_THEM: &str = "No run is like that";
pub(crate) const NO_RUN_YET: &str = "No run yet";
pub(crate) const NO_RUN_YET_HOW: &str =
    "A run appears here as soon as an agent is asked for something.";

/// How many runs there are, or how many of them are loaded.
pub(crate) fn runs(runs: usize, complete: bool) -> String {
    let words = counted(runs as u64, "run", "runs");
    if complete {
        words
    } else {
        format!("the newest {words}")
    }
}

pub(crate) fn runs_of_day(runs: usize, cost: Option<String>) -> String {
    let words = counted(runs as u64, "run", "runs");
    match cost {
        Some(cost) => format!("{words}, {cost}"),
        None => words,
    }
}
