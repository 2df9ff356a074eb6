//! When each step was under way, drawn: bars on one axis, so that what ran together is seen to.

use yew::prelude::*;

use crate::format;
use crate::run_state::{Bar, PARTS};

/// The height of the drawing's own coordinates.
const HIGH: i64 = 28;

/// The axis above the bars: its begin, its middle and its end.
pub(super) fn axis(busy_ms: i64) -> Html {
    let at = |part: i64| format::took((busy_ms * part / 2).unsigned_abs());
    html! { <span class="axis num" aria-hidden="true"><span>{ "0" }</span><span>{ at(1) }</span><span>{ at(2) }</span></span> }
}

/// A step's bar; lighter until its first token came. What it says stands beside it in figures.
pub(super) fn bar(bar: Option<Bar>, kind: &'static str) -> Html {
    let Some(bar) = bar else {
        return html! { <span></span> };
    };
    let wait = bar.first_token.map(|first| first.clamp(bar.from, bar.to));
    let solid = wait.unwrap_or(bar.from);
    let rect = |class: &'static str, from: i64, to: i64| {
        html! { <rect {class} x={from.to_string()} y="9" width={(to - from).max(1).to_string()} height="10" /> }
    };
    html! {
        <svg class={classes!("bar", kind)} viewBox={format!("0 0 {PARTS} {HIGH}")} preserveAspectRatio="none" aria-hidden="true">
            if let Some(wait) = wait { { rect("bar__wait", bar.from, wait) } }
            { rect("bar__work", solid, bar.to) }
        </svg>
    }
}
