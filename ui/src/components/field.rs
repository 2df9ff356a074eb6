//! A control with its label, what helps to fill it in, and what is wrong with it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Icon, small_icon};

/// What stands around a control.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The control's id.
    pub(crate) id: AttrValue,
    /// Its name.
    pub(crate) label: AttrValue,
    /// What helps to fill it in.
    #[prop_or_default]
    pub(crate) help: Option<AttrValue>,
    /// What is wrong with what is in it.
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
    /// The control, with `id`, and `aria-describedby` from [`note_id`].
    pub(crate) children: Html,
}

/// The id of the help and the error of a control, for its `aria-describedby`.
pub(crate) fn note_id(id: &str) -> String {
    format!("{id}-note")
}

/// The label above a control; help or error below.
#[component]
pub(crate) fn Field(props: &Props) -> Html {
    html! {
        <div class="field">
            <label class="field__label" for={props.id.clone()}>{ props.label.clone() }</label>
            { props.children.clone() }
            if let Some(error) = &props.error {
                <div class="field__error" id={note_id(&props.id)} role="alert">{ small_icon(Icon::Alert) }<span>{ error.clone() }</span></div>
            } else if let Some(help) = &props.help {
                <div class="field__hint" id={note_id(&props.id)}>{ help.clone() }</div>
            }
        </div>
    }
}

/// A line of text.
#[derive(Properties, PartialEq)]
pub(crate) struct TextProps {
    /// By which it is found in the page.
    pub(crate) id: AttrValue,
    /// Its name.
    pub(crate) label: AttrValue,
    /// What is in it.
    pub(crate) value: AttrValue,
    /// Takes what is in it after each change.
    pub(crate) oninput: Callback<String>,
    /// The person goes on to something else.
    #[prop_or_default]
    pub(crate) onleave: Callback<()>,
    /// What helps to fill it in.
    #[prop_or_default]
    pub(crate) help: Option<AttrValue>,
    /// What is wrong with what is in it.
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
    /// What could be in it.
    #[prop_or_default]
    pub(crate) placeholder: AttrValue,
    /// It holds a path, an id or code.
    #[prop_or_default]
    pub(crate) mono: bool,
    /// It cannot be changed.
    #[prop_or_default]
    pub(crate) disabled: bool,
}

/// A line of text with its label.
#[component]
pub(crate) fn TextField(props: &TextProps) -> Html {
    let oninput = props.oninput.reform(|event: InputEvent| {
        event
            .target_dyn_into::<HtmlInputElement>()
            .map(|field| field.value())
            .unwrap_or_default()
    });
    let noted = props.error.is_some() || props.help.is_some();
    html! {
        <Field id={props.id.clone()} label={props.label.clone()} help={props.help.clone()} error={props.error.clone()}>
            <input
                type="text"
                class={classes!("input", props.mono.then_some("path"))}
                id={props.id.clone()}
                value={props.value.clone()}
                placeholder={props.placeholder.clone()}
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={noted.then(|| note_id(&props.id))}
                disabled={props.disabled}
                spellcheck="false"
                autocomplete="off"
                {oninput}
                onblur={props.onleave.reform(|_: FocusEvent| ())}
            />
        </Field>
    }
}
