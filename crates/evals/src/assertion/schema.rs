//! JSON that fits a JSON Schema.

use std::fmt;

use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Number, Value};
use slipway_agent::package::document::{self, Reader, Section};

use super::subject::Content;
use super::verdict::{Explanation, Verdict, cut};
use crate::suite::{Texts, Written, written};

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
        let mut whole = Map::new();
        for (key, found) in table.iter() {
            whole.insert(key.to_owned(), document::json(reader, &found)?);
        }
        let whole = Value::Object(whole);
        if has_variables(&whole) {
            if let Some(place) = outside(&whole) {
                let message = format!(
                    "refers to {place:?}: a schema with variables refers to itself alone, and no variable stands in `$ref` or `$schema`"
                );
                reader.report(&table.span, &table.key, &message);
                return None;
            }
            return Some(Self { schema: whole });
        }
        let schema = document::schema(reader, &table)?;
        if let Err(error) = compiled(&schema) {
            let message = format!("the schema cannot be used here: {error}");
            reader.report(&table.span, &table.key, &message);
            return None;
        }
        Some(Self { schema })
    }

    /// What is wrong with it, now that its variables are filled in.
    pub(super) fn problem(&self) -> Option<String> {
        let error = compiled(&self.schema).err()?;
        Some(format!("the schema cannot be used: {error}"))
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
    fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        fill(&mut self.schema, see);
    }
}

/// The keywords of JSON Schema (validation, 2020-12, sections 6.2 to 6.5) that take a number.
const NUMBERS: [&str; 13] = [
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
];
/// The keywords whose values are data and no schemas.
const DATA: [&str; 4] = ["const", "enum", "default", "examples"];

/// Fills a schema's texts; one that stands where a number must becomes it.
fn fill(schema: &mut Value, see: &mut dyn FnMut(&mut String)) {
    let Value::Object(map) = schema else {
        return match schema {
            Value::Array(items) => items.iter_mut().for_each(|item| fill(item, see)),
            other => other.each_text(see),
        };
    };
    for (key, value) in map.iter_mut() {
        let Value::String(text) = value else {
            match DATA.contains(&key.as_str()) {
                true => value.each_text(see),
                false => fill(value, see),
            }
            continue;
        };
        see(text);
        if NUMBERS.contains(&key.as_str())
            && let Ok(number) = text.trim().parse::<Number>()
        {
            *value = Value::Number(number);
        }
    }
}

fn has_variables(value: &Value) -> bool {
    match value {
        Value::String(text) => written(text).any(|part| matches!(part, Written::Variable(_))),
        Value::Array(items) => items.iter().any(has_variables),
        Value::Object(map) => map.values().any(has_variables),
        _ => false,
    }
}

/// A reference that leads out of the schema, or that a variable's value makes.
fn outside(value: &Value) -> Option<&str> {
    match value {
        Value::Array(items) => items.iter().find_map(outside),
        Value::Object(map) => map
            .iter()
            .find_map(|(key, value)| match (key.as_str(), value) {
                ("$ref" | "$dynamicRef", Value::String(place))
                    if !place.starts_with('#') || has_variables(value) =>
                {
                    Some(place.as_str())
                }
                ("$schema" | "$id", Value::String(place)) => Some(place.as_str()),
                (_, value) => outside(value),
            }),
        _ => None,
    }
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

    fn filled(schema: Value, value: &str) -> FitsSchema {
        let mut fits = FitsSchema { schema };
        fits.each_text(&mut |text| *text = text.replace("{{x}}", value));
        fits
    }

    #[test]
    fn variables_are_filled_in_and_become_numbers_where_one_must_stand() {
        let schema = || {
            json!({"properties": {
                "code": {"pattern": "^{{x}}$"},
                "total": {"minimum": "{{x}}"},
                "data": {"const": {"minimum": "{{x}}"}},
            }})
        };
        let fits = filled(schema(), "42");
        assert_eq!(fits.problem(), None);
        for (value, is_fine) in [
            (
                json!({"code": "42", "total": 42, "data": {"minimum": "42"}}),
                true,
            ),
            (json!({"code": "421"}), false),
            (json!({"total": 41.9}), false),
            (json!({"data": {"minimum": 42}}), false),
        ] {
            assert_eq!(
                fits.judge(&Content::of(value.clone())).is_passed(),
                is_fine,
                "{value}"
            );
        }
        for wrong in ["(", "", "NaN", "[[["] {
            let fits = filled(schema(), wrong);
            let problem = fits.problem().unwrap();
            assert!(problem.contains("the schema cannot be used"), "{problem}");
            assert!(matches!(
                fits.judge(&Content::of(json!({"code": "("}))),
                Verdict::Unjudged { .. }
            ));
        }
    }
}
