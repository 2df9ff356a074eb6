//! Giving a provider a key.

use slipway_contract::SecretPlace;
use slipway_contract::command::SetKey;
use slipway_contract::provider::ProviderSummary;
use slipway_contract::secret::{KeyKept, KeyStore};
use yew::prelude::*;

use super::passphrase::{Passphrase, PassphraseFields};
use super::secret_field::{SecretField, form_keys, take};
use crate::bridge::use_action;
use crate::components::{Button, Kind, notice};
use crate::text;

/// Whose key, and where it goes.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The provider.
    pub(crate) provider: ProviderSummary,
    /// Where keys are kept now.
    pub(crate) store: Option<KeyStore>,
    /// It is kept.
    pub(crate) done: Callback<KeyKept>,
    /// The person gives up.
    pub(crate) give_up: Callback<()>,
}

/// The form. What was typed is taken out of its fields when it is sent, whatever comes of it.
#[component]
pub(crate) fn KeyForm(props: &Props) -> Html {
    let (key, passphrase, again) = (use_node_ref(), use_node_ref(), use_node_ref());
    let has_key = use_state_eq(|| false);
    let has_passphrase = use_state_eq(|| false);
    let differ = use_state_eq(|| false);
    let set = use_action::<SetKey>(props.done.clone());
    let wanted = Passphrase::wanted(props.store.as_ref());
    let why_not = if !*has_key {
        Some(text::PASTE_KEY_FIRST)
    } else if wanted != Passphrase::Nothing && !*has_passphrase {
        Some(text::TYPE_PASSPHRASE_FIRST)
    } else {
        None
    };
    let send = {
        let (key, passphrase, again) = (key.clone(), passphrase.clone(), again.clone());
        let (has_key, has_passphrase, differ) =
            (has_key.clone(), has_passphrase.clone(), differ.clone());
        let (order, name) = (set.send.clone(), props.provider.key_name.clone());
        let blocked = set.busy || why_not.is_some();
        Callback::from(move |()| {
            if blocked {
                return;
            }
            let (opens, repeated) = (take(&passphrase), take(&again));
            has_passphrase.set(false);
            let is_same = wanted != Passphrase::Choose || opens == repeated;
            differ.set(!is_same);
            if !is_same {
                return;
            }
            has_key.set(false);
            if let (Some(key), Some(name)) = (take(&key), name.clone()) {
                let passphrase = opens;
                order.emit(SetKey {
                    name,
                    key,
                    passphrase,
                });
            }
        })
    };
    let on_key = Callback::from(move |filled| has_key.set(filled));
    let on_passphrase = Callback::from(move |filled| has_passphrase.set(filled));
    let place = props.store.as_ref().map(|store| store.place);
    let name = props.provider.key_name.clone().unwrap_or_default();
    let title = text::key_of(&props.provider.title);
    html! {
        <div class="panel" role="group" aria-label={title.clone()} onkeydown={form_keys(send.clone(), props.give_up.clone())}>
            <SecretField field={key} id="key" label={title} hint={text::key_hint(place, &name)} eager=true on_filled={on_key} />
            <PassphraseFields {wanted} what={text::THE_KEY} {passphrase} {again} on_filled={on_passphrase} />
            if *differ { <p class="field__error" role="alert">{ text::PASSPHRASES_DIFFER }</p> }
            if let Some(problem) = &set.problem { { notice(problem, None) } }
            <div class="btns">
                <Button label={text::SAVE_AND_TEST} kind={Kind::Primary} busy={set.busy} why_not={why_not.filter(|_| !set.busy).map(AttrValue::Static)} onclick={send} />
                <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.give_up.clone()} />
                if set.busy && place == Some(SecretPlace::Keychain) { <span class="small t3" role="status">{ text::SYSTEM_MAY_ASK }</span> }
            </div>
        </div>
    }
}
