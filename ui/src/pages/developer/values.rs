//! Type and colours.

use yew::prelude::*;

use crate::text;

/// Every size of type.
pub(super) fn types() -> Html {
    let line = |(class, name): (&'static str, &'static str)| {
        html! { <div class="specimen__type"><span class={class}>{ text::SPECIMEN_SENTENCE }</span><span class="small t3">{ name }</span></div> }
    };
    let all = [
        ("figure", "figure 28/32, 500"),
        ("head", "head 22/28, 600"),
        ("topbar__title", "title 15/20, 600"),
        ("read", "read 14/22"),
        ("", "body 13/20"),
        ("small", "small 12/16"),
        ("micro", "micro 11/16, 500"),
        ("mono", "code 12/18"),
    ];
    html! { { for all.map(line) } }
}

/// The colours, by their names in `tokens.css`.
pub(super) fn colours() -> Html {
    let all = [
        "bg-window",
        "bg-canvas",
        "bg-raised",
        "bg-sunken",
        "hover",
        "active",
        "selected",
        "text",
        "text-2",
        "text-3",
        "line-strong",
        "line-check",
        "accent",
        "accent-fill",
        "running",
        "parked",
        "parked-fill",
        "succeeded",
        "failed",
        "failed-fill",
        "cancelled",
    ];
    let swatch = |name: &'static str| {
        html! { <li><div class={classes!("swatch", format!("swatch--{name}"))}></div><span class="small t3">{ name }</span></li> }
    };
    html! { <ul class="specimen__swatches">{ for all.map(swatch) }</ul> }
}
