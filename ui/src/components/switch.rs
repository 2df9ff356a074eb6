//! On or off, at once.

use yew::prelude::*;

/// What is switched.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is on or off.
    pub(crate) label: AttrValue,
    /// Whether it is on.
    pub(crate) on: bool,
    /// The other is wanted.
    pub(crate) onchange: Callback<bool>,
    /// Why it cannot be switched now.
    #[prop_or_default]
    pub(crate) why_not: Option<AttrValue>,
}

/// A switch; its words stand beside it and are its name.
#[component]
pub(crate) fn Switch(props: &Props) -> Html {
    let onclick = {
        let (on, blocked, onchange) = (props.on, props.why_not.is_some(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            if !blocked {
                onchange.emit(!on);
            }
        })
    };
    html! {
        <button
            type="button"
            class="switch"
            role="switch"
            aria-checked={props.on.to_string()}
            aria-label={props.label.clone()}
            aria-disabled={props.why_not.is_some().then_some("true")}
            title={props.why_not.clone()}
            {onclick}
        ></button>
    }
}
