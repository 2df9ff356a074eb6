//! What can be done with a provider, and in which order providers are shown.

use slipway_contract::SecretPlace;
use slipway_contract::model::Unusable;
use slipway_contract::provider::{ProviderSummary, TestFailure};
use slipway_contract::secret::{KeyStore, SealedState};

use crate::tried::Trial;

/// The one thing that a provider's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Ask it whether it takes its key.
    Test,
    /// Give it a key.
    AddKey,
    /// Give it another key.
    ReplaceKey,
    /// Open the sealed file first.
    Unlock,
    /// Read what has to be done elsewhere.
    Explain,
}

/// Whether the provider's key is in the sealed file, and that is locked.
pub(super) fn is_locked(provider: &ProviderSummary, store: Option<&KeyStore>) -> bool {
    provider.key == Some(SecretPlace::SealedFile)
        && store.is_some_and(|store| store.sealed == SealedState::Locked)
}

/// Whether the key is one that Slipway keeps, and not the environment.
pub(super) fn is_kept(provider: &ProviderSummary) -> bool {
    matches!(
        provider.key,
        Some(SecretPlace::Keychain | SecretPlace::SealedFile)
    )
}

/// What the provider's button does.
pub(super) fn next(
    provider: &ProviderSummary,
    store: Option<&KeyStore>,
    trial: Option<&Trial>,
) -> Next {
    if is_locked(provider, store) {
        return Next::Unlock;
    }
    match provider.unusable {
        Some(Unusable::NoKey) => return Next::AddKey,
        Some(_) => return Next::Explain,
        None => {}
    }
    let refused =
        matches!(trial, Some(Trial::Over(test)) if test.failure == Some(TestFailure::KeyRefused));
    match (refused, provider.key) {
        (true, None) if provider.key_name.is_some() => Next::AddKey,
        (true, _) if is_kept(provider) => Next::ReplaceKey,
        _ => Next::Test,
    }
}

/// The providers that are reached over the network: those that can be used first, those without a
/// key last.
pub(super) fn in_order(providers: &[ProviderSummary]) -> Vec<&ProviderSummary> {
    let mut remote: Vec<&ProviderSummary> = providers
        .iter()
        .filter(|provider| !provider.on_this_machine)
        .collect();
    remote.sort_by_key(|provider| match provider.unusable {
        None => 0,
        Some(Unusable::NoKey | Unusable::NoAddress) => 2,
        Some(_) => 1,
    });
    remote
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use slipway_contract::provider::ProviderTest;

    use super::*;

    fn provider(id: &str) -> ProviderSummary {
        ProviderSummary {
            id: id.to_owned(),
            title: id.to_owned(),
            on_this_machine: false,
            key_name: Some("LAB_KEY".to_owned()),
            key: None,
            keys_page: None,
            place: None,
            unusable: Some(Unusable::NoKey),
            note: String::new(),
            models: 0,
        }
    }

    fn with_key(place: SecretPlace) -> ProviderSummary {
        ProviderSummary {
            key: Some(place),
            unusable: None,
            ..provider("lab")
        }
    }

    fn store(sealed: SealedState) -> KeyStore {
        KeyStore {
            place: SecretPlace::SealedFile,
            why_no_keychain: None,
            in_keychain: 0,
            in_sealed_file: 1,
            sealed,
            sealed_file: String::new(),
        }
    }

    fn over(failure: Option<TestFailure>) -> Trial {
        Trial::Over(Rc::new(ProviderTest {
            provider: "lab".to_owned(),
            works: failure.is_none(),
            took_ms: 1,
            models: 0,
            failure,
            problem: None,
        }))
    }

    #[test]
    fn providers_without_a_key_come_last_and_keep_their_order() {
        let mut here = provider("local");
        here.on_this_machine = true;
        let wrong = ProviderSummary {
            unusable: Some(Unusable::WrongAddress),
            ..provider("wrong")
        };
        let kept = with_key(SecretPlace::Keychain);
        let all = [provider("a"), wrong, here, provider("b"), kept];
        let order: Vec<&str> = in_order(&all)
            .iter()
            .map(|provider| provider.id.as_str())
            .collect();
        assert_eq!(order, ["lab", "wrong", "a", "b"]);
    }

    #[test]
    fn the_button_does_what_is_next() {
        let open = store(SealedState::Open);
        let asked =
            |provider: &ProviderSummary, trial: Option<&Trial>| next(provider, Some(&open), trial);
        assert_eq!(asked(&provider("lab"), None), Next::AddKey);
        let kept = with_key(SecretPlace::SealedFile);
        assert_eq!(asked(&kept, None), Next::Test);
        assert_eq!(asked(&kept, Some(&over(None))), Next::Test);
        let refused = over(Some(TestFailure::KeyRefused));
        assert_eq!(asked(&kept, Some(&refused)), Next::ReplaceKey);
        let silent = over(Some(TestFailure::Unreachable));
        assert_eq!(
            asked(&kept, Some(&silent)),
            Next::Test,
            "another key would not help"
        );
        let environment = with_key(SecretPlace::Environment);
        assert_eq!(
            asked(&environment, Some(&refused)),
            Next::Test,
            "it can be changed only where it is set"
        );
        let nowhere = ProviderSummary {
            unusable: Some(Unusable::NoAddress),
            ..provider("lab")
        };
        assert_eq!(asked(&nowhere, None), Next::Explain);
    }

    #[test]
    fn a_locked_key_is_unlocked_first() {
        let locked = store(SealedState::Locked);
        let sealed = with_key(SecretPlace::SealedFile);
        assert_eq!(next(&sealed, Some(&locked), None), Next::Unlock);
        let keychain = with_key(SecretPlace::Keychain);
        assert_eq!(next(&keychain, Some(&locked), None), Next::Test);
        assert_eq!(next(&sealed, None, None), Next::Test);
    }
}
