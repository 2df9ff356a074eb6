//! The trace: what the run did, one line a step; what went in and came out opens below.

mod again;
mod chart;
mod details;
mod row;
mod summary;
mod wire;

pub(crate) use summary::icon as tool_icon;

use std::collections::BTreeSet;
use std::rc::Rc;

use slipway_contract::StepId;
use yew::prelude::*;

use super::Workdir;
use super::follow::use_follow;
use super::latest::latest;
use super::segmented::Segmented;
use super::tick::use_now;
use super::virtual_rows::{RowMove, use_row_focus, use_viewport};
use crate::browser::{self, use_style};
use crate::run_state::{Entry, RunState, Waterfall};
use crate::text;

/// Where it is kept how traces are shown.
const SHOWN_AS: &str = "slipway.trace";
/// What is kept there for a waterfall; nothing for a list.
const WATERFALL: &str = "waterfall";

/// A longer trace is drawn on the time of what is in view.
const ON_ONE_AXIS: usize = 200;

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
    let follow = use_follow(entries.len(), !props.state.status.is_end());
    let pane = follow.pane.clone();
    let (viewport, measure) = use_viewport(pane.clone());
    let as_waterfall = use_state_eq(was_waterfall);
    let live = props.state.trace.under_way().next().is_some();
    let now = use_now((*as_waterfall && live).then_some(500));
    let waterfall = as_waterfall.then(|| Waterfall::of(&props.state.trace, now));
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
    let shown = entries.get(rows.first..rows.end).unwrap_or_default();
    let timed = waterfall.as_ref().map(|waterfall| {
        let axis = if entries.len() > ON_ONE_AXIS {
            waterfall.around(shown.iter().filter_map(|entry| entry.step()))
        } else {
            waterfall.whole()
        };
        (waterfall, axis)
    });
    let last_step = entries.iter().rev().find_map(|entry| entry.step());
    let is_long = last_step.is_some_and(|step| step.0 >= 1_000);
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    {
        let (heights, list, pane) = (Rc::clone(&heights), list.clone(), pane.clone());
        let expected = sizes.clone();
        let drawn = entries.iter().enumerate().take(rows.end).skip(rows.first);
        let any_open = drawn
            .into_iter()
            .any(|(place, entry)| is_open(place, entry, &toggled));
        use_effect(move || {
            // Asking for heights makes the page lay itself out: only where they are not known anyway.
            if let Some(list) = browser::element(&list).filter(|_| any_open) {
                measure_rows(&list, rows.first, &mut heights.borrow_mut());
                keep_in_place(&pane, rows.first, &expected, &heights.borrow());
            }
        });
    }
    let focus_row = use_row_focus(row::ID);
    {
        let (pane, toggled, focus_row) = (pane.clone(), toggled.clone(), focus_row.clone());
        let state = Rc::clone(&props.state);
        let sizes = sizes.clone();
        use_effect_with(props.wanted, move |wanted| {
            let place = wanted.and_then(|(step, _)| state.trace.place(step));
            let Some((place, entry)) =
                place.and_then(|place| Some((place, state.trace.entries().get(place)?)))
            else {
                return;
            };
            if !is_open(place, entry, &toggled) {
                toggled.set(flipped(&toggled, place));
            }
            bring_into_view(&pane, &sizes, place);
            focus_row.emit(place);
        });
    }
    let toggle = {
        let (toggled, hold) = (toggled.clone(), follow.hold.clone());
        Callback::from(move |place: usize| {
            hold.emit(());
            toggled.set(flipped(&toggled, place));
        })
    };
    let onkeydown = {
        let (pane, sizes, state) = (pane.clone(), sizes, Rc::clone(&props.state));
        Callback::from(move |event: KeyboardEvent| {
            let Some((row, by)) = row::place_of(&event).zip(RowMove::of(&event)) else {
                return;
            };
            event.prevent_default();
            if let Some(to) = next_row(state.trace.entries(), row, by) {
                bring_into_view(&pane, &sizes, to);
                focus_row.emit(to);
            }
        })
    };
    let onscroll = {
        let follows = follow.onscroll.clone();
        Callback::from(move |event: Event| {
            follows.emit(event.clone());
            measure.emit(event);
        })
    };
    let onchoose = {
        let as_waterfall = as_waterfall.clone();
        Callback::from(move |chosen| {
            as_waterfall.set(chosen == 1);
            keep_waterfall(chosen == 1);
        })
    };
    let kinds = vec![
        AttrValue::Static(text::LIST_OF_STEPS),
        AttrValue::Static(text::WATERFALL),
    ];
    let choice = html! { <Segmented label={text::SHOWN_HOW} small=true items={kinds} chosen={usize::from(*as_waterfall)} {onchoose} /> };
    html! {
        <>
        <div ref={pane} {onscroll} {onkeydown} class={classes!("steps", "scroll", as_waterfall.then_some("steps--waterfall"), is_long.then_some("steps--many"))}>
            <div class="trace__grid trace__head">
                <span></span><span></span><span class="trace__step"><span>{ text::STEP }</span>{ choice }</span>
                if let Some((_, axis)) = &timed {
                    { chart::axis(*axis) }
                } else {
                    <span class="r">{ text::IN }</span><span class="r">{ text::OUT }</span><span class="r">{ text::FIRST_TOKEN }</span>
                }
                <span class="r">{ text::TOOK }</span><span class="r">{ text::COST }</span>
            </div>
            if entries.is_empty() { <p class="steps__none t3">{ text::NO_STEP_YET }</p> }
            <div ref={before}></div>
            <ContextProvider<Workdir> context={Workdir(props.state.workdir.clone().into())}>
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
                        bar={timed.as_ref().map(|(waterfall, axis)| entry.step().and_then(|step| waterfall.bar(step, *axis)))}
                        open={is_open(place, entry, &toggled)}
                        toggle={toggle.clone()}
                    />
                })) }
            </div>
            </ContextProvider<Workdir>>
            <div ref={after}></div>
        </div>
        { latest(&follow) }
        </>
    }
}

/// How the person last chose to see a trace, whichever it was.
fn was_waterfall() -> bool {
    let kept = browser::storage().and_then(|storage| storage.get_item(SHOWN_AS).ok()?);
    kept.as_deref() == Some(WATERFALL)
}

fn keep_waterfall(as_waterfall: bool) {
    let Some(storage) = browser::storage() else {
        return;
    };
    // Fails where the window may keep nothing; then it is a list again next time.
    let _ = match as_waterfall {
        true => storage.set_item(SHOWN_AS, WATERFALL),
        false => storage.remove_item(SHOWN_AS),
    };
}

/// What is read stays where it is when something above it is taller than was thought.
fn keep_in_place(pane: &NodeRef, first: usize, expected: &[f64], measured: &[f64]) {
    let Some(pane) = browser::element(pane) else {
        return;
    };
    let moved = grown_above(f64::from(pane.scroll_top()), first, expected, measured);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a row is far shorter than 2^31 pixels"
    )]
    let moved = moved.round() as i32;
    if moved != 0 {
        pane.set_scroll_top(pane.scroll_top() + moved);
    }
}

/// How much the measured rows that end above `top` are taller than was expected.
fn grown_above(top: f64, first: usize, expected: &[f64], measured: &[f64]) -> f64 {
    let mut bottom: f64 = expected.iter().take(first).sum();
    let mut grown = 0.0;
    for (expected, measured) in expected.iter().zip(measured).skip(first) {
        bottom += expected;
        if bottom > top {
            break;
        }
        if *measured > 0.0 {
            grown += measured - expected;
        }
    }
    grown
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

fn flipped(toggled: &BTreeSet<usize>, place: usize) -> BTreeSet<usize> {
    let mut toggled = toggled.clone();
    if !toggled.remove(&place) {
        toggled.insert(place);
    }
    toggled
}

/// Where an arrow key leads: over lines that hold nothing to open.
fn next_row(entries: &[Rc<Entry>], from: usize, by: RowMove) -> Option<usize> {
    let opens = |place: &usize| entries.get(*place).is_some_and(|entry| row::opens(entry));
    match by {
        RowMove::Next => (from + 1..entries.len()).find(opens),
        RowMove::Previous => (0..from).rfind(opens),
        RowMove::First => (0..entries.len()).find(opens),
        RowMove::Last => (0..entries.len()).rfind(opens),
    }
}

fn bring_into_view(pane: &NodeRef, sizes: &[f64], place: usize) {
    let Some(pane) = browser::element(pane) else {
        return;
    };
    let top: f64 = sizes.iter().take(place).sum();
    let (height, scrolled) = (
        f64::from(pane.client_height()),
        f64::from(pane.scroll_top()),
    );
    if top < scrolled || top > scrolled + height - 80.0 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a list is far shorter than 2^31 pixels"
        )]
        pane.set_scroll_top((top - height / 3.0).max(0.0) as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_above_moves_what_is_read() {
        let expected = [28.0, 28.0, 100.0, 28.0];
        let measured = [28.0, 28.0, 160.0, 28.0];
        assert_eq!(grown_above(200.0, 0, &expected, &measured), 60.0);
        assert_eq!(
            grown_above(120.0, 0, &expected, &measured),
            0.0,
            "it is being read itself"
        );
        assert_eq!(
            grown_above(200.0, 3, &expected, &measured),
            0.0,
            "it was not drawn"
        );
        assert_eq!(
            grown_above(200.0, 0, &expected, &[0.0; 4]),
            0.0,
            "it was not measured"
        );
    }
}
