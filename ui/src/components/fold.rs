//! Something folded away; what is in it is drawn only once it is opened.

use web_sys::HtmlElement;
use yew::prelude::*;

/// What is folded away.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What it is.
    pub(crate) summary: AttrValue,
    /// All of it.
    pub(crate) children: Html,
}

/// Something folded away.
#[component]
pub(crate) fn Fold(props: &Props) -> Html {
    let is_open = use_state_eq(|| false);
    let ontoggle = {
        let is_open = is_open.clone();
        Callback::from(move |event: Event| {
            let fold: Option<HtmlElement> = event.target_dyn_into();
            is_open.set(fold.is_some_and(|fold| fold.has_attribute("open")));
        })
    };
    html! {
        <details class="fold" {ontoggle}>
            <summary>{ props.summary.clone() }</summary>
            if *is_open { { props.children.clone() } }
        </details>
    }
}
