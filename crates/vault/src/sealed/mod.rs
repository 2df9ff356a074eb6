//! The sealed file: `docs/secrets.md` describes its format.
//!
//! Each secret is sealed by itself, so that names can be listed and secrets removed without the
//! passphrase, and only the one that is needed is ever opened.

mod crypto;
mod encoded;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use slipway_contract::Secret;

use self::crypto::Sealed;
pub(crate) use self::crypto::{Cost, Derivation, Key};
use crate::chance;
use crate::error::VaultError;
use crate::name::SecretName;
use crate::replace::{read, replace};

const FORMAT: u32 = 1;
const LARGEST: u64 = 64 << 20;
/// No secret's name, so it cannot be taken for one.
const CHECK: &str = "check";

/// Why the sealed file cannot be used. It was not touched.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The passphrase does not open it.
    #[error("the passphrase is not the one of {}", .0.display())]
    WrongPassphrase(PathBuf),
    /// It is not as Slipway wrote it.
    #[error(
        "{} is damaged: {why}. It was left as it is; put a copy of it back, or move it away and set its keys again", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Another version wrote it.
    #[error("{} has format {format}, and this Slipway knows {FORMAT}: use a newer one", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: u64,
    },
}

/// The file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    slipway_sealed: u32,
    derivation: Derivation,
    cipher: String,
    /// Nothing, sealed: tells whether a passphrase is the right one.
    check: Sealed,
    entries: BTreeMap<SecretName, Sealed>,
    /// Tells a file that was damaged from a wrong passphrase. It keeps nobody from anything.
    #[serde(default)]
    sha256: String,
}

/// The sealed file as it was read.
#[derive(Debug, Clone)]
pub(crate) struct SealedFile {
    path: PathBuf,
    content: Content,
}

impl SealedFile {
    /// The file, or none when there is none. Needs no passphrase.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = read(path, LARGEST)? else {
            return Ok(None);
        };
        let damaged = |why: String| SealedError::Damaged {
            path: path.to_path_buf(),
            why,
        };
        let value: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(format!("it is no JSON ({error})")))?;
        let format = value.get("slipway_sealed").and_then(|value| value.as_u64());
        match format {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => {
                let path = path.to_path_buf();
                return Err(SealedError::Newer { path, format }.into());
            }
            None => return Err(damaged("it has no field slipway_sealed".to_owned()).into()),
        }
        let content: Content =
            serde_json::from_value(value).map_err(|error| damaged(error.to_string()))?;
        if content.sha256 != content.sum().map_err(VaultError::file("read", path))? {
            return Err(damaged("its checksum is another".to_owned()).into());
        }
        let path = path.to_path_buf();
        Ok(Some(Self { path, content }))
    }

    /// A new, empty file, not written yet, and its key.
    pub(crate) fn new(
        path: &Path,
        cost: Cost,
        passphrase: &Secret,
    ) -> Result<(Self, Key), VaultError> {
        let salt = chance::bytes().map_err(VaultError::file("made", path))?;
        let derivation = Derivation::new(cost, salt);
        let unusable = |_| VaultError::file("made", path)(std::io::Error::other("no memory"));
        let key = derivation.key(passphrase).map_err(unusable)?;
        let nonce = chance::bytes().map_err(VaultError::file("made", path))?;
        let check = key.seal(&derivation, CHECK, &[], nonce).map_err(unusable)?;
        let content = Content {
            slipway_sealed: FORMAT,
            derivation,
            cipher: "xchacha20poly1305".to_owned(),
            check,
            entries: BTreeMap::new(),
            sha256: String::new(),
        };
        let path = path.to_path_buf();
        Ok((Self { path, content }, key))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &SecretName> {
        self.content.entries.keys()
    }

    pub(crate) fn has(&self, name: &SecretName) -> bool {
        self.content.entries.contains_key(name)
    }

    pub(crate) const fn derivation(&self) -> &Derivation {
        &self.content.derivation
    }

    /// The key that this passphrase makes, if it is the right one.
    pub(crate) fn key(&self, passphrase: &Secret) -> Result<Key, VaultError> {
        let derivation = self.derivation();
        let key = derivation
            .key(passphrase)
            .map_err(|_| self.damaged("its key derivation is not one that Slipway uses"))?;
        match key.open(derivation, CHECK, &self.content.check) {
            Some(_) => Ok(key),
            None => Err(SealedError::WrongPassphrase(self.path.clone()).into()),
        }
    }

    /// A secret; none when there is none.
    pub(crate) fn open(&self, name: &SecretName, key: &Key) -> Result<Option<Secret>, VaultError> {
        let Some(sealed) = self.content.entries.get(name) else {
            return Ok(None);
        };
        let opened = key.open(self.derivation(), name.as_str(), sealed);
        let bytes = opened.ok_or_else(|| self.damaged(&format!("{name} was changed")))?;
        let text = std::str::from_utf8(bytes.expose())
            .map_err(|_| self.damaged(&format!("{name} is no text")))?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    /// Keeps a secret, in memory still.
    pub(crate) fn put(
        &mut self,
        name: &SecretName,
        secret: &Secret,
        key: &Key,
    ) -> Result<(), VaultError> {
        let nonce = chance::bytes().map_err(VaultError::file("written", &self.path))?;
        let sealed = key
            .seal(
                self.derivation(),
                name.as_str(),
                secret.expose().as_bytes(),
                nonce,
            )
            .map_err(|_| self.damaged("nothing can be sealed with its key"))?;
        self.content.entries.insert(name.clone(), sealed);
        Ok(())
    }

    /// Forgets a secret, in memory still.
    pub(crate) fn forget(&mut self, name: &SecretName) -> bool {
        self.content.entries.remove(name).is_some()
    }

    /// Writes the file in place of the one before.
    pub(crate) fn save(&mut self) -> Result<(), VaultError> {
        let failed = || VaultError::file("written", &self.path);
        self.content.sha256 = self.content.sum().map_err(failed())?;
        let bytes =
            serde_json::to_vec_pretty(&self.content).map_err(|error| failed()(error.into()))?;
        replace(&self.path, &bytes)
    }

    fn damaged(&self, why: &str) -> SealedError {
        SealedError::Damaged {
            path: self.path.clone(),
            why: why.to_owned(),
        }
    }
}

impl Content {
    fn sum(&self) -> std::io::Result<String> {
        let without = Self {
            sha256: String::new(),
            ..self.clone()
        };
        let bytes = serde_json::to_vec(&without)?;
        Ok(HEXLOWER.encode(&Sha256::digest(bytes)))
    }
}

/// A file whose checksum is right and whose content somebody changed, for tests.
#[cfg(test)]
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Forged(Content);

#[cfg(test)]
impl Forged {
    pub(crate) fn with_checksum(mut self) -> Vec<u8> {
        self.0.sha256 = self.0.sum().unwrap();
        serde_json::to_vec(&self.0).unwrap()
    }
}
