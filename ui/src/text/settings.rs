//! Texts of the settings: models, providers and keys.

use slipway_contract::SecretPlace;
use slipway_contract::model::Unusable;
use slipway_contract::provider::{ProviderSummary, ProviderTest, TestFailure};
use slipway_contract::secret::{KeyStore, SealedState};

use super::counted;
use crate::format;
use crate::route::Section;

pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const MODELS_AND_KEYS: &str = "Models and keys";

/// The name of a page of the settings.
pub(crate) const fn section(section: Section) -> &'static str {
    match section {
        Section::Models => MODELS_AND_KEYS,
        Section::Budgets => "Budgets",
        Section::Appearance => "Appearance",
        Section::Notifications => "Notifications",
        Section::Privacy => "Privacy",
        Section::Account => super::ACCOUNT,
        Section::Data => "Data",
        Section::Shortcuts => "Shortcuts",
        Section::About => "About",
    }
}

pub(crate) const CHECK_AGAIN: &str = "Check again";
pub(crate) const PROVIDERS: &str = "Providers";
pub(crate) const SERVERS_HERE: &str = "On this machine";
pub(crate) const NO_SERVER_HERE: &str = "No server of models answers on this machine.";
pub(crate) const SERVERS_ARE_FOUND: &str = "Ollama, LM Studio, llama.cpp and vLLM are found by themselves once they run. They need no key and no network.";
pub(crate) const ANSWERS_NOW: &str = "Answers";
pub(crate) const NO_MODEL_LOADED: &str = "Runs, and has no model";
pub(crate) const TEST: &str = "Test";
pub(crate) const TESTING: &str = "Testing";
pub(crate) const ADD_KEY: &str = "Add key";
pub(crate) const REPLACE_KEY: &str = "Replace key";
pub(crate) const REMOVE_KEY: &str = "Remove key";
pub(crate) const REMOVE_KEY_ASKS: &str = "Remove key…";
pub(crate) const GET_KEY: &str = "Get a key";
pub(crate) const WHAT_TO_DO: &str = "What to do";
pub(crate) const UNLOCK: &str = "Unlock";
pub(crate) const SAVE_AND_TEST: &str = "Save and test";
pub(crate) const KEEP_KEY: &str = "Keep it";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const COPY_ADDRESS: &str = "Copy address";
pub(crate) const PASTE_KEY_FIRST: &str = "Paste the key first";
pub(crate) const TYPE_PASSPHRASE_FIRST: &str = "Type the passphrase first";
pub(crate) const PASSPHRASE: &str = "Passphrase of the sealed file";
pub(crate) const CHOOSE_PASSPHRASE: &str = "Choose a passphrase";
pub(crate) const PASSPHRASE_AGAIN: &str = "The same again";
pub(crate) const PASSPHRASES_DIFFER: &str =
    "The two passphrases differ. Nothing was kept: type them again.";
pub(crate) const THE_KEY: &str = "The key";
pub(crate) const THE_SIGN_IN: &str = "The sign-in";
pub(crate) const STAYS_OPEN: &str = "It stays open until you quit Slipway.";
pub(crate) const SYSTEM_MAY_ASK: &str =
    "If the keychain is locked, your system asks you to unlock it.";
pub(crate) const SET_ELSEWHERE: &str = "Set in the environment";
pub(crate) const NO_KEY: &str = "No key";
pub(crate) const NEEDS_NO_KEY: &str = "Needs no key";
pub(crate) const KEY_LOCKED: &str = "Key in the sealed file, locked";

/// Why a passphrase is chosen, by what goes into the file.
pub(crate) fn new_file_why(what: &str) -> String {
    format!(
        "{what} is kept in an encrypted file, since there is no keychain that can be used. Nobody can open the file without its passphrase, you included: keep the passphrase."
    )
}

/// Why the passphrase is asked for, by what is in the file or goes into it.
pub(crate) fn locked_file_why(what: &str) -> String {
    format!(
        "{what} is kept in the sealed file, and that is locked. The file stays open until you quit Slipway."
    )
}

/// What is true of keys wherever they are kept.
pub(crate) const fn key_lives(place: Option<SecretPlace>) -> &'static str {
    match place {
        Some(SecretPlace::SealedFile) => {
            "A key lives in the sealed file, in memory and in the outgoing request, nowhere else."
        }
        _ => "A key lives in the keychain, in memory and in the outgoing request, nowhere else.",
    }
}

/// Where keys are kept.
pub(crate) fn key_store(store: &KeyStore) -> String {
    let keys = |count: u32| counted(count.into(), "key", "keys");
    match (store.place, store.sealed) {
        (SecretPlace::SealedFile, SealedState::New) => {
            "Keys go to a sealed file, which is made with your first key".to_owned()
        }
        (SecretPlace::SealedFile, _) if store.in_sealed_file == 0 => {
            "Keys go to the sealed file, which has none yet".to_owned()
        }
        (SecretPlace::SealedFile, _) => {
            format!("Sealed file, open, with {}", keys(store.in_sealed_file))
        }
        _ if store.in_keychain == 0 => "Keys go to the keychain of this system".to_owned(),
        _ => format!(
            "Keychain of this system, with {} of Slipway",
            keys(store.in_keychain)
        ),
    }
}

/// That the sealed file is locked, and what follows.
pub(crate) fn sealed_is_locked(keys: u32) -> String {
    match keys {
        0 => "It holds no key yet.".to_owned(),
        1 => "Its key cannot be used until it is open.".to_owned(),
        keys => format!("Its {keys} keys cannot be used until it is open."),
    }
}

pub(crate) const SEALED_IS_LOCKED: &str = "The sealed file is locked.";

/// Keys in the sealed file beside those in the keychain.
pub(crate) fn also_sealed(keys: u32) -> String {
    let keys = counted(keys.into(), "key", "keys");
    format!("{keys} in the sealed file, from when the keychain could not be used")
}

pub(crate) fn why_no_keychain(why: &str) -> String {
    format!("The keychain is not used: {why}.")
}

/// How a provider's key stands; the variable's name follows where there is one.
pub(crate) const fn key_stands(provider: &ProviderSummary) -> &'static str {
    match (provider.unusable, provider.key) {
        (Some(Unusable::NoKey), _) => NO_KEY,
        (Some(Unusable::KeysUnreadable), _) => "Keys cannot be read",
        (Some(Unusable::NoAddress), _) => "No address",
        (Some(Unusable::WrongAddress), _) => "Wrong address",
        (Some(_), _) => "Cannot be used",
        (None, Some(SecretPlace::Environment)) => "Key from ",
        (None, Some(SecretPlace::Keychain)) => "Key in the keychain",
        (None, Some(SecretPlace::SealedFile)) => "Key in the sealed file",
        (None, None) => NEEDS_NO_KEY,
    }
}

/// That a test went well.
pub(crate) fn test_works(test: &ProviderTest) -> String {
    let models = counted(test.models.into(), "model", "models");
    format!("Works in {}, {models}", format::wait(test.took_ms))
}

/// Why a test went wrong, in few words.
pub(crate) const fn test_failed(failure: Option<TestFailure>) -> &'static str {
    match failure {
        Some(TestFailure::NoKey) => NO_KEY,
        Some(TestFailure::KeysUnreadable) => "Key cannot be read",
        Some(TestFailure::KeyRefused) => "Refused: wrong key",
        Some(TestFailure::NoCredit) => "Refused: no credit left",
        Some(TestFailure::RateLimited) => "Refused: asked too often",
        Some(TestFailure::Overloaded) => "Fails: has trouble itself",
        Some(TestFailure::Unreachable) => "Does not answer",
        Some(TestFailure::Unreadable) => "Answers something else",
        Some(TestFailure::Address) => "Wrong address",
        Some(TestFailure::Other) | None => "Does not work",
    }
}

pub(crate) fn more_for(provider: &str) -> String {
    format!("More for {provider}")
}

pub(crate) fn key_of(provider: &str) -> String {
    format!("Key of {provider}")
}

/// Where a key goes, and under which name.
pub(crate) fn key_hint(place: Option<SecretPlace>, name: &str) -> String {
    let place = match place {
        Some(SecretPlace::SealedFile) => "the sealed file",
        _ => "the keychain",
    };
    format!("It goes to {place} as {name}, and is not shown again.")
}

pub(crate) fn remove_key_of(provider: &str, place: &str) -> String {
    format!("Remove the key of {provider} from {place}?")
}

pub(crate) const REMOVE_KEY_FOLLOWS: &str =
    "Runs with its models fail at their next call. The key stays valid at the provider.";

pub(crate) fn keys_page(provider: &str) -> String {
    format!("{provider} gives out keys at this address. Open it in your browser:")
}

/// What a server of this machine has.
pub(crate) fn server_has(models: u32) -> String {
    match models {
        0 => NO_MODEL_LOADED.to_owned(),
        models => counted(models.into(), "model", "models"),
    }
}

pub(crate) const LOAD_A_MODEL: &str = "Load a model there";

/// Servers that do not answer, on one line.
pub(crate) fn not_found_here(servers: &[&str]) -> String {
    match servers {
        [] => String::new(),
        [one] => format!("{one} was not found."),
        [first @ .., last] => format!("{} and {last} were not found.", first.join(", ")),
    }
}

/// What a button does, with the provider for which it does it.
pub(crate) fn for_provider(label: &str, provider: &str) -> String {
    format!("{label}: {provider}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_are_missing_are_one_sentence() {
        assert_eq!(not_found_here(&[]), "");
        assert_eq!(not_found_here(&["vLLM"]), "vLLM was not found.");
        assert_eq!(
            not_found_here(&["LM Studio", "llama.cpp", "vLLM"]),
            "LM Studio, llama.cpp and vLLM were not found."
        );
    }

    #[test]
    fn it_is_said_where_keys_are() {
        let store = KeyStore {
            place: SecretPlace::SealedFile,
            why_no_keychain: None,
            in_keychain: 3,
            in_sealed_file: 1,
            sealed: SealedState::Open,
            sealed_file: String::new(),
        };
        assert_eq!(key_store(&store), "Sealed file, open, with 1 key");
        let keychain = KeyStore {
            place: SecretPlace::Keychain,
            ..store.clone()
        };
        assert_eq!(
            key_store(&keychain),
            "Keychain of this system, with 3 keys of Slipway"
        );
        let new = KeyStore {
            sealed: SealedState::New,
            ..store
        };
        assert!(key_store(&new).contains("your first key"));
    }
}
