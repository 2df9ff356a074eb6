//! How long a text is.

use std::fmt;

use slipway_agent::package::document::{Reader, Section};

use super::subject::Content;
use super::verdict::{Explanation, Verdict};

/// It is so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// What is counted.
    pub unit: Unit,
    /// At least so many.
    pub least: Option<u32>,
    /// At most so many.
    pub most: Option<u32>,
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Characters (Unicode scalar values).
    Characters,
    /// Words: what stands between white space.
    Words,
}

impl Length {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>, unit: Unit) -> Option<Self> {
        let (at_least, at_most) = match unit {
            Unit::Characters => ("min_chars", "max_chars"),
            Unit::Words => ("min_words", "max_words"),
        };
        let range = 0..=10_000_000;
        let least = reader.integer(section, at_least, &range);
        let most = reader.integer(section, at_most, &range);
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            let message = format!("`{at_least}` is more than `{at_most}`");
            reader.report(&section.span, &section.key, &message);
            return None;
        }
        (least.is_some() || most.is_some()).then_some(Self { unit, least, most })
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let text = content.text();
        let count = match self.unit {
            Unit::Characters => text.chars().count(),
            Unit::Words => text.split_whitespace().count(),
        };
        let fits = self.least.is_none_or(|least| count >= least as usize)
            && self.most.is_none_or(|most| count <= most as usize);
        Verdict::of(fits, || {
            let summary = format!(
                "it has {count} {}, and it should have {}",
                self.unit,
                self.range()
            );
            Explanation::with_got(summary, &text)
        })
    }

    fn range(&self) -> String {
        match (self.least, self.most) {
            (Some(least), Some(most)) => format!("{least} to {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, most) => format!("at most {}", most.unwrap_or(u32::MAX)),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Characters => "characters",
            Self::Words => "words",
        })
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "has {} {}", self.range(), self.unit)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn characters_and_words_are_counted() {
        let content = Content::of(json!("Grüße  an\nalle"));
        for (unit, least, most, fits) in [
            (Unit::Words, Some(3), Some(3), true),
            (Unit::Words, Some(4), None, false),
            (Unit::Characters, Some(14), Some(14), true),
            (Unit::Characters, None, Some(13), false),
        ] {
            let length = Length { unit, least, most };
            assert_eq!(length.judge(&content).is_passed(), fits, "{length}");
        }
    }
}
