//! Texts that a regular expression matches.

use std::fmt;

use regex::{Regex, RegexBuilder};
use slipway_agent::package::document::{Reader, Section, Text};

use super::subject::Content;
use super::verdict::{Explanation, Verdict, cut};
use crate::suite::Texts;

/// The most bytes that a compiled expression may take: matching stays linear in the text, and this
/// bounds the factor.
const MAX_COMPILED: usize = 1 << 20;
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

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let text = content.text();
        match compiled(&self.pattern) {
            Err(why) => Verdict::unjudged(why),
            Ok(pattern) => Verdict::of(pattern.is_match(&text), || {
                let summary = format!("nothing in it matches /{}/", cut(&self.pattern, 200));
                Explanation::with_got(summary, &text)
            }),
        }
    }
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern)
        .size_limit(MAX_COMPILED)
        .dfa_size_limit(MAX_COMPILED)
        .nest_limit(50)
        .build();
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
    fn what_explodes_elsewhere_ends_here() {
        let text = format!("{}!", "a".repeat(200_000));
        assert!(!judge("^(a+)+$", &text).is_passed());
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
