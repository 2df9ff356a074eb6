//! How a model is told how much to reason, which differs from model to model.

use serde::Deserialize;
use slipway_contract::model::ReasoningEffort;

/// The tokens that stand for a little and for a medium effort, as providers count them.
const LOW: u32 = 1_024;
const MEDIUM: u32 = 8_192;

/// What a model takes of it. Without words and without a budget it decides for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thinking {
    /// Its words for an effort, from the least to the most.
    pub levels: Vec<String>,
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
    pub fn level(&self, effort: ReasoningEffort) -> Option<&str> {
        let wanted = match effort {
            ReasoningEffort::Off => 0,
            ReasoningEffort::Low => 1,
            ReasoningEffort::Medium => 2,
            ReasoningEffort::High => 3,
        };
        let mut levels = self.levels.iter();
        let level = levels.find(|level| rank(level) >= wanted);
        level.or(self.levels.last()).map(String::as_str)
    }

    /// The tokens that it may think for this effort; zero is not at all.
    #[must_use]
    pub fn budget(&self, effort: ReasoningEffort) -> Option<u32> {
        let [least, most] = self.budget?;
        let wanted = match effort {
            ReasoningEffort::Off if self.can_stop => return Some(0),
            ReasoningEffort::Off => least,
            ReasoningEffort::Low => LOW,
            ReasoningEffort::Medium => MEDIUM,
            ReasoningEffort::High => most,
        };
        Some(wanted.max(least).min(most))
    }
}

fn rank(level: &str) -> u8 {
    match level {
        "none" | "minimal" => 0,
        "low" => 1,
        "medium" => 2,
        "high" => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use ReasoningEffort::{High, Low, Medium, Off};

    use super::*;

    fn levels(words: &[&str]) -> Thinking {
        Thinking {
            levels: words.iter().map(|&word| word.to_owned()).collect(),
            ..Thinking::default()
        }
    }

    #[test]
    fn an_effort_without_a_word_is_the_next_higher_one_that_has() {
        for (known, expected) in [
            (
                &["minimal", "low", "medium", "high"][..],
                ["minimal", "low", "medium", "high"],
            ),
            (&["low", "medium", "high"], ["low", "low", "medium", "high"]),
            (&["low", "high"], ["low", "low", "high", "high"]),
            (&["low", "medium"], ["low", "low", "medium", "medium"]),
            (
                &["low", "medium", "high", "max"],
                ["low", "low", "medium", "high"],
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
            [Off, Low, Medium, High].map(|effort| thinking.budget(effort).unwrap())
        };
        assert_eq!(of([128, 32_768], false), [128, 1_024, 8_192, 32_768]);
        assert_eq!(of([1, 24_576], true), [0, 1_024, 8_192, 24_576]);
        assert_eq!(of([2_048, 4_096], false), [2_048, 2_048, 4_096, 4_096]);
        assert_eq!(Thinking::default().budget(High), None);
    }
}
