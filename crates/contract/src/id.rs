//! Names and ids. Each is a type of its own, so that one cannot stand for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not a valid id or name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {text:?} is not valid: {rule}")]
pub struct InvalidId {
    /// What was expected, such as "agent name".
    pub what: &'static str,
    /// The text that was given.
    pub text: String,
    /// The rule it breaks.
    pub rule: &'static str,
}

fn hex<const N: usize>(
    what: &'static str,
    rule: &'static str,
    text: &str,
) -> Result<[u8; N], InvalidId> {
    let invalid = || InvalidId {
        what,
        text: text.chars().take(80).collect(),
        rule,
    };
    if text.len() != N * 2 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(invalid());
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(pair).map_err(|_| invalid())?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| invalid())?;
    }
    Ok(bytes)
}

macro_rules! hex_id {
    ($name:ident, $bytes:literal, $what:literal, $rule:literal) => {
        impl $name {
            /// The first seven digits, as people read it.
            #[must_use]
            pub fn short(&self) -> String {
                let mut text = self.to_string();
                text.truncate(7);
                text
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                hex::<$bytes>($what, $rule, text).map(Self)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

/// A run: 80 random bits, written as 20 hex digits. People may use any unique prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId([u8; 10]);
hex_id!(RunId, 10, "run id", "20 lower-case hex digits");

impl RunId {
    /// The id with these random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// The id's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

/// A rule that a person made: 80 random bits, written as 20 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId([u8; 10]);
hex_id!(RuleId, 10, "rule id", "20 lower-case hex digits");

impl RuleId {
    /// The id with these random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// The id's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

/// What came of running tests once: 80 random bits, written as 20 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId([u8; 10]);
hex_id!(ReportId, 10, "report id", "20 lower-case hex digits");

impl ReportId {
    /// The id with these random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// The id's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

/// A SHA-256: of a version's files, its behaviour, a tool's definition, a payload.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);
hex_id!(ContentHash, 32, "content hash", "64 lower-case hex digits");

impl ContentHash {
    /// The hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A step's number in its run, from 1; a conversation counts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub u32);

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A tool call's id as the model gave it; unique within one model answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub String);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An agent's name: kebab-case, unique in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AgentName(String);

impl AgentName {
    const RULE: &'static str = "lower-case letters and digits in groups joined by single hyphens, starting with a letter, at most 64";

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AgentName {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let groups = text.split('-').all(|group| {
            !group.is_empty()
                && group
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        let letter = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if groups && letter && text.len() <= 64 {
            Ok(Self(text.to_owned()))
        } else {
            let text = text.chars().take(80).collect();
            Err(InvalidId {
                what: "agent name",
                text,
                rule: Self::RULE,
            })
        }
    }
}

impl<'de> Deserialize<'de> for AgentName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_ids_survive_text() {
        let id = RunId::from_random([0xab; 10]);
        assert_eq!(id.to_string().parse::<RunId>(), Ok(id));
        assert_eq!(
            serde_json::from_str::<RunId>(&serde_json::to_string(&id).unwrap()).unwrap(),
            id
        );
        assert_eq!(id.short(), "abababa");
    }

    #[test]
    fn foreign_ids_are_refused() {
        for text in [
            "",
            "xyz",
            "ABABABABABABABABABAB",
            "é234567890123456789",
            "abababababababababa\n",
        ] {
            assert!(
                text.parse::<RunId>().is_err(),
                "{text:?} must not pass for a run id"
            );
        }
    }

    #[test]
    fn agent_names_are_kebab_case() {
        for good in ["a", "expense-report", "v2-agent", "a1-b2"] {
            assert!(good.parse::<AgentName>().is_ok(), "{good:?} is a name");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "a--b",
            "A",
            "1a",
            "a b",
            "../a",
            "a/b",
            "ä",
            &"a".repeat(65),
        ] {
            assert!(bad.parse::<AgentName>().is_err(), "{bad:?} is no name");
        }
    }
}
