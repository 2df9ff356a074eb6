//! What an amount leaves out: runs of which nobody knows what they cost, counted as the list of runs counts them.

use slipway_contract::Timestamp;
use slipway_contract::command::SumRuns;
use slipway_contract::history::RunFilter;
use yew::prelude::*;

use crate::bridge::use_query;
use crate::text;

/// Of which runs.
#[derive(Properties, PartialEq)]
pub(in crate::pages) struct Props {
    /// The runs that the amount is of.
    pub(in crate::pages) filter: RunFilter,
    /// Rises when the amount is asked for again.
    pub(in crate::pages) asked: u32,
}

/// `and 2 runs of unknown cost`; nothing where all is known.
#[component]
pub(in crate::pages) fn Unknown(props: &Props) -> Html {
    let sum = use_query(
        SumRuns {
            filter: props.filter.clone(),
        },
        props.asked,
    );
    let unknown = sum.state.ready().map_or(0, |totals| totals.all.unknown);
    match text::and_unknown(unknown) {
        Some(words) => html! { <p class="small t3 num">{ words }</p> },
        None => Html::default(),
    }
}

/// The runs of a time.
pub(in crate::pages) fn of_time(since: Timestamp, until: Timestamp) -> RunFilter {
    RunFilter {
        since: Some(since),
        until: Some(until),
        ..RunFilter::default()
    }
}
