//! A button that copies.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::button::{Button, Kind};
use super::icon::Icon;
use crate::{clipboard, text};

/// How long it says that it copied.
const COPIED_FOR_MS: u32 = 2_000;

/// What is copied.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Its words.
    pub(crate) label: AttrValue,
    /// The text.
    pub(crate) text: AttrValue,
}

/// Copies, and says for a moment that it did.
#[component]
pub(crate) fn Copy(props: &Props) -> Html {
    let copied = use_state_eq(|| None::<bool>);
    {
        let shown = copied.clone();
        use_effect_with(*copied, move |copied| {
            let timeout = copied.map(|_| Timeout::new(COPIED_FOR_MS, move || shown.set(None)));
            move || drop(timeout)
        });
    }
    let onclick = {
        let (copied, text) = (copied.clone(), props.text.clone());
        Callback::from(move |()| {
            let (copied, text) = (copied.clone(), text.clone());
            wasm_bindgen_futures::spawn_local(async move {
                copied.set(Some(clipboard::copy(&text).await));
            });
        })
    };
    let (label, icon) = match *copied {
        None => (props.label.clone(), Icon::Copy),
        Some(true) => (AttrValue::Static(text::COPIED), Icon::Check),
        Some(false) => (AttrValue::Static(text::NOT_COPIED), Icon::Alert),
    };
    html! { <Button {label} {icon} small=true kind={Kind::Quiet} {onclick} /> }
}
