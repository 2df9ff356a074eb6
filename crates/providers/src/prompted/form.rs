//! The schema of an answer that either calls tools or replies.

use serde_json::{Map, Value, json};
use slipway_agent::ports::model::ModelRequest;
use slipway_contract::model::ToolChoice;
use slipway_contract::tool::ToolDefinition;

use crate::attempt::schema::parameters;

/// Levels of a schema that becomes a part of another.
const DEEPEST: usize = 10;

/// Keywords that every server knows that holds a model to a schema.
const PLAIN: [&str; 9] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "anyOf",
    "description",
];

/// The schema; none when the final answer's own cannot be a part of it.
pub(super) fn of(request: &ModelRequest, offered: &[&ToolDefinition]) -> Option<Value> {
    let calls: Vec<Value> = offered.iter().map(|tool| call(tool)).collect();
    let call = match calls.as_slice() {
        [one] => one.clone(),
        _ => json!({"anyOf": calls}),
    };
    let mut calls = json!({"type": "array", "items": call});
    let must_call = matches!(
        request.tool_choice,
        ToolChoice::Required | ToolChoice::Tool(_)
    );
    if must_call {
        calls["minItems"] = json!(1);
    }
    let reply = match &request.output_schema {
        None => json!({"type": "string"}),
        Some(schema) if is_plain(schema, 0) => json!({"anyOf": [{"type": "null"}, schema]}),
        Some(_) => return None,
    };
    Some(json!({
        "type": "object",
        "properties": {"calls": calls, "reply": reply},
        "required": ["calls", "reply"],
        "additionalProperties": false,
    }))
}

/// A call of this tool. What its schema says beyond what servers know is checked afterwards.
fn call(tool: &ToolDefinition) -> Value {
    let arguments = parameters(&tool.schema);
    let arguments = match is_plain(&arguments, 0) {
        true => arguments.into_owned(),
        false => json!({"type": "object"}),
    };
    json!({
        "type": "object",
        "properties": {"name": {"const": tool.name}, "arguments": arguments},
        "required": ["name", "arguments"],
        "additionalProperties": false,
    })
}

fn is_plain(schema: &Value, depth: usize) -> bool {
    let Value::Object(schema) = schema else {
        return false;
    };
    let deeper = |value: &Value| is_plain(value, depth + 1);
    let all = |value: &Map<String, Value>| value.values().all(deeper);
    depth <= DEEPEST
        && schema.keys().all(|key| PLAIN.contains(&key.as_str()))
        && schema
            .get("properties")
            .is_none_or(|value| value.as_object().is_some_and(all))
        && schema.get("items").is_none_or(deeper)
        && schema
            .get("additionalProperties")
            .is_none_or(Value::is_boolean)
        && schema
            .get("anyOf")
            .is_none_or(|value| value.as_array().is_some_and(|any| any.iter().all(deeper)))
}
