//! Texts of what makes tests: a run that is saved as one, cases that are proposed, a new suite; and of reports.

use slipway_contract::test::{ProposeFrom, Reporter};

use super::cases;

pub(crate) const MORE_OF_SUITE: &str = "More";
pub(crate) const NEW_SUITE: &str = "New suite";
pub(crate) const NEW_SUITE_ASKS: &str = "New suite…";
pub(crate) const NEW_SUITE_HOW: &str =
    "What the suite is about, such as Receipts. It is a file in the agent's tests folder.";
pub(crate) const TITLE_FIRST: &str = "Write a title first";
pub(crate) const NO_REPORT_YET: &str = "Run the suite first";
pub(crate) const READY_ATTACKS: &str = "Attack it";
pub(crate) const READY_ATTACKS_HOW: &str = "A ready suite: orders hidden in what tools return and in files, and what must not happen then.";
pub(crate) const LOOK_AT_ATTACKS: &str = "Look at it…";
pub(crate) const PROPOSE_CASES_FIRST: &str = "Have cases proposed";
pub(crate) const PROPOSE_CASES_FIRST_HOW: &str =
    "From its instructions and tools, or from its runs. You read each before it counts.";
pub(crate) const WRITE_SUITE: &str = "Write one";
pub(crate) const WRITE_SUITE_HOW: &str = "An empty suite, as a form or as TOML.";

pub(crate) const PROPOSE: &str = "Propose";
pub(crate) const PROPOSE_CASES: &str = "Propose cases…";
pub(crate) const PROPOSE_TITLE: &str = "Propose cases";
pub(crate) const PROPOSE_FROM: &str = "From what";
pub(crate) const PROPOSED_BY: &str = "By what";
pub(crate) const BY_TEMPLATES: &str = "Templates";
pub(crate) const BY_A_MODEL: &str = "A model";
pub(crate) const BY_A_MODEL_HOW: &str = "The model is asked over the network with the agent's instructions, which costs money where it is not on this machine.";
pub(crate) const CHOOSE_MODEL: &str = "Choose a model";
pub(crate) const CHOOSE_MODEL_FIRST: &str = "Choose a model first";
pub(crate) const CHOOSE_CASES_FIRST: &str = "Choose the cases first that are to count";
pub(crate) const CHOOSE_ALL: &str = "All or none";
pub(crate) const ADD_INTO: &str = "Into";
pub(crate) const NOTHING_PROPOSED: &str = "Nothing is proposed";
pub(crate) const NOTHING_PROPOSED_HOW: &str = "The suite has these cases already.";

pub(crate) const SAVE_AS_TEST: &str = "Save as test";
pub(crate) const SAVE_AS_TEST_HOW: &str = "The run becomes a case: what it was asked, the answers of its models as a recording, and what came of it as what is expected. No key is in it.";
pub(crate) const SAVE_TEST: &str = "Save";
pub(crate) const FIRST_SUITE_IS_MADE: &str = "The agent has no suite yet; one is made.";
pub(crate) const SAVED_AS_TEST: &str = "Saved as a test";
pub(crate) const IN_SUITE: &str = " in ";
pub(crate) const FILES_COPIED: &str = "These files that it read were copied into the package:";
pub(crate) const TO_THE_CASE: &str = "To the case";

pub(crate) const fn tools_in_test(run: bool) -> &'static str {
    if run {
        "When it is played, its tools really run."
    } else {
        "When it is played, the recording answers for its tools: none runs."
    }
}

pub(crate) const fn save_report(reporter: Reporter) -> &'static str {
    match reporter {
        Reporter::Html => "Save report as HTML…",
        Reporter::Markdown => "Save report as Markdown…",
        Reporter::Junit => "Save report as JUnit XML…",
        Reporter::Json => "Save report as JSON…",
        Reporter::Console => "Save report as text…",
    }
}

pub(crate) const fn propose_from(from: &ProposeFrom) -> &'static str {
    match from {
        ProposeFrom::Agent => "The agent",
        ProposeFrom::Runs => "Its runs",
        ProposeFrom::Case { .. } => "This case",
        ProposeFrom::Attacks => "Attacks",
    }
}

pub(crate) fn propose_how(from: &ProposeFrom) -> String {
    match from {
        ProposeFrom::Agent => "From the agent's instructions and tools. Nothing counts before you add it.".to_owned(),
        ProposeFrom::Runs => "From its past runs, those that failed first. Nothing counts before you add it.".to_owned(),
        ProposeFrom::Case { name } => format!("The task of “{name}” as others would put it: other words, another language, slips, missing or contradictory data."),
        ProposeFrom::Attacks => "Orders hidden in what each tool returns and in files, attempts to carry data out, to burn the budget, to talk it round.".to_owned(),
    }
}

pub(crate) fn proposed(number: usize) -> String {
    format!("{} proposed. Read, change and choose them.", cases(number))
}

pub(crate) fn add_cases(number: usize) -> String {
    if number == 0 {
        "Add cases".to_owned()
    } else {
        format!("Add {}", cases(number))
    }
}

pub(crate) fn cases_added(number: usize, file: &str) -> String {
    format!("{} added to {file}", cases(number))
}

pub(crate) fn new_suite_at(file: &str) -> String {
    format!("New: {file}")
}

pub(crate) fn toml_of(case: &str) -> String {
    format!("{case}, as TOML")
}
