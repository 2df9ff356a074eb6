//! All runs: searched, narrowed, sorted, compared, exported.

mod export;
mod filters;
mod lines;
mod list;
mod narrow;
mod pages;
mod row;
mod unknown;

use std::rc::Rc;

use slipway_contract::RunId;
use slipway_contract::command::SumRuns;
use slipway_contract::history::{RunFilter, RunOrder};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::narrow::Narrow;
pub(super) use self::row::{asked, cost, took};
pub(super) use self::unknown::{Unknown, of_time};
use crate::app::Pulse;
use crate::bridge::use_query;
use crate::browser::{self, local};
use crate::components::skeleton::{Cell, rows as skeleton_rows};
use crate::components::{Button, Icon, Kind, async_value, empty, empty_with, topbar};
use crate::pages::home::use_steps;
use crate::place::Place;
use crate::route::Route;
use crate::{format, text};

/// All runs.
#[component]
pub(crate) fn RunsPage() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let steps = use_steps();
    let pulse = pulse.0.wrapping_add(steps);
    let narrow = use_state_eq(Narrow::kept);
    let chosen = use_state_eq(Vec::<RunId>::new);
    let exporting = use_state_eq(|| false);
    let navigator = use_navigator();
    // The filter stays the same until another one is chosen: a day that begins meanwhile does not move it.
    let filter = use_memo((*narrow).clone(), |narrow| {
        let now = browser::now();
        narrow.filter(now, local(now))
    });
    let totals = use_query(
        SumRuns {
            filter: RunFilter::clone(&filter),
        },
        pulse,
    );
    let change = {
        let narrow = narrow.setter();
        Callback::from(move |to: Narrow| {
            to.keep();
            narrow.set(to);
        })
    };
    let onsort = {
        let (change, narrow) = (change.clone(), (*narrow).clone());
        Callback::from(move |order: RunOrder| {
            change.emit(Narrow {
                order,
                ..narrow.clone()
            });
        })
    };
    let clear = {
        let (change, narrow) = (change.clone(), (*narrow).clone());
        Callback::from(move |()| change.emit(narrow.cleared()))
    };
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |run: RunId| {
            let mut runs = (*chosen).clone();
            match runs.iter().position(|each| *each == run) {
                Some(place) => {
                    runs.remove(place);
                }
                None => {
                    // A third takes the place of the one that was chosen first.
                    if runs.len() == 2 {
                        runs.remove(0);
                    }
                    runs.push(run);
                }
            }
            chosen.set(runs);
        })
    };
    let compare = {
        let chosen = (*chosen).clone();
        Callback::from(move |()| {
            if let ([id, other], Some(navigator)) = (chosen.as_slice(), &navigator) {
                navigator.push(&Route::CompareRuns {
                    id: *id,
                    other: *other,
                });
            }
        })
    };
    let export = |open: bool| {
        let exporting = exporting.clone();
        Callback::from(move |()| exporting.set(open))
    };
    let known = totals.state.ready();
    let runs = known.map_or(0, |totals| totals.all.runs);
    let has_none = known.is_some_and(|totals| totals.all.runs == 0);
    let is_empty = has_none && filter.is_empty();
    let note = known
        .filter(|totals| filter.is_empty() && totals.all.runs > 0)
        .map(|totals| this_month(totals));
    let sum = known.map_or_else(String::new, |totals| row::sum(totals.all));
    let actions = html! {
        <>
            <Button id={Place::ExportRuns.id()} label={text::EXPORT} icon={Icon::Export} kind={Kind::Quiet} why_not={(runs == 0).then_some(text::NOTHING_TO_EXPORT)} onclick={export(true)} />
            <Button label={if chosen.is_empty() { text::COMPARE_TWO.to_owned() } else { text::compare_chosen(chosen.len()) }} kind={Kind::Quiet} why_not={(chosen.len() != 2).then_some(text::CHOOSE_TWO_RUNS)} onclick={compare} />
        </>
    };
    let list = async_value(&totals, skeleton(), |totals| {
        if is_empty {
            nothing()
        } else if totals.all.runs == 0 {
            let all = html! { <Button label={text::SHOW_ALL} onclick={clear.clone()} /> };
            html! { <div class="page page--centred">{ empty(Icon::Runs, text::NONE_OF_THEM, Some(all)) }</div> }
        } else {
            html! { <list::List totals={Rc::clone(totals)} filter={RunFilter::clone(&filter)} order={narrow.order} {onsort} {pulse} chosen={(*chosen).clone()} {onchoose} /> }
        }
    });
    html! {
        <>
            { topbar(text::RUNS, html! { { for note } }, actions) }
            if !is_empty { <filters::Filters narrow={(*narrow).clone()} onchange={change} sum={sum.clone()} /> }
            { list }
            if *exporting { <export::Export filter={RunFilter::clone(&filter)} {sum} onclose={export(false)} /> }
        </>
    }
}

/// `208 in November`: of this month, where there is more.
fn this_month(totals: &slipway_contract::history::RunTotals) -> String {
    let today = local(browser::now()).date();
    let first = today.first_of_month();
    let days = totals.days.iter().filter(|day| day.day >= first);
    let runs = days.map(|day| day.sum.runs).sum();
    text::runs_in(runs, &format::month_name(today))
}

fn nothing() -> Html {
    let agents = html! { <a class="btn" href={Route::Agents.href()}>{ text::SHOW_AGENTS }</a> };
    html! { <div class="page page--centred">{ empty_with(Icon::Runs, text::NO_RUN_YET, text::NO_RUN_YET_HOW, Some(agents)) }</div> }
}

const CELLS: [Cell; 10] = [
    Cell::Text("w-72"),
    Cell::Text("w-96"),
    Cell::Text("w-240"),
    Cell::Text("w-96"),
    Cell::Text("w-44"),
    Cell::Figure("w-28"),
    Cell::Figure("w-36"),
    Cell::Figure("w-44"),
    Cell::Figure("w-28"),
    Cell::Figure("w-36"),
];

/// The cells of a run that is not here yet.
fn cells() -> impl Iterator<Item = Html> {
    CELLS.into_iter().map(|cell| match cell {
        Cell::Text(width) => {
            html! { <td><span class={classes!("skeleton", width)}></span></td> }
        }
        Cell::Figure(width) => {
            html! { <td><span class={classes!("skeleton", "at-right", width)}></span></td> }
        }
    })
}

fn skeleton() -> Html {
    html! { <table class="table runs" aria-hidden="true">{ list::columns() }<thead>{ list::head(RunOrder::default(), &Callback::noop()) }</thead><tbody>{ skeleton_rows(8, &CELLS) }</tbody></table> }
}
