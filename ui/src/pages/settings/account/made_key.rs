//! The secret of a key that was just made: shown once, and then nowhere.

use slipway_contract::cloud::key::MadeApiKey;
use yew::prelude::*;

use super::api_key_form::OPENER;
use super::keyboard::use_keyboard_back;
use crate::browser;
use crate::components::{Button, Copy, Icon, Kind, icon};
use crate::text;

/// The key.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// With its secret.
    pub(super) made: MadeApiKey,
    /// The person has it.
    pub(super) close: Callback<()>,
}

/// The panel.
#[component]
pub(super) fn MadeKey(props: &Props) -> Html {
    let panel = use_node_ref();
    use_keyboard_back(OPENER);
    {
        let panel = panel.clone();
        use_effect_with((), move |()| {
            browser::focus(&panel);
        });
    }
    let made = &props.made;
    html! {
        <div ref={panel} class="panel account__key" role="group" tabindex="-1" aria-label={text::of_key(text::KEY_MADE, made.key.name.as_str())}>
            <div class="notice notice--parked">
                { icon(Icon::Key) }
                <div><b>{ text::KEY_MADE }</b>{ " " }{ text::KEY_MADE_HOW }</div>
            </div>
            <p class="code well selectable as-written">{ made.secret.clone() }</p>
            <div class="btns">
                <Copy label={text::COPY_KEY} text={made.secret.clone()} />
                <Button label={text::I_HAVE_IT} kind={Kind::Primary} onclick={props.close.clone()} />
            </div>
        </div>
    }
}
