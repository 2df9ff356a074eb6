//! What says something, what floats, and what is not there yet.

use slipway_contract::{ErrorCode, Problem};
use yew::prelude::*;

use crate::components::skeleton;
use crate::components::{
    Button, Dialog, Icon, Kind, MenuItem, More, Toasts, empty, empty_with, icon, notice,
};
use crate::text;

/// Notices: an error with its way out, and what waits for a person.
pub(super) fn notices() -> Html {
    let problem =
        Problem::new(ErrorCode::Provider, text::SPECIMEN_REFUSED).help(text::SPECIMEN_REFUSED_HELP);
    html! {
        <div class="specimen__stack">
            { notice(&problem, Some(Callback::noop())) }
            <div class="notice notice--parked">{ icon(Icon::Lock) }<div><b>{ text::SPECIMEN_LOCKED }</b></div></div>
            <div class="notice">{ icon(Icon::Recording) }<div>{ text::SPECIMEN_HELP_TEXT }</div></div>
        </div>
    }
}

/// A list without anything in it, and one that is waited for.
pub(super) fn nothing() -> Html {
    let clear = html! { <Button label={text::SHOW_ALL} onclick={Callback::noop()} /> };
    html! {
        <>
            { empty_with(Icon::Runs, text::NONE_OF_THEM, text::SPECIMEN_HELP_TEXT, Some(clear)) }
            { empty(Icon::Search, text::NOTHING_FOUND, None) }
            { skeleton::lines(&["w-240", "w-320", "w-120"]) }
        </>
    }
}

/// A menu, a dialog and toasts, to be opened.
#[component]
pub(super) fn Floats() -> Html {
    let open = use_state_eq(|| false);
    let wide = use_state_eq(|| false);
    let toasts = use_context::<Toasts>();
    let set = |state: &UseStateHandle<bool>, to: bool| {
        let state = state.clone();
        Callback::from(move |()| state.set(to))
    };
    let say = |toasts: &Option<Toasts>, undo: bool| {
        let toasts = toasts.clone();
        Callback::from(move |()| {
            let Some(toasts) = &toasts else {
                return;
            };
            if undo {
                let again = toasts.clone();
                let taken_back = Callback::from(move |()| again.announce(text::UNDO));
                toasts.undo(text::SPECIMEN_ARCHIVED, taken_back);
            } else {
                toasts.say(text::COPIED);
            }
        })
    };
    let item = |label: &'static str, icon: Icon, is_danger: bool| MenuItem {
        label: label.into(),
        icon,
        is_danger,
        why_not: None,
        chosen: Callback::noop(),
    };
    let items = vec![
        item(text::TRY_AGAIN, Icon::Retry, false),
        item(text::SPECIMEN_DELETE, Icon::Trash, true),
    ];
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={set(&open, false)} />
            <Button label={text::SPECIMEN_DELETE} kind={Kind::Danger} onclick={set(&open, false)} />
        </>
    };
    html! {
        <div class="btns specimen__line">
            <More label={text::SPECIMEN_MENU} {items} />
            <Button label={text::SPECIMEN_DIALOG} onclick={set(&open, true)} />
            <Button label={text::SPECIMEN_WIDE_DIALOG} onclick={set(&wide, true)} />
            <Button label={text::SPECIMEN_TOAST} onclick={say(&toasts, false)} />
            <Button label={text::SPECIMEN_UNDO_TOAST} onclick={say(&toasts, true)} />
            <Dialog title={text::SPECIMEN_DELETE_ASKS} open={*open} onclose={set(&open, false)} {actions}><p class="t2">{ text::SPECIMEN_HELP_TEXT }</p></Dialog>
            <Dialog title={text::SPECIMEN_WIDE_DIALOG} open={*wide} onclose={set(&wide, false)} wide=true actions={html! { <Button label={text::CLOSE} onclick={set(&wide, false)} /> }}>{ skeleton::lines(&["w-320", "w-240"]) }</Dialog>
        </div>
    }
}
