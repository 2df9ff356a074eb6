//! JSON that fits a JSON Schema.

use std::fmt;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;
use slipway_agent::package::document::{self, Reader, Section};

use super::subject::Content;
use super::verdict::{Explanation, Verdict, cut};
use crate::suite::Texts;

/// Problems that are told at once.
const TOLD: usize = 5;

/// It is JSON, and fits a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct FitsSchema {
    /// The JSON Schema, which refers to nothing outside itself.
    pub schema: Value,
}

impl FitsSchema {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let table = reader.table(section, "schema")?;
        let schema = document::schema(reader, &table)?;
        if let Err(error) = compiled(&schema) {
            let message = format!("the schema cannot be used here: {error}");
            reader.report(&table.span, &table.key, &message);
            return None;
        }
        Some(Self { schema })
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let value = match content.json() {
            Ok(value) => value,
            Err(why) => {
                let why = Explanation::with_got(format!("it {why}"), &content.text());
                return Verdict::Failed { why };
            }
        };
        let validator = match compiled(&self.schema) {
            Ok(validator) => validator,
            Err(error) => return Verdict::unjudged(format!("the schema cannot be used: {error}")),
        };
        let problems: Vec<String> = validator
            .iter_errors(&value)
            .take(TOLD)
            .map(|error| {
                let told = cut(&error.to_string(), 300);
                match error.instance_path().as_str() {
                    "" => told,
                    place => format!("{place}: {told}"),
                }
            })
            .collect();
        Verdict::of(problems.is_empty(), || {
            let summary = format!("it does not fit the schema: {}", problems.join("; "));
            Explanation::with_got(summary, &format!("{value:#}"))
        })
    }
}

/// Patterns in it take linear time: what an agent answers may be made to explode.
fn compiled(schema: &Value) -> Result<Validator, String> {
    let patterns = PatternOptions::regex()
        .size_limit(1 << 20)
        .dfa_size_limit(1 << 20);
    let built = jsonschema::options()
        .with_pattern_options(patterns)
        .build(schema);
    built.map_err(|error| cut(&error.to_string(), 300))
}

impl fmt::Display for FitsSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fits the schema")
    }
}

impl Texts for FitsSchema {
    // A schema is what it is: filled in, it might be none.
    fn each_text(&mut self, _: &mut dyn FnMut(&mut String)) {}
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pattern_takes_linear_time() {
        let fits = FitsSchema {
            schema: json!({"pattern": "^(a+)+$"}),
        };
        let text = format!("{}!", "a".repeat(100_000));
        let verdict = fits.judge(&Content::of(json!(json!(text).to_string())));
        assert!(matches!(verdict, Verdict::Failed { .. }));
        let fits = FitsSchema {
            schema: json!({"pattern": "(?=a)"}),
        };
        let verdict = fits.judge(&Content::of(json!("\"a\"")));
        assert!(
            matches!(verdict, Verdict::Unjudged { .. }),
            "what cannot be used passes nothing"
        );
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        for schema in [
            json!({"$ref": "#"}),
            json!({"allOf": [{"$ref": "#"}]}),
            json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}),
        ] {
            let fits = FitsSchema { schema };
            let _ = fits.judge(&Content::of(json!({"a": [1]})));
        }
    }

    #[test]
    fn each_problem_is_told_with_its_place() {
        let schema = json!({"type": "object", "required": ["total"], "properties": {"total": {"type": "number"}}});
        let fits = FitsSchema { schema };
        assert!(fits.judge(&Content::of(json!({"total": 1}))).is_passed());
        assert!(
            fits.judge(&Content::of(json!("{\"total\": 1}")))
                .is_passed()
        );
        let Verdict::Failed { why } = fits.judge(&Content::of(json!({"total": "x"}))) else {
            panic!("a text is no number")
        };
        assert!(
            why.summary
                .contains("/total: \"x\" is not of type \"number\""),
            "{}",
            why.summary
        );
        let Verdict::Failed { why } = fits.judge(&Content::of(json!("Sorry."))) else {
            panic!("a sentence is no JSON")
        };
        assert!(why.summary.starts_with("it is no JSON"), "{}", why.summary);
    }
}
