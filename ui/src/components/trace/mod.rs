//! The trace: what the run did, one line a step; what went in and came out opens below.

mod details;
mod row;
mod summary;

pub(crate) use summary::icon as tool_icon;

use std::collections::BTreeSet;
use std::rc::Rc;

use slipway_contract::StepId;
use yew::prelude::*;

use super::follow::use_follow;
use super::virtual_rows::{RowMove, use_viewport};
use crate::browser::{self, use_style};
use crate::run_state::{Entry, RunState};
use crate::text;

/// Which trace, and which of its steps a person asked to see.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) state: Rc<RunState>,
    /// A step to show, and a number that changes each time it is asked for.
    pub(crate) wanted: Option<(StepId, u32)>,
}

/// The trace pane.
#[component]
pub(crate) fn TracePane(props: &Props) -> Html {
    let entries = props.state.trace.entries();
    let (pane, follow) = use_follow(entries.len(), !props.state.status.is_end());
    let (viewport, measure) = use_viewport(pane.clone());
    let toggled = use_state_eq(BTreeSet::<usize>::new);
    let heights = use_mut_ref(Vec::<f64>::new);
    let list = use_node_ref();

    // What is open is as tall as it was drawn; the rest is as tall as its kind.
    let sizes: Vec<f64> = {
        let mut known = heights.borrow_mut();
        known.resize(entries.len(), 0.0);
        let size = |(place, entry): (usize, &Rc<Entry>)| {
            let open = is_open(place, entry, &toggled);
            if open && known[place] > 0.0 {
                known[place]
            } else {
                row::height(entry)
            }
        };
        entries.iter().enumerate().map(size).collect()
    };
    let rows = viewport.rows(sizes.iter().copied());
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    {
        let (heights, list) = (Rc::clone(&heights), list.clone());
        use_effect(move || {
            if let Some(list) = browser::element(&list) {
                measure_rows(&list, rows.first, &mut heights.borrow_mut());
            }
        });
    }
    {
        let (pane, toggled) = (pane.clone(), toggled.clone());
        let place = props
            .wanted
            .and_then(|(step, _)| props.state.trace.place(step));
        let top: f64 = sizes.iter().take(place.unwrap_or(0)).sum();
        use_effect_with(props.wanted, move |_| {
            let Some(place) = place else { return };
            let mut open = (*toggled).clone();
            open.insert(place);
            toggled.set(open);
            show_row(&pane, place, top);
        });
    }
    let toggle = {
        let toggled = toggled.clone();
        Callback::from(move |place: usize| {
            let mut open = (*toggled).clone();
            if !open.remove(&place) {
                open.insert(place);
            }
            toggled.set(open);
        })
    };
    let onkeydown = {
        let (pane, sizes) = (pane.clone(), sizes.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some((row, by)) = row::place_of(&event).zip(RowMove::of(&event)) else {
                return;
            };
            event.prevent_default();
            let to = by.from(row, sizes.len());
            show_row(&pane, to, sizes.iter().take(to).sum());
        })
    };
    let onscroll = Callback::from(move |event: Event| {
        follow.emit(event.clone());
        measure.emit(event);
    });
    html! {
        <div ref={pane} {onscroll} {onkeydown} class="steps scroll">
            <div class="trace__grid trace__head" aria-hidden="true">
                <span></span><span></span><span>{ text::STEP }</span><span class="r">{ text::IN }</span><span class="r">{ text::OUT }</span>
                <span class="r">{ text::FIRST_TOKEN }</span><span class="r">{ text::TOOK }</span><span class="r">{ text::COST }</span>
            </div>
            if entries.is_empty() { <p class="steps__none t3">{ text::NO_STEP_YET }</p> }
            <div ref={before}></div>
            <div ref={list} class="trace" role="list" aria-label={text::TRACE}>
                { for (rows.first..rows.end).filter_map(|place| entries.get(place).map(|entry| html! {
                    <row::Row
                        key={place}
                        {place}
                        entry={Rc::clone(entry)}
                        run={props.state.run}
                        title={props.state.title.clone()}
                        own_model={props.state.model.clone()}
                        first={place == 0}
                        last={place + 1 == entries.len()}
                        open={is_open(place, entry, &toggled)}
                        toggle={toggle.clone()}
                    />
                })) }
            </div>
            <div ref={after}></div>
        </div>
    }
}

/// A question that waits is open by itself, until a person folds it; everything else is folded until a person opens it.
fn is_open(place: usize, entry: &Entry, toggled: &BTreeSet<usize>) -> bool {
    let asks = entry.questions().iter().any(|asked| asked.is_open());
    asks != toggled.contains(&place)
}

fn measure_rows(list: &web_sys::HtmlElement, first: usize, heights: &mut [f64]) {
    let rows = list.children();
    for at in 0..rows.length() {
        let Some(row) = rows.item(at) else { continue };
        if let Some(height) = usize::try_from(at)
            .ok()
            .and_then(|at| heights.get_mut(first + at))
        {
            *height = row.get_bounding_client_rect().height();
        }
    }
}

/// Brings a row into view and gives it the keyboard, once it is drawn.
fn show_row(pane: &NodeRef, place: usize, top: f64) {
    if let Some(pane) = browser::element(pane) {
        let height = f64::from(pane.client_height());
        let scrolled = f64::from(pane.scroll_top());
        if top < scrolled || top > scrolled + height - 80.0 {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a list is far shorter than 2^31 pixels"
            )]
            pane.set_scroll_top((top - height / 3.0).max(0.0) as i32);
        }
    }
    browser::next_frame(move || browser::next_frame(move || row::focus(place)));
}
