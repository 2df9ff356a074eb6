//! One line of the list.

use std::rc::Rc;

use jiff::civil::Date;
use slipway_contract::run::{EndReason, RunStatus, RunSummary};
use slipway_contract::{Timestamp, Usd};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::browser::local;
use crate::components::{Mark, run_status};
use crate::route::Route;
use crate::run_state::millis_between;
use crate::{format, text};

/// Which run.
#[derive(Properties)]
pub(super) struct Props {
    /// Its line, from the top.
    pub(super) place: usize,
    /// The element's id.
    pub(super) id: AttrValue,
    /// All runs.
    pub(super) runs: Rc<Vec<RunSummary>>,
    /// Its place among them.
    pub(super) run: usize,
    /// The arrow keys start here.
    pub(super) active: bool,
    /// Now, for a run that is at work.
    pub(super) now: Option<Timestamp>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runs, &other.runs)
            && (self.place, self.run, self.active, self.now)
                == (other.place, other.run, other.active, other.now)
    }
}

/// A run.
#[component]
pub(super) fn Row(props: &Props) -> Html {
    let navigator = use_navigator();
    let Some(run) = props.runs.get(props.run) else {
        return Html::default();
    };
    let id = run.id;
    let open = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    });
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                open.emit(());
            }
        })
    };
    html! {
        <tr
            id={props.id.clone()}
            class="runs__row"
            tabindex={if props.active { "0" } else { "-1" }}
            aria-rowindex={(props.place + 2).to_string()}
            onclick={open.reform(|_: MouseEvent| ())}
            {onkeydown}
        >
            <td>{ run_status(Mark::of(run)) }</td>
            <td class="medium" title={run.title.clone()}>{ run.title.clone() }</td>
            <td class="t2" title={run.input.clone()}>{ asked(run) }</td>
            <td class="t2" title={run.model.clone()}>{ text::model_name(&run.model) }</td>
            <td class="mono t2" title={run.version.to_string()}>{ run.version.short() }</td>
            <td class="r t2">{ format::compact(run.usage.input_tokens + run.usage.output_tokens) }</td>
            <td class="r">{ cost(run) }</td>
            <td class="r t2">{ took(run, props.now) }</td>
            <td class="r t2">{ format::clock(local(run.created_at)) }</td>
        </tr>
    }
}

/// A day, and what its runs came to.
pub(super) fn day(place: usize, date: Date, today: Date, runs: usize, cost: Option<Usd>) -> Html {
    html! {
        <tr key={place} class="table__day" aria-rowindex={(place + 2).to_string()}>
            <td colspan="9"><b>{ format::day(date, today) }</b>{ "\u{2002}" }{ text::runs_of_day(runs, cost.map(format::usd_period)) }</td>
        </tr>
    }
}

/// What was asked, after why it ended where that is not success.
pub(in crate::pages) fn asked(run: &RunSummary) -> Html {
    let why = run
        .end
        .as_ref()
        .filter(|end| end.reason != EndReason::Answered)
        .map(|end| text::end_reason_short(end.reason));
    html! { <>{ for why.map(|why| html! { <span class="t3">{ why }{ ". " }</span> }) }{ run.input.clone() }</> }
}

/// What a run cost; nothing stands back, and an unknown price says so.
pub(in crate::pages) fn cost(run: &RunSummary) -> Html {
    match run.usage.cost_usd {
        None => html! { <span class="t3" title={text::COST_UNKNOWN}>{ "?" }</span> },
        Some(cost) if cost == Usd::ZERO => html! { <span class="t3">{ "$0" }</span> },
        Some(cost) => html! { { format::usd_run(cost) } },
    }
}

/// How long it took from its start to its end; nothing for a run that waits, because waiting is not work.
fn took(run: &RunSummary, now: Option<Timestamp>) -> String {
    let end = match run.status {
        RunStatus::Running if run.driven => now,
        _ => run.finished_at,
    };
    let took = end.map(|end| millis_between(run.created_at, end));
    took.map(|took| {
        if took < 1_000 {
            format::took(took.unsigned_abs())
        } else {
            format::stopwatch(took)
        }
    })
    .unwrap_or_default()
}
