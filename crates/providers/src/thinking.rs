//! How a model is told how much to reason, which differs from model to model.

use serde::Deserialize;
use slipway_contract::model::ReasoningEffort;

use crate::registry::Effort;

/// The tokens that stand for a little and for a medium effort, as providers count them.
const LOW: u32 = 1_024;
const MEDIUM: u32 = 8_192;

/// What a model takes of it. Without words and without a budget it decides for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thinking {
    /// Its words for an effort, from the least to the most.
    pub levels: Vec<Effort>,
    /// The least and the most tokens that it takes as a budget for its thoughts.
    pub budget: Option<[u32; 2]>,
    /// Whether it can answer without a thought.
    pub can_stop: bool,
    /// Whether it thinks only when it is told to.
    pub when_told: bool,
}

impl Thinking {
    /// Its word for this effort, or for the next higher one that it knows.
    #[must_use]
    pub fn level(&self, effort: ReasoningEffort) -> Option<Effort> {
        Effort::nearest(&self.levels, effort)
    }

    /// The tokens that it may think for this effort; zero is not at all. Thoughts are a part of the
    /// answer, so that a limit to it leaves a quarter to what is said.
    #[must_use]
    pub fn budget(&self, effort: ReasoningEffort, limit: Option<u32>) -> Option<u32> {
        let [least, most] = self.budget?;
        let wanted = match effort {
            ReasoningEffort::Off if self.can_stop => return Some(0),
            ReasoningEffort::Off => least,
            ReasoningEffort::Low => LOW,
            ReasoningEffort::Medium => MEDIUM,
            ReasoningEffort::High => most,
        };
        let room = limit.map_or(most, |limit| limit - limit.div_ceil(4));
        if room < least && self.can_stop {
            return Some(0);
        }
        Some(wanted.min(room).max(least).min(most))
    }
}

#[cfg(test)]
mod tests {
    use Effort as Word;
    use ReasoningEffort::{High, Low, Medium, Off};

    use super::*;

    fn levels(words: &[Effort]) -> Thinking {
        Thinking {
            levels: words.to_vec(),
            ..Thinking::default()
        }
    }

    #[test]
    fn an_effort_without_a_word_is_the_next_higher_one_that_has() {
        for (known, expected) in [
            (
                &[Word::Minimal, Word::Low, Word::Medium, Word::High][..],
                [Word::Minimal, Word::Low, Word::Medium, Word::High],
            ),
            (
                &[Word::Low, Word::Medium, Word::High],
                [Word::Low, Word::Low, Word::Medium, Word::High],
            ),
            (
                &[Word::Low, Word::High],
                [Word::Low, Word::Low, Word::High, Word::High],
            ),
            (
                &[Word::Low, Word::Medium],
                [Word::Low, Word::Low, Word::Medium, Word::Medium],
            ),
        ] {
            let thinking = levels(known);
            let words = [Off, Low, Medium, High].map(|effort| thinking.level(effort).unwrap());
            assert_eq!(words, expected, "{known:?}");
        }
        assert_eq!(levels(&[]).level(High), None);
    }

    #[test]
    fn a_budget_keeps_to_what_the_model_takes() {
        let of = |budget, can_stop| {
            let thinking = Thinking {
                budget: Some(budget),
                can_stop,
                ..Thinking::default()
            };
            [Off, Low, Medium, High].map(|effort| thinking.budget(effort, None).unwrap())
        };
        assert_eq!(of([128, 32_768], false), [128, 1_024, 8_192, 32_768]);
        assert_eq!(of([1, 24_576], true), [0, 1_024, 8_192, 24_576]);
        assert_eq!(of([2_048, 4_096], false), [2_048, 2_048, 4_096, 4_096]);
        assert_eq!(Thinking::default().budget(High, None), None);
    }

    #[test]
    fn a_budget_leaves_room_for_the_answer() {
        let of = |can_stop, effort, limit| {
            let thinking = Thinking {
                budget: Some([512, 24_576]),
                can_stop,
                ..Thinking::default()
            };
            thinking.budget(effort, Some(limit)).unwrap()
        };
        for can_stop in [true, false] {
            assert_eq!(of(can_stop, High, 100_000), 24_576);
            assert_eq!(of(can_stop, High, 8_192), 6_144);
            assert_eq!(of(can_stop, Medium, 8_192), 6_144);
            assert_eq!(of(can_stop, Low, 8_192), 1_024);
            assert_eq!(of(can_stop, Low, 1_000), 750);
        }
        assert_eq!(of(true, High, 600), 0, "too little to think");
        assert_eq!(of(false, High, 600), 512, "it thinks all the same");
        assert_eq!(of(true, Off, 8_192), 0);
        assert_eq!(of(false, Off, 0), 512);
    }
}
