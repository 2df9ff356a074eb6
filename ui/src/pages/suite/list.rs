//! The parts of a suite: what holds for all of it, and its cases.

use serde_json::Value;
use yew::prelude::*;

use crate::browser::use_style;
use crate::components::{Icon, icon, use_viewport};
use crate::route::SuitePart;
use crate::text;

/// The height of an entry in pixels, as the styles have it.
const ENTRY: f64 = 28.0;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The cases.
    pub(super) cases: Vec<Value>,
    /// The part that is open.
    pub(super) open: SuitePart,
    /// The places of the cases with which something is wrong.
    pub(super) wrong: Vec<usize>,
    /// Opens another.
    pub(super) onopen: Callback<SuitePart>,
}

/// The list. Only what is in view is drawn: a suite may have thousands of cases.
#[component]
pub(super) fn PartList(props: &Props) -> Html {
    let scroller = use_node_ref();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let rows = viewport.rows(std::iter::repeat_n(ENTRY, props.cases.len()));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    let entry = |part: SuitePart, shown: Icon, label: String, wrong: bool| {
        let onclick = props.onopen.reform(move |_: MouseEvent| part);
        let here = props.open == part;
        html! {
            <button type="button" class="nav__item parts__item" key={part.to_string()} aria-current={here.then_some("true")} title={label.clone()} {onclick}>
                { icon(shown) }<span>{ label }</span>
                if wrong { { crate::components::run_mark(crate::components::Mark::Failed) } }
            </button>
        }
    };
    let case = |at: usize| {
        let name = props
            .cases
            .get(at)
            .and_then(|case| case.get("name"))
            .and_then(Value::as_str);
        let label = name
            .filter(|name| !name.is_empty())
            .unwrap_or(text::NAMELESS)
            .to_owned();
        entry(
            SuitePart::Case(at),
            Icon::Test,
            label,
            props.wrong.contains(&at),
        )
    };
    html! {
        <nav class="pane parts" aria-label={text::PARTS_OF_SUITE} data-pane="" tabindex="-1">
            <div class="parts__head">
                { entry(SuitePart::Whole, Icon::Settings, text::WHOLE_SUITE.to_owned(), false) }
                { entry(SuitePart::New, Icon::Plus, text::NEW_CASE.to_owned(), false) }
            </div>
            <div ref={scroller} {onscroll} class="parts__cases scroll">
                <div ref={before}></div>
                { for (rows.first..rows.end).map(case) }
                <div ref={after}></div>
            </div>
        </nav>
    }
}
