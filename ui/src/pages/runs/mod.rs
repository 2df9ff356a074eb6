//! All runs, by day, newest first.

mod lines;
mod list;
mod row;

use std::rc::Rc;

use slipway_contract::command::ListRuns;
use yew::prelude::*;

use self::lines::Filter;
pub(super) use self::row::{asked, cost};
use crate::app::Pulse;
use crate::bridge::use_query;
use crate::components::{Icon, async_value, icon, topbar};
use crate::route::Route;
use crate::text;

/// Runs that are asked for at first; more are asked for when a person scrolls towards the end.
const FIRST: u32 = 500;

/// All runs.
#[component]
pub(crate) fn RunsPage() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let limit = use_state_eq(|| FIRST);
    let filter = use_state_eq(|| Filter::All);
    let runs = use_query(
        ListRuns {
            query: slipway_contract::history::RunQuery {
                limit: *limit,
                ..Default::default()
            },
        },
        pulse.0,
    );
    let loaded = runs.state.ready();
    let complete = loaded.is_some_and(|runs| runs.len() < *limit as usize);
    let on_end = {
        let limit = limit;
        Callback::from(move |()| {
            if !complete {
                limit.set(limit.saturating_mul(4));
            }
        })
    };
    let note = loaded
        .filter(|runs| !runs.is_empty())
        .map(|runs| text::runs(runs.len(), complete));
    let list = async_value(&runs, skeleton(), |runs| {
        if runs.is_empty() {
            nothing()
        } else {
            html! { <list::List runs={Rc::clone(runs)} filter={*filter} {on_end} clear={show(&filter, Filter::All)} /> }
        }
    });
    let some = loaded.is_some_and(|runs| !runs.is_empty());
    html! {
        <>
            { topbar(text::RUNS, html! { { for note } }, Html::default()) }
            if some {
                <div class="filters" role="group" aria-label={text::SHOW}>
                    { for Filter::ALL.map(|each| {
                        let chosen = each == *filter;
                        let onclick = show(&filter, each).reform(|_: MouseEvent| ());
                        html! { <button type="button" class="chip" aria-pressed={chosen.to_string()} {onclick}>{ each.name() }</button> }
                    }) }
                </div>
            }
            { list }
        </>
    }
}

fn show(filter: &UseStateHandle<Filter>, to: Filter) -> Callback<()> {
    let filter = filter.clone();
    Callback::from(move |()| filter.set(to))
}

fn nothing() -> Html {
    html! {
        <div class="page page--centred"><div class="empty">
            { icon(Icon::Runs) }
            <div class="strong">{ text::NO_RUN_YET }</div>
            <div class="t2 small">{ text::NO_RUN_YET_HOW }</div>
            <div class="btns"><a class="btn" href={Route::Agents.href()}>{ text::SHOW_AGENTS }</a></div>
        </div></div>
    }
}

fn skeleton() -> Html {
    let row = |_| {
        html! {
            <tr>
                { for ["w-72", "w-96", "w-240", "w-96", "w-44"].map(|width| html! { <td><span class={classes!("skeleton", width)}></span></td> }) }
                { for ["w-36", "w-44", "w-28", "w-36"].map(|width| html! { <td><span class={classes!("skeleton", "at-right", width)}></span></td> }) }
            </tr>
        }
    };
    html! { <table class="table runs" aria-hidden="true">{ list::columns() }<thead>{ list::head() }</thead><tbody>{ for (0..8).map(row) }</tbody></table> }
}
