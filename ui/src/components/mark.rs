//! The states of a run as marks: their outlines differ, so that they read without colour.

use slipway_contract::run::{RunState, RunSummary};
use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::text;

/// A state as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Made, not begun.
    Queued,
    /// At work.
    Running,
    /// Waits for a person.
    Parked,
    /// Done.
    Succeeded,
    /// Ended with a reason.
    Failed,
    /// Stopped by a person.
    Cancelled,
    /// Says running, but nobody drives it: asks for a person.
    CutOff,
}

impl Mark {
    /// The state of a run in a list.
    pub(crate) fn of(run: &RunSummary) -> Self {
        run.state().into()
    }

    /// Whether a person is wanted.
    pub(crate) fn needs_person(self) -> bool {
        matches!(self, Self::Parked | Self::CutOff)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Parked | Self::CutOff => "parked",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<RunState> for Mark {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Queued => Self::Queued,
            RunState::Running => Self::Running,
            RunState::Parked => Self::Parked,
            RunState::CutOff => Self::CutOff,
            RunState::Succeeded => Self::Succeeded,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
        }
    }
}

/// A mark beside words that say the same.
pub(crate) fn mark(mark: Mark) -> Html {
    draw(mark, None)
}

/// A mark that stands alone, with its name.
pub(crate) fn run_mark(mark: Mark) -> Html {
    draw(mark, Some(text::status(mark)))
}

/// A run's state: mark and word.
pub(crate) fn run_status(state: Mark) -> Html {
    html! { <span class={classes!("status", format!("status--{}", state.name()))}>{ mark(state) }{ text::status(state) }</span> }
}

/// A check that stands alone, with its name: all is well, and nothing asks for a look.
pub(crate) fn mark_of_check(label: Option<&'static str>) -> Html {
    html! { <svg class="mark mark--pass" role={label.map(|_| "img")} aria-label={label}><use href="#i-check" /></svg> }
}

fn draw(mark: Mark, label: Option<&'static str>) -> Html {
    if mark == Mark::CutOff {
        return html! { <span class="mark mark--cut" role={label.map(|_| "img")} aria-label={label}>{ icon(Icon::Power) }</span> };
    }
    let class = classes!("mark", format!("mark--{}", mark.name()));
    let href = format!("#st-{}", mark.name());
    match label {
        Some(label) => html! { <svg {class} role="img" aria-label={label}><use {href} /></svg> },
        None => html! { <svg {class} aria-hidden="true"><use {href} /></svg> },
    }
}
