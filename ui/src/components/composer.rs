//! Where a person writes what they want.

use slipway_contract::message::NewFile;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use super::attachments::{self, AddFile, AttachedFiles, Change, Files};
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
    /// What stands in it at first.
    #[prop_or_default]
    pub(crate) initial: AttrValue,
    /// Changes when what was sent has arrived: the field is empty then.
    #[prop_or_default]
    pub(crate) sent: u32,
    /// Takes what was written.
    pub(crate) on_send: Callback<Written>,
}

/// What a person wrote, and the files that go with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// The words.
    pub(crate) input: String,
    /// The files.
    pub(crate) files: Vec<NewFile>,
}

/// A field that grows with its text, and a button that sends it.
#[component]
pub(crate) fn Composer(props: &Props) -> Html {
    let field = use_node_ref();
    let draft = {
        let initial = props.initial.to_string();
        use_state_eq(move || initial)
    };
    let files = use_reducer(Files::default);
    let is_over = use_state_eq(|| false);
    {
        let (draft, files) = (draft.clone(), files.dispatcher());
        use_effect_with(props.sent, move |sent| {
            if *sent > 0 {
                draft.set(String::new());
                files.dispatch(Change::Clear);
            }
        });
    }
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
        None => (draft.trim().is_empty() && files.is_empty())
            .then_some(AttrValue::Static(text::NOTHING_WRITTEN)),
    };
    let send = {
        let (draft, files, on_send, blocked) = (
            draft.clone(),
            files.clone(),
            props.on_send.clone(),
            props.busy || why_not.is_some(),
        );
        Callback::from(move |()| {
            if !blocked {
                on_send.emit(Written {
                    input: draft.trim().to_owned(),
                    files: files.sent(),
                });
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
    let ondragover = {
        let is_over = is_over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            is_over.set(true);
        })
    };
    let ondragleave = {
        let is_over = is_over.clone();
        Callback::from(move |_: DragEvent| is_over.set(false))
    };
    let ondrop = {
        let (is_over, files) = (is_over.clone(), files.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            is_over.set(false);
            attachments::take(event.data_transfer(), &files);
        })
    };
    let onpaste = {
        let files = files.clone();
        Callback::from(move |event: Event| {
            let event: Option<ClipboardEvent> = event.dyn_into().ok();
            let Some(event) = event else { return };
            if attachments::take(event.clipboard_data(), &files) {
                event.prevent_default();
            }
        })
    };
    let label = props.label.clone().unwrap_or(AttrValue::Static(text::SEND));
    let quiet = props.label.is_none();
    html! {
        <div class={classes!("composer", is_over.then_some("is-over"))} {ondragover} {ondragleave} {ondrop}>
            <textarea
                ref={field}
                class="composer__text"
                rows={if quiet { "1" } else { "2" }}
                placeholder={props.placeholder.clone()}
                aria-label={props.placeholder.clone()}
                value={(*draft).clone()}
                {oninput}
                {onkeydown}
                {onpaste}
            />
            <AttachedFiles files={files.clone()} />
            <div class="composer__foot">
                <AddFile files={files.clone()} />
                { props.children.clone() }
                <span class="spacer"></span>
                <Button
                    {label}
                    kind={if draft.trim().is_empty() && files.is_empty() && quiet { Kind::Plain } else { Kind::Primary }}
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
