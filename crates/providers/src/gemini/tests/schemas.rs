//! JSON Schema as it reaches the model.

use slipway_agent::ports::model::ModelErrorKind;

use super::super::schema::{parameters, translated};
use super::*;

fn of(schema: &Value) -> Value {
    translated(schema).unwrap()
}

/// The schema with its description after what is told in words.
fn told(rest: &Value) -> Value {
    json!({"description": format!("Must also fit this JSON Schema: {rest}")})
}

#[test]
fn what_gemini_reads_stays_as_it_is() {
    for schema in [
        json!({
            "type": "object",
            "title": "Receipt",
            "description": "A receipt.",
            "properties": {
                "total": {"type": "number", "minimum": 0, "maximum": 1e6},
                "kind": {"type": "string", "enum": ["food", "travel"]},
                "level": {"type": "integer", "enum": [1, 2]},
                "at": {"type": ["string", "null"], "format": "date-time"},
                "lines": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 9},
                "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]},
                "any": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
                "one": {"oneOf": [{"type": "string"}, {"type": "number"}]},
                "properties": {"type": "string"},
                "$ref": {"type": "string"},
            },
            "required": ["total", "kind"],
            "additionalProperties": false,
            "propertyOrdering": ["kind", "total"],
        }),
        json!({"$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}}, "$ref": "#/$defs/node"}),
    ] {
        let expected = match schema.get("$ref") {
            // Beside a reference nothing else may stand.
            Some(target) => {
                json!({"$defs": schema["$defs"], "$ref": target})
            }
            None => schema.clone(),
        };
        assert_eq!(of(&schema), expected);
    }
}

#[test]
fn what_can_be_said_in_another_way_is() {
    for (schema, expected) in [
        (json!(true), json!({})),
        (json!({"const": "on"}), json!({"enum": ["on"]})),
        (json!({"const": null}), json!({"type": "null"})),
        (
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            json!({"type": ["string", "null"], "anyOf": [{"enum": ["a"]}, {"type": "null"}]}),
        ),
        (
            json!({"type": "array", "items": [{"const": 1}, true]}),
            json!({"type": "array", "prefixItems": [{"enum": [1]}, {}]}),
        ),
        (
            json!({"anyOf": [{"type": "string"}, false]}),
            json!({"anyOf": [{"type": "string"}]}),
        ),
        (
            json!({"type": "object", "properties": {"gone": false}, "required": ["a"]}),
            json!({"type": "object", "properties": {"a": {}}, "required": ["a"]}),
        ),
        (
            json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "x", "$comment": "x", "deprecated": true, "type": "string"}),
            json!({"type": "string"}),
        ),
        (
            json!({"definitions": {"a": {"const": 1}}, "properties": {"x": {"$ref": "#/definitions/a"}}}),
            json!({"$defs": {"a": {"enum": [1]}}, "properties": {"x": {"$ref": "#/$defs/a"}}}),
        ),
        (
            json!({"$defs": {"a": {}}, "properties": {"x": {"$ref": "#/$defs/a", "description": "An a."}}}),
            json!({"$defs": {"a": {}}, "properties": {"x": {"anyOf": [{"$ref": "#/$defs/a"}], "description": "An a."}}}),
        ),
        (
            json!({
                "type": "object",
                "allOf": [
                    {"properties": {"a": {"type": "string"}}, "required": ["a"]},
                    {"properties": {"b": {"type": "string"}}, "required": ["a", "b"]},
                ],
                "properties": {"z": {}},
                "required": ["z"],
            }),
            json!({
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "z": {}},
                "required": ["z", "a", "b"],
            }),
        ),
        (
            json!({"$defs": {"a": {}}, "properties": {"x": {"allOf": [{"$ref": "#/$defs/a"}], "description": "An a."}}}),
            json!({"$defs": {"a": {}}, "properties": {"x": {"anyOf": [{"$ref": "#/$defs/a"}], "description": "An a."}}}),
        ),
    ] {
        assert_eq!(of(&schema), expected, "{schema}");
    }
}

#[test]
fn what_gemini_would_pass_over_is_told_in_words() {
    for (key, value) in [
        ("pattern", json!("^[a-z]+$")),
        ("minLength", json!(3)),
        ("exclusiveMinimum", json!(0)),
        ("multipleOf", json!(0.5)),
        ("uniqueItems", json!(true)),
        ("not", json!({"type": "null"})),
        ("if", json!({"required": ["a"]})),
        ("patternProperties", json!({"^x-": {"type": "string"}})),
        ("propertyNames", json!({"pattern": "^x"})),
        ("dependentRequired", json!({"a": ["b"]})),
        ("default", json!("x")),
        ("format", json!("uri")),
        ("const", json!(true)),
        ("enum", json!(["a", ""])),
        ("enum", json!([true, false])),
        ("x-vendor", json!(1)),
        ("allOf", json!([{"type": "string"}, {"type": "number"}])),
    ] {
        let rest = json!({key: value});
        assert_eq!(of(&rest), told(&rest), "{key}");
    }
    let described = json!({"type": "string", "description": "A name.", "pattern": "^a"});
    let expected = "A name.\nMust also fit this JSON Schema: {\"pattern\":\"^a\"}";
    assert_eq!(of(&described)["description"], expected);
}

#[test]
fn a_tool_without_parameters_has_none() {
    for schema in [
        json!({"type": "object"}),
        json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false}),
        json!({}),
        json!(true),
    ] {
        assert_eq!(parameters(&schema).unwrap(), None, "{schema}");
    }
    let open = json!({"type": "object", "additionalProperties": true});
    assert_eq!(parameters(&open).unwrap(), Some(open));
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_by_the_names_of_tool_and_keyword() {
    let mut deep = json!({"type": "string"});
    for _ in 0..60 {
        deep = json!({"type": "array", "items": deep});
    }
    for (schema, keyword) in [
        (
            json!({"type": "object", "properties": {"x": {"$ref": "https://example.com/x.json"}}}),
            "$ref",
        ),
        (
            json!({"type": "object", "properties": {"x": {"$ref": "#/$defs/none"}}}),
            "$ref",
        ),
        (
            json!({"type": "object", "properties": {"x": {"$ref": "#/properties/y"}}}),
            "$ref",
        ),
        (
            json!({"type": "object", "properties": {"x": {"$dynamicRef": "#x"}}}),
            "$dynamicRef",
        ),
        (
            json!({"type": "object", "properties": {"x": deep}}),
            "levels",
        ),
        (json!({"type": "object", "properties": {"x": 7}}), "7"),
        (json!({"type": "object", "properties": []}), "properties"),
        (json!({"type": "array"}), "type"),
        (json!("string"), "string"),
    ] {
        let mut request = request();
        request.tools = Arc::new([tool("mcp:odd/one", &schema)]);
        let error = unsent(MODEL, &request).await;
        assert_eq!(error.kind, ModelErrorKind::Unsupported, "{schema}");
        assert!(error.message.contains("mcp:odd/one"), "{error}");
        assert!(error.message.contains(keyword), "{error}");
    }
}
