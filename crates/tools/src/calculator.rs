//! `calculator`: arithmetic, units, percentages and dates, exactly.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use fend_core::{Context, Interrupt};
use jiff::civil::Date;
use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use crate::arguments::{cut, parse, told};
use crate::blocking::{self, Stop};
use crate::definition::built_in;

const LONGEST: usize = 1_000;
const LONGEST_RESULT: usize = 10_000;
const TIME: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    expression: String,
}

/// The tool.
pub(crate) struct Calculator {
    definition: ToolDefinition,
    limit: Duration,
}

impl Calculator {
    pub(crate) fn new() -> Self {
        Self {
            definition: definition(),
            limit: TIME,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "calculator",
        "Computes an expression exactly: arithmetic (`1250.50 * 1.19 / 3`), percentages (`8% of \
         1250`, `1250 * (1 - 19%)`), functions of one value (`sqrt 2`, `round 2.5`), places (`2/3 \
         to 4 dp`), units (`5 feet 3 inches to cm`, `90 km/h to m/s`), dates (`@2026-01-31 + 45 \
         days`, `@2026-03-31 - @2026-01-31`). `approx.` marks a rounded result. It knows no \
         exchange rates and not today's date (see clock); for sums over a table use read_table.",
        DeclaredEffect::Always(Effect::Read),
        json!({
            "type": "object",
            "properties": {
                "expression": {"type": "string", "maxLength": LONGEST, "description": "The expression. Numbers have `.` as decimal separator and no thousands separators."}
            },
            "required": ["expression"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for Calculator {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let Arguments { expression } = parse(invocation.arguments)?;
        if expression.len() > LONGEST {
            return Err(told(format!(
                "The expression has {} bytes; at most {LONGEST} are computed. Compute it in parts.",
                expression.len()
            )));
        }
        if expression.contains(',') {
            // The library takes 1,5 for 15 and mean(1, 2) for mean(12).
            return Err(told(
                "The expression holds a comma; write numbers as 1234.5, and functions with one value.",
            ));
        }
        if let Some(sum) = unclear_percentage(&expression) {
            return Err(told(format!(
                "`{sum}` can mean two things; write `x * (1 + 10%)` for 10% more of x, `x + 0.1` for a tenth more."
            )));
        }
        let expression = days_between(&expression)?;
        let work = blocking::run_deep(move |stop| evaluate(&expression, stop));
        // Leaving the work makes it stop.
        tokio::time::timeout(self.limit, work).await.unwrap_or_else(|_| {
            let seconds = self.limit.as_secs_f32();
            Err(told(format!(
                "The expression took longer than {seconds} s and was stopped; its numbers are too large."
            )))
        })
    }
}

/// `200 + 10%`: 220 on a pocket calculator, 200.1 to the library. With 1 both are the same, and
/// a percentage after a percentage is clear.
fn unclear_percentage(expression: &str) -> Option<&str> {
    static SUM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"([\w.)]+)\s*[+-]\s*[\d.,]+\s*%(\s*of\b)?").ok());
    SUM.as_ref()?
        .captures_iter(expression)
        .find(|sum| sum.get(2).is_none() && &sum[1] != "1")
        .map(|sum| sum.get(0).map_or(expression, |whole| whole.as_str()))
}

/// Puts the days between two dates in the place of their difference, which the library lacks.
fn days_between(expression: &str) -> Result<String, ToolError> {
    static DIFFERENCE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"@(\d{4}-\d{2}-\d{2})\s*-\s*@(\d{4}-\d{2}-\d{2})").ok());
    let Some(found) = DIFFERENCE
        .as_ref()
        .and_then(|regex| regex.captures(expression))
    else {
        return Ok(expression.to_owned());
    };
    let date = |text: &str| {
        text.parse::<Date>()
            .map_err(|_| told(format!("`{text}` is not a date.")))
    };
    let (later, earlier) = (date(&found[1])?, date(&found[2])?);
    let days = (later - earlier).get_days();
    days_between(&expression.replacen(&found[0], &format!("({days} days)"), 1))
}

struct UntilStopped<'s>(&'s Stop);

impl Interrupt for UntilStopped<'_> {
    fn should_interrupt(&self) -> bool {
        self.0.is_set()
    }
}

fn evaluate(expression: &str, stop: &Stop) -> Result<Value, ToolError> {
    let mut context = Context::new();
    let result = fend_core::evaluate_with_interrupt(expression, &mut context, &UntilStopped(stop))
        .map_err(|error| {
            let expression = cut(expression, 200);
            told(format!(
                "`{expression}` cannot be computed: {}.",
                cut(&error, 400)
            ))
        })?;
    let text = result.get_main_result();
    if text.is_empty() || result.output_is_empty() {
        return Err(told(
            "The expression has no result; write one that has a value.",
        ));
    }
    if text.len() > LONGEST_RESULT {
        return Err(told(format!(
            "The result has {} characters, too many to be of use; ask for fewer digits.",
            text.len()
        )));
    }
    Ok(json!({ "result": text }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    async fn compute(expression: &str) -> Result<String, ToolError> {
        let arguments = json!({ "expression": expression });
        let result = Calculator::new()
            .call(sample::invocation(arguments))
            .await?;
        Ok(result["result"].as_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn results_are_exact() {
        for (expression, expected) in [
            ("0.1 + 0.2", "0.3"),
            ("1/3 * 3", "1"),
            ("8% of 1250", "100"),
            ("200 * (1 + 10%)", "220"),
            ("200 - 5% of 200", "190"),
            ("100% - 19%", "81%"),
            ("2^100", "1267650600228229401496703205376"),
            ("5 feet 3 inches to cm", "160.02 cm"),
            ("90 km/h to m/s", "25 m / s"),
            ("@2026-01-31 + 45 days", "Tuesday, 17 March 2026"),
            ("1 GiB to MB", "1073.741824 MB"),
            ("@2026-03-31 - @2026-01-31", "59 days"),
            (
                "(@2026-03-31 - @2026-01-31) to weeks",
                "approx. 8.4285714286 weeks",
            ),
            ("2/3 to 4 dp", "approx. 0.6667"),
        ] {
            assert_eq!(compute(expression).await.unwrap(), expected, "{expression}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_computed_is_told() {
        for expression in [
            "",
            "1/0",
            "2 +",
            "5 m + 3 s",
            "10 USD to EUR",
            "today",
            "roll d6",
            "nonsense",
            "1,5 + 1",
            "mean(1, 2)",
            "@2026-02-30 - @2026-01-01",
            "200 + 10%",
            "(50 + 50) - 19%",
        ] {
            let error = compute(expression).await.unwrap_err();
            assert!(
                matches!(error, ToolError::Model(_)),
                "{expression}: {error}"
            );
        }
    }

    #[tokio::test]
    async fn bombs_end_in_an_error() {
        let deep = format!("{}1{}", "(".repeat(499), ")".repeat(499));
        let chain = format!("2{}", "^2".repeat(400));
        for bomb in [
            "9^9^9^9",
            "(10^10^8)!",
            "1e999999999",
            "10000000!",
            "x = y: x x; x = 1; (f = (g: g g)); (g: g g) (g: g g)",
            chain.as_str(),
            &"-".repeat(1000),
            &"!".repeat(1000),
            &"a".repeat(100_000),
            deep.as_str(),
        ] {
            let calculator = Calculator {
                limit: Duration::from_millis(300),
                ..Calculator::new()
            };
            let arguments = json!({ "expression": bomb });
            let result = calculator.call(sample::invocation(arguments)).await;
            let fine = match &result {
                Ok(value) => value["result"]
                    .as_str()
                    .is_some_and(|text| text.len() < 2_000),
                Err(error) => matches!(error, ToolError::Model(_)),
            };
            assert!(fine, "{}: {result:?}", cut(bomb, 40));
        }
    }

    /// Leaving a computation must end it, or bombs would fill the machine with threads.
    #[tokio::test]
    async fn a_stopped_computation_ends() {
        for bomb in ["9^9^9^9", "10000000!", "1/3 to 100000000 dp"] {
            let stop = Stop::default();
            let seen = stop.clone();
            let thread = std::thread::spawn(move || evaluate(bomb, &seen));
            tokio::time::sleep(Duration::from_millis(100)).await;
            stop.set();
            assert!(thread.join().is_ok(), "{bomb}");
        }
    }
}
