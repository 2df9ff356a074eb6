//! Tools' schemas as the provider takes them: an object at the top, and no alternatives there.
//! What it does not take is said in other words where that loses nothing, since the arguments are
//! checked against the tool's own schema anyway.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::attempt::schema::parameters;

/// References to follow at the top.
const MOST_REFERENCES: usize = 8;

/// What is taken of a schema.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    pub(super) schema: Cow<'a, Value>,
    /// What it cannot say, in words for the model.
    pub(super) lost: Option<String>,
}

/// Why a schema is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("its schema is no object schema (type is {0})")]
    Type(String),
    #[error("{keyword} at the top of its schema {why}")]
    Keyword {
        keyword: &'static str,
        why: &'static str,
    },
    #[error(
        "its parameter {0:?} has a name of other characters than a-z, A-Z, 0-9, _ . - or of more than 64"
    )]
    Property(String),
}

/// The schema as the provider takes it.
pub(super) fn taken(schema: &Value) -> Result<Taken<'_>, Refused> {
    let Value::Object(map) = schema else {
        if *schema == Value::Bool(true) {
            return Ok(whole(
                Cow::Owned(json!({"type": "object", "properties": {}})),
                None,
            ));
        }
        return Err(Refused::Type(schema.to_string().chars().take(40).collect()));
    };
    let plain = map.get("type").is_some_and(|kind| kind == "object")
        && !["$ref", "allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| map.contains_key(*keyword));
    if plain {
        names_are_valid(map)?;
        return Ok(whole(parameters(schema), None));
    }
    let mut top = referenced(map.clone(), map)?;
    object_type(&mut top)?;
    all_of(&mut top, map)?;
    let lost = alternatives(&mut top, map)?;
    top.entry("properties").or_insert_with(|| json!({}));
    names_are_valid(&top)?;
    Ok(whole(Cow::Owned(Value::Object(top)), lost))
}

const fn whole(schema: Cow<'_, Value>, lost: Option<String>) -> Taken<'_> {
    Taken { schema, lost }
}

/// The schema with what it refers to in the place of the reference.
fn referenced(
    mut schema: Map<String, Value>,
    root: &Map<String, Value>,
) -> Result<Map<String, Value>, Refused> {
    for _ in 0..MOST_REFERENCES {
        let Some(reference) = schema.shift_remove("$ref") else {
            return Ok(schema);
        };
        let found = reference
            .as_str()
            .and_then(|path| path.strip_prefix("#/"))
            .and_then(|path| {
                let mut steps = path
                    .split('/')
                    .map(|step| step.replace("~1", "/").replace("~0", "~"));
                let first = root.get(&steps.next()?)?;
                steps.try_fold(first, |value, step| value.get(&step))
            })
            .and_then(Value::as_object);
        let Some(found) = found else {
            return Err(Refused::Keyword {
                keyword: "$ref",
                why: "points to nothing in it",
            });
        };
        for (key, value) in found {
            schema.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    Err(Refused::Keyword {
        keyword: "$ref",
        why: "leads in a circle",
    })
}

fn object_type(schema: &mut Map<String, Value>) -> Result<(), Refused> {
    let is_object = match schema.get("type") {
        None => true,
        Some(Value::String(kind)) => kind == "object",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
        Some(_) => false,
    };
    if !is_object {
        return Err(Refused::Type(
            schema
                .get("type")
                .map_or_else(String::new, Value::to_string),
        ));
    }
    schema.insert("type".to_owned(), json!("object"));
    Ok(())
}

/// Takes what all of them say into the schema itself.
fn all_of(schema: &mut Map<String, Value>, root: &Map<String, Value>) -> Result<(), Refused> {
    let Some(parts) = schema.shift_remove("allOf") else {
        return Ok(());
    };
    for part in branches("allOf", &parts, root)? {
        let part = part?;
        for (name, property) in properties(&part) {
            merge(schema, name, property, "allOf");
        }
        require(schema, required(&part));
    }
    Ok(())
}

/// Takes the parameters of all alternatives into the schema; which of them go together is told.
fn alternatives(
    schema: &mut Map<String, Value>,
    root: &Map<String, Value>,
) -> Result<Option<String>, Refused> {
    let mut lost = Vec::new();
    for (keyword, words) in [("anyOf", "at least one"), ("oneOf", "exactly one")] {
        let Some(parts) = schema.shift_remove(keyword) else {
            continue;
        };
        let mut always: Option<Vec<String>> = None;
        for part in branches(keyword, &parts, root)? {
            let part = part?;
            for (name, property) in properties(&part) {
                merge(schema, name, property, "anyOf");
            }
            let required = required(&part);
            always = Some(match always {
                None => required,
                Some(mut always) => {
                    always.retain(|name| required.contains(name));
                    always
                }
            });
        }
        require(schema, always.unwrap_or_default());
        // The alternatives know parameters that the schema itself may have closed out.
        schema.shift_remove("additionalProperties");
        lost.push(format!(
            "The arguments have to fit {words} of these JSON Schemas: {parts}"
        ));
    }
    Ok((!lost.is_empty()).then(|| lost.join("\n\n")))
}

type Branch = Result<Map<String, Value>, Refused>;

/// The schemas of a keyword that holds a list of them, each an object schema by itself.
fn branches(
    keyword: &'static str,
    parts: &Value,
    root: &Map<String, Value>,
) -> Result<impl Iterator<Item = Branch>, Refused> {
    const PLAIN: [&str; 9] = [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "title",
        "description",
        "$defs",
        "definitions",
        "default",
    ];
    let refused = move |why| Refused::Keyword { keyword, why };
    let parts = parts.as_array().ok_or_else(|| refused("is no list"))?;
    Ok(parts.iter().map(move |part| {
        let part = part
            .as_object()
            .ok_or_else(|| refused("holds what is no object schema"))?;
        let mut part = referenced(part.clone(), root)?;
        object_type(&mut part).map_err(|_| refused("holds what is no object schema"))?;
        if part.keys().all(|key| PLAIN.contains(&key.as_str())) {
            Ok(part)
        } else {
            Err(refused(
                "holds more than parameters, which cannot be said in another way",
            ))
        }
    }))
}

fn properties(schema: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn required(schema: &Map<String, Value>) -> Vec<String> {
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

fn require(schema: &mut Map<String, Value>, names: Vec<String>) {
    let mut all = required(schema);
    all.extend(names);
    let mut seen = std::collections::HashSet::new();
    all.retain(|name| seen.insert(name.clone()));
    if !all.is_empty() {
        schema.insert("required".to_owned(), json!(all));
    }
}

/// Adds a parameter; one that two of them know is held to both, or to either.
fn merge(schema: &mut Map<String, Value>, name: &str, property: &Value, both: &str) {
    let known = schema.entry("properties").or_insert_with(|| json!({}));
    let Value::Object(known) = known else { return };
    let Some(there) = known.get_mut(name) else {
        known.insert(name.to_owned(), property.clone());
        return;
    };
    if there == property {
        return;
    }
    match there.get_mut(both).and_then(Value::as_array_mut) {
        Some(list) if list.contains(property) => {}
        Some(list) => list.push(property.clone()),
        None => *there = json!({both: [there.clone(), property]}),
    }
}

fn names_are_valid(schema: &Map<String, Value>) -> Result<(), Refused> {
    let valid = |name: &str| {
        !name.is_empty()
            && name.len() <= 64
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
    };
    match properties(schema).find(|(name, _)| !valid(name)) {
        None => Ok(()),
        Some((name, _)) => Err(Refused::Property(name.chars().take(80).collect())),
    }
}
