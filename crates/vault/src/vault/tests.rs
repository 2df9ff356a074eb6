//! The vault with a keychain in memory, and without one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use slipway_contract::secret::SealedState;
use slipway_contract::{Secret, SecretPlace};
use tempfile::TempDir;

use super::*;
use crate::keychain::NoKeychain;
use crate::passphrase::PassphraseQuestion;
use crate::sealed::SealedError;

#[derive(Clone, Default)]
struct MemoryKeychain {
    entries: Arc<Mutex<BTreeMap<String, String>>>,
    is_locked: Arc<AtomicBool>,
}

impl MemoryKeychain {
    fn opened(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, String>>, KeychainError> {
        if self.is_locked.load(Ordering::Relaxed) {
            return Err(KeychainError::Locked("nobody is there".to_owned()));
        }
        Ok(self.entries.lock().unwrap())
    }

    fn lock(&self, is_locked: bool) {
        self.is_locked.store(is_locked, Ordering::Relaxed);
    }
}

impl Keychain for MemoryKeychain {
    fn check(&self) -> Result<(), KeychainError> {
        Ok(())
    }
    fn get(&self, account: &str) -> Result<Option<Secret>, KeychainError> {
        Ok(self.opened()?.get(account).cloned().map(Secret::new))
    }
    fn set(&self, account: &str, secret: &Secret) -> Result<(), KeychainError> {
        let mut entries = self.opened()?;
        entries.insert(account.to_owned(), secret.expose().clone());
        Ok(())
    }
    fn remove(&self, account: &str) -> Result<(), KeychainError> {
        self.opened()?.remove(account);
        Ok(())
    }
}

const CHEAP: Cost = Cost {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

struct Desk {
    folder: TempDir,
    keychain: MemoryKeychain,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            keychain: MemoryKeychain::default(),
        }
    }

    /// As a process with this passphrase in its environment sees it.
    fn vault(&self, passphrase: Option<&str>) -> Vault {
        self.on(Box::new(self.keychain.clone()), passphrase)
    }

    /// The same, where there is no keychain.
    fn without_keychain(&self, passphrase: Option<&str>) -> Vault {
        self.on(Box::new(NoKeychain), passphrase)
    }

    fn on(&self, keychain: Box<dyn Keychain>, passphrase: Option<&str>) -> Vault {
        let passphrase = passphrase.map(secret);
        Vault::new(&self.folder.path().join("secrets"), keychain, passphrase).with_cost(CHEAP)
    }

    fn sealed_bytes(&self) -> Vec<u8> {
        std::fs::read(self.without_keychain(None).sealed_file()).unwrap()
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

#[track_caller]
fn holds(vault: &Vault, named: &str, expected: Option<&str>) {
    let found = vault.get(&name(named)).unwrap();
    assert_eq!(
        found.as_ref().map(|found| found.expose().as_str()),
        expected
    );
}

fn places(vault: &Vault) -> Vec<(String, SecretPlace)> {
    let entries = vault.list().unwrap();
    entries
        .into_iter()
        .map(|entry| (entry.name.to_string(), entry.place))
        .collect()
}

#[test]
fn an_empty_vault_makes_no_file_and_asks_nobody() {
    let desk = Desk::new();
    let vault = desk.without_keychain(None);
    holds(&vault, "A", None);
    assert!(vault.list().unwrap().is_empty());
    assert!(vault.remove(&name("A")).unwrap().is_none());
    assert_eq!(std::fs::read_dir(desk.folder.path()).unwrap().count(), 0);
}

#[test]
fn the_keychain_keeps_what_it_can_and_no_file_holds_it() {
    let desk = Desk::new();
    let vault = desk.vault(None);
    let kept = vault.set(&name("A"), &secret("hunter2hunter2")).unwrap();
    assert_eq!((kept.place, kept.because), (SecretPlace::Keychain, None));
    holds(&desk.vault(None), "A", Some("hunter2hunter2"));
    holds(&desk.vault(None), "B", None);
    assert_eq!(places(&vault), [("A".to_owned(), SecretPlace::Keychain)]);
    assert!(!vault.sealed_file().exists());
    let other = Desk {
        keychain: desk.keychain.clone(),
        ..Desk::new()
    };
    holds(&other.vault(None), "A", None);
    assert!(vault.remove(&name("A")).unwrap().is_some());
    assert!(desk.keychain.entries.lock().unwrap().is_empty());
    holds(&vault, "A", None);
}

#[test]
fn without_a_keychain_the_file_keeps_it_and_the_reason_is_told() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    let kept = vault.set(&name("A"), &secret("hunter2hunter2")).unwrap();
    assert_eq!(kept.place, SecretPlace::SealedFile);
    assert_eq!(kept.because, Some(KeychainError::Off));
    holds(
        &desk.without_keychain(Some("open")),
        "A",
        Some("hunter2hunter2"),
    );
    let text = String::from_utf8(desk.sealed_bytes()).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    #[cfg(unix)]
    for (path, expected) in [
        (vault.sealed_file(), 0o600),
        (desk.folder.path().join("secrets"), 0o700),
    ] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, expected, "{}", path.display());
    }
}

#[test]
fn names_are_listed_and_removed_without_the_passphrase() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    vault.set(&name("A"), &secret("one")).unwrap();
    vault.set(&name("B"), &secret("two")).unwrap();
    let locked = desk.without_keychain(None);
    assert_eq!(places(&locked).len(), 2);
    assert!(locked.remove(&name("A")).unwrap().is_some());
    assert!(locked.remove(&name("A")).unwrap().is_none());
    holds(&locked, "A", None);
    assert!(matches!(
        locked.get(&name("B")),
        Err(VaultError::NoPassphrase(_))
    ));
    holds(&vault, "B", Some("two"));
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_changes_nothing() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    vault.set(&name("A"), &secret("one")).unwrap();
    let before = desk.sealed_bytes();
    let wrong = desk.without_keychain(Some("Open"));
    let refused = |error| matches!(error, VaultError::Sealed(SealedError::WrongPassphrase(_)));
    assert!(refused(wrong.get(&name("A")).unwrap_err()));
    assert!(refused(wrong.set(&name("B"), &secret("two")).unwrap_err()));
    assert_eq!(desk.sealed_bytes(), before);
}

#[test]
fn every_changed_or_missing_byte_is_noticed_and_the_file_is_left_alone() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    vault.set(&name("A"), &secret("one")).unwrap();
    let whole = desk.sealed_bytes();
    let path = vault.sealed_file();
    for at in (0..whole.len()).step_by(3) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        for damaged in [whole[..at].to_vec(), changed] {
            std::fs::write(&path, &damaged).unwrap();
            let vault = desk.without_keychain(Some("open"));
            let error = match vault.get(&name("A")) {
                // White space is no content.
                Ok(found) => {
                    let (now, before): (serde_json::Value, serde_json::Value) = (
                        serde_json::from_slice(&damaged).unwrap(),
                        serde_json::from_slice(&whole).unwrap(),
                    );
                    assert_eq!(now, before, "byte {at}");
                    assert_eq!(found.unwrap().expose(), "one");
                    continue;
                }
                Err(error) => error,
            };
            assert!(matches!(error, VaultError::Sealed(_)), "byte {at}: {error}");
            assert!(error.to_string().contains("sealed.json"), "{error}");
            assert!(vault.set(&name("A"), &secret("two")).is_err(), "byte {at}");
            assert_eq!(desk.sealed_bytes(), damaged, "byte {at}");
        }
    }
}

#[test]
fn what_was_changed_on_purpose_does_not_open() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    vault.set(&name("A"), &secret("one")).unwrap();
    vault.set(&name("B"), &secret("two")).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&desk.sealed_bytes()).unwrap();
    let refused = |change: &dyn Fn(&mut serde_json::Value), says: &str| {
        let mut changed = value.clone();
        change(&mut changed);
        changed["sha256"] = "".into();
        let content: crate::sealed::Forged = serde_json::from_value(changed).unwrap();
        std::fs::write(vault.sealed_file(), content.with_checksum()).unwrap();
        let error = desk
            .without_keychain(Some("open"))
            .get(&name("A"))
            .unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    };
    refused(
        &|file| file["entries"]["A"] = file["entries"]["B"].clone(),
        "A was changed",
    );
    refused(
        &|file| file["derivation"]["passes"] = 2.into(),
        "passphrase is not",
    );
    refused(
        &|file| file["derivation"]["memory_kib"] = u32::MAX.into(),
        "key derivation",
    );
    refused(
        &|file| file["derivation"]["name"] = "argon2d".into(),
        "key derivation",
    );
}

#[test]
fn a_file_of_a_newer_slipway_says_so() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    vault.set(&name("A"), &secret("one")).unwrap();
    std::fs::write(vault.sealed_file(), r#"{"slipway_sealed": 2, "more": []}"#).unwrap();
    let error = vault.get(&name("A")).unwrap_err().to_string();
    assert!(error.contains("use a newer one"), "{error}");
}

#[test]
fn a_locked_keychain_is_no_absent_key_and_a_new_value_goes_to_the_file() {
    let desk = Desk::new();
    let vault = desk.vault(Some("open"));
    vault.set(&name("A"), &secret("old")).unwrap();
    desk.keychain.lock(true);
    let error = vault.get(&name("A")).unwrap_err().to_string();
    assert!(
        error.contains("A is kept in the keychain") && error.contains("locked"),
        "{error}"
    );
    assert!(vault.remove(&name("A")).is_err(), "it is still there");
    let kept = vault.set(&name("A"), &secret("new")).unwrap();
    assert_eq!(kept.place, SecretPlace::SealedFile);
    assert!(matches!(kept.because, Some(KeychainError::Locked(_))));
    assert!(
        kept.is_left_over,
        "the old value is still there, and that must be told"
    );
    holds(&vault, "A", Some("new"));
    desk.keychain.lock(false);
    holds(&vault, "A", Some("new"));
    vault.set(&name("B"), &secret("b")).unwrap();
    let entries = desk.keychain.entries.lock().unwrap().clone();
    assert_eq!(
        entries.values().collect::<Vec<_>>(),
        ["b"],
        "the old value is gone"
    );
}

#[test]
fn a_key_moves_back_to_the_keychain() {
    let desk = Desk::new();
    desk.without_keychain(Some("open"))
        .set(&name("A"), &secret("old"))
        .unwrap();
    let vault = desk.vault(None);
    vault.set(&name("A"), &secret("new")).unwrap();
    holds(&vault, "A", Some("new"));
    assert_eq!(places(&vault), [("A".to_owned(), SecretPlace::Keychain)]);
    assert_eq!(
        desk.without_keychain(None)
            .get(&name("A"))
            .unwrap_err()
            .to_string()
            .matches("kept in the keychain")
            .count(),
        1
    );
}

#[test]
fn an_entry_that_vanished_from_the_keychain_is_told() {
    let desk = Desk::new();
    let vault = desk.vault(None);
    vault.set(&name("A"), &secret("one")).unwrap();
    desk.keychain.entries.lock().unwrap().clear();
    assert!(matches!(
        vault.get(&name("A")),
        Err(VaultError::Vanished { .. })
    ));
    assert!(
        vault.remove(&name("A")).unwrap().is_some(),
        "the name can be given up"
    );
}

#[derive(Default)]
struct Person {
    answers: Mutex<Vec<&'static str>>,
    asked: AtomicU32,
}

impl Person {
    fn answering(answers: &[&'static str]) -> Arc<Self> {
        let mut answers = answers.to_vec();
        answers.reverse();
        Arc::new(Self {
            answers: Mutex::new(answers),
            asked: AtomicU32::new(0),
        })
    }
}

impl AskPassphrase for Person {
    fn ask(&self, _: PassphraseQuestion) -> Option<Secret> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.answers.lock().unwrap().pop().map(secret)
    }
}

#[test]
fn a_person_chooses_twice_and_opens_once() {
    let desk = Desk::new();
    let vault = desk.without_keychain(None);
    let person = Person::answering(&["one", "two", "open", "open"]);
    vault.ask(person.clone());
    let differ = vault.set(&name("A"), &secret("value")).unwrap_err();
    assert!(
        matches!(differ, VaultError::PassphrasesDiffer(_)),
        "{differ}"
    );
    assert!(!vault.sealed_file().exists());
    vault.set(&name("A"), &secret("value")).unwrap();
    assert_eq!(person.asked.load(Ordering::Relaxed), 4);
    vault.set(&name("B"), &secret("value")).unwrap();
    holds(&vault, "A", Some("value"));
    assert_eq!(
        person.asked.load(Ordering::Relaxed),
        4,
        "asked once a process"
    );
    let vault = desk.without_keychain(None);
    let person = Person::answering(&["opne", "open"]);
    vault.ask(person.clone());
    holds(&vault, "A", Some("value"));
    holds(&vault, "B", Some("value"));
    assert_eq!(person.asked.load(Ordering::Relaxed), 2);
    let vault = desk.without_keychain(None);
    vault.ask(Person::answering(&["1", "2", "3", "open"]));
    let error = vault.get(&name("A")).unwrap_err();
    assert!(
        matches!(error, VaultError::Sealed(SealedError::WrongPassphrase(_))),
        "{error}"
    );
    let vault = desk.without_keychain(None);
    vault.ask(Person::answering(&[]));
    assert!(matches!(
        vault.get(&name("A")),
        Err(VaultError::NotGiven(_))
    ));
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let desk = Desk::new();
    let vault = desk.vault(Some("open"));
    for empty in ["", " \n"] {
        assert!(matches!(
            vault.set(&name("A"), &secret(empty)),
            Err(VaultError::EmptySecret)
        ));
    }
    let long = "x".repeat((64 << 10) + 1);
    assert!(matches!(
        vault.set(&name("A"), &secret(&long)),
        Err(VaultError::TooLong { .. })
    ));
    let nobody = desk.without_keychain(None);
    assert!(matches!(
        nobody.set(&name("A"), &secret("one")),
        Err(VaultError::NothingChosen(_))
    ));
    assert!(!nobody.sealed_file().exists());
}

#[test]
fn writers_at_once_lose_nothing() {
    const WRITERS: usize = 8;
    const EACH: usize = 6;
    let desk = Desk::new();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            // Each as a process of its own: nothing is shared but the files.
            let vault = desk.without_keychain(Some("open"));
            scope.spawn(move || {
                for turn in 0..EACH {
                    let named = name(&format!("W{writer}_{turn}"));
                    vault.set(&named, &secret(&named.to_string())).unwrap();
                    vault
                        .set(&name(&format!("GONE_{writer}")), &secret("x"))
                        .unwrap();
                    vault.remove(&name(&format!("GONE_{writer}"))).unwrap();
                }
            });
        }
    });
    let vault = desk.without_keychain(Some("open"));
    assert_eq!(vault.list().unwrap().len(), WRITERS * EACH);
    for writer in 0..WRITERS {
        for turn in 0..EACH {
            let named = format!("W{writer}_{turn}");
            holds(&vault, &named, Some(&named));
        }
    }
}

#[test]
fn nothing_but_the_named_files_is_left() {
    let desk = Desk::new();
    let vault = desk.vault(Some("open"));
    vault.set(&name("A"), &secret("one")).unwrap();
    desk.without_keychain(Some("open"))
        .set(&name("B"), &secret("two"))
        .unwrap();
    let mut files: Vec<_> = std::fs::read_dir(desk.folder.path().join("secrets"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["keychain.json", "lock", "sealed.json"]);
}

#[test]
fn a_passphrase_that_is_given_opens_or_makes_the_file_for_this_process() {
    let desk = Desk::new();
    let vault = desk.without_keychain(None);
    assert_eq!(vault.sealed_state().unwrap(), SealedState::New);
    assert!(matches!(
        vault.unlock(&secret(" ")),
        Err(VaultError::EmptyPassphrase)
    ));
    assert_eq!(vault.sealed_state().unwrap(), SealedState::New);
    vault.unlock(&secret("open")).unwrap();
    assert_eq!(vault.sealed_state().unwrap(), SealedState::Open);
    vault.set(&name("A"), &secret("one")).unwrap();
    holds(&vault, "A", Some("one"));

    let later = desk.without_keychain(None);
    assert_eq!(later.sealed_state().unwrap(), SealedState::Locked);
    let wrong = later.unlock(&secret("Open")).unwrap_err();
    assert!(matches!(
        wrong,
        VaultError::Sealed(SealedError::WrongPassphrase(_))
    ));
    assert!(later.get(&name("A")).is_err(), "it is locked still");
    later.unlock(&secret("open")).unwrap();
    holds(&later, "A", Some("one"));
}

#[test]
fn the_environments_passphrase_opens_the_file_or_does_not() {
    let desk = Desk::new();
    let vault = desk.without_keychain(Some("open"));
    assert_eq!(
        vault.sealed_state().unwrap(),
        SealedState::Open,
        "nothing has to be chosen"
    );
    assert!(!vault.sealed_file().exists(), "looking makes no file");
    vault.set(&name("A"), &secret("one")).unwrap();
    let wrong = desk.without_keychain(Some("Open"));
    assert_eq!(wrong.sealed_state().unwrap(), SealedState::Locked);
    wrong.unlock(&secret("open")).unwrap();
    holds(&wrong, "A", Some("one"));
}

#[test]
fn a_person_is_asked_before_there_is_anything_to_keep() {
    let desk = Desk::new();
    desk.vault(None).make_ready().unwrap();
    let nobody = desk.without_keychain(None);
    assert!(matches!(
        nobody.make_ready(),
        Err(VaultError::NothingChosen(_))
    ));
    desk.without_keychain(Some("open")).make_ready().unwrap();
    assert!(!nobody.sealed_file().exists(), "there is nothing to choose");

    let vault = desk.without_keychain(None);
    let person = Person::answering(&["open", "open"]);
    vault.ask(person.clone());
    vault.make_ready().unwrap();
    vault.set(&name("A"), &secret("value")).unwrap();
    vault.make_ready().unwrap();
    assert_eq!(person.asked.load(Ordering::Relaxed), 2, "asked once");

    let nobody = desk.without_keychain(None);
    assert!(matches!(
        nobody.make_ready(),
        Err(VaultError::NoPassphrase(_))
    ));
    let wrong = desk.without_keychain(Some("Open")).make_ready();
    assert!(matches!(
        wrong,
        Err(VaultError::Sealed(SealedError::WrongPassphrase(_)))
    ));
}
