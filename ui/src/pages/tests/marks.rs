//! What came of something, by mark and word.

use slipway_contract::test::{CaseCell, Outcome};
use yew::prelude::*;

use crate::components::{Icon, Mark, mark_of_check};
use crate::text;

/// A cell of the matrix: its marks stand alone.
pub(super) fn cell(cell: CaseCell) -> Html {
    if cell.passed > 0 && cell.passed < cell.of {
        let label = text::attempts_passed(cell.passed, cell.of, cell.outcome);
        let class = match cell.outcome {
            Outcome::Passed => "cell__some",
            Outcome::Failed | Outcome::Unjudged => "cell__some cell__some--few",
        };
        return html! { <span {class} role="img" aria-label={label.clone()} title={label}>{ format!("{}/{}", cell.passed, cell.of) }</span> };
    }
    outcome(cell.outcome, true)
}

/// Nothing came of it.
pub(super) fn gone() -> Html {
    html! { <span class="gone" role="img" aria-label={text::NOT_RUN_THEN}>{ "–" }</span> }
}

/// What came of it; a mark that stands alone has its name, and of what passed no more than a check.
pub(super) fn outcome(outcome: Outcome, alone: bool) -> Html {
    let label = alone.then(|| text::outcome(outcome));
    match outcome {
        Outcome::Passed if alone => mark_of_check(label),
        Outcome::Passed => crate::components::mark(Mark::Succeeded),
        Outcome::Failed => match label {
            Some(_) => crate::components::run_mark(Mark::Failed),
            None => crate::components::mark(Mark::Failed),
        },
        Outcome::Unjudged => {
            html! { <span class="unjudged" role={label.map(|_| "img")} aria-label={label} aria-hidden={label.is_none().then_some("true")}>{ crate::components::small_icon(Icon::Info) }</span> }
        }
    }
}
