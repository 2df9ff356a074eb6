//! Which arguments a rule is about, in words that a person reads before they agree.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::visible;

/// Which arguments a rule is about: those with exactly these fields, each as its pattern says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArgumentPattern(pub BTreeMap<String, ValuePattern>);

/// Which values a field may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValuePattern {
    /// This one: the same type, the same content.
    Is(Value),
    /// A text that begins with the first of these, ends with the last, and has between each two
    /// of them a part of a name: letters, digits, spaces, `-`, `_` and `.`.
    Like(Vec<String>),
    /// Any.
    Anything,
}

impl ArgumentPattern {
    /// Each field as it is shown; where there is none, that there is none.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        if self.0.is_empty() {
            return vec!["no arguments".to_owned()];
        }
        let fields = self.0.iter();
        fields
            .map(|(name, value)| format!("{} = {value}", name_shown(name)))
            .collect()
    }
}

impl fmt::Display for ArgumentPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fields().join(", "))
    }
}

impl fmt::Display for ValuePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anything => f.write_str("anything"),
            Self::Is(Value::String(text)) => write!(f, "\"{}\"", literal(text)),
            Self::Is(value) => f.write_str(&visible::json(&value.to_string())),
            Self::Like(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| literal(part)).collect();
                write!(f, "\"{}\"", parts.join("*"))
            }
        }
    }
}

/// A field's name, in quotes where it could be taken for something else.
pub(super) fn name_shown(name: &str) -> String {
    if is_plain_name(name) {
        name.to_owned()
    } else {
        visible::json(&Value::from(name).to_string())
    }
}

pub(super) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A text as JSON writes it, without its quotes; a star that stands for itself has a backslash.
fn literal(text: &str) -> String {
    let quoted = visible::json(&Value::from(text).to_string());
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().replace('*', "\\*")
}
