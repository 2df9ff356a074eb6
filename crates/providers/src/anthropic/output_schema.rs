//! The final answer's schema as the provider enforces it. It knows a part of JSON Schema only,
//! and objects only when they are closed. What it does not know is told in a description, and the
//! engine checks the answer against the whole schema anyway.

use serde_json::{Map, Value, json};

/// Levels of a schema.
const DEEPEST: usize = 10;

/// What the provider takes of each in one schema: parameters that may be missing, and types that
/// are one of several.
const MOST_OPTIONAL: usize = 24;
const MOST_UNIONS: usize = 16;

/// Keywords that limit a value, and can be told instead.
const LIMITS: [&str; 14] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Keywords that say nothing of a value.
const NOTES: [&str; 8] = [
    "$schema",
    "$id",
    "$comment",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// The schema as the provider takes it; none where it cannot be said so.
pub(super) fn enforced(schema: &Value) -> Option<Value> {
    let mut count = Count::default();
    let enforced = count.schema(schema, 0)?;
    let is_object = enforced.get("type").is_some_and(|kind| kind == "object");
    let fits = count.optional <= MOST_OPTIONAL && count.unions <= MOST_UNIONS;
    (is_object && fits).then_some(enforced)
}

#[derive(Default)]
struct Count {
    optional: usize,
    unions: usize,
}

impl Count {
    fn schema(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let schema = schema.as_object().filter(|_| depth <= DEEPEST)?;
        let mut said = Map::new();
        let mut told = Vec::new();
        let mut description = None;
        for (keyword, value) in schema {
            match keyword.as_str() {
                "title" | "enum" | "const" => {
                    said.insert(keyword.clone(), value.clone());
                }
                "type" => {
                    self.unions += usize::from(value.is_array());
                    said.insert(keyword.clone(), value.clone());
                }
                "description" => description = value.as_str(),
                "anyOf" | "oneOf" => {
                    self.unions += 1;
                    let parts = value.as_array()?.iter();
                    let parts: Option<Vec<Value>> =
                        parts.map(|part| self.schema(part, depth + 1)).collect();
                    said.insert("anyOf".to_owned(), Value::Array(parts?));
                }
                "items" => {
                    said.insert(keyword.clone(), self.schema(value, depth + 1)?);
                }
                "properties" | "required" | "additionalProperties" => {}
                limit if LIMITS.contains(&limit) => told.push(format!("{keyword}: {value}")),
                note if NOTES.contains(&note) => {}
                _ => return None,
            }
        }
        if is_of(schema, "object") {
            self.object(schema, &mut said, depth)?;
        }
        let has_items = said.contains_key("items") || !is_of(schema, "array");
        let is_typed = ["type", "enum", "const", "anyOf"]
            .iter()
            .any(|key| said.contains_key(*key));
        if !has_items || !is_typed {
            return None;
        }
        describe(&mut said, description, &told);
        Some(Value::Object(said))
    }

    /// An object that names what it holds, and is closed: an answer that fits it fits the open
    /// one too. One that holds anything cannot be said.
    fn object(
        &mut self,
        schema: &Map<String, Value>,
        said: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<()> {
        let none = Map::new();
        let properties = schema
            .get("properties")
            .map_or(Some(&none), Value::as_object)?;
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            None | Some(Value::Bool(true)) if !properties.is_empty() => {}
            _ => return None,
        }
        let mut named = Map::new();
        for (name, property) in properties {
            named.insert(name.clone(), self.schema(property, depth + 1)?);
        }
        let required = schema.get("required").and_then(Value::as_array);
        let is_required =
            |name: &String| required.is_some_and(|names| names.iter().any(|one| one == name));
        self.optional += named.keys().filter(|name| !is_required(name)).count();
        // A name that is required and not described could never be given.
        let unknown = |name: &Value| !name.as_str().is_some_and(|name| named.contains_key(name));
        if required.is_some_and(|names| names.iter().any(unknown)) {
            return None;
        }
        said.insert("properties".to_owned(), Value::Object(named));
        if let Some(required) = required {
            said.insert("required".to_owned(), json!(required));
        }
        said.insert("additionalProperties".to_owned(), json!(false));
        Some(())
    }
}

fn describe(said: &mut Map<String, Value>, description: Option<&str>, told: &[String]) {
    let limits = (!told.is_empty()).then(|| format!("{{{}}}", told.join(", ")));
    let parts: Vec<&str> = description.into_iter().chain(limits.as_deref()).collect();
    if !parts.is_empty() {
        said.insert("description".to_owned(), json!(parts.join("\n\n")));
    }
}

fn is_of(schema: &Map<String, Value>, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|one| one == kind),
        // Without a type they still say what it holds.
        _ => kind == "object" && schema.contains_key("properties"),
    }
}
