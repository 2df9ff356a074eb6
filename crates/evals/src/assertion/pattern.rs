//! Texts that a regular expression matches.

use std::fmt;

use regex::{Regex, RegexBuilder};
use slipway_agent::package::document::{Reader, Section, Text};

use super::subject::Content;
use super::verdict::{Explanation, Verdict, cut};
use crate::suite::Texts;

/// Matching takes at most the product of the text's length and the compiled expression's size, so
/// that a large expression is kept to shorter texts: bytes of the one, and of the other.
const SMALL: (usize, usize) = (128 << 10, 4 << 20);
/// The same for the largest expressions.
const LARGE: (usize, usize) = (1 << 20, 128 << 10);
/// The most characters of an expression.
const MAX_CHARACTERS: usize = 2_000;

/// A regular expression matches somewhere in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// The expression, in the syntax of the `regex` crate: no look-around, no back-references.
    pub pattern: String,
}

impl Matches {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let found = reader.text(section, "matches", Text::Line(MAX_CHARACTERS))?;
        // What has variables in it is an expression only once they are filled in.
        let found = reader.parsed(found, |text| match text.contains("{{") {
            true => Ok(()),
            false => compiled(text).map(|_| ()),
        });
        found?;
        let pattern = reader.text(section, "matches", Text::Line(MAX_CHARACTERS))?;
        Some(Self {
            pattern: pattern.value.to_owned(),
        })
    }

    /// What is wrong with it, now that its variables are filled in.
    pub(super) fn problem(&self) -> Option<String> {
        compiled(&self.pattern).err()
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let text = content.text();
        match compiled(&self.pattern) {
            Err(why) => Verdict::unjudged(why),
            Ok((_, most)) if text.len() > most => Verdict::unjudged(format!(
                "it has {} bytes, and this regular expression is tried on at most {most}",
                text.len()
            )),
            Ok((pattern, _)) => Verdict::of(pattern.is_match(&text), || {
                let summary = format!("nothing in it matches /{}/", cut(&self.pattern, 200));
                Explanation::with_got(summary, &text)
            }),
        }
    }
}

/// The expression, and the most bytes of a text that it is tried on.
fn compiled(pattern: &str) -> Result<(Regex, usize), String> {
    let build = |(size, most): (usize, usize)| {
        let mut builder = RegexBuilder::new(pattern);
        let built = builder
            .size_limit(size)
            .dfa_size_limit(LARGE.0)
            .nest_limit(50);
        built.build().map(|built| (built, most))
    };
    let built = match build(SMALL) {
        Err(regex::Error::CompiledTooBig(_)) => build(LARGE),
        other => other,
    };
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => format!(
            "the regular expression is too large when it is compiled: {:?}",
            cut(pattern, 100)
        ),
        error => {
            let error = error.to_string();
            let last = error.lines().last().unwrap_or_default().trim();
            let why = last.strip_prefix("error: ").unwrap_or(last);
            format!(
                "expected a regular expression, found {:?}: {why}",
                cut(pattern, 100)
            )
        }
    })
}

impl fmt::Display for Matches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "matches /{}/", cut(&self.pattern, 200))
    }
}

impl Texts for Matches {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        see(&mut self.pattern);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judge(pattern: &str, text: &str) -> Verdict {
        let pattern = pattern.to_owned();
        Matches { pattern }.judge(&Content::of(json!(text)))
    }

    #[test]
    fn it_matches_anywhere() {
        assert!(judge(r"Total: \d+", "The Total: 42.").is_passed());
        assert!(matches!(
            judge(r"^Total$", "The Total"),
            Verdict::Failed { .. }
        ));
    }

    #[test]
    fn ordinary_patterns_are_small_enough() {
        for pattern in [
            r"\w+@\w+\.\w+",
            r"(?i)\btotal\b[^\n]{0,200}\d+[.,]\d{2}",
            r"\p{L}{1,20} \d{4}-\d{2}-\d{2}",
        ] {
            compiled(pattern).unwrap();
        }
    }

    #[test]
    fn what_explodes_elsewhere_ends_here() {
        let text = format!("{}!", "a".repeat(200_000));
        assert!(matches!(judge("^(a+)+$", &text), Verdict::Failed { .. }));
        let large = r"\p{L}{1,20}=";
        assert!(
            matches!(judge(large, &text), Verdict::Unjudged { .. }),
            "it would take long"
        );
        assert!(matches!(judge(large, "short"), Verdict::Failed { .. }));
        for bad in [
            "(((a{1000}){1000}){1000})",
            "(",
            "(?=a)",
            &"(".repeat(1_000),
        ] {
            assert!(matches!(judge(bad, "a"), Verdict::Unjudged { .. }), "{bad}");
        }
    }
}
