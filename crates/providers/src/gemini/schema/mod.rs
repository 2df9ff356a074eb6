//! JSON Schema in the part of it that Gemini reads. What it would pass over is said in words
//! beside it, so that the model knows; the engine checks arguments and answers against the schema
//! as it was anyway.

mod node;

use std::fmt;

use serde_json::{Map, Value, json};

use self::node::node;

/// What a schema holds that can neither be said nor told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A tool's parameters; none when it has none.
pub(super) fn parameters(schema: &Value) -> Result<Option<Value>, Refused> {
    let mut translated = translated(schema)?;
    let Value::Object(map) = &mut translated else {
        return Ok(None);
    };
    match map.get("type") {
        None => {
            map.insert("type".to_owned(), json!("object"));
        }
        Some(kind) if kind == "object" => {}
        Some(kind) => return Err(Refused(format!("\"type\": {kind} at its root"))),
    }
    let says_nothing = map.iter().all(|(key, value)| match key.as_str() {
        "type" | "title" => true,
        "properties" => value.as_object().is_some_and(Map::is_empty),
        "additionalProperties" => value == &Value::Bool(false),
        "required" => value.as_array().is_some_and(Vec::is_empty),
        _ => false,
    });
    Ok((!says_nothing).then_some(translated))
}

/// The schema as Gemini reads it.
pub(super) fn translated(schema: &Value) -> Result<Value, Refused> {
    let mut definitions = Map::new();
    for key in ["definitions", "$defs"] {
        let named = schema.get(key).and_then(Value::as_object);
        for (name, definition) in named.into_iter().flatten() {
            definitions.insert(name.clone(), definition.clone());
        }
    }
    let mut root = node(schema, &definitions, 0)?;
    if let Value::Object(map) = &mut root
        && !definitions.is_empty()
    {
        let translated = definitions
            .iter()
            .map(|(name, one)| Ok((name.clone(), node(one, &definitions, 1)?)))
            .collect::<Result<Map<_, _>, Refused>>()?;
        map.insert("$defs".to_owned(), Value::Object(translated));
    }
    Ok(root)
}
