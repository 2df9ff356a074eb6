//! Getting at the sealed file's key.

use std::sync::PoisonError;

use slipway_contract::Secret;

use super::Vault;
use crate::error::VaultError;
use crate::passphrase::PassphraseQuestion;
use crate::sealed::{Derivation, Key, SealedError, SealedFile};

/// How often a person may mistype the passphrase.
const TRIES: u32 = 3;

impl Vault {
    pub(super) fn remember(&self, derivation: &Derivation, key: &Key) {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        *opened = Some((derivation.clone(), key.clone()));
    }

    /// The file's key: made before, of the environment's passphrase, or of what a person types.
    pub(super) fn key(&self, file: &SealedFile) -> Result<Key, VaultError> {
        // Held meanwhile: of many runs at once, one makes the key and one asks.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((derivation, key)) = &*opened
            && derivation == file.derivation()
        {
            return Ok(key.clone());
        }
        let key = match &self.passphrase {
            Some(passphrase) => file.key(passphrase)?,
            None => self.asked_key(file)?,
        };
        *opened = Some((file.derivation().clone(), key.clone()));
        Ok(key)
    }

    fn asked_key(&self, file: &SealedFile) -> Result<Key, VaultError> {
        let path = || self.sealed_file();
        let Some(person) = self.person.get() else {
            return Err(VaultError::NoPassphrase(path()));
        };
        let mut tries = 1;
        loop {
            let question = PassphraseQuestion::Open { again: tries > 1 };
            let passphrase = person
                .ask(question)
                .filter(|passphrase| !passphrase.expose().is_empty())
                .ok_or_else(|| VaultError::NotGiven(path()))?;
            match file.key(&passphrase) {
                Err(VaultError::Sealed(SealedError::WrongPassphrase(_))) if tries < TRIES => {
                    tries += 1;
                }
                made => return made,
            }
        }
    }

    pub(super) fn new_passphrase(&self) -> Result<Secret, VaultError> {
        if let Some(passphrase) = &self.passphrase {
            return Ok(passphrase.clone());
        }
        let Some(person) = self.person.get() else {
            return Err(VaultError::NothingChosen(self.sealed_file()));
        };
        let chosen = person
            .ask(PassphraseQuestion::Choose)
            .filter(|passphrase| !passphrase.expose().trim().is_empty())
            .ok_or(VaultError::EmptyPassphrase)?;
        let again = person
            .ask(PassphraseQuestion::Repeat)
            .ok_or(VaultError::EmptyPassphrase)?;
        if again.expose() == chosen.expose() {
            Ok(chosen)
        } else {
            Err(VaultError::PassphrasesDiffer(self.sealed_file()))
        }
    }
}
