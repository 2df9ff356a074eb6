//! The list of runs: only the lines in view are drawn, and only their pages are asked for.

use std::rc::Rc;

use slipway_contract::history::{RunColumn, RunFilter, RunOrder, RunTotals};
use slipway_contract::run::RunSummary;
use slipway_contract::{RunId, Timestamp};
use yew::prelude::*;

use super::lines::{Line, Lines};
use super::pages::{List as Which, Pages, use_pages};
use super::row::{Row, day};
use crate::browser::{self, local, use_style};
use crate::components::{Icon, Mark, RowMove, icon, notice, use_now, use_row_focus, use_viewport};
use crate::text;

/// The height of a line in pixels, as the styles have it.
const LINE: f64 = 32.0;

/// What a row's id begins with.
const ROW_ID: &str = "run-";

/// Columns of the list.
const COLUMNS: usize = 10;

/// Which runs.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// How many there are, day by day.
    pub(super) totals: Rc<RunTotals>,
    /// Which they are.
    pub(super) filter: RunFilter,
    /// Their order.
    pub(super) order: RunOrder,
    /// Another order is wanted.
    pub(super) onsort: Callback<RunOrder>,
    /// Changes when runs may have changed.
    pub(super) pulse: u32,
    /// Those that were chosen to be compared.
    pub(super) chosen: Vec<RunId>,
    /// One is chosen, or no longer.
    pub(super) onchoose: Callback<RunId>,
}

/// The list.
#[component]
pub(super) fn List(props: &Props) -> Html {
    let scroller = use_node_ref();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let active = use_state_eq(|| 0_usize);
    let focus_row = use_row_focus(ROW_ID);
    let by_day = props.order.by == RunColumn::Started;
    let lines = use_memo(
        (Rc::clone(&props.totals), by_day, props.order.ascending),
        |(totals, by_day, ascending)| Lines::of(totals, *by_day, *ascending),
    );
    let rows = viewport.rows(std::iter::repeat_n(LINE, lines.len()));
    let which = Which {
        filter: props.filter.clone(),
        order: props.order,
    };
    let pages = use_pages(
        which.clone(),
        runs_of(&lines, rows.first..rows.end),
        props.pulse,
    );
    let running = pages.any(|run| Mark::of(run) == Mark::Running);
    let now = use_now(running.then_some(1_000));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    use_stillness(&scroller, &which, lines.len());
    let current = (*active).min(lines.runs().saturating_sub(1));
    let onkeydown = {
        let (active, scroller, lines) = (active, scroller.clone(), Rc::clone(&lines));
        Callback::from(move |event: KeyboardEvent| {
            let Some(by) = RowMove::of(&event) else {
                return;
            };
            event.prevent_default();
            let to = by.from(current, lines.runs());
            active.set(to);
            let place = lines.of_run(to);
            bring_into_view(&scroller, place);
            focus_row.emit(place);
        })
    };
    let current = lines.of_run(current);
    let drawn = |place: usize| match lines.at(place)? {
        Line::Day(sum) => Some(day(place, &sum, local(now).date(), COLUMNS)),
        Line::Run(run) => Some(one(place, pages.run(run), place == current, now, props)),
    };
    html! {
        <div ref={scroller} {onscroll} {onkeydown} class="page scroll" data-pane="" tabindex="-1">
            { for problem(&pages) }
            <table class="table runs" role="grid" aria-label={text::RUNS} aria-multiselectable="true" aria-rowcount={(lines.len() + 1).to_string()}>
                { columns() }
                <thead>{ head(props.order, &props.onsort) }</thead>
                <tbody>
                    <tr key="before" class="table__gap" aria-hidden="true"><td ref={before} colspan={COLUMNS.to_string()}></td></tr>
                    { for (rows.first..rows.end).filter_map(drawn) }
                    <tr key="after" class="table__gap" aria-hidden="true"><td ref={after} colspan={COLUMNS.to_string()}></td></tr>
                </tbody>
            </table>
        </div>
    }
}

fn problem(pages: &Pages) -> Option<Html> {
    let problem = pages.problem.as_ref()?;
    Some(html! { <div class="page__notice">{ notice(problem, None) }</div> })
}

/// The places of the runs on these lines.
fn runs_of(lines: &Lines, places: std::ops::Range<usize>) -> (usize, usize) {
    let mut runs = places.filter_map(|place| match lines.at(place)? {
        Line::Run(run) => Some(run),
        Line::Day(_) => None,
    });
    let first = runs.next().unwrap_or(0);
    (first, runs.next_back().unwrap_or(first) + 1)
}

fn one(
    place: usize,
    run: Option<&RunSummary>,
    active: bool,
    now: Timestamp,
    props: &Props,
) -> Html {
    let Some(run) = run else {
        return html! { <tr key={place} aria-rowindex={(place + 2).to_string()} class="runs__row">{ for super::cells() }</tr> };
    };
    let live = Mark::of(run) == Mark::Running;
    html! {
        <Row key={place} {place} id={format!("{ROW_ID}{place}")} run={run.clone()} {active} now={live.then_some(now)}
            chosen={props.chosen.contains(&run.id)} onchoose={props.onchoose.clone()} />
    }
}

/// Keeps what is being read where it is when new runs come above it.
#[hook]
fn use_stillness(scroller: &NodeRef, which: &Which, lines: usize) {
    let before = use_mut_ref(|| (which.clone(), lines));
    let (scroller, which) = (scroller.clone(), which.clone());
    use_effect_with((which, lines), move |(which, lines)| {
        let (old_which, old_lines) = before.replace((which.clone(), *lines));
        let newest_first = which.order == RunOrder::default();
        let Some(element) = browser::element(&scroller) else {
            return;
        };
        if old_which != *which {
            element.set_scroll_top(0);
        } else if newest_first && *lines > old_lines && element.scroll_top() > 0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                reason = "a list is far shorter than 2^31 pixels"
            )]
            let by = ((lines - old_lines) as f64 * LINE) as i32;
            element.set_scroll_top(element.scroll_top() + by);
        }
    });
}

/// The columns' widths.
pub(super) fn columns() -> Html {
    let widths = [
        "status", "agent", "asked", "model", "version", "steps", "tokens", "cost", "took",
        "started",
    ];
    html! { <colgroup>{ for widths.map(|name| html! { <col class={format!("col-{name}")} /> }) }</colgroup> }
}

/// The head; what the list can be sorted by is a button.
pub(super) fn head(order: RunOrder, onsort: &Callback<RunOrder>) -> Html {
    let sorted = |label: &'static str, by: RunColumn| {
        let is_sorted = order.by == by;
        let to = RunOrder {
            by,
            ascending: is_sorted && !order.ascending,
        };
        let way = if order.ascending {
            "ascending"
        } else {
            "descending"
        };
        let onclick = onsort.reform(move |_: MouseEvent| to);
        html! {
            <th class="r" aria-sort={is_sorted.then_some(way)}>
                <button type="button" class="table__sort" title={text::sort_by(label)} {onclick}>
                    if is_sorted { { icon(if order.ascending { Icon::ArrowUp } else { Icon::Down }) } }
                    { label }
                </button>
            </th>
        }
    };
    html! {
        <tr>
            <th>{ text::STATUS }</th><th>{ text::AGENT }</th><th>{ text::ASKED }</th><th>{ text::MODEL }</th><th>{ text::VERSION }</th>
            <th class="r" title={text::CALLS_MADE_ARE}>{ text::CALLS_MADE }</th>
            { sorted(text::TOKENS, RunColumn::Tokens) }
            { sorted(text::COST, RunColumn::Cost) }
            { sorted(text::TOOK, RunColumn::Took) }
            { sorted(text::STARTED, RunColumn::Started) }
        </tr>
    }
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
    let top = (place as f64 * LINE) as i32;
    let (scrolled, height) = (scroller.scroll_top(), scroller.client_height());
    if top < scrolled + 32 {
        scroller.set_scroll_top((top - 32).max(0));
    } else if top > scrolled + height - 96 {
        scroller.set_scroll_top(top - height + 96);
    }
}
