//! Texts of the list of runs, and of two runs beside each other.

use super::counted;

pub(crate) const STATUS: &str = "Status";
pub(crate) const ASKED: &str = "Asked";
pub(crate) const VERSION: &str = "Version";
pub(crate) const STEPS_MADE: &str = "Steps";
pub(crate) const CALLS_MADE: &str = "Calls";
pub(crate) const CALLS_MADE_ARE: &str = "Model calls, each attempt counted, and tool calls that were made: a step of the trace that was denied made none";
pub(crate) const TOKENS: &str = "Tokens";
pub(crate) const TOOK: &str = "Took";
pub(crate) const STARTED: &str = "Started";
pub(crate) const SHOW: &str = "Show";
pub(crate) const SUCCEEDED: &str = "Succeeded";
pub(crate) const CANCELLED: &str = "Cancelled";
pub(crate) const SEARCH_RUNS: &str = "Search what was asked and said";
pub(crate) const NOTHING_TO_CHOOSE: &str = "There is nothing to choose from yet";
pub(crate) const SHOW_ALL: &str = "Show all runs";
pub(crate) const NONE_OF_THEM: &str = "No run is like that";
pub(crate) const NO_RUN_YET: &str = "No run yet";
pub(crate) const NO_RUN_YET_HOW: &str =
    "A run appears here as soon as an agent is asked for something.";
pub(crate) const EXPORT: &str = "Export";
pub(crate) const EXPORT_RUNS: &str = "Export runs";
pub(crate) const EXPORT_NOW: &str = "Write the files";
pub(crate) const EXPORT_INTO: &str = "Folder";
pub(crate) const EXPORT_INTO_HOW: &str =
    "A new folder slipway-runs is made in it. Nothing is written over.";
pub(crate) const PICK_FOLDER: &str = "Choose\u{2026}";
pub(crate) const NO_FOLDER: &str = "Name a folder first";
pub(crate) const NOTHING_TO_EXPORT: &str = "There is no run to export";
pub(crate) const COMPARE_TWO: &str = "Compare";
pub(crate) const CHOOSE_TWO_RUNS: &str =
    "Choose two runs first: press them with Ctrl or Cmd held, or Space";
pub(crate) const COMPARE_RUNS: &str = "Two runs";
pub(crate) const DID_THE_SAME: &str = "same";
pub(crate) const DID_DIFFER: &str = "differs";
pub(crate) const ONLY_HERE: &str = "only here";
pub(crate) const MODEL_ANSWER: &str = "Answer";
pub(crate) const FINAL_ANSWERS: &str = "Answers";
pub(crate) const ANSWERS_SAME: &str = "The answers are the same.";
pub(crate) const ANSWERS_TOO_LONG: &str = "The answers are too long to be compared line by line.";
pub(crate) const NO_STEPS: &str = "Neither run has done anything yet.";
pub(crate) const BOTH_SAME: &str = "Both did the same, step by step.";
pub(crate) const BOTH_RUNS: &str = "Figures";

/// `66 runs, $5.14`; what nobody knows is said.
pub(crate) fn runs_and_cost(runs: u64, cost: &str, unknown: u64) -> String {
    let words = counted(runs, "run", "runs");
    match unknown {
        0 => format!("{words}, {cost}"),
        unknown if unknown == runs => format!("{words}, cost unknown"),
        unknown => format!(
            "{words}, {cost} and {} of unknown cost",
            crate::format::count(unknown)
        ),
    }
}

/// What an amount leaves out: ` and 2 runs of unknown cost`.
pub(crate) fn and_unknown(unknown: u64) -> Option<String> {
    (unknown > 0).then(|| format!("and {} of unknown cost", counted(unknown, "run", "runs")))
}

pub(crate) fn runs_in(runs: u64, month: &str) -> String {
    format!("{} in {month}", crate::format::count(runs))
}

pub(crate) fn last_days(days: i8) -> String {
    format!("Last {days} days")
}

pub(crate) fn cost_range(min: Option<&str>, max: Option<&str>) -> String {
    match (min, max) {
        (Some(min), _) => format!("{min} or more"),
        (None, Some("$0")) | (None, None) => "Nothing".to_owned(),
        (None, Some(max)) => format!("{max} or less"),
    }
}

pub(crate) fn without(label: &str, chosen: &str) -> String {
    format!("{label}: {chosen}. Show all again")
}

pub(crate) fn compare_chosen(chosen: usize) -> String {
    format!("{COMPARE_TWO} ({chosen} of 2)")
}

pub(crate) fn export_what(sum: &str) -> String {
    format!("{sum}: a file of events for each, and a list of them.")
}

pub(crate) fn exported(runs: u64, folder: &str, skipped: usize) -> String {
    let wrote = format!("Wrote {} to {folder}", counted(runs, "run", "runs"));
    match skipped {
        0 => wrote,
        skipped => format!(
            "{wrote}. {} could not be read",
            counted(skipped as u64, "run", "runs")
        ),
    }
}

pub(crate) fn open_run_of(title: &str, at: &str) -> String {
    format!("{title}, {at}")
}

pub(crate) fn differing(pairs: usize, differ: usize) -> String {
    if differ == 0 {
        return "No step differs".to_owned();
    }
    format!(
        "{} of {}",
        crate::format::count(differ as u64),
        counted(pairs as u64, "step differs", "steps differ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_amount_leaves_out_is_said() {
        assert_eq!(and_unknown(0), None);
        assert_eq!(and_unknown(1).as_deref(), Some("and 1 run of unknown cost"));
        assert_eq!(
            and_unknown(2).as_deref(),
            Some("and 2 runs of unknown cost")
        );
    }

    #[test]
    fn a_sum_says_what_nobody_knows() {
        assert_eq!(runs_and_cost(66, "$5.14", 0), "66 runs, $5.14");
        assert_eq!(runs_and_cost(1, "$0", 1), "1 run, cost unknown");
        assert_eq!(
            runs_and_cost(3, "$0.10", 1),
            "3 runs, $0.10 and 1 of unknown cost"
        );
    }
}
