//! The models and parameters with which each case is run.

use std::fmt;

use serde::{Deserialize, Serialize};
use slipway_agent::package::document::{Reader, Section, Text};
use slipway_contract::model::{ModelRef, ReasoningEffort};
use toml::de::DeValue;

use super::keys;

/// The most values along one side of the matrix.
const MAX_VALUES: usize = 50;

/// The points at which each case is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    points: Vec<Point>,
}

/// A place in the matrix.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// The model; none is the agent's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelRef>,
    /// What else differs.
    #[serde(flatten)]
    pub parameters: Parameters,
}

/// How a model is asked, where it is not as the agent says.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Parameters {
    /// The sampling temperature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The most tokens of one answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// How much it reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<ReasoningEffort>,
}

impl Default for Matrix {
    fn default() -> Self {
        Self {
            points: vec![Point::default()],
        }
    }
}

impl Matrix {
    /// The points, at least one: models first, then the parameters, each in the author's order.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }
}

impl Point {
    /// Whether it is the agent as it is.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.model.as_ref().map(ToString::to_string));
        let Parameters {
            temperature,
            max_output_tokens,
            reasoning,
        } = self.parameters;
        parts.extend(temperature.map(|value| format!("temperature {value}")));
        parts.extend(max_output_tokens.map(|value| format!("at most {value} tokens")));
        let effort = |effort| EFFORTS.iter().find(|(_, known)| *known == effort);
        let word = reasoning
            .and_then(effort)
            .map(|(word, _)| format!("reasoning {word}"));
        parts.extend(word);
        f.write_str(&parts.join(", "))
    }
}

const EFFORTS: [(&str, ReasoningEffort); 4] = [
    ("off", ReasoningEffort::Off),
    ("low", ReasoningEffort::Low),
    ("medium", ReasoningEffort::Medium),
    ("high", ReasoningEffort::High),
];

/// `[matrix]`
pub(super) fn read(reader: &mut Reader<'_>, top: &Section<'_>) -> Matrix {
    let Some(mut section) = reader.table(top, "matrix") else {
        return Matrix::default();
    };
    reader.only(&mut section, keys::MATRIX, &[]);
    let models = reader.texts(&section, "models", Text::Line(200));
    let models = models.into_iter().filter_map(|found| {
        let model = reader.parsed(found, str::parse::<ModelRef>)?;
        Some(model.value)
    });
    let models: Vec<ModelRef> = models.collect();
    let temperatures = numbers(reader, &section, "temperature", 0.0, 2.0);
    let tokens = numbers(reader, &section, "max_output_tokens", 1.0, 10_000_000.0);
    let efforts = reader.texts(&section, "reasoning", Text::Line(40));
    let efforts = efforts.into_iter();
    let efforts: Vec<_> = efforts
        .filter_map(|found| reader.word_of(found, &EFFORTS))
        .collect();
    let mut points = Vec::new();
    for model in side(reader, &section, "models", models) {
        for temperature in side(reader, &section, "temperature", temperatures.clone()) {
            for max in side(reader, &section, "max_output_tokens", tokens.clone()) {
                for reasoning in side(reader, &section, "reasoning", efforts.clone()) {
                    points.push(Point {
                        model: model.clone(),
                        parameters: Parameters {
                            temperature,
                            // Checked to be whole and in range.
                            max_output_tokens: max.map(|max| max as u32),
                            reasoning,
                        },
                    });
                }
            }
        }
    }
    Matrix { points }
}

/// The values along one side: one that says nothing, where none is given.
fn side<T: PartialEq + Clone>(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    mut values: Vec<T>,
) -> Vec<Option<T>> {
    let Some(found) = section.get(key) else {
        return vec![None];
    };
    if values.is_empty() && reader.is_clean() {
        reader.report(
            &found.span,
            &found.key,
            "is empty: name a value, or leave the key out",
        );
    }
    let twice = (1..values.len()).any(|at| values[..at].contains(&values[at]));
    if twice && reader.is_clean() {
        reader.report(&found.span, &found.key, "has a value twice");
    }
    if values.len() > MAX_VALUES {
        let message = format!("has {} values, and {MAX_VALUES} are the most", values.len());
        reader.report(&found.span, &found.key, &message);
        values.truncate(1);
    }
    values.into_iter().map(Some).collect()
}

fn numbers(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    least: f64,
    most: f64,
) -> Vec<f64> {
    let Some(found) = section.get(key) else {
        return Vec::new();
    };
    let mut numbers = Vec::new();
    for item in reader.items(&found) {
        let (text, is_whole) = match item.value {
            DeValue::Integer(number) if number.radix() == 10 => (number.as_str(), true),
            DeValue::Float(number) => (number.as_str(), false),
            _ => ("", false),
        };
        let value = text.parse::<f64>().ok();
        let value = value.filter(|number| (least..=most).contains(number));
        match value.filter(|_| is_whole || least < 1.0) {
            Some(number) => numbers.push(number),
            None if least < 1.0 => {
                reader.expected(&format!("a number from {least} to {most}"), &item);
            }
            None => reader.expected(&format!("an integer from {least} to {most}"), &item),
        }
    }
    numbers
}
