//! Names of secrets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A secret's name, written as the variable that holds it elsewhere: `OPENAI_API_KEY`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// Characters of a name.
const LONGEST: usize = 100;

/// A text that is no name. It is not repeated: it may be a key in the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "that is no name of a secret: it has at most {LONGEST} characters, A to Z, 0 to 9 and _, and begins with a letter, as OPENAI_API_KEY does"
)]
pub struct InvalidName;

impl SecretName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecretName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let is_name = text.len() <= LONGEST
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName)
        }
    }
}

impl TryFrom<String> for SecretName {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, InvalidName> {
        text.parse()
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_variables_name_and_a_key_is_none() {
        for good in ["OPENAI_API_KEY", "A", "X9_"] {
            assert_eq!(good.parse::<SecretName>().unwrap().as_str(), good);
        }
        let long = "A".repeat(101);
        for bad in ["", "_A", "9A", "openai", "A-B", "A B", "Ä", "A\0", &long] {
            assert_eq!(bad.parse::<SecretName>(), Err(InvalidName), "{bad:?}");
        }
        let error = "sk-1234".parse::<SecretName>().unwrap_err().to_string();
        assert!(!error.contains("sk-1234"), "{error}");
    }
}
