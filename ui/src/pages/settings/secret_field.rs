//! A field for what nobody may read over a shoulder.

use slipway_contract::SecretInput;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;

/// What the field shows and tells.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The field, from which its value is taken.
    pub(super) field: NodeRef,
    /// Its id in the page.
    pub(super) id: &'static str,
    /// Its name.
    pub(super) label: AttrValue,
    /// What to know of it.
    #[prop_or_default]
    pub(super) hint: Option<AttrValue>,
    /// It takes the keyboard when it appears.
    #[prop_or_default]
    pub(super) eager: bool,
    /// Whether something is in it, at each change. What it is stays in the field.
    #[prop_or_default]
    pub(super) on_filled: Callback<bool>,
}

/// The field. Its value is nowhere else in the page: it is taken out when it is sent.
#[component]
pub(super) fn SecretField(props: &Props) -> Html {
    {
        let field = props.field.clone();
        use_effect_with(props.eager, move |eager| {
            if *eager {
                browser::focus(&field);
            }
        });
    }
    let oninput = {
        let on_filled = props.on_filled.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                on_filled.emit(!field.value().is_empty());
            }
        })
    };
    let hint_id = format!("{}-hint", props.id);
    html! {
        <div class="field">
            <label class="field__label" for={props.id}>{ props.label.clone() }</label>
            <input
                ref={props.field.clone()}
                id={props.id}
                class="input mono"
                type="password"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby={props.hint.is_some().then(|| hint_id.clone())}
                {oninput}
            />
            if let Some(hint) = &props.hint { <p class="field__hint" id={hint_id}>{ hint.clone() }</p> }
        </div>
    }
}

/// Takes what is in a field, which is empty then.
pub(super) fn take(field: &NodeRef) -> Option<SecretInput> {
    let field = field.cast::<HtmlInputElement>()?;
    let typed = field.value();
    field.set_value("");
    (!typed.is_empty()).then(|| SecretInput::typed(typed))
}

/// Enter sends a form, Escape gives it up.
pub(super) fn form_keys(send: Callback<()>, give_up: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let is_field = event.target_dyn_into::<HtmlInputElement>().is_some();
        match event.key().as_str() {
            "Enter" if is_field => send.emit(()),
            "Escape" => give_up.emit(()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}
