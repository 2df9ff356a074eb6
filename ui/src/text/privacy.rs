//! Texts of what leaves this machine.

use super::counted;

pub(crate) const PRIVACY: &str = "Privacy";
pub(crate) const PRIVACY_LEAD: &str =
    "What leaves this machine, as it is now: taken from your keys, your grants and your runs.";
pub(crate) const LEAVES_TO_MODELS: &str = "To providers of models";
pub(crate) const LEAVES_TO_MODELS_WHAT: &str = "The conversation of a run that uses their models: instructions, your messages, files you attach, and what tools answered.";
pub(crate) const NO_MODEL_ASKED: &str = "None can be asked, and none was.";
pub(crate) const LEAVES_TO_HOSTS: &str = "To hosts that you granted";
pub(crate) const LEAVES_TO_HOSTS_WHAT: &str = "What a tool sends there. Tools reach no other host.";
pub(crate) const NO_HOST_GRANTED: &str = "No agent may connect to any host.";
pub(crate) const LEAVES_BY_PROGRAMS: &str = "By programs that you granted";
pub(crate) const LEAVES_BY_PROGRAMS_WHAT: &str =
    "They run as you do. What they send, and where, is not in Slipway’s hands.";
pub(crate) const STAYS_HERE: &str = "To models on this machine";
pub(crate) const STAYS_HERE_WHAT: &str = "Nothing of it leaves.";
pub(crate) const CANNOT_BE_ASKED: &str = "It cannot be asked now.";
pub(crate) const SLIPWAY_ITSELF: &str = "Slipway itself";
pub(crate) const SLIPWAY_SENDS_NOTHING: &str =
    "It sends nothing of its own: no figures of use, no reports of crashes.";
pub(crate) const WIRE_IS_KEPT: &str =
    "What goes to models is kept here without your keys, so that you can look at it in the trace.";
pub(crate) const WIRE_IS_NOT_KEPT: &str = "What goes to models is not kept here.";

/// What the server gets at which the person is signed in.
pub(crate) fn asks_cloud(server: &str) -> String {
    format!(
        "You are signed in at {server}. It is asked for your account, organizations, keys and sessions when you look at them, and gets what you change there. No agent, run or message of this machine goes to it."
    )
}

/// How often a provider was asked.
pub(crate) fn models_asked(runs: u64, last: Option<&str>) -> String {
    match last {
        Some(last) => format!("{}, the newest on {last}.", counted(runs, "run", "runs")),
        None => "Not asked yet.".to_owned(),
    }
}
