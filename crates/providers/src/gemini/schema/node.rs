//! One schema of those that make up a schema.

use serde_json::{Map, Value, json};

use super::Refused;

/// Levels that a schema may have.
const DEEPEST: usize = 48;

/// The schema as Gemini reads it, with these definitions to refer to.
pub(super) fn node(
    schema: &Value,
    definitions: &Map<String, Value>,
    depth: usize,
) -> Result<Value, Refused> {
    if depth > DEEPEST {
        return Err(Refused(format!("more than {DEEPEST} levels")));
    }
    let map = match schema {
        Value::Object(map) => map,
        Value::Bool(true) => return Ok(json!({})),
        other => return Err(Refused(format!("{other} in the place of a schema"))),
    };
    let mut node = Node {
        definitions,
        depth: depth + 1,
        out: Map::new(),
        told: Map::new(),
        choices_or_null: None,
    };
    for (key, value) in map {
        node.keyword(key, value)?;
    }
    // What must hold as well is added to all that the schema itself says.
    if let Some(parts) = map.get("allOf") {
        node.all_of(parts)?;
    }
    Ok(node.finish())
}

struct Node<'a> {
    definitions: &'a Map<String, Value>,
    /// Of the schemas below.
    depth: usize,
    out: Map<String, Value>,
    /// What Gemini would pass over.
    told: Map<String, Value>,
    /// The choices of a schema that null fits too.
    choices_or_null: Option<Value>,
}

impl Node<'_> {
    fn keyword(&mut self, key: &str, value: &Value) -> Result<(), Refused> {
        match key {
            "type" | "title" | "description" | "minimum" | "maximum" | "minItems" | "maxItems"
            | "required" | "propertyOrdering" => self.keep(key, value.clone()),
            "format" if is_known_format(value) => self.keep(key, value.clone()),
            "enum" => self.choices(value),
            "const" if is_choice(value) => self.keep("enum", json!([value])),
            "const" if value.is_null() => self.keep("type", json!("null")),
            "properties" => {
                let below = self.each(value)?;
                self.keep(key, below);
            }
            "items" | "additionalProperties" => match value {
                // As old drafts write the members of a tuple.
                Value::Array(members) => {
                    let members = self.all(members)?;
                    self.keep("prefixItems", members);
                }
                Value::Bool(false) if key == "items" => self.tell(key, value),
                Value::Bool(_) if key == "additionalProperties" => self.keep(key, value.clone()),
                schema => {
                    let below = self.below(schema)?;
                    self.keep(key, below);
                }
            },
            "prefixItems" | "anyOf" | "oneOf" => {
                let options = value.as_array().map_or(&[][..], Vec::as_slice);
                let options = self.all(options)?;
                self.keep(key, options);
            }
            "$ref" => {
                let target = self.target(value)?;
                self.keep("$ref", target);
            }
            "$dynamicRef" | "$recursiveRef" => return Err(Refused(format!("{key:?}"))),
            // Names and remarks, which constrain nothing, and what is added at the end.
            "$schema" | "$id" | "$anchor" | "$dynamicAnchor" | "$recursiveAnchor"
            | "$vocabulary" | "$comment" | "$defs" | "definitions" | "deprecated" | "readOnly"
            | "writeOnly" | "allOf" => {}
            "nullable" if value == &Value::Bool(false) => {}
            _ => self.tell(key, value),
        }
        Ok(())
    }

    fn keep(&mut self, key: &str, value: Value) {
        self.out.insert(key.to_owned(), value);
    }

    fn tell(&mut self, key: &str, value: &Value) {
        self.told.insert(key.to_owned(), value.clone());
    }

    fn below(&self, schema: &Value) -> Result<Value, Refused> {
        node(schema, self.definitions, self.depth)
    }

    /// All of these, without those that nothing fits.
    fn all(&self, schemas: &[Value]) -> Result<Value, Refused> {
        let possible = schemas
            .iter()
            .filter(|schema| **schema != Value::Bool(false));
        possible.map(|schema| self.below(schema)).collect()
    }

    fn each(&self, schemas: &Value) -> Result<Value, Refused> {
        let Value::Object(schemas) = schemas else {
            return Err(Refused(format!("\"properties\": {schemas}")));
        };
        let possible = schemas
            .iter()
            .filter(|(_, schema)| **schema != Value::Bool(false));
        let below = possible.map(|(name, schema)| Ok((name.clone(), self.below(schema)?)));
        Ok(Value::Object(below.collect::<Result<_, _>>()?))
    }

    /// Choices may be texts and numbers. Nothing (null) is another type beside them.
    fn choices(&mut self, value: &Value) {
        let choices = value.as_array().map_or(&[][..], Vec::as_slice);
        let (null, rest): (Vec<&Value>, Vec<&Value>) =
            choices.iter().partition(|choice| choice.is_null());
        if rest.is_empty() || !rest.iter().all(|choice| is_choice(choice)) {
            self.tell("enum", value);
        } else if null.is_empty() {
            self.keep("enum", json!(rest));
        } else {
            self.choices_or_null = Some(json!([{"enum": rest}, {"type": "null"}]));
        }
    }

    /// Parts that fit together become one schema; others are told.
    fn all_of(&mut self, value: &Value) -> Result<(), Refused> {
        let parts = value.as_array().map_or(&[][..], Vec::as_slice);
        let Value::Array(parts) = self.all(parts)? else {
            return Ok(());
        };
        let mut merged = self.out.clone();
        let mut fits = true;
        for part in &parts {
            let Value::Object(part) = part else { continue };
            fits &= merge(&mut merged, part);
        }
        if fits {
            self.out = merged;
        } else {
            self.tell("allOf", value);
        }
        Ok(())
    }

    /// A reference to what the schema itself defines.
    fn target(&self, value: &Value) -> Result<Value, Refused> {
        let target = value.as_str().unwrap_or_default();
        let name = ["#/$defs/", "#/definitions/"]
            .iter()
            .find_map(|start| target.strip_prefix(start));
        match name {
            Some(name) if self.definitions.contains_key(name) => {
                Ok(json!(format!("#/$defs/{name}")))
            }
            _ if target == "#" => Ok(value.clone()),
            _ => Err(Refused(format!("\"$ref\": {value}"))),
        }
    }

    fn finish(mut self) -> Value {
        if let Some(choices) = self.choices_or_null.take() {
            self.any_of(choices);
        }
        // Beside a reference nothing else may stand.
        if self.out.len() + self.told.len() > 1
            && let Some(target) = self.out.remove("$ref")
        {
            self.any_of(json!([{"$ref": target}]));
        }
        self.name_required();
        if !self.told.is_empty() {
            let told = format!(
                "Must also fit this JSON Schema: {}",
                Value::Object(self.told)
            );
            let description = match self.out.get("description").and_then(Value::as_str) {
                Some(own) if !own.is_empty() => format!("{own}\n{told}"),
                _ => told,
            };
            self.out
                .insert("description".to_owned(), json!(description));
        }
        Value::Object(self.out)
    }

    /// Sets what one of must fit; what stood there is told.
    fn any_of(&mut self, options: Value) {
        if let Some(before) = self.out.insert("anyOf".to_owned(), options) {
            self.tell("anyOf", &before);
        }
    }

    /// What is required has to be named among the properties, else the whole request is refused.
    fn name_required(&mut self) {
        let required: Vec<String> = self
            .out
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        if required.is_empty() {
            return;
        }
        let properties = self.out.entry("properties").or_insert_with(|| json!({}));
        if let Value::Object(properties) = properties {
            for name in required {
                properties.entry(name).or_insert_with(|| json!({}));
            }
        }
    }
}

/// Adds a schema to another that must hold too; false when they say different things of the same.
fn merge(into: &mut Map<String, Value>, part: &Map<String, Value>) -> bool {
    part.iter()
        .all(|(key, value)| match (into.get_mut(key), value) {
            (None, _) => {
                into.insert(key.clone(), value.clone());
                true
            }
            (Some(there), _) if there == value => true,
            (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => {
                more.iter().all(|(name, property)| {
                    let known = there.entry(name).or_insert_with(|| property.clone());
                    // One that is only named says nothing.
                    if *known == json!({}) {
                        property.clone_into(known);
                    }
                    known == property || *property == json!({})
                })
            }
            (Some(Value::Array(there)), Value::Array(more)) if key == "required" => {
                for name in more {
                    if !there.contains(name) {
                        there.push(name.clone());
                    }
                }
                true
            }
            (Some(Value::String(there)), Value::String(more)) if key == "description" => {
                there.push('\n');
                there.push_str(more);
                true
            }
            _ => false,
        })
}

fn is_choice(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| !text.is_empty())
}

fn is_known_format(value: &Value) -> bool {
    let known = [
        "date-time",
        "date",
        "time",
        "int32",
        "int64",
        "float",
        "double",
    ];
    value.as_str().is_some_and(|format| known.contains(&format))
}
