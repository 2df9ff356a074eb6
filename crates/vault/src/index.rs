//! Which names the keychain holds for this home: keychains cannot be asked for a list everywhere.

use std::collections::BTreeSet;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::chance;
use crate::error::VaultError;
use crate::name::SecretName;
use crate::replace::{read, replace};

const LARGEST: u64 = 4 << 20;
const FORMAT: u32 = 1;

/// The list, as it is in its file. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Index {
    slipway_keychain: u32,
    /// Tells this home's entries from those of another home of the same person.
    home: String,
    pub(crate) names: BTreeSet<SecretName>,
    /// Entries that could not be removed when their names were given up.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) leftover: BTreeSet<SecretName>,
}

impl Index {
    /// The list in this file, or none when there is no file.
    pub(crate) fn load(path: &Path) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = read(path, LARGEST)? else {
            return Ok(None);
        };
        let wrong = |why: String| VaultError::Index {
            path: path.to_path_buf(),
            why,
        };
        let index: Self =
            serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        if index.slipway_keychain != FORMAT {
            return Err(wrong("it was written by a newer Slipway".to_owned()));
        }
        Ok(Some(index))
    }

    /// An empty list.
    pub(crate) fn new(path: &Path) -> Result<Self, VaultError> {
        let id: [u8; 8] = chance::bytes().map_err(VaultError::file("written", path))?;
        Ok(Self {
            slipway_keychain: FORMAT,
            home: HEXLOWER.encode(&id),
            names: BTreeSet::new(),
            leftover: BTreeSet::new(),
        })
    }

    pub(crate) fn save(&self, path: &Path) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| VaultError::file("written", path)(error.into()))?;
        replace(path, &bytes)
    }

    /// What an entry is called in the keychain.
    pub(crate) fn account(&self, name: &SecretName) -> String {
        format!("{name} ({})", self.home)
    }
}
