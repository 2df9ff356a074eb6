//! A line that is taken over when the person is done with it: with Enter, or by leaving it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the line shows and does.
#[derive(Properties, PartialEq)]
pub(in crate::pages) struct Props {
    /// What is in it.
    pub(in crate::pages) value: AttrValue,
    /// Its name.
    pub(in crate::pages) label: AttrValue,
    /// It holds a path, a name or code.
    #[prop_or_default]
    pub(in crate::pages) mono: bool,
    /// It holds a figure.
    #[prop_or_default]
    pub(in crate::pages) num: bool,
    /// What is in it is wrong.
    #[prop_or_default]
    pub(in crate::pages) invalid: bool,
    /// What could be in it.
    #[prop_or_default]
    pub(in crate::pages) placeholder: AttrValue,
    /// By which it is found in the page.
    #[prop_or_default]
    pub(in crate::pages) id: Option<AttrValue>,
    /// Takes what is in it.
    pub(in crate::pages) onchange: Callback<String>,
}

/// The line. Escape puts back what was in it.
#[component]
pub(in crate::pages) fn Line(props: &Props) -> Html {
    let field = use_node_ref();
    {
        // Typing is the field's own; only another value from outside is put there.
        let (field, value) = (field.clone(), props.value.clone());
        use_effect_with(value, move |value| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value(value);
            }
        });
    }
    let onchange = {
        let (onchange, was) = (props.onchange.clone(), props.value.clone());
        Callback::from(move |event: Event| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                let value = field.value();
                if value != *was {
                    onchange.emit(value);
                }
            }
        })
    };
    let onkeydown = {
        let was = props.value.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape"
                && let Some(field) = event.target_dyn_into::<HtmlInputElement>()
                && field.value() != *was
            {
                event.stop_propagation();
                event.prevent_default();
                field.set_value(&was);
            }
        })
    };
    let class = classes!(
        "input",
        props.mono.then_some("path"),
        props.num.then_some("num")
    );
    html! {
        <input ref={field} {class} type="text" id={props.id.clone()} aria-label={props.label.clone()} aria-invalid={props.invalid.then_some("true")} placeholder={props.placeholder.clone()} spellcheck="false" autocomplete="off" {onchange} {onkeydown} />
    }
}

/// Enter in a field does what the button beside it does.
pub(in crate::pages) fn on_enter(then: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let in_field = event.target_dyn_into::<HtmlInputElement>().is_some();
        if event.key() == "Enter" && in_field {
            event.prevent_default();
            event.stop_propagation();
            then.emit(());
        }
    })
}
