//! Texts of what a run asks a person.

use slipway_contract::tool::Effect;

pub(crate) const PATHS_START: &str = "Paths start at ";
pub(crate) const COVERS: &str = "Covers exactly this, ";
pub(crate) const ASKS_AGAIN: &str = ". If one byte changes, it asks again.";
pub(crate) const GRANT_IS_FOR_THIS_BEHAVIOUR: &str =
    ". A version that asks for more asks again, for what it adds.";
pub(crate) const APPROVE_ONCE: &str = "Approve once";
pub(crate) const ALWAYS: &str = "Always for this agent…";
pub(crate) const ALWAYS_WITH_THESE: &str = "Always allow these";
pub(crate) const TOO_LONG_FOR_A_RULE: &str =
    "These arguments are too long to make a rule of that anybody would read.";
pub(crate) const DENY: &str = "Deny";
pub(crate) const DENY_BECAUSE: &str = "Deny with a reason…";
pub(crate) const WHY_NOT: &str = "Why not? The agent is told so.";
pub(crate) const GRANT: &str = "Grant this";
pub(crate) const DO_NOT_GRANT: &str = "Do not grant";
pub(crate) const READ_FILES: &str = "Read files in";
pub(crate) const WRITE_FILES: &str = "Read and write files in";
pub(crate) const CONNECT_TO: &str = "Connect to";
pub(crate) const START_PROGRAM: &str = "Start the program";
pub(crate) const NOT_ASK_BEFORE: &str = "Not ask before each call of";
pub(crate) const WHAT_IT_RETURNED: &str = "What did it return?";
pub(crate) const WHAT_IT_RETURNED_HINT: &str = "The agent reads this as the call's result.";
pub(crate) const IT_HAPPENED: &str = "It happened, go on";
pub(crate) const IT_HAPPENED_TELL: &str = "It happened…";
pub(crate) const NOT_HAPPENED: &str = "It did not, do it now";
pub(crate) const STOP_RUN: &str = "Stop the run";

pub(crate) fn may_call(tool: &str) -> String {
    format!("Call {tool}?")
}

pub(crate) const PRICE_UNKNOWN_HELP: &str = "These limits of money cannot be kept without it. Add the price to prices.toml and resume the run, or let it go on without a limit.";
pub(crate) const PRICE_IS_FOR_THIS_RUN: &str = ", for this run alone.";
pub(crate) const WITHOUT_LIMIT: &str = "Go on without a limit";
pub(crate) const END_THE_RUN: &str = "End the run";

pub(crate) fn price_unknown(model: &str) -> String {
    format!("What does {model} cost?")
}

pub(crate) fn may_have(title: &str) -> String {
    format!("May {title} have this?")
}

pub(crate) fn did_it_happen(tool: &str) -> String {
    format!("{tool}: outcome unknown, did it happen?")
}

pub(crate) fn asked_at(at: &str) -> String {
    format!("asked {at}")
}

pub(crate) const BACK: &str = "Back";

pub(crate) fn waits_for(span: &str) -> String {
    format!(", waits {span} more")
}

pub(crate) fn expires_at(at: &str) -> String {
    format!("Until {at} an answer counts; then the run ends.")
}

pub(crate) fn always_allow(tool: &str) -> String {
    format!(
        "From now on {tool} is called without asking for this agent in this folder, as long as the tool is what it is now, with:"
    )
}

/// What a call would do, and who serves it.
pub(crate) fn effect(effect: Effect, server: &str) -> String {
    let does = match effect {
        Effect::Read => "It reads and changes nothing.",
        Effect::Idempotent => "It changes something. Doing it again does no further harm.",
        Effect::Write => "It changes something each time.",
    };
    if server == "built-in" {
        does.to_owned()
    } else {
        format!("{does} It is served by {server}.")
    }
}

pub(crate) fn outcome_unknown(tool: &str) -> String {
    format!(
        "Slipway stopped while {tool} was under way. It changes something, so it was not called again. Look where it would show, and say what you found. This is what was sent:"
    )
}
