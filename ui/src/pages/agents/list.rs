//! The list of agents: only the rows in view are drawn.

use std::rc::Rc;

use slipway_contract::agent::{AgentSort, AgentSummary};
use yew::prelude::*;

use super::changes::Changing;
use super::row::Row;
use crate::browser::{self, use_style};
use crate::components::skeleton::{Cell, rows as skeleton_rows};
use crate::components::{Icon, RowMove, icon, use_row_focus, use_viewport};
use crate::text;

/// The height of a row in pixels, as the styles have it.
const ROW: f64 = 56.0;

/// The height of the head, which stays in view.
const HEAD: i32 = 28;

/// What a row's id begins with.
const ROW_ID: &str = "agent-";

/// Agents as they came from the host: equal only to themselves, so that long lists are not compared.
#[derive(Clone)]
pub(super) struct Same(pub(super) Rc<Vec<AgentSummary>>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Which agents, in which order.
#[derive(Properties)]
pub(super) struct Props {
    /// All of them.
    pub(super) agents: Rc<Vec<AgentSummary>>,
    /// The places of those that are shown.
    pub(super) found: Rc<Vec<usize>>,
    /// Their order.
    pub(super) sort: AgentSort,
    /// Another order is wanted.
    pub(super) onsort: Callback<AgentSort>,
    /// Something is to be changed of one.
    pub(super) change: Callback<Changing>,
    /// Something was changed.
    pub(super) again: Callback<()>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.agents, &other.agents)
            && Rc::ptr_eq(&self.found, &other.found)
            && self.sort == other.sort
    }
}

/// The list.
#[component]
pub(super) fn List(props: &Props) -> Html {
    let scroller = use_node_ref();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let active = use_state_eq(|| 0_usize);
    let focus_row = use_row_focus(ROW_ID);
    let count = props.found.len();
    let rows = viewport.rows(std::iter::repeat_n(ROW, count));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    let current = (*active).min(count.saturating_sub(1));
    let onkeydown = {
        let (active, scroller) = (active, scroller.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(by) = RowMove::of(&event) else {
                return;
            };
            event.prevent_default();
            let to = by.from(current, count);
            active.set(to);
            bring_into_view(&scroller, to);
            focus_row.emit(to);
        })
    };
    let row = |place: usize| {
        let agent = props.found.get(place)?;
        let key = props.agents.get(*agent)?.name.to_string();
        Some(html! {
            <Row {key} id={format!("{ROW_ID}{place}")} {place} agents={Rc::clone(&props.agents)} agent={*agent} active={place == current} change={props.change.clone()} again={props.again.clone()} />
        })
    };
    html! {
        <div ref={scroller} {onscroll} {onkeydown} class="page scroll" data-pane="" tabindex="-1">
            <table class="table table--roomy agents" aria-rowcount={(count + 1).to_string()}>
                { columns() }
                <thead><tr>
                    { head(text::AGENT, Some(AgentSort::Name), props) }
                    { head(text::MODEL, None, props) }
                    { head(text::LAST_RUN, Some(AgentSort::Used), props) }
                    { head(text::THIS_MONTH, Some(AgentSort::Cost), props) }
                    { head(text::CHANGED, Some(AgentSort::Changed), props) }
                    <th><span class="visually-hidden">{ text::ACTIONS }</span></th>
                </tr></thead>
                <tbody>
                    <tr key="before" class="table__gap" aria-hidden="true"><td ref={before} colspan="6"></td></tr>
                    { for (rows.first..rows.end).filter_map(row) }
                    <tr key="after" class="table__gap" aria-hidden="true"><td ref={after} colspan="6"></td></tr>
                </tbody>
            </table>
        </div>
    }
}

/// A head; where the list can be sorted by it, a press does.
fn head(label: &'static str, by: Option<AgentSort>, props: &Props) -> Html {
    let class = match by {
        Some(AgentSort::Cost | AgentSort::Changed) => Some("r"),
        _ => None,
    };
    let Some(by) = by else {
        return html! { <th {class}>{ label }</th> };
    };
    let is_sorted = by == props.sort;
    let way = match by {
        AgentSort::Name => "ascending",
        _ => "descending",
    };
    let onclick = props.onsort.reform(move |_: MouseEvent| by);
    html! {
        <th {class} aria-sort={is_sorted.then_some(way)}>
            <button type="button" class="table__sort" title={text::sort_by(label)} {onclick}>
                if is_sorted { { icon(if by == AgentSort::Name { Icon::ArrowUp } else { Icon::Down }) } }
                { label }
            </button>
        </th>
    }
}

fn columns() -> Html {
    html! { <colgroup><col /><col class="col-model" /><col class="col-status" /><col class="col-cost" /><col class="col-when" /><col class="col-more" /></colgroup> }
}

/// The rows while they are waited for.
pub(super) fn skeleton() -> Html {
    let cells = [
        Cell::Text("w-240"),
        Cell::Text("w-96"),
        Cell::Text("w-72"),
        Cell::Figure("w-44"),
        Cell::Figure("w-36"),
        Cell::Figure("w-28"),
    ];
    html! { <table class="table table--roomy agents" aria-hidden="true">{ columns() }<tbody>{ skeleton_rows(6, &cells) }</tbody></table> }
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
    let (top, row) = ((place as f64 * ROW) as i32, ROW as i32);
    let (scrolled, height) = (scroller.scroll_top(), scroller.client_height());
    if top < scrolled {
        scroller.set_scroll_top(top);
    } else if top + row + HEAD > scrolled + height {
        scroller.set_scroll_top(top + row + HEAD - height);
    }
}
