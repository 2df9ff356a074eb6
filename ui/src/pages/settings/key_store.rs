//! Where keys are kept, and opening what is locked.

use slipway_contract::SecretPlace;
use slipway_contract::secret::{KeyStore, SealedState};
use yew::prelude::*;

use super::unlock_form::UnlockForm;
use crate::components::{Button, Icon, Kind, icon};
use crate::text;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Where keys are kept now.
    pub(super) store: KeyStore,
    /// It is being looked.
    pub(super) checking: bool,
    /// Looks again.
    pub(super) check: Callback<()>,
    /// The passphrase is being asked for.
    pub(super) unlocking: bool,
    /// Asks for it, or no more.
    pub(super) unlock: Callback<bool>,
    /// It was opened.
    pub(super) unlocked: Callback<()>,
}

/// Where keys are kept.
#[component]
pub(super) fn Store(props: &Props) -> Html {
    let store = &props.store;
    let is_locked = store.sealed == SealedState::Locked
        && (store.in_sealed_file > 0 || store.place == SecretPlace::SealedFile);
    let is_alone = store.place == SecretPlace::SealedFile;
    let check = html! { <Button label={text::CHECK_AGAIN} kind={Kind::Quiet} small=true busy={props.checking} onclick={props.check.clone()} /> };
    html! {
        <div class="store">
            if !(is_alone && is_locked) {
                <p class="store__line">{ icon(Icon::Lock) }<span>{ text::key_store(store) }</span>{ check.clone() }</p>
            }
            if is_locked {
                <div class="notice notice--parked store__locked">
                    { icon(Icon::Lock) }
                    <div><b>{ text::SEALED_IS_LOCKED }</b>{ " " }{ text::sealed_is_locked(store.in_sealed_file) }</div>
                    if !props.unlocking {
                        <Button label={text::UNLOCK} small=true onclick={props.unlock.reform(|()| true)} />
                        if is_alone { { check } }
                    }
                </div>
                if props.unlocking { <UnlockForm hint={text::STAYS_OPEN} eager=true unlocked={props.unlocked.clone()} give_up={props.unlock.reform(|()| false)} /> }
            }
            if let Some(why) = &store.why_no_keychain {
                <p class="store__more small t3">{ text::why_no_keychain(why) }</p>
            }
            if is_alone && store.sealed != SealedState::New {
                <p class="store__more path t3 clip selectable" title={store.sealed_file.clone()}>{ store.sealed_file.clone() }</p>
            }
            if !is_alone && !is_locked && store.in_sealed_file > 0 {
                <p class="store__more small t3">{ text::also_sealed(store.in_sealed_file) }</p>
            }
        </div>
    }
}
