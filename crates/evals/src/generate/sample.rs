//! What a JSON Schema would take.

use serde_json::{Map, Value, json};

/// How deep a schema is followed: one may refer to itself.
const DEEPEST: usize = 8;

/// A value of the least that a schema asks for, as far as its plain keywords tell.
pub(super) fn sample(schema: &Value) -> Value {
    least(schema, 0)
}

fn least(schema: &Value, depth: usize) -> Value {
    for given in ["const", "default"] {
        if let Some(value) = schema.get(given) {
            return value.clone();
        }
    }
    for given in ["enum", "examples"] {
        if let Some(first) = schema.get(given).and_then(|all| all.get(0)) {
            return first.clone();
        }
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
        Some(kind) => kind.as_str(),
        None if schema.get("properties").is_some() => Some("object"),
        None => None,
    };
    match kind {
        Some("object") if depth < DEEPEST => {
            let required = schema.get("required").and_then(Value::as_array);
            let required = required.into_iter().flatten().filter_map(Value::as_str);
            let fields = required.map(|name| {
                let of = schema.get("properties").and_then(|all| all.get(name));
                (
                    name.to_owned(),
                    least(of.unwrap_or(&Value::Null), depth + 1),
                )
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Some("array") => match schema.get("minItems").and_then(Value::as_u64) {
            Some(1..) if depth < DEEPEST => {
                json!([least(
                    schema.get("items").unwrap_or(&Value::Null),
                    depth + 1
                )])
            }
            _ => json!([]),
        },
        Some("object") => json!({}),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(true),
        Some("null") => Value::Null,
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("date") => json!("2026-01-31"),
            Some("date-time") => json!("2026-01-31T12:00:00Z"),
            Some("email") => json!("ada@example.com"),
            Some("uri") => json!("https://example.com/"),
            _ => json!("an example"),
        },
    }
}
