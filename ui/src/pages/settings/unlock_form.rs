//! Opening the sealed file that is locked.

use slipway_contract::command::UnlockKeys;
use yew::prelude::*;

use super::secret_field::{SecretField, form_keys, take};
use crate::bridge::use_action;
use crate::components::{Button, Kind, notice};
use crate::text;

/// What is said, and what follows.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What to know of the passphrase.
    pub(super) hint: AttrValue,
    /// The field takes the keyboard when it appears.
    #[prop_or_default]
    pub(super) eager: bool,
    /// It is open.
    pub(super) unlocked: Callback<()>,
    /// The person gives up; none where there is nothing else to do.
    #[prop_or_default]
    pub(super) give_up: Option<Callback<()>>,
}

/// The form.
#[component]
pub(super) fn UnlockForm(props: &Props) -> Html {
    let passphrase = use_node_ref();
    let filled = use_state_eq(|| false);
    let unlock = use_action::<UnlockKeys>(props.unlocked.clone());
    let send = {
        let (passphrase, filled) = (passphrase.clone(), filled.clone());
        let (order, busy) = (unlock.send.clone(), unlock.busy);
        Callback::from(move |()| {
            if busy {
                return;
            }
            filled.set(false);
            if let Some(passphrase) = take(&passphrase) {
                order.emit(UnlockKeys { passphrase });
            }
        })
    };
    let on_filled = {
        let filled = filled.clone();
        Callback::from(move |is| filled.set(is))
    };
    let why_not =
        (!*filled && !unlock.busy).then_some(AttrValue::Static(text::TYPE_PASSPHRASE_FIRST));
    let escape = props.give_up.clone().unwrap_or_else(Callback::noop);
    html! {
        <div class="panel" role="group" aria-label={text::UNLOCK} onkeydown={form_keys(send.clone(), escape)}>
            <SecretField field={passphrase} id="passphrase-of-all" label={text::PASSPHRASE} hint={props.hint.clone()} eager={props.eager} {on_filled} />
            if let Some(problem) = &unlock.problem { { notice(problem, None) } }
            <div class="btns">
                <Button label={text::UNLOCK} kind={Kind::Primary} busy={unlock.busy} {why_not} onclick={send} />
                if let Some(give_up) = &props.give_up {
                    <Button label={text::CANCEL} kind={Kind::Quiet} onclick={give_up.clone()} />
                }
            </div>
        </div>
    }
}
