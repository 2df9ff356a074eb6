//! A list that has nothing in it, and the next step.

use yew::prelude::*;

use super::icon::{Icon, icon};

/// An icon, one sentence, and the next step as a button.
pub(crate) fn empty(shown: Icon, sentence: &str, action: Option<Html>) -> Html {
    empty_with(shown, sentence, "", action)
}

/// The same, with what explains the sentence.
pub(crate) fn empty_with(
    shown: Icon,
    sentence: &str,
    explanation: &str,
    action: Option<Html>,
) -> Html {
    html! {
        <div class="empty">
            { icon(shown) }
            <div class="strong">{ sentence.to_owned() }</div>
            if !explanation.is_empty() { <div class="t2 small">{ explanation.to_owned() }</div> }
            if let Some(action) = action { <div class="btns">{ action }</div> }
        </div>
    }
}
