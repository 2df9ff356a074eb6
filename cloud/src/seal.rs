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
///
/// While it is changed there is another one beside it, with which things are opened and never sealed.
#[derive(Clone)]
pub struct Sealer {
    own: Zeroizing<[u8; 32]>,
    other: Option<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// With this secret.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            own: Zeroizing::new(secret),
            other: None,
        }
    }

    /// That opens, too, what was sealed with this one.
    #[must_use]
    pub fn opening(self, other: [u8; 32]) -> Self {
        Self {
            other: Some(Zeroizing::new(other)),
            ..self
        }
    }

    /// With its own secret alone.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self {
            own: self.own.clone(),
            other: None,
        }
    }

    /// A value that only this server can derive from these bytes, for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        derived(&self.own, purpose, bytes)
    }

    /// All values that it may have derived: with its own secret, and with the other one if there is one.
    pub fn derived(&self, purpose: &str, bytes: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        self.secrets()
            .map(move |secret| derived(secret, purpose, bytes))
    }

    fn secrets(&self) -> impl Iterator<Item = &[u8; 32]> {
        [Some(&self.own), self.other.as_ref()]
            .into_iter()
            .flatten()
            .map(|secret| &**secret)
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
        let sealed = cipher(&self.own, purpose).encrypt(&XNonce::from(nonce), payload);
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
        let nonce = XNonce::from(*nonce);
        let open = |secret| {
            let payload = Payload {
                msg: rest,
                aad: place,
            };
            cipher(secret, purpose).decrypt(&nonce, payload).ok()
        };
        self.secrets()
            .find_map(open)
            .map(Zeroizing::new)
            .ok_or(NotOurs)
    }
}

fn derived(secret: &[u8; 32], purpose: &str, bytes: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) else {
        return [0; 32];
    };
    for part in [purpose.as_bytes(), &[0], bytes] {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn cipher(secret: &[u8; 32], purpose: &str) -> XChaCha20Poly1305 {
    let key = Zeroizing::new(derived(secret, "seal", purpose.as_bytes()));
    XChaCha20Poly1305::new((&*key).into())
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

    #[test]
    fn while_the_secret_is_changed_either_opens_and_the_new_one_seals() {
        let (old, new) = (Sealer::new([7; 32]), Sealer::new([8; 32]));
        let both = Sealer::new([8; 32]).opening([7; 32]);
        let before = old.seal(&SystemChance, "totp", b"anna", b"secret").unwrap();
        assert_eq!(*both.open("totp", b"anna", &before).unwrap(), b"secret");
        assert!(both.alone().open("totp", b"anna", &before).is_err());
        let after = both
            .seal(&SystemChance, "totp", b"anna", b"secret")
            .unwrap();
        assert_eq!(*new.open("totp", b"anna", &after).unwrap(), b"secret");
        assert_eq!(
            both.derived("form", b"x").collect::<Vec<_>>(),
            [new.derive("form", b"x"), old.derive("form", b"x")]
        );
    }
}
