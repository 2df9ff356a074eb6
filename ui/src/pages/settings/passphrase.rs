//! The passphrase that has to be typed before anything goes into the sealed file.

use slipway_contract::SecretPlace;
use slipway_contract::secret::{KeyStore, SealedState};
use yew::prelude::*;

use super::secret_field::SecretField;
use crate::text;

/// What has to be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passphrase {
    /// Nothing.
    Nothing,
    /// The passphrase of the file that there is.
    Open,
    /// A new one, twice.
    Choose,
}

impl Passphrase {
    /// What a store wants that something is to be kept in.
    pub(super) fn wanted(store: Option<&KeyStore>) -> Self {
        let to_file = store.filter(|store| store.place == SecretPlace::SealedFile);
        match to_file.map(|store| store.sealed) {
            Some(SealedState::New) => Self::Choose,
            Some(SealedState::Locked) => Self::Open,
            Some(SealedState::Open) | None => Self::Nothing,
        }
    }
}

/// Which fields, and where they are.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What has to be typed.
    pub(super) wanted: Passphrase,
    /// What goes into the file.
    pub(super) what: &'static str,
    /// The field of the passphrase.
    pub(super) passphrase: NodeRef,
    /// The field of the same again.
    pub(super) again: NodeRef,
    /// Whether something is in the first one.
    pub(super) on_filled: Callback<bool>,
}

/// The fields for it, if there are any.
#[component]
pub(super) fn PassphraseFields(props: &Props) -> Html {
    let (passphrase, on_filled) = (props.passphrase.clone(), props.on_filled.clone());
    match props.wanted {
        Passphrase::Nothing => Html::default(),
        Passphrase::Open => html! {
            <SecretField field={passphrase} id="passphrase" label={text::PASSPHRASE} hint={text::locked_file_why(props.what)} {on_filled} />
        },
        Passphrase::Choose => html! {
            <div class="panel__pair">
                <SecretField field={passphrase} id="passphrase" label={text::CHOOSE_PASSPHRASE} {on_filled} />
                <SecretField field={props.again.clone()} id="passphrase-again" label={text::PASSPHRASE_AGAIN} />
                <p class="field__hint">{ text::new_file_why(props.what) }</p>
            </div>
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_asked_for_only_where_the_file_takes_it() {
        let store = |place, sealed| KeyStore {
            place,
            why_no_keychain: None,
            in_keychain: 0,
            in_sealed_file: 0,
            sealed,
            sealed_file: String::new(),
        };
        let wanted = |place, sealed| Passphrase::wanted(Some(&store(place, sealed)));
        let file = SecretPlace::SealedFile;
        assert_eq!(wanted(file, SealedState::New), Passphrase::Choose);
        assert_eq!(wanted(file, SealedState::Locked), Passphrase::Open);
        assert_eq!(wanted(file, SealedState::Open), Passphrase::Nothing);
        let keychain = SecretPlace::Keychain;
        assert_eq!(wanted(keychain, SealedState::New), Passphrase::Nothing);
        assert_eq!(wanted(keychain, SealedState::Locked), Passphrase::Nothing);
        assert_eq!(Passphrase::wanted(None), Passphrase::Nothing);
    }
}
