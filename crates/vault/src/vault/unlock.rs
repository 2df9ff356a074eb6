//! Getting at the sealed file's key.

use std::sync::PoisonError;

use slipway_contract::Secret;
use slipway_contract::secret::SealedState;

use super::Vault;
use crate::error::VaultError;
use crate::lock::Lock;
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

    /// How the sealed file stands. The environment's passphrase is tried, which is slow; nobody is
    /// asked.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sealed_state(&self) -> Result<SealedState, VaultError> {
        let Some(file) = SealedFile::load(&self.sealed_file())? else {
            return Ok(match &self.passphrase {
                Some(_) => SealedState::Open,
                None => SealedState::New,
            });
        };
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |(derivation, _): &(Derivation, Key)| derivation == file.derivation();
        if opened.as_ref().is_some_and(is_open) {
            return Ok(SealedState::Open);
        }
        let Some(passphrase) = &self.passphrase else {
            return Ok(SealedState::Locked);
        };
        match file.key(passphrase) {
            Ok(key) => {
                *opened = Some((file.derivation().clone(), key));
                Ok(SealedState::Open)
            }
            Err(VaultError::Sealed(SealedError::WrongPassphrase(_))) => Ok(SealedState::Locked),
            Err(error) => Err(error),
        }
    }

    /// Opens the sealed file for as long as this process runs, and makes it where there is none.
    ///
    /// # Errors
    /// The passphrase is not the file's, or empty, or the file cannot be read or made.
    pub fn unlock(&self, passphrase: &Secret) -> Result<(), VaultError> {
        let path = self.sealed_file();
        if let Some(file) = SealedFile::load(&path)? {
            return self.unlock_with(&file, passphrase);
        }
        if passphrase.expose().trim().is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        let (mut file, key) = SealedFile::new(&path, self.cost, passphrase)?;
        let lock = Lock::to_write(&self.folder)?;
        if let Some(meanwhile) = SealedFile::load(&path)? {
            drop(lock);
            return self.unlock_with(&meanwhile, passphrase);
        }
        file.save()?;
        self.remember(file.derivation(), &key);
        Ok(())
    }

    /// Opens the sealed file, or makes it, where a secret would go there now, so that its person is asked before the
    /// secret is there. With a keychain, and of the environment's passphrase alone, nothing is made.
    ///
    /// # Errors
    /// A secret could not be kept: the file needs a passphrase, and nobody gives the right one.
    pub fn make_ready(&self) -> Result<(), VaultError> {
        if self.keychain.check().is_ok() {
            return Ok(());
        }
        match SealedFile::load(&self.sealed_file())? {
            Some(file) => self.key(&file).map(drop),
            None if self.passphrase.is_some() => Ok(()),
            None => self.unlock(&self.new_passphrase()?),
        }
    }

    fn unlock_with(&self, file: &SealedFile, passphrase: &Secret) -> Result<(), VaultError> {
        if passphrase.expose().is_empty() {
            return Err(VaultError::NotGiven(self.sealed_file()));
        }
        let key = file.key(passphrase)?;
        self.remember(file.derivation(), &key);
        Ok(())
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
