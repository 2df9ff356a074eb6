//! What is expected of a run, and whether it is so.

mod approval;
mod case;
mod figure;
mod file;
mod keys;
mod language;
mod length;
mod number;
mod outcome;
mod path;
mod pattern;
pub mod ports;
mod read;
mod rubric;
mod schema;
mod similarity;
mod subject;
pub mod subset;
#[cfg(test)]
mod tests;
mod text;
mod tool;
mod verdict;

use std::fmt;

pub use approval::{Approval, Wanted};
pub use case::{Check, Judged, Outcome, judge};
pub use figure::AtMost;
pub(crate) use figure::seconds;
pub use file::FileWritten;
#[cfg(test)]
pub(crate) use keys::ALL as ALL_KEYS;
pub(crate) use keys::HEADS;
pub use language::InLanguage;
pub use length::{Length, Unit};
pub use number::{Expected, Near, Tolerance};
pub use outcome::{BudgetKept, Ended, NoError};
pub use path::Path;
pub use pattern::Matches;
use ports::Ports;
pub(crate) use read::read;
pub use rubric::Rubric;
pub use schema::FitsSchema;
pub use similarity::{Metric, Similar};
pub use subject::{Source, Subject};
pub use text::{Contains, Equals, HowMany};
pub use tool::{Called, InOrder};
pub(crate) use verdict::cut;
pub use verdict::{Basis, Explanation, Judgement, Verdict};

use crate::evidence::Evidence;
use crate::suite::Texts;

/// An assertion as a case expects it.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// What is looked for.
    pub assertion: Assertion,
    /// Whether it must not be so.
    pub not: bool,
    /// How much it counts beside the case's others.
    pub weight: Weight,
}

/// How much an expectation counts beside others: 1 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(u32);

impl Weight {
    /// As much as any other.
    pub const ONE: Self = Self(1);
    /// The most.
    pub const MOST: u32 = 1_000;

    /// This weight; none when it is out of range.
    #[must_use]
    pub const fn new(weight: u32) -> Option<Self> {
        if weight >= 1 && weight <= Self::MOST {
            Some(Self(weight))
        } else {
            None
        }
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The share of the weights that passes a case: above 0, at most 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Threshold(f64);

impl Threshold {
    /// Everything must be met.
    pub const ALL: Self = Self(1.0);

    /// This share; none when it is out of range.
    #[must_use]
    pub fn new(share: f64) -> Option<Self> {
        (share > 0.0 && share <= 1.0).then_some(Self(share))
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// What is looked for in a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Assertion {
    /// Something about a text or a value.
    Content(Subject, ContentCheck),
    /// A tool was called so often.
    Called(Called),
    /// Tools were called in this order.
    InOrder(InOrder),
    /// A file was written.
    FileWritten(FileWritten),
    /// A person was asked.
    Approval(Approval),
    /// A figure is at most this.
    AtMost(AtMost),
    /// The run succeeded.
    NoError(NoError),
    /// The run ended for one of these reasons.
    Ended(Ended),
    /// The run stayed in its budget.
    BudgetKept(BudgetKept),
}

/// What is looked for in a text or a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ContentCheck {
    /// It is exactly this.
    Equals(Equals),
    /// It holds texts.
    Contains(Contains),
    /// A regular expression matches.
    Matches(Matches),
    /// It fits a JSON Schema.
    FitsSchema(FitsSchema),
    /// It is a number near this one.
    Near(Near),
    /// It is like another text.
    Similar(Similar),
    /// It is so long.
    Length(Length),
    /// It is in a language.
    InLanguage(InLanguage),
    /// A model finds that it meets a rubric.
    Rubric(Rubric),
}

impl Expectation {
    /// An assertion that must hold, with the weight of one.
    #[must_use]
    pub const fn new(assertion: Assertion) -> Self {
        Self {
            assertion,
            not: false,
            weight: Weight::ONE,
        }
    }

    /// Whether it is so.
    pub async fn judge(&self, evidence: &Evidence, ports: &Ports<'_>) -> Judgement {
        let judgement = self.assertion.judge(evidence, ports).await;
        if !self.not {
            return judgement;
        }
        let verdict = judgement.verdict.inverted(&self.assertion.to_string());
        Judgement {
            verdict,
            ..judgement
        }
    }
}

impl Expectation {
    /// What is wrong with it, now that variables are filled in; none where it can be judged.
    pub(crate) fn problem(&self) -> Option<String> {
        let Assertion::Content(subject, check) = &self.assertion else {
            return None;
        };
        let path = subject.path.as_ref().and_then(Path::problem);
        path.map(str::to_owned).or_else(|| match check {
            ContentCheck::FitsSchema(check) => check.problem(),
            ContentCheck::Matches(check) => check.problem(),
            _ => None,
        })
    }
}

impl Assertion {
    /// Whether it is so.
    pub async fn judge(&self, evidence: &Evidence, ports: &Ports<'_>) -> Judgement {
        match self {
            Self::Content(subject, check) => match subject.find(evidence) {
                Ok(content) => check.judge(&content, evidence, ports).await,
                Err(verdict) => verdict.into(),
            },
            Self::Called(called) => called.judge(evidence).into(),
            Self::InOrder(order) => order.judge(evidence).into(),
            Self::FileWritten(file) => file.judge(evidence).into(),
            Self::Approval(approval) => approval.judge(evidence).into(),
            Self::AtMost(figure) => figure.judge(evidence).into(),
            Self::NoError(no_error) => no_error.judge(evidence).into(),
            Self::Ended(ended) => ended.judge(evidence).into(),
            Self::BudgetKept(kept) => kept.judge(evidence).into(),
        }
    }
}

impl ContentCheck {
    async fn judge(
        &self,
        content: &subject::Content<'_>,
        evidence: &Evidence,
        ports: &Ports<'_>,
    ) -> Judgement {
        match self {
            Self::Equals(check) => check.judge(content).into(),
            Self::Contains(check) => check.judge(content).into(),
            Self::Matches(check) => check.judge(content).into(),
            Self::FitsSchema(check) => check.judge(content).into(),
            Self::Near(check) => check.judge(content).into(),
            Self::Similar(check) => check.judge(content, ports).await,
            Self::Length(check) => check.judge(content).into(),
            Self::InLanguage(check) => check.judge(content).into(),
            Self::Rubric(check) => check.judge(content, evidence, ports).await,
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.not {
            f.write_str("not: ")?;
        }
        self.assertion.fmt(f)
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content(subject, check) => write!(f, "{subject} {check}"),
            Self::Called(called) => called.fmt(f),
            Self::InOrder(order) => order.fmt(f),
            Self::FileWritten(file) => file.fmt(f),
            Self::Approval(approval) => approval.fmt(f),
            Self::AtMost(figure) => figure.fmt(f),
            Self::NoError(_) => f.write_str("ends without an error"),
            Self::Ended(ended) => ended.fmt(f),
            Self::BudgetKept(_) => f.write_str("keeps its budget"),
        }
    }
}

impl fmt::Display for ContentCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(check) => check.fmt(f),
            Self::Contains(check) => check.fmt(f),
            Self::Matches(check) => check.fmt(f),
            Self::FitsSchema(check) => check.fmt(f),
            Self::Near(check) => check.fmt(f),
            Self::Similar(check) => check.fmt(f),
            Self::Length(check) => check.fmt(f),
            Self::InLanguage(check) => check.fmt(f),
            Self::Rubric(check) => check.fmt(f),
        }
    }
}

impl Texts for Expectation {
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        match &mut self.assertion {
            Assertion::Content(subject, check) => {
                subject.each_text(see);
                match check {
                    ContentCheck::Equals(check) => check.each_text(see),
                    ContentCheck::Contains(check) => check.each_text(see),
                    ContentCheck::Matches(check) => check.each_text(see),
                    ContentCheck::FitsSchema(check) => check.each_text(see),
                    ContentCheck::Near(check) => check.each_text(see),
                    ContentCheck::Similar(check) => check.each_text(see),
                    ContentCheck::Rubric(check) => check.each_text(see),
                    ContentCheck::Length(_) | ContentCheck::InLanguage(_) => {}
                }
            }
            Assertion::Called(called) => called.each_text(see),
            Assertion::FileWritten(file) => file.each_text(see),
            Assertion::InOrder(_)
            | Assertion::Approval(_)
            | Assertion::AtMost(_)
            | Assertion::NoError(_)
            | Assertion::Ended(_)
            | Assertion::BudgetKept(_) => {}
        }
    }
}

#[cfg(test)]
pub(crate) use tests::evidence as evidence_of;
