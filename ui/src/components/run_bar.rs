//! The bar above a run: what is true of it, its figures and its budget.

use std::rc::Rc;

use slipway_contract::Timestamp;
use slipway_contract::run::EndReason;
use yew::prelude::*;

use super::mark::{Mark, run_mark};
use super::meter::{self, meter};
use super::tick::use_now;
use crate::browser::local;
use crate::route::Route;
use crate::run_state::{Phase, RunState, millis_between};
use crate::{format, text};

/// Whose bar it is.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) state: Rc<RunState>,
}

/// The bar above a run.
#[component]
pub(crate) fn RunBar(props: &Props) -> Html {
    let state = &props.state;
    let phase = state.phase();
    let counts = matches!(phase, Phase::Working(_) | Phase::Waiting(_));
    let now = use_now(counts.then_some(1_000));
    let over = state
        .end
        .as_ref()
        .is_some_and(|end| end.reason == EndReason::OverBudget);
    let headline = text::headline(&phase, now);
    let versions = Route::Versions {
        name: state.agent.clone(),
    };
    html! {
        <div class="runbar">
            { run_mark(phase_mark(&phase)) }
            <div class="runbar__what">
                <div class="strong clip" title={headline.clone()}>{ headline }</div>
                <div class="small t3 num clip">
                    { text::RUN_WORD }{ " " }<span class="path selectable" title={state.run.to_string()}>{ state.run.short() }</span>
                    { text::OF_VERSION }<a class="path" href={versions.href()} title={state.version.to_string()}>{ state.version.short() }</a>
                    { text::started(&format::clock_seconds(local(state.clock.started_at))) }
                    { text::worked(&work(state, now)) }
                    if let Some(all) = from_begin_to_end(state) { { text::in_all(&format::length(all)) } }
                    if let Some(parked_at) = state.clock.parked_at {
                        { text::parked_for(&format::span(millis_between(parked_at, now))) }
                    }
                </div>
            </div>
            { meter(meter::Props {
                spent: state.usage.cost_usd.or(state.usage.cost_at_most_usd),
                cost: format::cost(&state.usage).into(),
                limit: state.budget_usd,
                over,
                reserved: state.reserved.map(|(_, reserved)| reserved),
                tokens: (state.usage.input_tokens, state.usage.output_tokens),
            }) }
            // Each change of state is said once; what streams is said by the conversation.
            <div class="visually-hidden" role="status">{ text::announced(&phase) }</div>
        </div>
    }
}

/// How long an ended run took in all, as lists say it, where that is more than its work.
fn from_begin_to_end(state: &RunState) -> Option<u64> {
    let all = millis_between(state.clock.started_at, state.clock.finished_at?);
    (all - state.clock.worked_ms(None) >= 1_000).then_some(all.unsigned_abs())
}

/// How long it worked: in whole seconds while they are counted, exactly at the end.
fn work(state: &RunState, now: Timestamp) -> String {
    let worked = state.worked_ms(now);
    if state.status.is_end() {
        format::length(worked.unsigned_abs())
    } else {
        format::span(worked)
    }
}

/// The mark of a phase.
pub(crate) fn phase_mark(phase: &Phase) -> Mark {
    match phase {
        Phase::Queued => Mark::Queued,
        Phase::Working(_) => Mark::Running,
        Phase::CutOff => Mark::CutOff,
        Phase::Waiting(_) => Mark::Parked,
        Phase::Succeeded => Mark::Succeeded,
        Phase::Failed(_) => Mark::Failed,
        Phase::Cancelled => Mark::Cancelled,
    }
}
