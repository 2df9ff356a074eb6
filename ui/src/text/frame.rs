//! Texts of the frame, and those that stand on many pages.

use crate::components::Mark;

pub(crate) const PRODUCT: &str = "Slipway";
pub(crate) const MAIN_NAVIGATION: &str = "Main";
pub(crate) const HOME: &str = "Home";
pub(crate) const AGENTS: &str = "Agents";
pub(crate) const RUNS: &str = "Runs";
pub(crate) const RECENT_AGENTS: &str = "Recent agents";
pub(crate) const ON_THIS_MACHINE: &str = "On this machine only";
pub(crate) const TODAY: &str = "Today";
pub(crate) const YESTERDAY: &str = "Yesterday";
pub(crate) const LOADING: &str = "Loading";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const BUILD: &str = "Build";
pub(crate) const VERSIONS: &str = "Versions";
pub(crate) const PAGES_OF_THE_AGENT: &str = "Pages of the agent";
pub(crate) const NEW_AGENT: &str = "New agent";
pub(crate) const FIND_OR_RUN: &str = "Find or run";
pub(crate) const PALETTE_ASKS: &str = "Find an agent, a run, a page or something to do";
pub(crate) const NEW_AGENT_ASKS: &str = "New agent…";
pub(crate) const USE_SYSTEM_COLOURS: &str = "Use the colours of the system";
pub(crate) const USE_LIGHT_COLOURS: &str = "Use light colours";
pub(crate) const USE_DARK_COLOURS: &str = "Use dark colours";
pub(crate) const COMPONENTS_OF_THE_WINDOW: &str = "Components of the window";
pub(crate) const PALETTE_AGENTS: &str = "Agents";
pub(crate) const PALETTE_ACTIONS: &str = "Actions";
pub(crate) const PALETTE_RUNS: &str = "Runs";
pub(crate) const PALETTE_PAGES: &str = "Pages";
pub(crate) const PALETTE_CHOOSE: &str = "choose";
pub(crate) const PALETTE_OPEN: &str = "open";
pub(crate) const PALETTE_RUN: &str = "run";
pub(crate) const PALETTE_OPENS: &str = "Open";
pub(crate) const NOTHING_FOUND: &str = "Nothing is called that";
pub(crate) const NOTHING_FOUND_HOW: &str = "Parts of names and their first letters are enough.";
pub(crate) const COMPONENTS: &str = "Components";
pub(crate) const SEND: &str = "Send";
pub(crate) const NOTHING_WRITTEN: &str = "Write what you want first";
pub(crate) const NO_SUCH_PAGE: &str = "There is no such page";
pub(crate) const SHOW_AGENTS: &str = "Show all agents";
pub(crate) const COST_UNKNOWN: &str = "Cost unknown";
pub(crate) const HIDDEN_CHARACTER: &str = "A character that cannot be seen";
pub(crate) const RUNNING: &str = "Running";
pub(crate) const FAILED: &str = "Failed";
pub(crate) const NEEDS_YOU: &str = "Needs you";

pub(crate) const fn status(mark: Mark) -> &'static str {
    match mark {
        Mark::Queued => "Queued",
        Mark::Running => RUNNING,
        Mark::Parked => "Parked",
        Mark::Succeeded => "Succeeded",
        Mark::Failed => FAILED,
        Mark::Cancelled => "Cancelled",
        Mark::CutOff => "Cut off",
    }
}

pub(crate) fn run_agent(title: &str) -> String {
    format!("Run {title}…")
}

pub(crate) fn versions_of(title: &str) -> String {
    format!("{title}, versions")
}

pub(crate) fn setting(section: &str) -> String {
    format!("Settings: {section}")
}

pub(crate) fn found(count: usize) -> String {
    format!("{} found", crate::format::count(count as u64))
}

pub(crate) fn runs_need_you(runs: usize) -> String {
    if runs == 1 {
        "1 run needs you".to_owned()
    } else {
        format!("{runs} runs need you")
    }
}

/// The model without its provider, where the provider says nothing about the place.
pub(crate) fn model_name(model: &str) -> String {
    match model.split_once('/') {
        Some(("local" | "recording", _)) | None => model.to_owned(),
        Some((_, name)) => name.to_owned(),
    }
}

pub(crate) fn text_left_out(size: &str) -> String {
    format!("{size} more are not shown here. The run's journal has all of it.")
}

pub(crate) fn image(description: &str) -> String {
    if description.is_empty() {
        "Image, not loaded:".to_owned()
    } else {
        format!("Image, not loaded: {description}")
    }
}

pub(crate) fn all_of(size: &str) -> String {
    format!("All of it, {size}")
}
