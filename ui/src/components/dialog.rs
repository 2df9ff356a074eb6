//! What has to be settled before anything else goes on.

use wasm_bindgen::prelude::*;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use crate::browser;

/// What a dialog shows and does.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What it is about.
    pub(crate) title: AttrValue,
    /// Whether it is there.
    pub(crate) open: bool,
    /// The person is done with it, by Escape or a press beside it.
    pub(crate) onclose: Callback<()>,
    /// The buttons; one of them closes it.
    #[prop_or_default]
    pub(crate) actions: Html,
    /// A wider one, for what has to be read.
    #[prop_or_default]
    pub(crate) wide: bool,
    /// A press beside it does not end it: it waits for something elsewhere, from where people come back with one.
    #[prop_or_default]
    pub(crate) stays: bool,
    /// What it says.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A dialog over the page. The keyboard stays in it, and goes back to where it was when it closes.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    if !props.open {
        return Html::default();
    }
    html! {
        <Open title={props.title.clone()} onclose={props.onclose.clone()} actions={props.actions.clone()} wide={props.wide} stays={props.stays}>
            { props.children.clone() }
        </Open>
    }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    title: AttrValue,
    onclose: Callback<()>,
    actions: Html,
    wide: bool,
    stays: bool,
    children: Html,
}

/// Opens the dialog that gets the returned reference, and gives the keyboard back when it is taken away.
#[hook]
pub(crate) fn use_modal() -> NodeRef {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let before = browser::document().and_then(|page| page.active_element());
            let dialog = dialog.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // Fails only for a dialog that is open already, or is not in the page.
                let _ = dialog.show_modal();
            }
            move || {
                // As long as it is open, nothing beside it takes the keyboard.
                if let Some(dialog) = dialog {
                    dialog.close();
                }
                let before = before.and_then(|element| element.dyn_into::<HtmlElement>().ok());
                // The browser gives the keyboard back for a dialog that is closed, not for one that is taken away.
                if let Some(before) = before.filter(|element| element.is_connected()) {
                    let _ = before.focus();
                }
            }
        });
    }
    dialog
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let dialog = use_modal();
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onmousedown = {
        let (onclose, dialog) = (props.onclose.clone(), dialog.clone());
        let stays = props.stays;
        Callback::from(move |event: MouseEvent| {
            if !stays && browser::is_beside(&dialog, &event) {
                onclose.emit(());
            }
        })
    };
    let class = classes!("dialog", props.wide.then_some("dialog--wide"));
    html! {
        <dialog ref={dialog} {class} aria-label={props.title.clone()} {oncancel} {onmousedown}>
            <div class="dialog__body scroll">
                <h2 class="title">{ props.title.clone() }</h2>
                { props.children.clone() }
            </div>
            <div class="dialog__foot">{ props.actions.clone() }</div>
        </dialog>
    }
}
