//! The sealed file's cryptography: argon2id makes the key of the passphrase, XChaCha20-Poly1305
//! seals each secret.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use slipway_contract::Secret;
use zeroize::Zeroizing;

use super::encoded::{Encoded, EncodedBytes};

/// What a hostile file may cost: memory in KiB, passes, lanes.
const MOST: (u32, u32, u32) = (1 << 20, 32, 16);

const SALT: usize = 16;
const NONCE: usize = 24;

/// How the key is made of the passphrase (RFC 9106). Every sealed text is bound to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Derivation {
    name: String,
    /// 19 stands for version 1.3.
    version: u32,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Encoded<SALT>,
}

/// The cost of making a key. Tests take a lower one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

impl Cost {
    /// RFC 9106, 4: the second recommended option.
    pub(crate) const RECOMMENDED: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };
}

/// What a key is made of cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unusable;

impl Derivation {
    pub(crate) fn new(cost: Cost, salt: [u8; SALT]) -> Self {
        Self {
            name: "argon2id".to_owned(),
            version: 19,
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
            salt: Encoded(salt),
        }
    }

    /// Slow on purpose.
    pub(crate) fn key(&self, passphrase: &Secret) -> Result<Key, Unusable> {
        let within = self.memory_kib <= MOST.0 && self.passes <= MOST.1 && self.lanes <= MOST.2;
        if self.name != "argon2id" || self.version != 19 || !within {
            return Err(Unusable);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32));
        let params = params.map_err(|_| Unusable)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = Zeroizing::new([0; 32]);
        argon2
            .hash_password_into(passphrase.expose().as_bytes(), &self.salt.0, &mut *key)
            .map_err(|_| Unusable)?;
        Ok(Key(key))
    }

    /// What a sealed text is bound to beside the key: moved to another name, or beside another
    /// derivation, it does not open.
    fn bound_to(&self, name: &str) -> Vec<u8> {
        let Self {
            name: algorithm,
            version,
            memory_kib,
            passes,
            lanes,
            salt,
        } = self;
        let mut bytes = format!(
            "slipway sealed 1\0{algorithm}\0{version}\0{memory_kib}\0{passes}\0{lanes}\0{name}\0"
        )
        .into_bytes();
        bytes.extend_from_slice(&salt.0);
        bytes
    }
}

/// The key of a file.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

/// A sealed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    nonce: Encoded<NONCE>,
    text: EncodedBytes,
}

impl Key {
    pub(crate) fn seal(
        &self,
        derivation: &Derivation,
        name: &str,
        secret: &[u8],
        nonce: [u8; NONCE],
    ) -> Result<Sealed, Unusable> {
        let payload = Payload {
            msg: secret,
            aad: &derivation.bound_to(name),
        };
        let text = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Unusable)?;
        Ok(Sealed {
            nonce: Encoded(nonce),
            text: EncodedBytes(text),
        })
    }

    /// The text; none when the key is another, or a byte is.
    pub(crate) fn open(
        &self,
        derivation: &Derivation,
        name: &str,
        sealed: &Sealed,
    ) -> Option<Secret<Vec<u8>>> {
        let payload = Payload {
            msg: &sealed.text.0,
            aad: &derivation.bound_to(name),
        };
        let opened = self
            .cipher()
            .decrypt(&XNonce::from(sealed.nonce.0), payload);
        opened.ok().map(Secret::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}
