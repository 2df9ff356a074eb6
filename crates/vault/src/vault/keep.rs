//! Keeping a secret.

use slipway_contract::{Secret, SecretPlace};

use super::Vault;
use crate::error::VaultError;
use crate::index::Index;
use crate::keychain::KeychainError;
use crate::lock::Lock;
use crate::name::SecretName;
use crate::sealed::SealedFile;

/// The most bytes of a secret.
const MOST: usize = 64 << 10;

/// Where a secret went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The place.
    pub place: SecretPlace,
    /// Why it is not the keychain.
    pub because: Option<KeychainError>,
    /// The keychain's earlier value of it could not be removed.
    pub is_left_over: bool,
}

impl Vault {
    /// Keeps a secret in the keychain, or in the sealed file where that cannot be.
    ///
    /// # Errors
    /// It could not be kept; an earlier one is as it was.
    pub fn set(&self, name: &SecretName, secret: &Secret) -> Result<Kept, VaultError> {
        if secret.expose().trim().is_empty() {
            return Err(VaultError::EmptySecret);
        }
        if secret.expose().len() > MOST {
            return Err(VaultError::TooLong { most: MOST });
        }
        match self.set_in_keychain(name, secret)? {
            Ok(()) => Ok(Kept {
                place: SecretPlace::Keychain,
                because: None,
                is_left_over: false,
            }),
            Err(why) => Ok(Kept {
                is_left_over: self.set_in_file(name, secret)?,
                place: SecretPlace::SealedFile,
                because: Some(why),
            }),
        }
    }

    fn set_in_keychain(
        &self,
        name: &SecretName,
        secret: &Secret,
    ) -> Result<Result<(), KeychainError>, VaultError> {
        if let Err(why) = self.keychain.check() {
            return Ok(Err(why));
        }
        let _lock = Lock::to_write(&self.folder)?;
        let mut index = match Index::load(&self.index())? {
            Some(index) => index,
            None => Index::new(&self.index())?,
        };
        // Read before anything is changed: a damaged file would keep an old secret.
        let sealed = SealedFile::load(&self.sealed_file())?;
        let account = index.account(name);
        let kept = self
            .keychain
            .set(&account, secret)
            .and_then(|()| self.keychain.get(&account));
        let refusal = match kept {
            Ok(Some(kept)) if kept.expose() == secret.expose() => None,
            Ok(_) => Some(KeychainError::Refused(
                "it does not give back what it was given".to_owned(),
            )),
            Err(why) => Some(why),
        };
        if let Some(why) = refusal {
            if !index.names.contains(name)
                && let Err(error) = self.keychain.remove(&account)
            {
                tracing::debug!(%error, "what was not kept could not be removed either");
            }
            return Ok(Err(why));
        }
        index.leftover.remove(name);
        index.names.insert(name.clone());
        index.save(&self.index())?;
        if let Some(mut sealed) = sealed
            && sealed.forget(name)
        {
            sealed.save()?;
        }
        self.clear_leftover(&mut index)?;
        Ok(Ok(()))
    }

    /// Whether the keychain still has an earlier value.
    pub(super) fn set_in_file(
        &self,
        name: &SecretName,
        secret: &Secret,
    ) -> Result<bool, VaultError> {
        let path = self.sealed_file();
        loop {
            // People and key derivations are slow: nobody else has to wait for them.
            let before = SealedFile::load(&path)?;
            let key = before.as_ref().map(|file| self.key(file)).transpose()?;
            let prepared = match (before, key) {
                (Some(file), Some(key)) => (file, key),
                _ => SealedFile::new(&path, self.cost, &self.new_passphrase()?)?,
            };
            let _lock = Lock::to_write(&self.folder)?;
            let (mut file, key) = match (SealedFile::load(&path)?, prepared) {
                (None, prepared) => prepared,
                (Some(now), (then, key)) if now.derivation() == then.derivation() => (now, key),
                // Another process made it meanwhile, with another salt.
                _ => continue,
            };
            file.put(name, secret, &key)?;
            file.save()?;
            self.remember(file.derivation(), &key);
            return self.give_up_in_keychain(name);
        }
    }

    /// The file has the secret now, and the keychain's earlier value must not win over it.
    fn give_up_in_keychain(&self, name: &SecretName) -> Result<bool, VaultError> {
        let Some(mut index) = Index::load(&self.index())? else {
            return Ok(false);
        };
        if !index.names.remove(name) {
            return Ok(false);
        }
        let removed = self.keychain.remove(&index.account(name)).is_ok();
        if !removed {
            index.leftover.insert(name.clone());
        }
        index.save(&self.index())?;
        Ok(!removed)
    }
}
