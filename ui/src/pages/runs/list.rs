//! The list of runs: only the lines in view are drawn.

use std::rc::Rc;

use slipway_contract::Timestamp;
use slipway_contract::run::RunSummary;
use yew::prelude::*;

use super::lines::{Filter, Line, Lines};
use super::row::{Row, day};
use crate::browser::{self, local, use_style};
use crate::components::{Button, Icon, Mark, RowMove, icon, use_now, use_row_focus, use_viewport};
use crate::text;

/// The height of a line in pixels, as the styles have it.
const LINE: f64 = 32.0;

/// Lines before the end at which more runs are asked for.
const NEAR_END: usize = 50;

/// What a row's id begins with.
const ROW_ID: &str = "run-";

/// Which runs.
#[derive(Properties)]
pub(super) struct Props {
    /// The runs, newest first.
    pub(super) runs: Rc<Vec<RunSummary>>,
    /// Which of them are shown.
    pub(super) filter: Filter,
    /// The end is near.
    pub(super) on_end: Callback<()>,
    /// Shows all again.
    pub(super) clear: Callback<()>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runs, &other.runs)
            && self.filter == other.filter
            && self.on_end == other.on_end
    }
}

/// Runs as they came from the host: equal only to themselves, so that long lists are not compared.
#[derive(Clone)]
struct Same(Rc<Vec<RunSummary>>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The list.
#[component]
pub(super) fn List(props: &Props) -> Html {
    let scroller = use_node_ref();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let active = use_state_eq(|| 0_usize);
    let focus_row = use_row_focus(ROW_ID);
    let lines = use_memo(
        (Same(Rc::clone(&props.runs)), props.filter),
        |(runs, filter)| Lines::of(&runs.0, *filter, |run| local(run.created_at).date()),
    );
    let running = props.runs.iter().any(|run| Mark::of(run) == Mark::Running);
    let now = use_now(running.then_some(1_000));
    let rows = viewport.rows(std::iter::repeat_n(LINE, lines.all.len()));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    {
        let on_end = props.on_end.clone();
        let near_end = rows.end + NEAR_END >= lines.all.len();
        use_effect_with((near_end, lines.all.len()), move |(near_end, _)| {
            if *near_end {
                on_end.emit(());
            }
        });
    }
    let current = (*active).min(lines.runs.len().saturating_sub(1));
    let onkeydown = {
        let (active, scroller, lines) = (active, scroller.clone(), Rc::clone(&lines));
        Callback::from(move |event: KeyboardEvent| {
            let Some(by) = RowMove::of(&event) else {
                return;
            };
            event.prevent_default();
            let to = by.from(current, lines.runs.len());
            active.set(to);
            if let Some(place) = lines.runs.get(to).copied() {
                bring_into_view(&scroller, place);
                focus_row.emit(place);
            }
        })
    };
    if lines.runs.is_empty() {
        return html! {
            <div class="page page--centred"><div class="empty">
                { icon(Icon::Runs) }
                <div class="strong">{ text::NONE_OF_THEM }</div>
                <div class="btns"><Button label={text::SHOW_ALL} onclick={props.clear.clone()} /></div>
            </div></div>
        };
    }
    let current = lines.runs.get(current).copied();
    html! {
        <div ref={scroller} {onscroll} {onkeydown} class="page scroll" data-pane="" tabindex="-1">
            <table class="table runs" aria-rowcount={(lines.all.len() + 1).to_string()}>
                { columns() }
                <thead>{ head() }</thead>
                <tbody>
                    <tr key="before" class="table__gap" aria-hidden="true"><td ref={before} colspan="9"></td></tr>
                    { for (rows.first..rows.end).filter_map(|place| lines.all.get(place).map(|line| drawn(line, place, current, &props.runs, now))) }
                    <tr key="after" class="table__gap" aria-hidden="true"><td ref={after} colspan="9"></td></tr>
                </tbody>
            </table>
        </div>
    }
}

fn drawn(
    line: &Line,
    place: usize,
    current: Option<usize>,
    runs: &Rc<Vec<RunSummary>>,
    now: Timestamp,
) -> Html {
    match line {
        Line::Day { date, runs, cost } => day(place, *date, local(now).date(), *runs, *cost),
        Line::Run(run) => {
            let live = runs
                .get(*run)
                .is_some_and(|run| Mark::of(run) == Mark::Running);
            html! { <Row key={place} {place} id={id(place)} runs={Rc::clone(runs)} run={*run} active={current == Some(place)} now={live.then_some(now)} /> }
        }
    }
}

fn id(place: usize) -> String {
    format!("{ROW_ID}{place}")
}

/// The columns' widths.
pub(super) fn columns() -> Html {
    let widths = [
        "status", "agent", "asked", "model", "version", "tokens", "cost", "took", "started",
    ];
    html! { <colgroup>{ for widths.map(|name| html! { <col class={format!("col-{name}")} /> }) }</colgroup> }
}

/// The head.
pub(super) fn head() -> Html {
    html! {
        <tr>
            <th>{ text::STATUS }</th><th>{ text::AGENT }</th><th>{ text::ASKED }</th><th>{ text::MODEL }</th><th>{ text::VERSION }</th>
            <th class="r">{ text::TOKENS }</th><th class="r">{ text::COST }</th><th class="r">{ text::TOOK }</th>
            <th class="r" aria-sort="descending">{ icon(Icon::Down) }{ text::STARTED }</th>
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
