//! Two runs beside each other.

use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use slipway_agent::package::text_diff;
use slipway_contract::event::{EventKind, RunEvent};
use slipway_contract::history::{RunComparison, StepFacts, StepPair};
use slipway_contract::message::Content;
use slipway_contract::run::RunSummary;
use slipway_contract::{Problem, RunId, Usd};

use super::overview::first_words;
use crate::App;

impl App {
    /// What two runs did, step beside step, and how their answers differ.
    ///
    /// # Errors
    /// One of them is not there, or its journal cannot be read.
    pub async fn compare_runs(&self, one: RunId, other: RunId) -> Result<RunComparison, Problem> {
        let (one, other) = (self.show_run(one).await?, self.show_run(other).await?);
        let mut comparison = RunComparison {
            asked_one: asked(&one.events),
            asked_other: asked(&other.events),
            steps: pairs(&steps(&one.events), &steps(&other.events)),
            answers: text_diff(&answer(&one.summary), &answer(&other.summary)),
            one: one.summary,
            other: other.summary,
        };
        // They are in the difference.
        for run in [&mut comparison.one, &mut comparison.other] {
            run.end.iter_mut().for_each(|end| end.output = None);
        }
        Ok(comparison)
    }
}

/// What a person said last.
fn asked(events: &[RunEvent]) -> String {
    let asked = events.iter().rev().find_map(|event| match &event.kind {
        EventKind::RunStarted { input, .. }
        | EventKind::RunContinued { input, .. }
        | EventKind::RunForked { input, .. } => Some(input.clone()),
        _ => None,
    });
    asked.unwrap_or_default()
}

fn answer(run: &RunSummary) -> String {
    match run.end.as_ref().and_then(|end| end.output.as_ref()) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(data) => serde_json::to_string_pretty(data).unwrap_or_default(),
    }
}

/// A step with all that it was told and gave.
#[derive(Debug, Clone)]
struct Step {
    facts: StepFacts,
    /// What it was called with.
    with: Value,
    /// What came of it.
    gave: Value,
}

impl Step {
    /// What makes two steps the same kind of step.
    fn kind(&self) -> Option<&str> {
        self.facts.tool.as_deref()
    }

    fn is_same_as(&self, other: &Self) -> bool {
        self.kind() == other.kind()
            && self.with == other.with
            && self.gave == other.gave
            && self.facts.failed == other.facts.failed
    }
}

/// The model calls and tool calls of a run, in their order.
fn steps(events: &[RunEvent]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for event in events {
        match &event.kind {
            EventKind::ModelRequested { step, .. }
                if steps.last().is_none_or(|last| last.facts.step != *step) =>
            {
                let facts = StepFacts {
                    step: *step,
                    tool: None,
                    words: String::new(),
                    took_ms: None,
                    cost_usd: None,
                    tokens: None,
                    failed: false,
                };
                steps.push(Step {
                    facts,
                    with: Value::Null,
                    gave: Value::Null,
                });
            }
            EventKind::ToolRequested {
                step,
                tool,
                arguments,
                ..
            } => steps.push(Step {
                facts: StepFacts {
                    step: *step,
                    tool: Some(tool.clone()),
                    words: first_words(arguments),
                    took_ms: None,
                    cost_usd: Some(Usd::ZERO),
                    tokens: None,
                    failed: false,
                },
                with: arguments.clone(),
                gave: Value::Null,
            }),
            EventKind::ModelResponded {
                step,
                content,
                usage,
                cost_usd,
                took_ms,
                ..
            } => {
                if let Some(found) = steps
                    .iter_mut()
                    .rev()
                    .find(|found| found.facts.step == *step)
                {
                    found.gave = said(content);
                    let facts = &mut found.facts;
                    facts.words = words(content);
                    facts.took_ms = Some(*took_ms);
                    facts.cost_usd = *cost_usd;
                    facts.tokens = Some((usage.input_tokens, usage.output_tokens));
                    facts.failed = false;
                }
            }
            EventKind::ModelFailed { step, message, .. } => {
                if let Some(found) = steps
                    .iter_mut()
                    .rev()
                    .find(|found| found.facts.step == *step)
                {
                    found.facts.words = first_words(&Value::String(message.clone()));
                    found.facts.failed = true;
                }
            }
            EventKind::ToolReturned {
                step,
                result,
                is_error,
                took_ms,
                ..
            } => {
                if let Some(found) = steps
                    .iter_mut()
                    .rev()
                    .find(|found| found.facts.step == *step)
                {
                    found.gave = result.clone();
                    found.facts.took_ms = *took_ms;
                    found.facts.failed = *is_error;
                }
            }
            _ => {}
        }
    }
    steps
}

/// An answer without what differs from run to run by nature: the ids of calls.
fn said(content: &[Content]) -> Value {
    let parts = content.iter().filter_map(|part| match part {
        Content::Text { text } => Some(Value::String(text.clone())),
        Content::ToolCall(call) => {
            Some(serde_json::json!({ "tool": call.tool, "arguments": call.arguments }))
        }
        Content::Reasoning { .. } => None,
    });
    Value::Array(parts.collect())
}

fn words(content: &[Content]) -> String {
    let text = content.iter().find_map(|part| match part {
        Content::Text { text } if !text.trim().is_empty() => Some(text.clone()),
        _ => None,
    });
    let calls = || {
        let calls = content.iter().filter_map(|part| match part {
            Content::ToolCall(call) => Some(call.tool.as_str()),
            _ => None,
        });
        calls.collect::<Vec<_>>().join(", ")
    };
    first_words(&Value::String(text.unwrap_or_else(calls)))
}

/// The steps of both runs, those of the same kind beside each other in their order.
fn pairs(one: &[Step], other: &[Step]) -> Vec<StepPair> {
    let kinds = |steps: &[Step]| -> Vec<Option<String>> {
        steps.iter().map(|step| step.facts.tool.clone()).collect()
    };
    let ops = capture_diff_slices(Algorithm::Patience, &kinds(one), &kinds(other));
    let mut pairs = Vec::new();
    for op in ops {
        let (left, right) = (&one[op.old_range()], &other[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            pairs.extend(left.iter().zip(right).map(|(one, other)| StepPair {
                one: Some(one.facts.clone()),
                other: Some(other.facts.clone()),
                same: one.is_same_as(other),
            }));
            continue;
        }
        pairs.extend(left.iter().map(|step| StepPair {
            one: Some(step.facts.clone()),
            other: None,
            same: false,
        }));
        pairs.extend(right.iter().map(|step| StepPair {
            one: None,
            other: Some(step.facts.clone()),
            same: false,
        }));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::StepId;

    use super::*;

    fn step(number: u32, tool: Option<&str>, with: Value, gave: Value) -> Step {
        Step {
            facts: StepFacts {
                step: StepId(number),
                tool: tool.map(str::to_owned),
                words: String::new(),
                took_ms: None,
                cost_usd: None,
                tokens: None,
                failed: false,
            },
            with,
            gave,
        }
    }

    fn numbers(pairs: &[StepPair]) -> Vec<(Option<u32>, Option<u32>, bool)> {
        let number = |facts: &Option<StepFacts>| facts.as_ref().map(|facts| facts.step.0);
        pairs
            .iter()
            .map(|pair| (number(&pair.one), number(&pair.other), pair.same))
            .collect()
    }

    #[test]
    fn steps_of_a_kind_stand_beside_each_other() {
        let one = [
            step(1, None, json!(null), json!(["a"])),
            step(2, Some("read_file"), json!({"path": "a"}), json!("1")),
            step(3, None, json!(null), json!(["end"])),
        ];
        let other = [
            step(1, None, json!(null), json!(["a"])),
            step(2, Some("calculator"), json!({}), json!(4)),
            step(3, Some("read_file"), json!({"path": "a"}), json!("2")),
            step(4, None, json!(null), json!(["end"])),
        ];
        assert_eq!(
            numbers(&pairs(&one, &other)),
            [
                (Some(1), Some(1), true),
                (None, Some(2), false),
                (Some(2), Some(3), false),
                (Some(3), Some(4), true),
            ],
            "the same file read to another end differs"
        );
        assert_eq!(numbers(&pairs(&[], &one)).len(), 3);
        assert!(pairs(&[], &[]).is_empty());
    }

    #[test]
    fn ids_of_calls_make_no_difference() {
        let call = |id: &str| {
            serde_json::from_value::<Vec<Content>>(json!([
                {"type": "tool_call", "call_id": id, "tool": "t", "arguments": {"a": 1}}
            ]))
            .unwrap()
        };
        assert_eq!(said(&call("1")), said(&call("2")));
        assert_eq!(
            words(&call("1")),
            "t",
            "an answer without words is its calls"
        );
    }
}
