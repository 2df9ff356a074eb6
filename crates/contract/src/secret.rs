//! Secrets that come in and never go out again.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
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

#[cfg(test)]
mod tests {
    use std::fmt::Display;

    use static_assertions::assert_not_impl_any;

    use super::*;

    assert_not_impl_any!(Secret: Serialize, Display, AsRef<str>, PartialEq);
    assert_not_impl_any!(Secret<Vec<u8>>: Serialize, Display, AsRef<[u8]>, PartialEq);

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
}
