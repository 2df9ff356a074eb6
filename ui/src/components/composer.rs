//! Where a person writes what they want.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::button::{Button, Kind};
use super::icon::Icon;
use crate::browser;
use crate::text;

/// What a composer shows and does.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is to be written.
    pub(crate) placeholder: AttrValue,
    /// The words of the button; it shows an arrow alone without them.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    /// What stands left of the button.
    #[prop_or_default]
    pub(crate) children: Html,
    /// What it sent is under way.
    pub(crate) busy: bool,
    /// Why nothing can be sent now.
    #[prop_or_default]
    pub(crate) why_not: Option<AttrValue>,
    /// Nothing needs to be written.
    #[prop_or_default]
    pub(crate) may_be_empty: bool,
    /// Takes the keyboard when it appears.
    #[prop_or_default]
    pub(crate) eager: bool,
    /// Takes what was written.
    pub(crate) on_send: Callback<String>,
}

/// A field that grows with its text, and a button that sends it.
#[component]
pub(crate) fn Composer(props: &Props) -> Html {
    let field = use_node_ref();
    let draft = use_state_eq(String::new);
    {
        let field = field.clone();
        use_effect_with(props.eager, move |eager| {
            if *eager {
                browser::focus(&field);
            }
        });
    }
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                draft.set(field.value());
            }
        })
    };
    let why_not = match &props.why_not {
        Some(reason) => Some(reason.clone()),
        None if props.may_be_empty => None,
        None => draft
            .trim()
            .is_empty()
            .then_some(AttrValue::Static(text::NOTHING_WRITTEN)),
    };
    let send = {
        let (draft, on_send, blocked) = (
            draft.clone(),
            props.on_send.clone(),
            props.busy || why_not.is_some(),
        );
        Callback::from(move |()| {
            if !blocked {
                on_send.emit(draft.trim().to_owned());
            }
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if browser::is_main_shortcut(&event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let label = props.label.clone().unwrap_or(AttrValue::Static(text::SEND));
    let quiet = props.label.is_none();
    html! {
        <div class="composer">
            <textarea
                ref={field}
                class="composer__text"
                rows={if quiet { "1" } else { "2" }}
                placeholder={props.placeholder.clone()}
                aria-label={props.placeholder.clone()}
                value={(*draft).clone()}
                {oninput}
                {onkeydown}
            />
            <div class="composer__foot">
                { props.children.clone() }
                <span class="spacer"></span>
                <Button
                    {label}
                    kind={if draft.trim().is_empty() && quiet { Kind::Plain } else { Kind::Primary }}
                    icon={quiet.then_some(Icon::ArrowUp)}
                    icon_only={quiet}
                    small={quiet}
                    main_shortcut={!quiet}
                    busy={props.busy}
                    {why_not}
                    onclick={send}
                />
            </div>
        </div>
    }
}
