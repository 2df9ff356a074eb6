//! Texts of the trace.

use slipway_contract::StepId;
use slipway_contract::message::StopReason;
use slipway_contract::tool::Effect;
use slipway_contract::wire::WireCut;

use super::counted;

pub(crate) const TRACE: &str = "Trace";
pub(crate) const STEP: &str = "Step";
pub(crate) const IN: &str = "In";
pub(crate) const OUT: &str = "Out";
pub(crate) const FIRST_TOKEN: &str = "First token";
pub(crate) const NO_STEP_YET: &str = "No step yet";
pub(crate) const MODEL_CALL: &str = "Model call";
pub(crate) const ANSWERS: &str = "answers";
pub(crate) const PROMPTED: &str = "tools by prompts";
pub(crate) const WAITING_FOR_MODEL: &str = "waits for the model";
pub(crate) const STREAMING: &str = "the answer is coming";
pub(crate) const CUT_OFF_STEP: &str = "cut off";
pub(crate) const PACKAGE_ASKS: &str = "The package asks for permission";
pub(crate) const GRANTED: &str = "granted";
pub(crate) const NOT_GRANTED: &str = "not granted";
pub(crate) const LIST_OF_STEPS: &str = "List";
pub(crate) const WATERFALL: &str = "Waterfall";
pub(crate) const SHOWN_HOW: &str = "How the trace is shown";
pub(crate) const LATEST: &str = "Latest";
pub(crate) const MAKE_AGAIN: &str = "Retry from here";
pub(crate) const EDIT_ANSWER: &str = "Edit the answer…";
pub(crate) const EDIT_RESULT: &str = "Edit the result…";
pub(crate) const GO_ON_FROM_HERE: &str = "Go on from here";
pub(crate) const EDITED_ANSWER: &str = "What the model should have answered";
pub(crate) const EDITED_PARTS: &str = "The parts of the answer, as JSON";
pub(crate) const EDITED_RESULT: &str = "What the tool should have returned";
pub(crate) const MAKES_A_NEW_RUN: &str =
    "A new run shares what was before this step and goes on from here; this run stays as it is.";
pub(crate) const FURTHER_MESSAGE: &str = "A further message made a new run.";
pub(crate) const ARGUMENTS: &str = "Arguments";
pub(crate) const NO_ARGUMENTS: &str = "No arguments";
pub(crate) const EMPTY_TEXT: &str = "empty text";
pub(crate) const EMPTY_ANSWER: &str = "The model answered nothing.";
pub(crate) const ALL_OF_IT: &str = "All of it, as data";
pub(crate) const WIRE: &str = "Wire";
pub(crate) const WIRE_REQUEST: &str = "Request";
pub(crate) const WIRE_ANSWER: &str = "Answer";
pub(crate) const WIRE_ATTEMPTS: &str = "Attempts";
pub(crate) const NO_ANSWER_CAME: &str = "No answer came.";
pub(crate) const WIRE_FILES: &str =
    "These files of the run went with it. In their places stand notes with their hashes.";
pub(crate) const COPY_AS_CURL: &str = "Copy as curl";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const NOT_COPIED: &str = "Could not be copied";
pub(crate) const ASKS_FOR: &str = "Asks for";
pub(crate) const LAPSED: &str = "It was asked; the run ended before an answer.";
pub(crate) const COVERED: &str = "Bound to ";
pub(crate) const BY_YOU: &str = "you";
pub(crate) const BY_PRICE_TABLE: &str = "your table of prices";
pub(crate) const BY_RUN_OPTION: &str = "an option of this run";

pub(crate) fn made_again(from: StepId, edited: bool) -> String {
    if edited {
        format!("Step {from} was edited in a new run.")
    } else {
        format!("Step {from} is made again in a new run.")
    }
}

pub(crate) fn not_the_parts(why: &str) -> String {
    format!("These are no parts of an answer as JSON: {why}.")
}

pub(crate) fn by_rule(rule: &str) -> String {
    format!("your rule {rule}")
}

pub(crate) fn asks_for_tools(calls: usize) -> String {
    format!("asks for {}", counted(calls as u64, "tool", "tools"))
}

pub(crate) fn stop_reason(stop: &StopReason) -> String {
    match stop {
        StopReason::End | StopReason::ToolCalls => ANSWERS.to_owned(),
        StopReason::Length => "reached its limit of tokens".to_owned(),
        StopReason::Filtered => "withheld by the provider".to_owned(),
        StopReason::Refused => "refused".to_owned(),
        StopReason::Unknown(word) => format!("stopped with {word:?}"),
    }
}

pub(crate) fn attempts(attempts: usize) -> String {
    counted(attempts as u64, "attempt", "attempts")
}

pub(crate) fn tries_again_in(span: &str) -> String {
    format!("tries again in {span}")
}

pub(crate) fn attempt_failed(attempt: Option<u32>) -> String {
    match attempt {
        Some(attempt) => format!("Attempt {attempt} failed."),
        None => "Not asked.".to_owned(),
    }
}

pub(crate) fn falls_back_to(model: &str) -> String {
    format!("Falls back to {model}: ")
}

pub(crate) fn tried_again_after(wait: &str) -> String {
    format!(" Tried again after {wait}.")
}

pub(crate) fn cached(tokens: &str) -> String {
    format!(", {tokens} of the tokens in were cached")
}

pub(crate) fn result_word(is_error: bool, began: bool) -> &'static str {
    match (is_error, began) {
        (_, false) => "Refused before it began",
        (true, true) => "Failed",
        (false, true) => "Result",
    }
}

pub(crate) fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => ", reads only",
        Effect::Idempotent => ", changes something, safe to repeat",
        Effect::Write => ", changes something",
    }
}

pub(crate) fn ran_together(with: &[StepId]) -> String {
    let steps: Vec<_> = with.iter().map(ToString::to_string).collect();
    let word = if steps.len() == 1 { "step" } else { "steps" };
    format!("At the same time as {word} {}.", steps.join(", "))
}

pub(crate) fn stopped_and_resumed(last_word: &str, resumed: &str) -> String {
    format!("Slipway stopped after {last_word}, resumed at {resumed}.")
}

pub(crate) fn steps_kept(kept: usize, made_again: usize) -> String {
    let kept = counted(kept as u64, "step", "steps");
    match made_again {
        0 => format!("{kept} kept, none made again."),
        again => format!("{kept} kept, {again} made again."),
    }
}

pub(crate) fn compacted(before: &str, after: &str) -> String {
    format!("Conversation shortened from about {before} to {after} tokens.")
}

pub(crate) fn shortened(results: u32, turns: u32) -> String {
    let results = (results > 0).then(|| counted(u64::from(results), "old result", "old results"));
    let turns = (turns > 0).then(|| counted(u64::from(turns), "old turn", "old turns"));
    match (results, turns) {
        (Some(results), Some(turns)) => format!("{results} and {turns} left out."),
        (Some(what), None) | (None, Some(what)) => format!("{what} left out."),
        (None, None) => String::new(),
    }
}

pub(crate) fn wire_attempt(attempt: u32) -> String {
    format!("Attempt {attempt}")
}

pub(crate) fn wire_cut(cut: WireCut) -> String {
    format!("The answer is cut: {}.", cut.as_str())
}

pub(crate) fn no_answer_came(cut: WireCut) -> String {
    format!("No answer came: {}.", cut.as_str())
}

pub(crate) fn wire_file(media: &str, size: &str) -> String {
    format!("{media}, {size}, SHA-256")
}

pub(crate) fn wire_left_out(bytes: u64) -> String {
    format!("and {} more", counted(bytes, "byte", "bytes"))
}

pub(crate) fn rows(rows: u64) -> String {
    counted(rows, "row", "rows")
}

pub(crate) const AS_MARKDOWN: &str = "Markdown";
pub(crate) const AS_DIFF: &str = "Changes";
pub(crate) const AS_WRITTEN: &str = "As written";
pub(crate) const SHOWN_AS: &str = "Shown as";
pub(crate) const PIECE_BEFORE: &str = "The piece before";
pub(crate) const PIECE_AFTER: &str = "The next piece";
pub(crate) const FIRST_PIECE: &str = "This is the first piece";
pub(crate) const LAST_PIECE: &str = "This is the last piece";

pub(crate) fn show_more_rows(more: usize, left: usize) -> String {
    format!(
        "Show {more} more of {}",
        counted(left as u64, "row", "rows")
    )
}

pub(crate) fn more_lines(lines: usize) -> String {
    format!("and {} more", counted(lines as u64, "line", "lines"))
}

pub(crate) fn piece_of(from: &str, to: &str, whole: &str) -> String {
    format!("{from} to {to} of {whole}")
}

pub(crate) fn whole_result(size: &str) -> String {
    format!("This is the beginning. All {size}, in pieces")
}

pub(crate) fn image_of(media: &str, width: u32, height: u32, size: &str) -> String {
    let kind = media.strip_prefix("image/").unwrap_or(media).to_uppercase();
    format!("{kind} image, {width} × {height}, {size}")
}

pub(crate) fn image_not_shown(size: &str) -> String {
    format!(
        "It says that it is an image ({size}), but is none that is shown here: a PNG, JPEG, GIF or WebP of a usual size."
    )
}

pub(crate) fn lines(lines: u64) -> String {
    counted(lines, "line", "lines")
}

pub(crate) fn files(files: u64) -> String {
    counted(files, "file", "files")
}

pub(crate) fn matches(matches: u64) -> String {
    counted(matches, "match", "matches")
}

pub(crate) fn items(items: usize) -> String {
    counted(items as u64, "item", "items")
}

pub(crate) fn fields(fields: usize) -> String {
    counted(fields as u64, "field", "fields")
}

pub(crate) fn said_price(who: &str) -> String {
    format!("Priced by {who}.")
}

pub(crate) fn approved(who: &str) -> String {
    format!("Approved by {who}.")
}

pub(crate) fn denied(who: &str) -> String {
    format!("Denied by {who}.")
}

pub(crate) fn denied_because(who: &str, reason: &str) -> String {
    format!("Denied by {who}: {reason}")
}

pub(crate) fn said_happened(who: &str) -> String {
    format!("It happened, said {who}.")
}

pub(crate) fn said_not_happened(who: &str) -> String {
    format!("It did not happen, said {who}; it was made then.")
}

pub(crate) fn said_stop(who: &str) -> String {
    format!("Stopped by {who}.")
}
