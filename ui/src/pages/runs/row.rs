//! One line of the list.

use jiff::civil::Date;
use slipway_contract::history::{DaySum, RunSum};
use slipway_contract::run::{EndReason, RunStatus, RunSummary};
use slipway_contract::{RunId, Timestamp, Usd};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::browser::local;
use crate::components::{Mark, run_status};
use crate::route::Route;
use crate::run_state::millis_between;
use crate::{format, text};

/// Which run.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Its line, from the top.
    pub(super) place: usize,
    /// The element's id.
    pub(super) id: AttrValue,
    /// The run.
    pub(super) run: RunSummary,
    /// The arrow keys start here.
    pub(super) active: bool,
    /// Now, for a run that is at work.
    pub(super) now: Option<Timestamp>,
    /// It is one of those to be compared.
    pub(super) chosen: bool,
    /// It is chosen, or no longer.
    pub(super) onchoose: Callback<RunId>,
}

/// A run. A press opens it; with Ctrl or Cmd, or Space, it is chosen.
#[component]
pub(super) fn Row(props: &Props) -> Html {
    let navigator = use_navigator();
    let run = &props.run;
    let id = run.id;
    let open = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    });
    let onkeydown = {
        let (open, choose) = (open.clone(), props.onchoose.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => open.emit(()),
            " " => {
                event.prevent_default();
                choose.emit(id);
            }
            _ => {}
        })
    };
    let onclick = {
        let choose = props.onchoose.clone();
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                event.prevent_default();
                choose.emit(id);
            } else {
                open.emit(());
            }
        })
    };
    let steps = u64::from(run.usage.model_calls) + u64::from(run.usage.tool_calls);
    html! {
        <tr
            id={props.id.clone()}
            class={classes!("runs__row", props.chosen.then_some("is-selected"))}
            tabindex={if props.active { "0" } else { "-1" }}
            aria-rowindex={(props.place + 2).to_string()}
            aria-selected={props.chosen.to_string()}
            {onclick}
            {onkeydown}
        >
            <td>{ run_status(Mark::of(run)) }</td>
            <td class="medium" title={run.title.clone()}>{ run.title.clone() }</td>
            <td class="t2" title={run.input.clone()}>{ asked(run) }</td>
            <td class="t2" title={run.model.clone()}>{ text::model_name(&run.model) }</td>
            <td class="mono t2" title={run.version.to_string()}>{ run.version.short() }</td>
            <td class="r t2">{ format::count(steps) }</td>
            <td class="r t2">{ format::compact(run.usage.input_tokens + run.usage.output_tokens) }</td>
            <td class="r">{ cost(run) }</td>
            <td class="r t2">{ took(run, props.now) }</td>
            <td class="r t2">{ format::clock(local(run.created_at)) }</td>
        </tr>
    }
}

/// A day, and what its runs came to.
pub(super) fn day(place: usize, day: &DaySum, today: Date, columns: usize) -> Html {
    html! {
        <tr key={place} class="table__day" aria-rowindex={(place + 2).to_string()}>
            <td colspan={columns.to_string()}><b>{ format::day(day.day, today) }</b>{ "\u{2002}" }{ sum(day.sum) }</td>
        </tr>
    }
}

/// How many runs, and what they cost.
pub(super) fn sum(sum: RunSum) -> String {
    let cost = format::usd_period(sum.cost_usd);
    text::runs_and_cost(sum.runs, &cost, sum.unknown)
}

/// What was asked, and apart from it why it ended where that is not success.
pub(in crate::pages) fn asked(run: &RunSummary) -> Html {
    let why = run
        .end
        .as_ref()
        .filter(|end| end.reason != EndReason::Answered)
        .map(|end| text::end_reason_short(end.reason));
    let (why, gap) = (why.unwrap_or_default(), " ");
    html! {
        <span class="asked">
            <span class="asked__what clip">{ run.input.clone() }</span>
            if !why.is_empty() { { gap }<span class="asked__why small t3">{ why }</span> }
        </span>
    }
}

/// What a run cost; nothing stands back, and what is not known says so, or its bound.
pub(in crate::pages) fn cost(run: &RunSummary) -> Html {
    let short = format::cost_short(&run.usage);
    match run.usage.cost_usd {
        None => {
            html! { <span class="t3 nowrap" title={format::cost(&run.usage)}>{ short }</span> }
        }
        Some(cost) if cost == Usd::ZERO => html! { <span class="t3">{ short }</span> },
        Some(_) => html! { <span class="nowrap">{ short }</span> },
    }
}

/// How long it took from its start to its end, questions that waited included; nothing for a run that waits now.
pub(in crate::pages) fn took(run: &RunSummary, now: Option<Timestamp>) -> String {
    let end = match run.status {
        RunStatus::Running if run.driven => now,
        _ => run.finished_at,
    };
    let took = end.map(|end| millis_between(run.created_at, end));
    took.map(|took| format::length(took.unsigned_abs()))
        .unwrap_or_default()
}
