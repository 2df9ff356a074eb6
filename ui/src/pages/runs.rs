//! All runs, by day, newest first.

use std::rc::Rc;

use slipway_contract::command::ListRuns;
use slipway_contract::run::{EndReason, RunStatus, RunSummary};
use slipway_contract::{Timestamp, Usd};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Pulse;
use crate::bridge::use_query;
use crate::browser::{self, local, use_style};
use crate::components::{
    Button, Icon, Mark, RowMove, Rows, async_value, icon, run_status, topbar, use_now, use_viewport,
};
use crate::route::Route;
use crate::run_state::millis_between;
use crate::{format, text};

/// Runs that are asked for at first; more are asked for when a person scrolls towards the end.
const FIRST: u32 = 500;

/// The height of a row in pixels, as the styles have it.
const ROW: f64 = 32.0;

/// Which runs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    NeedsYou,
    Running,
    Failed,
}

impl Filter {
    const ALL: [Self; 4] = [Self::All, Self::NeedsYou, Self::Running, Self::Failed];

    fn shows(self, run: &RunSummary) -> bool {
        let mark = Mark::of(run);
        match self {
            Self::All => true,
            Self::NeedsYou => mark.needs_person(),
            Self::Running => matches!(mark, Mark::Queued | Mark::Running),
            Self::Failed => mark == Mark::Failed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => text::ALL,
            Self::NeedsYou => text::NEEDS_YOU,
            Self::Running => text::RUNNING,
            Self::Failed => text::FAILED,
        }
    }
}

/// All runs.
#[component]
pub(crate) fn RunsPage() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let limit = use_state_eq(|| FIRST);
    let filter = use_state_eq(|| Filter::All);
    let runs = use_query(ListRuns { limit: *limit }, pulse.0);
    let loaded = runs.state.ready();
    let complete = loaded.is_some_and(|runs| runs.len() < *limit as usize);
    let on_end = {
        let limit = limit.clone();
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
            html! { <List runs={Rc::clone(runs)} filter={*filter} {on_end} clear={show(&filter, Filter::All)} /> }
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

#[derive(Properties, PartialEq)]
struct ListProps {
    runs: Rc<Vec<RunSummary>>,
    filter: Filter,
    on_end: Callback<()>,
    clear: Callback<()>,
}

/// A line of the list.
enum Line<'a> {
    Day {
        name: String,
        runs: usize,
        cost: Option<Usd>,
    },
    Run(&'a RunSummary),
}

#[component]
fn List(props: &ListProps) -> Html {
    let scroller = use_node_ref();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let active = use_state_eq(|| 0_usize);
    let navigator = use_navigator();
    let running = props.runs.iter().any(|run| Mark::of(run) == Mark::Running);
    let now = use_now(running.then_some(1_000));
    let lines = lines(&props.runs, props.filter, now);
    let rows = viewport.rows(std::iter::repeat_n(ROW, lines.len()));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    {
        let on_end = props.on_end.clone();
        let near_end = rows.end + 50 >= lines.len();
        use_effect_with((near_end, lines.len()), move |(near_end, _)| {
            if *near_end {
                on_end.emit(());
            }
        });
    }
    let places: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| matches!(line, Line::Run(_)))
        .map(|(place, _)| place)
        .collect();
    let current = (*active).min(places.len().saturating_sub(1));
    let onkeydown = {
        let (active, scroller, places) = (active.clone(), scroller.clone(), places.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(by) = RowMove::of(&event) else {
                return;
            };
            event.prevent_default();
            let to = by.from(current, places.len());
            active.set(to);
            if let Some(place) = places.get(to) {
                bring_into_view(&scroller, *place);
                browser::next_frame(move || browser::next_frame(move || focus(to)));
            }
        })
    };
    let open = Callback::from(move |id| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    });
    if places.is_empty() {
        return html! {
            <div class="page page--centred"><div class="empty">
                { icon(Icon::Runs) }
                <div class="strong">{ text::NONE_OF_THEM }</div>
                <div class="btns"><Button label={text::SHOW_ALL} onclick={props.clear.clone()} /></div>
            </div></div>
        };
    }
    let first_run = places.partition_point(|place| *place < rows.first);
    html! {
        <div ref={scroller} {onscroll} {onkeydown} class="page scroll" data-pane="" tabindex="-1">
            <table class="table runs" aria-rowcount={(lines.len() + 1).to_string()}>
                { columns() }
                <thead>{ head() }</thead>
                <tbody>
                    <tr class="table__gap" aria-hidden="true"><td ref={before} colspan="9"></td></tr>
                    { for drawn(&lines, rows, first_run).map(|(place, run_number, line)| match line {
                        Line::Day { name, runs, cost } => day(place, name, *runs, *cost),
                        Line::Run(run) => row(place, run_number, run, run_number == current, now, &open),
                    }) }
                    <tr class="table__gap" aria-hidden="true"><td ref={after} colspan="9"></td></tr>
                </tbody>
            </table>
        </div>
    }
}

/// The lines in view, with their place and, for runs, which run they are.
fn drawn<'a>(
    lines: &'a [Line<'a>],
    rows: Rows,
    first_run: usize,
) -> impl Iterator<Item = (usize, usize, &'a Line<'a>)> {
    let mut run = first_run;
    lines
        .iter()
        .enumerate()
        .take(rows.end)
        .skip(rows.first)
        .map(move |(place, line)| {
            let number = run;
            if matches!(line, Line::Run(_)) {
                run += 1;
            }
            (place, number, line)
        })
}

fn lines(runs: &[RunSummary], filter: Filter, now: Timestamp) -> Vec<Line<'_>> {
    let today = local(now).date();
    let shown: Vec<_> = runs
        .iter()
        .filter(|run| filter.shows(run))
        .map(|run| (local(run.created_at).date(), run))
        .collect();
    let mut lines = Vec::with_capacity(shown.len() + 8);
    for day in shown.chunk_by(|(a, _), (b, _)| a == b) {
        if let Some((date, _)) = day.first() {
            let cost = day.iter().try_fold(Usd::ZERO, |sum, (_, run)| {
                run.usage.cost_usd.map(|cost| sum.plus(cost))
            });
            lines.push(Line::Day {
                name: format::day(*date, today),
                runs: day.len(),
                cost,
            });
        }
        lines.extend(day.iter().map(|(_, run)| Line::Run(run)));
    }
    lines
}

fn columns() -> Html {
    let widths = [
        "status", "agent", "asked", "model", "version", "tokens", "cost", "took", "started",
    ];
    html! { <colgroup>{ for widths.map(|name| html! { <col class={format!("col-{name}")} /> }) }</colgroup> }
}

fn head() -> Html {
    html! {
        <tr>
            <th>{ text::STATUS }</th><th>{ text::AGENT }</th><th>{ text::ASKED }</th><th>{ text::MODEL }</th><th>{ text::VERSION }</th>
            <th class="r">{ text::TOKENS }</th><th class="r">{ text::COST }</th><th class="r">{ text::TOOK }</th>
            <th class="r" aria-sort="descending">{ icon(Icon::Down) }{ text::STARTED }</th>
        </tr>
    }
}

fn day(place: usize, name: &str, runs: usize, cost: Option<Usd>) -> Html {
    html! {
        <tr key={format!("day-{place}")} class="table__day" aria-rowindex={(place + 2).to_string()}>
            <td colspan="9"><b>{ name.to_owned() }</b>{ "\u{2002}" }{ text::runs_of_day(runs, cost.map(Usd::display_period)) }</td>
        </tr>
    }
}

fn row(
    place: usize,
    number: usize,
    run: &RunSummary,
    active: bool,
    now: Timestamp,
    open: &Callback<slipway_contract::RunId>,
) -> Html {
    let id = run.id;
    let onclick = open.reform(move |_: MouseEvent| id);
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                open.emit(id);
            }
        })
    };
    html! {
        <tr key={id.to_string()} id={format!("run-{number}")} class="runs__row" tabindex={if active { "0" } else { "-1" }} aria-rowindex={(place + 2).to_string()} {onclick} {onkeydown}>
            <td>{ run_status(Mark::of(run)) }</td>
            <td class="medium" title={run.title.clone()}>{ run.title.clone() }</td>
            <td class="t2" title={run.input.clone()}>{ asked(run) }</td>
            <td class="t2" title={run.model.clone()}>{ text::model_name(&run.model) }</td>
            <td class="mono t2" title={run.version.to_string()}>{ run.version.short() }</td>
            <td class="r t2">{ format::compact(run.usage.input_tokens + run.usage.output_tokens) }</td>
            <td class="r">{ cost(run) }</td>
            <td class="r t2">{ took(run, now) }</td>
            <td class="r t2">{ format::clock(local(run.created_at)) }</td>
        </tr>
    }
}

/// What was asked, after why it ended where that is not success.
pub(super) fn asked(run: &RunSummary) -> Html {
    let why = run
        .end
        .as_ref()
        .filter(|end| end.reason != EndReason::Answered)
        .map(|end| text::end_reason_short(end.reason));
    html! { <>{ for why.map(|why| html! { <span class="t3">{ why }{ ". " }</span> }) }{ run.input.clone() }</> }
}

/// What a run cost; nothing stands back, and an unknown price says so.
pub(super) fn cost(run: &RunSummary) -> Html {
    match run.usage.cost_usd {
        None => html! { <span class="t3" title={text::COST_UNKNOWN}>{ "?" }</span> },
        Some(cost) if cost == Usd::ZERO => html! { <span class="t3">{ "$0" }</span> },
        Some(cost) => html! { { cost.display_run() } },
    }
}

/// How long it took from its start to its end; nothing for a run that waits, because waiting is not work.
fn took(run: &RunSummary, now: Timestamp) -> String {
    let end = match run.status {
        RunStatus::Running if run.driven => Some(now),
        _ => run.finished_at,
    };
    end.map(|end| format::stopwatch(millis_between(run.created_at, end)))
        .unwrap_or_default()
}

fn bring_into_view(scroller: &NodeRef, place: usize) {
    let Some(scroller) = browser::element(scroller) else {
        return;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a list is far shorter than 2^31 pixels"
    )]
    let top = (place as f64 * ROW) as i32;
    let (scrolled, height) = (scroller.scroll_top(), scroller.client_height());
    if top < scrolled {
        scroller.set_scroll_top((top - 32).max(0));
    } else if top > scrolled + height - 96 {
        scroller.set_scroll_top(top - height + 96);
    }
}

fn focus(number: usize) {
    browser::focus_id(&format!("run-{number}"));
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
    html! { <table class="table runs" aria-hidden="true">{ columns() }<thead>{ head() }</thead><tbody>{ for (0..8).map(row) }</tbody></table> }
}
