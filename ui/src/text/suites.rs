//! Texts of the page on which a suite of tests is edited.

pub(crate) const TO_TESTS: &str = "To the tests";
pub(crate) const PARTS_OF_SUITE: &str = "Parts of the suite";
pub(crate) const WHOLE_SUITE: &str = "Suite and defaults";
pub(crate) const NAMELESS: &str = "Without a name";
pub(crate) const NO_SUCH_CASE: &str = "There is no such case in the suite.";
pub(crate) const NO_TOML_FORM: &str = "The forms come back when the file can be read again.";
pub(crate) const SUITE_AS_TOML: &str = "The suite as TOML";
pub(crate) const NOT_RUN_LIKE_THIS: &str = "The suite cannot be run yet.";
pub(crate) const REMOVE_CASE: &str = "Remove this case";
pub(crate) const CASE_REMOVED: &str = "Case removed";

pub(crate) const MATRIX: &str = "Matrix";
pub(crate) const MATRIX_HOW: &str = "each case with each combination";
pub(crate) const DEFAULTS: &str = "Defaults";
pub(crate) const DEFAULTS_HOW: &str =
    "for every case; what a case says goes before, and lists are joined";
pub(crate) const ADD_EXPECTATION: &str = "Add";
pub(crate) const EXPECTED_IS: &str = "What is expected";
pub(crate) const EXPECTED_UNKNOWN: &str =
    "The form does not know this expectation. Choose one, or see the file beside.";
pub(crate) const NOT_SO: &str = "Not";
pub(crate) const NOT_SO_HOW: &str = "It must not be so";
pub(crate) const MORE_OF_IT: &str = "More";
pub(crate) const LESS_OF_IT: &str = "Less";
pub(crate) const WHO_ANSWERS: &str = "Who answers";
pub(crate) const MOCKS: &str = "Answers that stand in for tools";
pub(crate) const ADD_MOCK: &str = "Add answer";
pub(crate) const APPROVALS: &str = "Approvals";
pub(crate) const APPROVALS_HOW: &str = "What is answered when a tool asks: allow or deny; * is every other tool. Without an answer the run waits.";
pub(crate) const ADD_APPROVAL: &str = "Add tool";
pub(crate) const GIVEN: &str = "What it is given";
pub(crate) const VARIABLES: &str = "Variables";
pub(crate) const VARIABLES_HOW: &str = "{{name}} in texts is filled with the value.";
pub(crate) const ADD_VARIABLE: &str = "Add variable";
pub(crate) const ADD_FILE_THERE: &str = "Add file";
pub(crate) const ADD_TURN: &str = "Add turn";
pub(crate) const BOUNDS: &str = "How often, and within what";
pub(crate) const NOT_SAID: &str = "–";
pub(crate) const NO_JSON: &str = "Not saved: this is no JSON.";

/// What the file says in one word, as the form says it.
pub(crate) fn suite_word(word: &str) -> String {
    match word {
        "live" => "Run".to_owned(),
        "recorded" => "Recorded".to_owned(),
        "mocked" => "Mocked".to_owned(),
        "jaro_winkler" => "Jaro–Winkler".to_owned(),
        "levenshtein" => "Levenshtein".to_owned(),
        "*" => "Any tool".to_owned(),
        "allow" => "Allow".to_owned(),
        "deny" => "Deny".to_owned(),
        other => other.to_owned(),
    }
}

pub(crate) fn turn(number: usize, of: usize) -> String {
    if of == 1 {
        "Input".to_owned()
    } else {
        format!("Turn {number}")
    }
}

pub(crate) fn value_of(name: &str) -> String {
    format!("Value of {name}")
}
