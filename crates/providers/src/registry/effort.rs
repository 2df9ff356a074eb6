//! How much a model shall reason, in the words of its place.

use serde::{Deserialize, Serialize};
use slipway_contract::model::ReasoningEffort;

/// A word for how much a model reasons, from nothing on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// It does not reason.
    None,
    /// As little as it can.
    Minimal,
    /// A little.
    Low,
    /// As most tasks need it.
    Medium,
    /// As it does when nothing is said.
    Default,
    /// Much.
    High,
    /// More than that.
    XHigh,
    /// As much as it can.
    Max,
}

impl Effort {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::Default => "default",
            Self::High => "high",
            Self::XHigh => "xhigh",
            Self::Max => "max",
        }
    }

    /// The word among those that are taken that comes nearest: the least that is enough, else the
    /// most. A model that was asked to reason is never told not to.
    #[must_use]
    pub fn nearest(taken: &[Self], wanted: ReasoningEffort) -> Option<Self> {
        let least = match wanted {
            ReasoningEffort::Off => Self::None,
            ReasoningEffort::Low => Self::Low,
            ReasoningEffort::Medium => Self::Medium,
            ReasoningEffort::High => Self::High,
        };
        let enough = taken.iter().copied().filter(|word| *word >= least).min();
        let nearest = enough.or_else(|| taken.iter().copied().max());
        nearest.filter(|word| *word != Self::None || wanted == ReasoningEffort::Off)
    }
}

/// Where it is said how much a model shall reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffortField {
    /// In `reasoning_effort`.
    #[default]
    ReasoningEffort,
    /// In `reasoning.effort`.
    Reasoning,
    /// In `reasoning_effort`, and `thinking.type` says whether at all.
    Thinking,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_taken() {
        use Effort::{Default, High, Low, Max, Medium, Minimal, None};
        use ReasoningEffort as Wanted;
        for (taken, wanted, said) in [
            (&[None, Low, Medium, High][..], Wanted::Off, Some(None)),
            (&[Minimal, Low, Medium, High], Wanted::Off, Some(Minimal)),
            (&[Low, Medium, High], Wanted::Off, Some(Low)),
            (&[High], Wanted::Low, Some(High)),
            (&[None, High], Wanted::Low, Some(High)),
            (&[None, Low, High], Wanted::Medium, Some(High)),
            (&[Low, Medium], Wanted::High, Some(Medium)),
            (&[None, Default], Wanted::High, Some(Default)),
            (&[None, Low, High, Max], Wanted::High, Some(High)),
            (&[None], Wanted::High, Option::None),
            (&[], Wanted::High, Option::None),
        ] {
            assert_eq!(Effort::nearest(taken, wanted), said, "{taken:?} {wanted:?}");
        }
    }
}
