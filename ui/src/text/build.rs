//! Texts of the page on which an agent is built.

use slipway_contract::error::Finding;
use slipway_contract::permission::Permission;
use slipway_contract::tool::{ApprovalPolicy, DeclaredEffect, Effect};

use super::{counted, sentence};

pub(crate) const PARTS_OF_PACKAGE: &str = "Parts of the package";
pub(crate) const INPUT_AND_OUTPUT: &str = "Input and output";
pub(crate) const FILES: &str = "Files";
pub(crate) const INSTRUCTIONS_FILE: &str = "Instructions, instructions.md";
pub(crate) const WHAT_CHANGED: &str = "What changed";
pub(crate) const NOTHING_CHANGED: &str = "Nothing differs.";
pub(crate) const DISCARD_UNFINISHED: &str = "Back to what is saved";
pub(crate) const MAKE_VERSION: &str = "Make version";
pub(crate) const MAKE_VERSION_HOW: &str =
    "A version holds the whole package and never changes. One is also made before every run.";
pub(crate) const NOTE: &str = "Note";
pub(crate) const NOTE_HOW: &str = "What to remember about it; may be left empty.";
pub(crate) const DISCARD: &str = "Discard changes";
pub(crate) const DISCARDED: &str = "Changes discarded";
pub(crate) const SAVING: &str = "Saving…";
pub(crate) const NOT_SAVED: &str = "Not saved";
pub(crate) const NOT_SAVED_HOW: &str =
    "It is tried again every few seconds. The window keeps it until then, also when it is closed.";
pub(crate) const SAVE_NOW: &str = "Save now";
pub(crate) const UNSAVED_FOUND: &str = "What was not saved when the window closed is here again";
pub(crate) const CORRECT_FIRST: &str = "Correct what is wrong first";
pub(crate) const SETTLE_FIRST: &str = "Settle first which text stays";
pub(crate) const NOTHING_TO_SAVE: &str = "Nothing has changed since the newest version";
pub(crate) const PROBLEMS: &str = "Problems";
pub(crate) const NO_VERSION_YET: &str = "No version can be made yet.";
pub(crate) const FORM_NOT_SAVED_HOW: &str = "Settle first what is said of it.";

pub(crate) const KEEP_MINE: &str = "Keep mine";
pub(crate) const TAKE_THEIRS: &str = "Take theirs";
pub(crate) const COMPARE_BOTH: &str = "Compare";
pub(crate) const CONFLICT_HOW: &str =
    "Nothing was overwritten. Whichever you choose, the other one is kept as a version.";
pub(crate) const THEIRS: &str = "Theirs";
pub(crate) const MINE: &str = "Yours";

pub(crate) const FIND: &str = "Find";
pub(crate) const FIND_IN_TEXT: &str = "Find in the text";
pub(crate) const FIND_NEXT: &str = "Next";
pub(crate) const FIND_PREVIOUS: &str = "Previous";
pub(crate) const NOT_FOUND: &str = "Not found";
pub(crate) const PASTED_TOO_MUCH_HOW: &str =
    "As a file of the package, its tools can read it: add it on Files.";
pub(crate) const TEXT_WITHOUT_COLOURS: &str =
    "A long text: shown without colours and line numbers, so that typing stays quick.";

pub(crate) const ADD_TOOL: &str = "Add tool";
pub(crate) const APPROVAL_DEFAULT: &str = "Default";
pub(crate) const TOUCHES_NOTHING: &str = "touches nothing";
pub(crate) const TOUCHES_BY_SERVER: &str = "what its server may touch";
pub(crate) const MAY_TOUCH: &str = "May touch";
pub(crate) const NETWORK: &str = "Network";
pub(crate) const PROGRAMS: &str = "Programs";
pub(crate) const NO_FILES: &str = "No file";
pub(crate) const NO_HOST: &str = "No host of its own";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const DONE: &str = "Done";
pub(crate) const ADD: &str = "Add";
pub(crate) const ACCESS: &str = "Access";
pub(crate) const READS: &str = "read";
pub(crate) const WRITES: &str = "write";
pub(crate) const PATH: &str = "Path";
pub(crate) const PATH_HOW: &str = "From the folder that a run works in, such as ./receipts.";
pub(crate) const HOST: &str = "Host";
pub(crate) const HOST_HOW: &str = "Such as api.example.com, or 127.0.0.1:8080.";
pub(crate) const MAY_TOUCH_HOW: &str =
    "The agent asks for this; whoever runs it decides. What is not granted does not happen.";
pub(crate) const STEPS: &str = "Steps";
pub(crate) const TIME: &str = "Time";
pub(crate) const MINUTES: &str = "min";
pub(crate) const TIME_PARKED: &str = "Time parked does not count.";
pub(crate) const NOT_TOML_FORMS: &str = "The forms come back when agent.toml can be read again.";

pub(crate) const INPUT: &str = "Input";
pub(crate) const INPUT_HOW: &str = "What a run is given. Without fields, it is any text.";
pub(crate) const OUTPUT_HOW: &str =
    "What the last answer has to be. Without fields, it is any text.";
pub(crate) const ADD_FIELD: &str = "Add field";
pub(crate) const NO_FIELDS: &str = "No fields: any text.";
pub(crate) const FIELD_NAME: &str = "Name";
pub(crate) const FIELD_TYPE: &str = "Type";
pub(crate) const FIELD_REQUIRED: &str = "Required";
pub(crate) const FIELD_DESCRIPTION: &str = "Description";
pub(crate) const SCHEMA: &str = "JSON Schema";
pub(crate) const SCHEMA_NO_OBJECT: &str =
    "This schema is more than fields. Change it as JSON beside, or in agent.toml.";
pub(crate) const TYPE_AS_WRITTEN: &str = "as written";
pub(crate) const SCHEMA_HOW: &str = "The same as JSON. Empty takes the schema away.";

pub(crate) const FILES_OF_PACKAGE: &str = "Files of the package";
pub(crate) const MORE_FOR: &str = "More";
pub(crate) const NEW_FILE: &str = "New file";
pub(crate) const ADD_FROM_DISK: &str = "Add from disk";
pub(crate) const RENAME: &str = "Rename";
pub(crate) const FILE_PATH_HOW: &str = "In files/, tests/ or recordings/, such as files/rates.csv. Beside them a package has README.md.";
pub(crate) const CREATE: &str = "Create";
pub(crate) const CHOOSE_FILE: &str = "Choose a file to look at it";
pub(crate) const FILE_TOO_LARGE: &str =
    "A file of a package has 32 MB at most here. Put larger ones into the agent's folder.";
pub(crate) const FILE_UNREADABLE: &str = "The file could not be read from the disk.";

pub(crate) fn words_and_tokens(words: u64, tokens: u64) -> String {
    format!(
        "{}, about {}",
        counted(words, "word", "words"),
        counted(tokens, "token", "tokens")
    )
}

pub(crate) fn found_of(current: usize, count: usize, more: bool) -> String {
    let more = if more { "+" } else { "" };
    format!("{current} of {count}{more}")
}

pub(crate) fn pasted_too_much(pasted: &str, most: &str) -> String {
    format!("{pasted} were not put in: this text may have {most} at most.")
}

pub(crate) fn no_text(size: &str) -> String {
    format!("{size} that are no text, or too long to be edited here.")
}

pub(crate) fn saved_at(time: &str) -> String {
    format!(", saved {time}")
}

pub(crate) const DRAFT_OF: &str = "Draft of";

pub(crate) fn changed_lines(added: usize, removed: usize) -> String {
    format!("{WHAT_CHANGED}: {added} lines more, {removed} fewer")
}

pub(crate) fn version_made(version: &str) -> String {
    format!("Version {version} made")
}

pub(crate) fn change_to(meant: &str) -> String {
    format!("Change to {meant}")
}

pub(crate) fn go_to_line(line: u32) -> String {
    format!("Go to line {line}")
}

pub(crate) fn see_line(line: u32) -> String {
    format!("see line {line}")
}

/// Where a finding is, as its headline.
pub(crate) fn finding_at(finding: &Finding) -> String {
    match finding.line {
        Some(line) => format!("{}, line {line}", finding.file),
        None => finding.file.clone(),
    }
}

pub(crate) fn finding_message(finding: &Finding) -> String {
    let message = sentence(&finding.message);
    if message.ends_with(['.', '?', '!']) {
        message
    } else {
        format!("{message}.")
    }
}

pub(crate) fn more_problems(more: usize) -> String {
    counted(more as u64, "more problem", "more problems")
}

pub(crate) fn form_not_saved(path: &str) -> String {
    format!("{path} was changed here and is not saved yet, so the form changed nothing.")
}

pub(crate) fn conflict(path: &str) -> String {
    format!("{path} was saved by somebody else while you were writing it.")
}

pub(crate) fn approval_of(tool: &str) -> String {
    format!("Approval for {tool}")
}

pub(crate) fn remove_named(what: &str) -> String {
    format!("Remove {what}")
}

pub(crate) const fn policy(policy: ApprovalPolicy) -> &'static str {
    match policy {
        ApprovalPolicy::Allow => "Allow",
        ApprovalPolicy::Ask => "Ask",
        ApprovalPolicy::Deny => "Never",
    }
}

pub(crate) const fn default_policy(effect: Option<&DeclaredEffect>) -> &'static str {
    match effect {
        Some(DeclaredEffect::Always(Effect::Read)) => "It only reads, so it is allowed",
        Some(DeclaredEffect::Always(_)) => "It changes something, so it asks",
        Some(DeclaredEffect::ByArgument { .. }) => "Calls that change something ask",
        None => "It asks, unless it says that it only reads",
    }
}

pub(crate) fn reads_in(places: &str) -> String {
    format!("reads {places}")
}

pub(crate) fn writes_in(places: &str) -> String {
    format!("writes {places}")
}

pub(crate) fn reaches(hosts: &str) -> String {
    format!("reaches {hosts}")
}

pub(crate) const NO_PLACE_YET: &str = "no folder yet: see May touch";
pub(crate) const NO_HOST_YET: &str = "no host yet: see May touch";

pub(crate) fn asks_nothing_new(version: &str) -> String {
    format!("Nothing more than version {version} asks for.")
}

pub(crate) fn asks_anew(version: &str, anew: &[Permission]) -> String {
    let anew: Vec<String> = anew.iter().map(ToString::to_string).collect();
    format!(
        "New, beyond what version {version} asks for: {}.",
        anew.join("; ")
    )
}

pub(crate) fn not_json(line: usize, column: usize) -> String {
    format!("Not saved: this is no JSON at line {line}, character {column}.")
}

pub(crate) fn field_named(name: &str, what: &str) -> String {
    format!("{what} of {name}")
}

pub(crate) fn taken_field(name: &str) -> String {
    format!("There is a field {name} already.")
}

pub(crate) fn file_added(path: &str) -> String {
    format!("{path} added")
}

pub(crate) const FILE_REMOVED: &str = "File removed; a version has what it was";
