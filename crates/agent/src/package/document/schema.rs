//! The JSON Schemas of input and output, written as TOML.

use std::ops::Range;

use jsonschema::ValidationError;
use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

use super::nearest;
use super::reader::{Reader, Section, Spot};

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// The drafts that the validator carries with it.
const DRAFTS: [&str; 5] = [
    "draft/2020-12",
    "draft/2019-09",
    "draft-07",
    "draft-06",
    "draft-04",
];

/// Keywords whose values are data, not schemas.
const DATA: [&str; 4] = ["const", "default", "enum", "examples"];

/// The JSON Schema in a table. Nothing is fetched: a reference to anywhere but the schema itself is
/// refused before the validator sees it.
pub fn schema(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Value> {
    let mut schema = Map::new();
    let mut is_whole = true;
    for (key, found) in section.iter() {
        match json(reader, &found) {
            Some(value) => {
                schema.insert(key.to_owned(), value);
            }
            None => is_whole = false,
        }
    }
    let schema = Value::Object(schema);
    if let Some(draft) = section.get("$schema")
        && !draft.value.as_str().is_some_and(is_known_draft)
    {
        let what =
            "a draft of JSON Schema, such as \"https://json-schema.org/draft/2020-12/schema\"";
        reader.expected(what, &draft);
        return None;
    }
    let is_local = references(reader, section);
    let is_valid = is_whole && is_schema(reader, section, &schema);
    (is_local && is_valid && compiles(reader, section, &schema)).then_some(schema)
}

fn is_known_draft(uri: &str) -> bool {
    let uri = uri.trim_end_matches('#');
    let drafts = DRAFTS.iter();
    let mut names = drafts.map(|draft| format!("json-schema.org/{draft}/schema"));
    let address = uri.strip_prefix("https://").or(uri.strip_prefix("http://"));
    names.any(|name| address == Some(name.as_str()))
}

/// A value as JSON has it, or a finding where JSON has none such.
pub fn json(reader: &mut Reader<'_>, found: &Spot<&DeValue<'_>>) -> Option<Value> {
    let value = match found.value {
        DeValue::String(text) => Some(Value::String(text.to_string())),
        DeValue::Boolean(value) => Some(Value::Bool(*value)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(Value::from),
        DeValue::Float(number) => {
            let number = number.as_str().parse().ok();
            number.and_then(Number::from_f64).map(Value::Number)
        }
        DeValue::Datetime(_) => None,
        DeValue::Array(items) => {
            let items = items.iter().map(|item| {
                let item = Spot {
                    value: item.get_ref(),
                    key: found.key.clone(),
                    span: item.span(),
                };
                json(reader, &item)
            });
            // All items are looked at before the first fault ends it.
            let items: Vec<_> = items.collect();
            return items
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .map(Value::Array);
        }
        DeValue::Table(_) => {
            let section = reader.as_table(found)?;
            let entries: Vec<_> = section
                .iter()
                .map(|(key, found)| Some((key.to_owned(), json(reader, &found)?)))
                .collect();
            return entries
                .into_iter()
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object);
        }
    };
    if value.is_none() {
        reader.expected("a value that JSON can have", found);
    }
    value
}

/// Whether all references stay inside the schema.
fn references(reader: &mut Reader<'_>, section: &Section<'_>) -> bool {
    let mut is_local = true;
    for (key, found) in section.iter() {
        match found.value {
            DeValue::String(target) => {
                let fault = match key {
                    "$ref" | "$dynamicRef" | "$recursiveRef" if !target.starts_with('#') => {
                        "a reference stays inside the schema and begins with `#`: nothing is fetched"
                    }
                    "$id" | "id" if target.contains(':') || target.contains('/') => {
                        "a schema in a package has no address of its own: remove it"
                    }
                    _ => continue,
                };
                reader.report(&found.span, &found.key, fault);
                is_local = false;
            }
            DeValue::Table(_) if !DATA.contains(&key) => {
                if let Some(inner) = reader.as_table(&found) {
                    is_local &= references(reader, &inner);
                }
            }
            DeValue::Array(items) if !DATA.contains(&key) => {
                for (index, item) in items.iter().enumerate() {
                    if let DeValue::Table(table) = item.get_ref() {
                        let key = format!("{}[{index}]", found.key);
                        let inner = Section::new(key, item.span(), table);
                        is_local &= references(reader, &inner);
                    }
                }
            }
            _ => {}
        }
    }
    is_local
}

/// Whether it is a JSON Schema by the meta-schema of its draft.
fn is_schema(reader: &mut Reader<'_>, section: &Section<'_>, schema: &Value) -> bool {
    let meta = match jsonschema::meta::validator_for(schema) {
        Ok(meta) => meta,
        Err(error) => {
            reader.report(&section.span, &section.key, &told(&error.to_string()));
            return false;
        }
    };
    let mut is_valid = true;
    for error in meta.iter_errors(schema) {
        let (key, span) = locate(section, error.instance_path().as_str());
        let message = told_of(&key, &error);
        reader.report(&span, &key, &message);
        is_valid = false;
    }
    is_valid
}

/// Whether answers can be checked against it: its references lead somewhere.
fn compiles(reader: &mut Reader<'_>, section: &Section<'_>, schema: &Value) -> bool {
    let Err(error) = jsonschema::validator_for(schema) else {
        return true;
    };
    let (key, span) = locate(section, error.instance_path().as_str());
    reader.report(&span, &key, &told_of(&key, &error));
    false
}

fn told_of(key: &str, error: &ValidationError<'_>) -> String {
    match error.instance().as_str() {
        Some(text) if key.ends_with(".type") => {
            let meant = nearest(text, TYPES).map(|meant| format!("; did you mean {meant:?}?"));
            let meant = meant.unwrap_or_default();
            let types = TYPES.join(", ");
            format!("expected one of {types}, found {text:?}{meant}")
        }
        Some(text) if key.ends_with(".pattern") => {
            format!("expected a regular expression, found {text:?}")
        }
        _ => told(&error.to_string()),
    }
}

fn told(error: &str) -> String {
    format!("is not a JSON Schema: {error}")
}

/// The key and place that a JSON pointer (RFC 6901) leads to, as far as it leads.
fn locate(section: &Section<'_>, pointer: &str) -> (String, Range<usize>) {
    let mut key = section.key.clone();
    let mut span = section.span.clone();
    let mut tokens = pointer.split('/').skip(1);
    let unescaped = |token: &str| token.replace("~1", "/").replace("~0", "~");
    let Some(first) = tokens
        .next()
        .and_then(|token| section.get(&unescaped(token)))
    else {
        return (key, span);
    };
    (key, span) = (first.key, first.span);
    let mut value = first.value;
    for token in tokens {
        let next = match value {
            DeValue::Array(items) => token.parse().ok().and_then(|index: usize| items.get(index)),
            DeValue::Table(table) => DeTable::get(table, unescaped(token).as_str()),
            _ => None,
        };
        let Some(next) = next else { break };
        key = match value {
            DeValue::Array(_) => format!("{key}[{token}]"),
            _ => format!("{key}.{}", unescaped(token)),
        };
        (value, span) = (next.get_ref(), next.span());
    }
    (key, span)
}
