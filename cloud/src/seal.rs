//! The server's secret, and what is derived from it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::chance::{Chance, NoChance};

/// What a secret text is kept as: enough to know it again, not enough to use it.
#[must_use]
pub fn fingerprint(secret: &str) -> [u8; 32] {
    fingerprint_of(secret.as_bytes())
}

/// The same of bytes.
#[must_use]
pub fn fingerprint_of(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// Why something sealed cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("this was sealed with another secret key, or was changed")]
pub struct NotOurs;

/// The server's secret of 32 bytes (`SLIPWAY_CLOUD_SECRET_KEY`). For each purpose another key is derived.
#[derive(Clone)]
pub struct Sealer(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// With this secret.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// A value that only this server can derive from these bytes, for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&*self.0) else {
            return [0; 32];
        };
        for part in [purpose.as_bytes(), &[0], bytes] {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        let key = Zeroizing::new(self.derive("seal", purpose.as_bytes()));
        XChaCha20Poly1305::new((&*key).into())
    }

    /// Encrypts these bytes for one purpose and one place, such as a row's id.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn seal(
        &self,
        chance: &dyn Chance,
        purpose: &str,
        place: &[u8],
        bytes: &[u8],
    ) -> Result<Vec<u8>, NoChance> {
        let nonce: [u8; 24] = chance.bytes()?;
        let payload = Payload {
            msg: bytes,
            aad: place,
        };
        let sealed = self.cipher(purpose).encrypt(&XNonce::from(nonce), payload);
        let mut whole = nonce.to_vec();
        whole.extend(sealed.map_err(|_| NoChance)?);
        Ok(whole)
    }

    /// Decrypts what was sealed for the same purpose and place.
    ///
    /// # Errors
    /// When it was sealed with another secret or for something else, or was changed.
    pub fn open(
        &self,
        purpose: &str,
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NotOurs> {
        let (nonce, rest) = sealed.split_first_chunk::<24>().ok_or(NotOurs)?;
        let payload = Payload {
            msg: rest,
            aad: place,
        };
        let opened = self.cipher(purpose).decrypt(&XNonce::from(*nonce), payload);
        opened.map(Zeroizing::new).map_err(|_| NotOurs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemChance;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_place_alone() {
        let sealer = Sealer::new([7; 32]);
        let sealed = sealer
            .seal(&SystemChance, "totp", b"anna", b"secret")
            .unwrap();
        assert_eq!(*sealer.open("totp", b"anna", &sealed).unwrap(), b"secret");
        assert!(sealer.open("totp", b"eve", &sealed).is_err());
        assert!(sealer.open("answer", b"anna", &sealed).is_err());
        assert!(Sealer::new([8; 32]).open("totp", b"anna", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open("totp", b"anna", &changed).is_err(), "byte {at}");
            assert!(
                sealer.open("totp", b"anna", &sealed[..at]).is_err(),
                "cut at {at}"
            );
        }
    }
}
