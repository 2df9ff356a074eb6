//! Secrets that come in and never go out again.

use std::fmt;

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{Zeroize, Zeroizing};

/// A secret: read from a boundary, never printed, never serialised, wiped when dropped.
#[derive(Clone)]
pub struct Secret<T: Zeroize = String>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes a value in.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value, for the place where it is needed alone.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

/// A secret on its one way from the window to its host. The window alone can write it; everywhere
/// else it comes in and does not go out again.
#[derive(Debug, Clone)]
pub struct SecretInput(Secret);

impl SecretInput {
    /// What a person typed.
    #[must_use]
    pub fn typed(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// Takes it in, without the white space that comes along when a key is pasted.
    #[must_use]
    pub fn trimmed(&self) -> Secret {
        Secret::new(self.0.expose().trim().to_owned())
    }
}

impl From<SecretInput> for Secret {
    fn from(input: SecretInput) -> Self {
        input.0
    }
}

impl PartialEq for SecretInput {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Serialize for SecretInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if cfg!(target_family = "wasm") {
            serializer.serialize_str(self.0.expose())
        } else {
            Err(S::Error::custom(
                "a secret that came from the window goes nowhere else",
            ))
        }
    }
}

impl<'de> Deserialize<'de> for SecretInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The error must not repeat what came instead of a text.
        Secret::deserialize(deserializer)
            .map(Self)
            .map_err(|_| de::Error::custom("a secret is a text"))
    }
}

/// Where a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In a variable of the process's environment, which wins over the others.
    Environment,
    /// In the system's keychain.
    Keychain,
    /// In Slipway's own encrypted file.
    SealedFile,
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "the environment",
            Self::Keychain => "the keychain",
            Self::SealedFile => "the sealed file",
        })
    }
}

/// Where a key went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyKept {
    /// Its name.
    pub name: String,
    /// The place.
    pub place: SecretPlace,
    /// What the person must know: why it is not in the keychain, or that another value wins.
    pub notes: Vec<String>,
}

/// How the sealed file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealedState {
    /// There is none yet, and a person has to choose its passphrase.
    New,
    /// It is there, and its passphrase has not been given, or is another.
    Locked,
    /// Nothing has to be asked to read and write it.
    Open,
}

/// Where keys are kept now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyStore {
    /// Where a new key goes: the keychain or the sealed file.
    pub place: SecretPlace,
    /// Why it does not go to the keychain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_no_keychain: Option<String>,
    /// How many keys the keychain holds.
    pub in_keychain: u32,
    /// How many keys the sealed file holds.
    pub in_sealed_file: u32,
    /// How the sealed file stands.
    pub sealed: SealedState,
    /// The sealed file's path.
    pub sealed_file: String,
}

#[cfg(test)]
mod tests {
    use std::fmt::Display;

    use static_assertions::assert_not_impl_any;

    use super::*;

    assert_not_impl_any!(Secret: Serialize, Display, AsRef<str>, PartialEq);
    assert_not_impl_any!(Secret<Vec<u8>>: Serialize, Display, AsRef<[u8]>, PartialEq);
    assert_not_impl_any!(SecretInput: Display, AsRef<str>);

    #[test]
    fn nothing_of_it_is_printed() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(
            format!("{secret:?} {:#?}", Some(&secret))
                .matches("hunter2")
                .count(),
            0
        );
        assert_eq!(secret.expose(), "hunter2");
        let bytes = Secret::new(vec![104, 117, 110, 116]);
        assert!(!format!("{bytes:?}").contains("104"));
    }

    #[test]
    fn it_comes_in_as_its_value() {
        let secret: Secret = serde_json::from_str("\"hunter2\"").unwrap();
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn what_the_window_sends_comes_in_and_goes_nowhere_else() {
        let input: SecretInput = serde_json::from_str("\" hunter2\\n\"").unwrap();
        assert_eq!(input.trimmed().expose(), "hunter2");
        assert!(!format!("{input:?}").contains("hunter2"));
        let error = serde_json::to_string(&input).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
        assert_eq!(Secret::from(input).expose(), " hunter2\n");
        for wrong in ["12345678", "{\"key\": \"hunter2\"}", "[\"hunter2\"]"] {
            let error = serde_json::from_str::<SecretInput>(wrong).unwrap_err();
            let error = error.to_string();
            assert!(
                !error.contains("hunter2") && !error.contains("12345678"),
                "{error}"
            );
        }
    }
}
