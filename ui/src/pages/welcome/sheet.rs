//! The drawing beside the choice: a hull's lines plan, with the numbers of its stations.

use yew::prelude::*;

/// Where the stations stand on the sheet, in the drawing's own units.
const STATIONS: [(&str, &str); 7] = [
    ("14", "4"),
    ("100", "5"),
    ("186", "6"),
    ("272", "7"),
    ("358", "8"),
    ("444", "9"),
    ("530", "10"),
];

/// The sheet. It says nothing that has to be read.
pub(super) fn sheet() -> Html {
    let station = |(x, number): (&'static str, &'static str)| html! { <text class="sheet-no" {x} y="340">{ number }</text> };
    html! {
        <aside class="first__sheet" aria-hidden="true">
            <div class="first__lines"></div>
            <svg viewBox="0 0 640 800" preserveAspectRatio="xMinYMid slice"><g transform="rotate(6 0 300)">{ for STATIONS.map(station) }</g></svg>
        </aside>
    }
}
