//! When each step was under way, drawn: bars on one axis, so that what ran together is seen to.

use yew::prelude::*;

use crate::format;
use crate::run_state::{Axis, Bar, PARTS};

/// The height of the drawing's own coordinates.
const HIGH: i64 = 28;

/// The axis above the bars: its begin, its middle and its end.
pub(super) fn axis(axis: Axis) -> Html {
    let at = |moment: i64| match moment {
        0 => "0".to_owned(),
        moment => format::took(moment.unsigned_abs()),
    };
    let middle = axis.from.midpoint(axis.to);
    html! { <span class="axis num" aria-hidden="true"><span>{ at(axis.from) }</span><span>{ at(middle) }</span><span>{ at(axis.to) }</span></span> }
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
