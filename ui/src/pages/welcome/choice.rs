//! One of the ways, as a radio button that holds more.

use yew::prelude::*;

use super::Way;
use crate::{browser, text};

/// Which way, and what it holds.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The way.
    pub(super) way: Way,
    /// The way that is chosen.
    pub(super) chosen: Way,
    /// Its name.
    pub(super) name: AttrValue,
    /// What it needs was found.
    #[prop_or_default]
    pub(super) found: bool,
    /// Another way is chosen.
    pub(super) choose: Callback<Way>,
    /// What it holds.
    pub(super) children: Html,
}

/// By which a way's button is found in the page.
pub(super) fn id(way: Way) -> String {
    format!("way-{}", way.place() + 1)
}

/// A way. Arrows move among them, as in any group of radio buttons.
#[component]
pub(super) fn Choice(props: &Props) -> Html {
    let is_chosen = props.way == props.chosen;
    let onclick = {
        let (choose, way) = (props.choose.clone(), props.way);
        Callback::from(move |_: MouseEvent| {
            if !is_chosen {
                choose.emit(way);
                browser::focus_id(&id(way));
            }
        })
    };
    let onkeydown = {
        let (choose, at) = (props.choose.clone(), props.way.place());
        Callback::from(move |event: KeyboardEvent| {
            let count = Way::ALL.len();
            let to = match event.key().as_str() {
                "ArrowDown" | "ArrowRight" => (at + 1) % count,
                "ArrowUp" | "ArrowLeft" => (at + count - 1) % count,
                " " => at,
                _ => return,
            };
            event.prevent_default();
            if let Some(way) = Way::ALL.get(to) {
                choose.emit(*way);
                browser::focus_id(&id(*way));
            }
        })
    };
    let (name_id, checked) = (format!("{}-name", id(props.way)), is_chosen.to_string());
    html! {
        <div class={classes!("choice", is_chosen.then_some("choice--chosen"))} {onclick}>
            <span
                class="radio"
                role="radio"
                id={id(props.way)}
                tabindex={if is_chosen { "0" } else { "-1" }}
                aria-checked={checked}
                aria-labelledby={name_id.clone()}
                {onkeydown}
            ><i></i></span>
            <div class="choice__body">
                <div class="choice__name"><span id={name_id}>{ props.name.clone() }</span>if props.found { { " " }<span class="tag tag--accent">{ text::WELCOME_FOUND }</span> }</div>
                { props.children.clone() }
            </div>
            <span class="keys" aria-hidden="true"><kbd class="kbd">{ props.way.place() + 1 }</kbd></span>
        </div>
    }
}
