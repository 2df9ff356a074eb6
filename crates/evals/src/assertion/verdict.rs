//! What came of judging.

use serde::{Deserialize, Serialize};
use slipway_agent::package::text_diff;
use slipway_contract::Usd;
use slipway_contract::version::Hunk;

/// What came of judging one expectation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It is as expected.
    Passed,
    /// It is not.
    Failed {
        /// Why.
        #[serde(flatten)]
        why: Explanation,
    },
    /// Nobody could say, which never counts as passed.
    Unjudged {
        /// Why, and what would help.
        why: String,
    },
}

/// Why an expectation is not met, for people.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Explanation {
    /// What is wrong, in one sentence.
    pub summary: String,
    /// What was expected, where it can be shown beside what came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// More of why in lines, where a sentence is not all, such as how a run differs from its
    /// recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// The lines that differ, where both are texts of several lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<Hunk>,
}

/// A verdict with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What a verdict rests on that could have been another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Basis {
    /// A measure of likeness, from 0 to 1.
    Similarity {
        /// What measured it: a metric's name, or the model of the embeddings.
        metric: String,
        /// The likeness.
        score: f64,
        /// What measuring cost; none when nothing is known of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cost_usd: Option<Usd>,
    },
    /// A model that was asked.
    Rubric {
        /// The model.
        model: String,
        /// What it gave, from 0 to 1; none when its answer could not be read.
        score: Option<f64>,
        /// Its reasons.
        reasoning: String,
        /// What asking cost; none when nobody knows.
        cost_usd: Option<Usd>,
    },
}

/// The most characters of what is shown of a text.
const SHOWN: usize = 4_000;

/// A text cut to what a person reads, with how much was left out.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => {
            let left = text[end..].chars().count();
            format!("{}… ({left} more characters)", &text[..end])
        }
    }
}

/// A text in quotes, on one line.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", cut(text, 200))
}

/// A message's first paragraph, and what follows.
pub(super) fn paragraphs(message: &str) -> (&str, Option<&str>) {
    match message.trim().split_once("\n\n") {
        Some((first, rest)) => (first, Some(rest)),
        None => (message.trim(), None),
    }
}

impl Explanation {
    /// Only a sentence.
    #[must_use]
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            ..Self::default()
        }
    }

    /// A sentence, what was expected and what came, and the lines that differ.
    #[must_use]
    pub fn between(summary: impl Into<String>, expected: &str, got: &str) -> Self {
        let lines = |text: &str| text.trim_end_matches('\n').contains('\n');
        let diff = match lines(expected) || lines(got) {
            true => text_diff(expected, got).unwrap_or_default(),
            false => Vec::new(),
        };
        Self {
            summary: summary.into(),
            expected: Some(cut(expected, SHOWN)),
            got: Some(cut(got, SHOWN)),
            details: None,
            diff,
        }
    }

    /// A run's message: its first paragraph goes on with the sentence, and the rest are details.
    #[must_use]
    pub fn of_message(sentence: &str, message: &str) -> Self {
        let (first, rest) = paragraphs(message);
        let summary = match first {
            "" => sentence.to_owned(),
            first => format!("{sentence}: {}", cut(first, 1_000)),
        };
        Self {
            details: rest.map(|rest| cut(rest, 2 * SHOWN)),
            ..Self::new(summary)
        }
    }

    /// A sentence, and what came.
    #[must_use]
    pub fn with_got(summary: impl Into<String>, got: &str) -> Self {
        Self {
            got: Some(cut(got, SHOWN)),
            ..Self::new(summary)
        }
    }
}

impl Verdict {
    /// Passed, or failed for this reason.
    pub(crate) fn of(passed: bool, why: impl FnOnce() -> Explanation) -> Self {
        if passed {
            Self::Passed
        } else {
            Self::Failed { why: why() }
        }
    }

    pub(crate) fn failed(summary: impl Into<String>) -> Self {
        Self::Failed {
            why: Explanation::new(summary),
        }
    }

    pub(crate) fn unjudged(why: impl Into<String>) -> Self {
        Self::Unjudged { why: why.into() }
    }

    /// Whether it passed.
    #[must_use]
    pub const fn is_passed(&self) -> bool {
        matches!(self, Self::Passed)
    }

    /// The opposite, for `not`; what nobody could judge stays so.
    pub(crate) fn inverted(self, what: &str) -> Self {
        match self {
            Self::Passed => Self::failed(format!("{what}, and it should not be so")),
            Self::Failed { .. } => Self::Passed,
            unjudged @ Self::Unjudged { .. } => unjudged,
        }
    }
}

impl From<Verdict> for Judgement {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            basis: None,
        }
    }
}
