//! What cases and variables are called, and how a case is found again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};
use sha2::{Digest as _, Sha256};
use slipway_contract::visible::deceives;

/// A case's name: one line, unique in its suite.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseName(String);

impl CaseName {
    /// The most characters of a name.
    pub const MOST: usize = 200;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() != text || text.is_empty() {
            return Err(
                "a case's name neither is empty nor begins or ends with a space".to_owned(),
            );
        }
        if text.chars().count() > Self::MOST {
            return Err(format!(
                "a case's name has at most {} characters",
                Self::MOST
            ));
        }
        match text
            .chars()
            .find(|c| deceives(*c) || *c == '\n' || *c == '\t')
        {
            Some(c) => Err(format!(
                "a case's name is one plain line, and this one holds {c:?}"
            )),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for CaseName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Whether a text can name a variable: a letter, then letters, digits and `_`, at most 64.
pub(super) fn is_variable(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A concrete case for good: 64 bits of the SHA-256 of its suite, its name, its row's values and
/// its place in the matrix. Neither its place in the file nor another case changes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseId(String);

impl CaseId {
    /// The id of what these parts name.
    #[must_use]
    pub(super) fn of<'p>(parts: impl IntoIterator<Item = &'p str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // With its length before it, no part can pass for the end of another.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let bytes = hash.finalize();
        Self(
            bytes
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    /// The id as text: 16 hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 16 && text.bytes().all(is_hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a case's id is 16 lower-case hex digits".to_owned())
        }
    }
}

impl<'de> Deserialize<'de> for CaseId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_lines() {
        for good in ["Sums match the table", "é 日本 (2)", "a"] {
            assert!(good.parse::<CaseName>().is_ok(), "{good}");
        }
        for bad in ["", " a", "a\n", "a\nb", "a\u{202e}b", &"x".repeat(201)] {
            assert!(bad.parse::<CaseName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        assert_ne!(CaseId::of(["ab", "c"]), CaseId::of(["a", "bc"]));
        assert_ne!(CaseId::of(["a", ""]), CaseId::of(["a"]));
        let id = CaseId::of(["a"]);
        assert_eq!(id.to_string().parse::<CaseId>(), Ok(id));
        assert!("zz".parse::<CaseId>().is_err());
    }
}
