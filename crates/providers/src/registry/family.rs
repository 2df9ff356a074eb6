//! Models of one place that differ from its others.

use serde::Deserialize;

use super::dialect::OutputForm;
use super::effort::Effort;

/// Models whose names are alike, and in what they differ.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Their names; `*` stands for anything.
    pub models: Vec<String>,
    /// The words for how much they reason; none at all: it is not said.
    #[serde(default)]
    pub efforts: Option<Vec<Effort>>,
    /// How the schema of the final answer is given.
    #[serde(default)]
    pub output: Option<OutputForm>,
    /// Whether they take images.
    #[serde(default)]
    pub images: Option<bool>,
}

impl Family {
    /// Whether this model is one of them. A tuned model is one of those that it was tuned from.
    #[must_use]
    pub fn has(&self, model: &str) -> bool {
        let model = model.strip_prefix("ft:").unwrap_or(model);
        self.models.iter().any(|pattern| fits(pattern, model))
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    name.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, expected) in [
            ("gpt-5", "gpt-5", true),
            ("gpt-5", "gpt-5-mini", false),
            ("gpt-5*", "gpt-5", true),
            ("gpt-5*", "gpt-5-mini", true),
            ("*", "", true),
            ("gpt-5*-chat*", "gpt-5.1-chat-latest", true),
            ("gpt-5*-chat*", "gpt-5.1", false),
            ("*pro", "gpt-5-pro", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("grok-4.20*", "grok-4.2", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
