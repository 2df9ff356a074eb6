//! Texts of a run's bar and conversation.

use slipway_contract::approval::{Approval, Question};
use slipway_contract::run::{EndReason, ParkReason};
use slipway_contract::{StepId, Timestamp};

use super::{FAILED, RUNNING};
use crate::format;
use crate::run_state::{Doing, Phase, millis_between};

pub(crate) const RUN_WORD: &str = "Run";
pub(crate) const OF_VERSION: &str = " of version ";
pub(crate) const TOKENS_OF_RUN: &str = "Tokens in and out, all calls of this run";
pub(crate) const COPY_AS_COMMAND: &str = "Copy as command";
pub(crate) const COMMAND_COPIED: &str = "The command is on the clipboard";
pub(crate) const SAVE_OUTPUT: &str = "Save output";
pub(crate) const EDIT_MESSAGE: &str = "Edit";
pub(crate) const EDITED_MESSAGE: &str = "Say it in other words";
pub(crate) const EDIT_MAKES_A_RUN: &str =
    "Sent, it makes a new run that shares what was before. This one stays as it is.";
pub(crate) const EDIT_STARTS_A_RUN: &str =
    "Sent, it makes a new run of the same version. This one stays as it is.";
pub(crate) const FILES_STAY: &str =
    "The files of this message do not go with it: attach them again.";
pub(crate) const ADD_FILE: &str = "Add a file";
pub(crate) const ATTACHED: &str = "Files that go with it";
pub(crate) const THINKING: &str = "Thinking…";
pub(crate) const OPEN_SITE: &str = "Open this site?";
pub(crate) const WRITE_TO: &str = "Write to this address?";
pub(crate) const OPEN_IN_BROWSER: &str = "Open";
pub(crate) const LINK_IS_THE_MODELS: &str =
    "A model wrote this link. It opens in your browser, outside Slipway.";
pub(crate) const NOT_ENCRYPTED: &str =
    "The connection is not encrypted: others can see and change what is read there.";
pub(crate) const OPENS_NOTHING: &str =
    "Slipway opens web and mail addresses alone, and none that hides where it leads";
pub(crate) const NEW_CONVERSATION: &str = "What should it do?";
pub(crate) const TRACE_APPEARS: &str = "Steps appear here as they happen";
pub(crate) const TRACE_APPEARS_HOW: &str =
    "Model calls with tokens and cost, tool calls with what went in and came out.";
pub(crate) const ASK_ANEW: &str = "New conversation";
pub(crate) const NO_BUDGET: &str = "no budget";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const CANCEL_RUN: &str = "Cancel run";
pub(crate) const CONVERSATION: &str = "Conversation";
pub(crate) const YOU: &str = "You";
pub(crate) const OUTPUT: &str = "Output";
pub(crate) const REASONING: &str = "Reasoning";
pub(crate) const BEGINNING_MISSED: &str = "… The beginning is shown when the answer is complete.";
pub(crate) const ANSWER_CUT_OFF: &str = "Cut off here. This part is not kept with the run: copy what you need before you leave this page.";
pub(crate) const ASK_SAME_ANEW: &str = "Ask the same again";
pub(crate) const AGENTS_LIMITS: &str = "Limits of the agent";
pub(crate) const WHAT_HELPS: &str = "What you can do";
pub(crate) const FURTHER_MESSAGE_MAKES_A_RUN: &str = "A further message makes a new run";
pub(crate) const NOT_ENDED_YET: &str = "This run has not ended yet";
pub(crate) const PLAYS_RECORDING: &str = "This run plays a recording:";
pub(crate) const PLAYS_RECORDING_HOW: &str = "model answers are recorded, tools run for real. Choose a live or local model on the agent's page to have a model really answer.";
pub(crate) const CUT_OFF_HELP: &str = "Slipway stopped while this run was at work. Resume it: what was done is kept and not done again.";
pub(crate) const CANCELLED_BY_YOU: &str = "Cancelled by you";

/// What is true of a run in one phrase.
pub(crate) fn headline(phase: &Phase, now: Timestamp) -> String {
    match phase {
        Phase::Queued => "Queued".to_owned(),
        Phase::Working(doing) => self::doing(doing, Some(now)),
        Phase::CutOff => "Cut off: nobody drives this run".to_owned(),
        Phase::Waiting(ParkReason::Grant) => "Parked, its package asks for permission".to_owned(),
        Phase::Waiting(ParkReason::Approval) => "Parked, waiting for your approval".to_owned(),
        Phase::Waiting(ParkReason::Price) => "Parked, what does the model cost?".to_owned(),
        Phase::Waiting(ParkReason::OutcomeUnknown) => {
            "Parked, outcome unknown: did it happen?".to_owned()
        }
        Phase::Succeeded => "Succeeded".to_owned(),
        Phase::Failed(None) => FAILED.to_owned(),
        Phase::Failed(Some(reason)) => format!(
            "Failed: {}",
            lower_first(end_reason(*reason).trim_end_matches('.'))
        ),
        Phase::Cancelled => CANCELLED_BY_YOU.to_owned(),
    }
}

/// What is said aloud when a run's state changes: not every step, or nothing else could be heard.
pub(crate) fn announced(phase: &Phase) -> String {
    match phase {
        Phase::Working(_) => RUNNING.to_owned(),
        other => headline(other, Timestamp::UNIX_EPOCH),
    }
}

/// The live step.
pub(crate) fn doing(doing: &Doing, now: Option<Timestamp>) -> String {
    match doing {
        Doing::Thinking => "Running".to_owned(),
        Doing::Asking(model) => format!("Asking {model}"),
        Doing::Reading(model) => format!("{model} answers"),
        Doing::Retrying(at) => match now {
            Some(now) => format!(
                "The model failed, {}",
                super::tries_again_in(&format::span(millis_between(now, *at) + 999))
            ),
            None => "The model failed and is asked again".to_owned(),
        },
        Doing::Calling(tools) => format!("Calling {}", tools.join(", ")),
    }
}

/// What waits for the person, as the conversation's last line.
pub(crate) fn waits_for_you(reason: ParkReason, asked: Option<&Approval>) -> String {
    match asked.map(|approval| &approval.question) {
        Some(Question::Grant { .. }) => "Its package asks for permission.".to_owned(),
        Some(Question::Call { tool, .. }) => format!("{tool} waits for you."),
        Some(Question::Price { model, .. }) => super::price_unknown(&model.to_string()),
        Some(Question::Outcome { tool, .. }) => format!("Did {tool} happen?"),
        None if reason == ParkReason::Grant => "Its package asks for permission.".to_owned(),
        None => "It waits for you.".to_owned(),
    }
}

/// Why a run ended, as a sentence.
pub(crate) const fn end_reason(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Answered => "Answered.",
        EndReason::CancelledByPerson => "Cancelled by you.",
        EndReason::MaxSteps => "It reached its limit of steps.",
        EndReason::Timeout => "It reached its limit of time.",
        EndReason::OverBudget => "The next call did not fit the budget.",
        EndReason::PriceUnknown => "It has a budget, and the model's price is unknown.",
        EndReason::RepeatedFailure => "The model kept making the same call that fails.",
        EndReason::InvalidOutput => "The answer does not fit the agent's output.",
        EndReason::EmptyAnswer => "The model answered nothing.",
        EndReason::AnswerTooLong => "The answer was longer than the model may answer.",
        EndReason::Refused => "The model refused.",
        EndReason::UnknownStop => "The model stopped for an unknown reason.",
        EndReason::Model => "The model could not answer.",
        EndReason::ContextTooLong => "The task is too long for the model.",
        EndReason::Tool => "A tool failed.",
        EndReason::RecordingMismatch => "The files are not as they were recorded.",
        EndReason::NotGranted => "You did not grant what the package asks for.",
        EndReason::ApprovalExpired => "Nobody answered its question in time.",
        EndReason::Stopped => "You stopped it.",
    }
}

/// Why a run ended, in a list.
pub(crate) const fn end_reason_short(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Answered => "Answered",
        EndReason::CancelledByPerson => "By you",
        EndReason::MaxSteps => "Step limit",
        EndReason::Timeout => "Time limit",
        EndReason::OverBudget => "Over budget",
        EndReason::PriceUnknown => "Price unknown",
        EndReason::RepeatedFailure => "Same call failed again",
        EndReason::InvalidOutput => "Output invalid",
        EndReason::EmptyAnswer => "Empty answer",
        EndReason::AnswerTooLong => "Answer too long",
        EndReason::Refused => "Refused",
        EndReason::UnknownStop => "Unknown stop",
        EndReason::Model => "Model failed",
        EndReason::ContextTooLong => "Too long",
        EndReason::Tool => "Tool failed",
        EndReason::RecordingMismatch => "Not as recorded",
        EndReason::NotGranted => "Not granted",
        EndReason::ApprovalExpired => "Question expired",
        EndReason::Stopped => "Stopped by you",
    }
}

pub(crate) fn started(at: &str) -> String {
    format!(", started {at}")
}

pub(crate) fn worked(span: &str) -> String {
    format!(", {span} of work")
}

pub(crate) fn in_all(span: &str) -> String {
    format!(", {span} from beginning to end")
}

pub(crate) fn parked_for(span: &str) -> String {
    format!(", parked {span}")
}

pub(crate) fn of_budget(limit: &str) -> String {
    format!("of {limit}")
}

pub(crate) fn spent_of(cost: &str, limit: &str, reserved: Option<&str>) -> String {
    match reserved {
        Some(reserved) => {
            format!("{cost} spent of {limit}; the call under way reserves at most {reserved}")
        }
        None => format!("{cost} spent of {limit}"),
    }
}

pub(crate) fn this_call_at_most(reserved: &str) -> String {
    format!("this call at most {reserved}")
}

pub(crate) fn tokens(sent: &str, answered: &str) -> String {
    format!("{sent} in, {answered} out")
}

pub(crate) fn remove_file(name: &str) -> String {
    format!("Remove {name}")
}

pub(crate) fn saved_as(place: &str) -> String {
    format!("Saved as {place}")
}

pub(crate) fn not_attachable(name: &str) -> String {
    format!(
        "{name} is no PNG, JPEG, GIF or WebP image and no PDF document. Put it into the agent's folder and name it in your message."
    )
}

pub(crate) fn too_large(name: &str, most: &str) -> String {
    format!("{name} is larger than {most}")
}

pub(crate) fn too_many_files(most: usize) -> String {
    format!("A message takes at most {most} files")
}

pub(crate) fn too_large_together(most: &str) -> String {
    format!("The files have more than {most} in all")
}

pub(crate) fn not_read(name: &str) -> String {
    format!("{name} could not be read")
}

pub(crate) fn is_empty_file(name: &str) -> String {
    format!("{name} is empty")
}

pub(crate) fn show_step(step: StepId) -> String {
    format!("Show step {step}")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reads_as_one_sentence() {
        let phase = Phase::Failed(Some(EndReason::OverBudget));
        assert_eq!(
            headline(&phase, Timestamp::UNIX_EPOCH),
            "Failed: the next call did not fit the budget"
        );
    }
}
