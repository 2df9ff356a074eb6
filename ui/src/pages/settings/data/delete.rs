//! Deleting everything: asked once more, and with words that nobody types by mistake.

use slipway_contract::command::DeleteData;
use slipway_contract::data::{DELETE_WORDS, DeletedData};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Dialog, Icon, Kind, Switch, TextField, notice};
use crate::place::Place;
use crate::text;

/// Its row, and what it asks.
#[component]
pub(super) fn Delete() -> Html {
    let asking = use_state_eq(|| false);
    let typed = use_state_eq(String::new);
    let keys = use_state_eq(|| false);
    let gone = use_state_eq(|| None::<DeletedData>);
    let delete = {
        let gone = gone.clone();
        use_action::<DeleteData>(Callback::from(move |deleted| {
            // What the window itself keeps of drafts belongs to what is gone.
            browser::forget_stored("slipway.unsaved/");
            gone.set(Some(deleted));
        }))
    };
    let open = |to: bool| {
        let (asking, typed) = (asking.clone(), typed.clone());
        Callback::from(move |()| {
            typed.set(String::new());
            asking.set(to);
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    let on_keys = {
        let keys = keys.clone();
        Callback::from(move |on| keys.set(on))
    };
    let is_typed = typed.trim() == DELETE_WORDS;
    let send = {
        let (send, typed, keys) = (delete.send.clone(), (*typed).clone(), *keys);
        Callback::from(move |()| {
            send.emit(DeleteData {
                typed: typed.clone(),
                keys,
            });
        })
    };
    let stay = open(false);
    let onclose = if delete.busy {
        Callback::noop()
    } else {
        stay.clone()
    };
    let why_not = (!is_typed).then_some(AttrValue::Static(text::DELETE_TYPE_FIRST));
    let actions = html! {
        <>
            if !delete.busy { <Button label={text::KEEP_ALL} onclick={stay} /> }
            <Button label={text::DELETE_ALL} kind={Kind::Danger} busy={delete.busy} {why_not} onclick={send} />
        </>
    };
    let anew = Callback::from(|()| browser::start_over());
    html! {
        <section aria-label={text::DELETE_ALL}>
            <div class="pref data__delete">
                <div class="pref__what"><div class="medium">{ text::DELETE_ALL }</div><div class="small t3">{ text::DELETE_ALL_HOW }</div></div>
                <Button id={Place::Delete.id()} label={text::DELETE_ALL_ASKS} kind={Kind::Danger} icon={Icon::Trash} onclick={open(true)} />
            </div>
            <Dialog title={text::DELETE_ALL} open={*asking && gone.is_none()} {onclose} {actions}>
                <p class="t2">{ text::DELETE_FOLLOWS }</p>
                <div class="pref">
                    <div class="pref__what"><div class="medium">{ text::DELETE_KEYS_TOO }</div><div class="small t3">{ text::DELETE_KEYS_HOW }</div></div>
                    <Switch label={text::DELETE_KEYS_TOO} on={*keys} onchange={on_keys} />
                </div>
                <TextField id="delete-words" label={text::DELETE_TYPE} value={(*typed).clone()} {oninput} disabled={delete.busy} />
                if let Some(problem) = &delete.problem { { notice(problem, None) } }
            </Dialog>
            if let Some(deleted) = &*gone {
                <Dialog title={text::DELETED} open=true onclose={anew.clone()} actions={html! { <Button label={text::START_ANEW} kind={Kind::Primary} onclick={anew} /> }}>
                    <p class="t2">{ text::deleted_data(deleted.bytes, deleted.keys) }</p>
                    if !deleted.stayed.is_empty() { <p class="t2 selectable">{ text::stayed(&deleted.stayed) }</p> }
                </Dialog>
            }
        </section>
    }
}
