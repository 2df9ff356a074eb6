//! The vault: which of its places keeps what.

mod keep;
mod unlock;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use slipway_contract::{Secret, SecretPlace};

use crate::error::VaultError;
use crate::index::Index;
use crate::keychain::{Keychain, KeychainError};
use crate::lock::Lock;
use crate::name::SecretName;
use crate::passphrase::AskPassphrase;
use crate::sealed::{Cost, Derivation, Key, SealedFile};

pub use keep::Kept;

/// The keys of one home. It opens nothing before something is asked of it.
pub struct Vault {
    folder: PathBuf,
    keychain: Box<dyn Keychain>,
    passphrase: Option<Secret>,
    person: OnceLock<Arc<dyn AskPassphrase>>,
    /// The sealed file's key, so that it is made once. Secrets themselves are not kept in memory.
    opened: Mutex<Option<(Derivation, Key)>>,
    cost: Cost,
}

/// Both places' lists as they are at one moment.
#[derive(Default)]
struct Contents {
    index: Option<Index>,
    sealed: Option<SealedFile>,
}

/// A name and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: SecretName,
    /// Where its secret is.
    pub place: SecretPlace,
}

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Where it was.
    pub place: SecretPlace,
}

impl Vault {
    /// The vault in this folder, with the passphrase of the environment, if there is one there.
    #[must_use]
    pub fn new(folder: &Path, keychain: Box<dyn Keychain>, passphrase: Option<Secret>) -> Self {
        Self {
            folder: folder.to_path_buf(),
            keychain,
            passphrase: passphrase.filter(|passphrase| !passphrase.expose().is_empty()),
            person: OnceLock::new(),
            opened: Mutex::new(None),
            cost: Cost::RECOMMENDED,
        }
    }

    /// Makes keys of passphrases with less work, for tests.
    #[cfg(test)]
    fn with_cost(self, cost: Cost) -> Self {
        Self { cost, ..self }
    }

    /// Whom to ask for the passphrase from now on; the first one who is named stays.
    pub fn ask(&self, person: Arc<dyn AskPassphrase>) {
        // A second person would be asked by nobody.
        let _ = self.person.set(person);
    }

    /// Whether the keychain can be reached. Nothing is unlocked for this.
    ///
    /// # Errors
    /// Why it cannot; secrets are then kept in the sealed file.
    pub fn check_keychain(&self) -> Result<(), KeychainError> {
        self.keychain.check()
    }

    /// The sealed file's place.
    #[must_use]
    pub fn sealed_file(&self) -> PathBuf {
        self.folder.join("sealed.json")
    }

    /// All names and their places, sorted by name. Nothing is unlocked for this.
    ///
    /// # Errors
    /// A file of the vault cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, VaultError> {
        let Contents { index, sealed } = self.read()?;
        let entry = |place| {
            move |name: &SecretName| Entry {
                name: name.clone(),
                place,
            }
        };
        let mut entries: Vec<Entry> = Vec::new();
        if let Some(index) = &index {
            entries.extend(index.names.iter().map(entry(SecretPlace::Keychain)));
        }
        if let Some(sealed) = &sealed {
            let others = sealed.names().filter(|name| {
                index
                    .as_ref()
                    .is_none_or(|index| !index.names.contains(name))
            });
            entries.extend(others.map(entry(SecretPlace::SealedFile)));
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// A secret; none when there is none. Unlocks what keeps it, and only that.
    ///
    /// # Errors
    /// What keeps it is locked or damaged, or the passphrase is wrong or missing.
    pub fn get(&self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        let Contents { index, sealed } = self.read()?;
        if let Some(index) = index.filter(|index| index.names.contains(name)) {
            let found = self.keychain.get(&index.account(name));
            let found = found.map_err(|why| VaultError::Keychain {
                name: name.clone(),
                why,
            })?;
            return found
                .ok_or_else(|| VaultError::Vanished { name: name.clone() })
                .map(Some);
        }
        match sealed.filter(|sealed| sealed.has(name)) {
            Some(sealed) => sealed.open(name, &self.key(&sealed)?),
            None => Ok(None),
        }
    }

    /// Forgets a secret; none when there was none. Needs no passphrase.
    ///
    /// # Errors
    /// The keychain that keeps it cannot be used; then it still has it.
    pub fn remove(&self, name: &SecretName) -> Result<Option<Removed>, VaultError> {
        if !self.folder.exists() {
            return Ok(None);
        }
        let _lock = Lock::to_write(&self.folder)?;
        let mut removed = None;
        if let Some(mut index) = Index::load(&self.index())? {
            if index.names.contains(name) {
                self.keychain
                    .remove(&index.account(name))
                    .map_err(|why| VaultError::Keychain {
                        name: name.clone(),
                        why,
                    })?;
                index.names.remove(name);
                index.save(&self.index())?;
                removed = Some(SecretPlace::Keychain);
            }
            self.clear_leftover(&mut index)?;
        }
        if let Some(mut sealed) = SealedFile::load(&self.sealed_file())?
            && sealed.forget(name)
        {
            sealed.save()?;
            removed = Some(SecretPlace::SealedFile);
        }
        Ok(removed.map(|place| Removed { place }))
    }

    fn index(&self) -> PathBuf {
        self.folder.join("keychain.json")
    }

    fn read(&self) -> Result<Contents, VaultError> {
        let Some(_lock) = Lock::to_read(&self.folder)? else {
            return Ok(Contents::default());
        };
        Ok(Contents {
            index: Index::load(&self.index())?,
            sealed: SealedFile::load(&self.sealed_file())?,
        })
    }

    fn clear_leftover(&self, index: &mut Index) -> Result<(), VaultError> {
        let cleared: Vec<SecretName> = index
            .leftover
            .iter()
            .filter(|name| self.keychain.remove(&index.account(name)).is_ok())
            .cloned()
            .collect();
        if cleared.is_empty() {
            return Ok(());
        }
        for name in &cleared {
            index.leftover.remove(name);
        }
        index.save(&self.index())
    }
}
