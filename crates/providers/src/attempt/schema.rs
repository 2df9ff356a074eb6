//! How a model is held to the schema of its final answer.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use slipway_agent::ports::model::ModelRequest;
/// What the schema is called on the wire.
const NAME: &str = "answer";

/// Levels that strict schemas may have.
const DEEPEST: usize = 10;

/// A schema as the provider is given it.
#[derive(Debug, Serialize)]
pub(crate) struct Format<'a> {
    pub(crate) name: &'static str,
    pub(crate) schema: &'a Value,
    /// Whether the provider enforces it letter by letter, which it does for a part of JSON
    /// Schema only; otherwise it is told, and the engine checks the answer anyway.
    pub(crate) strict: bool,
}

/// How the schema reaches the model.
pub(crate) enum Output<'a> {
    /// There is none.
    Free,
    /// In its own place in the request.
    Format(Format<'a>),
    /// In the instructions.
    Told(&'a Value),
}

impl<'a> Output<'a> {
    pub(crate) fn of(request: &'a ModelRequest, schema_with_tools: bool) -> Self {
        match &request.output_schema {
            None => Self::Free,
            // Providers take objects only. And local servers that hold a model to a schema hold
            // it to it at once, so that it can never call a tool.
            Some(schema)
                if !is_object(schema) || !(schema_with_tools || request.tools.is_empty()) =>
            {
                Self::Told(schema)
            }
            Some(schema) => Self::Format(Format {
                name: NAME,
                schema,
                strict: is_strict(schema, 0),
            }),
        }
    }

    /// The schema in the instructions, for a place that has no other for it.
    pub(crate) fn told(request: &'a ModelRequest) -> Self {
        request
            .output_schema
            .as_ref()
            .map_or(Self::Free, Self::Told)
    }

    /// The instructions, with the schema where it has no place of its own.
    pub(crate) fn instructions<'i>(&self, instructions: &'i str) -> Cow<'i, str> {
        match self {
            Self::Free | Self::Format(_) => Cow::Borrowed(instructions),
            Self::Told(schema) => Cow::Owned(format!(
                "{instructions}\n\nWrite your final answer as nothing but JSON that fits this JSON Schema:\n{schema}"
            )),
        }
    }
}

fn is_object(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object") && schema.get("anyOf").is_none()
}

/// Whether a schema keeps to what strict mode takes: all properties required, no others allowed,
/// and no keyword beyond the plainest.
fn is_strict(schema: &Value, depth: usize) -> bool {
    let Value::Object(schema) = schema else {
        return false;
    };
    let plain = schema.keys().all(|key| {
        matches!(
            key.as_str(),
            "type"
                | "properties"
                | "required"
                | "additionalProperties"
                | "items"
                | "enum"
                | "const"
                | "anyOf"
                | "description"
        )
    });
    if !plain || depth > DEEPEST {
        return false;
    }
    let closed = || {
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        schema.get("additionalProperties") == Some(&Value::Bool(false))
            && properties.is_some_and(|properties| {
                properties.iter().all(|(name, property)| {
                    required.is_some_and(|required| required.iter().any(|one| one == name))
                        && is_strict(property, depth + 1)
                })
            })
    };
    let open = !names_object(schema.get("type")) && schema.get("properties").is_none();
    let items = schema
        .get("items")
        .is_none_or(|items| is_strict(items, depth + 1));
    let any = schema.get("anyOf").is_none_or(|options| {
        options
            .as_array()
            .is_some_and(|options| options.iter().all(|one| is_strict(one, depth + 1)))
    });
    (open || closed()) && items && any
}

fn names_object(kind: Option<&Value>) -> bool {
    match kind {
        Some(Value::String(kind)) => kind == "object",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
        _ => false,
    }
}

/// A tool's schema as providers want it: an object that names its properties.
pub(crate) fn parameters(schema: &Value) -> Cow<'_, Value> {
    match schema {
        Value::Object(map) if map.contains_key("properties") => Cow::Borrowed(schema),
        Value::Object(map) => {
            let mut map = map.clone();
            map.insert(
                "properties".to_owned(),
                Value::Object(serde_json::Map::new()),
            );
            Cow::Owned(Value::Object(map))
        }
        _ => Cow::Borrowed(schema),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_closed_schemas_are_strict() {
        let strict = json!({
            "type": "object",
            "properties": {
                "total": {"type": "number", "description": "in EUR"},
                "lines": {"type": "array", "items": {
                    "type": "object",
                    "properties": {"name": {"type": ["string", "null"]}},
                    "required": ["name"],
                    "additionalProperties": false,
                }},
            },
            "required": ["total", "lines"],
            "additionalProperties": false,
        });
        assert!(is_strict(&strict, 0));
        for (pointer, value) in [
            ("/required", json!(["total"])),
            ("/additionalProperties", json!(true)),
            ("/properties/total", json!({"type": "number", "minimum": 0})),
            ("/properties/lines/items/required", json!([])),
            ("/properties/lines/items", json!({"type": "object"})),
            ("/properties/total", json!(true)),
        ] {
            let mut open = strict.clone();
            *open.pointer_mut(pointer).unwrap() = value.clone();
            assert!(!is_strict(&open, 0), "{pointer} = {value}");
        }
    }

    #[test]
    fn a_schema_without_an_end_is_not_strict() {
        let mut schema = json!({"type": "string"});
        for _ in 0..60 {
            schema = json!({"type": "array", "items": schema});
        }
        assert!(!is_strict(&schema, 0));
    }

    #[test]
    fn a_tool_without_properties_names_none() {
        assert_eq!(
            *parameters(&json!({"type": "object"})),
            json!({"type": "object", "properties": {}})
        );
    }
}
