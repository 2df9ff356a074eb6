//! A budget applies, and nobody knows what the model costs.

use slipway_contract::ContentHash;
use slipway_contract::approval::Answer;
use yew::prelude::*;

use super::bound;
use crate::components::{Button, Kind, exact};
use crate::text;

/// What cannot be kept.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The budgets, as people read them.
    pub(crate) budgets: Vec<String>,
    /// What the answer is bound to.
    pub(crate) binding: ContentHash,
    /// An answer is under way.
    pub(crate) busy: bool,
    /// Takes the answer.
    pub(crate) answer: Callback<Answer>,
}

/// The budgets that cannot be kept, and the answers.
#[component]
pub(crate) fn Price(props: &Props) -> Html {
    let approve = props.answer.reform(|()| Answer::Approve);
    let deny = props.answer.reform(|()| Answer::Deny {
        reason: String::new(),
    });
    html! {
        <>
            <div class="approval__body">
                <p class="small">{ text::PRICE_UNKNOWN_HELP }</p>
                <ul class="asks selectable">{ for props.budgets.iter().map(|budget| html! { <li><span>{ exact(budget) }</span></li> }) }</ul>
                { bound(props.binding, text::PRICE_IS_FOR_THIS_RUN) }
            </div>
            <div class="approval__foot">
                <Button label={text::WITHOUT_LIMIT} kind={Kind::Primary} busy={props.busy} onclick={approve} />
                <Button label={text::END_THE_RUN} busy={props.busy} onclick={deny} />
            </div>
        </>
    }
}
