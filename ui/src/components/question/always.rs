//! Answering for good: the patterns that a rule could have, each whole, and a button beside each.

use slipway_contract::command::RuleChoices;
use slipway_contract::rule::ArgumentPattern;
use slipway_contract::{RunId, StepId};
use yew::prelude::*;

use crate::bridge::use_query;
use crate::components::{Button, async_value};
use crate::text;

/// The question that is answered for good.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The run.
    pub(super) run: RunId,
    /// The step that asks.
    pub(super) step: StepId,
    /// The tool.
    pub(super) tool: AttrValue,
    /// An answer is under way.
    pub(super) busy: bool,
    /// Takes the pattern that was chosen.
    pub(super) choose: Callback<ArgumentPattern>,
}

/// The patterns. What is pressed is what stands beside the button.
#[component]
pub(super) fn Always(props: &Props) -> Html {
    let found = use_query(
        RuleChoices {
            run: props.run,
            step: props.step,
        },
        0,
    );
    let choice = |shown: &ArgumentPattern| {
        let taken = shown.clone();
        let choose = props.choose.reform(move |()| taken.clone());
        html! {
            <li class="pattern">
                { pattern(shown) }
                <Button label={text::ALWAYS_WITH_THESE} small=true busy={props.busy} onclick={choose} />
            </li>
        }
    };
    html! {
        <section class="patterns" aria-label={text::ALWAYS}>
            <p class="small t2">{ text::always_allow(&props.tool) }</p>
            { async_value(&found, html! { <span class="skeleton w-240"></span> }, |patterns| html! {
                if patterns.is_empty() {
                    <p class="small t3">{ text::TOO_LONG_FOR_A_RULE }</p>
                } else {
                    <ul>{ for patterns.iter().map(choice) }</ul>
                }
            }) }
        </section>
    }
}

/// A pattern, a field a line. It shows itself as it is: what cannot be seen is written as its code.
pub(crate) fn pattern(pattern: &ArgumentPattern) -> Html {
    html! { <div class="pattern__fields mono selectable">{ for pattern.fields().into_iter().map(|field| html! { <div class="as-written">{ field }</div> }) }</div> }
}
