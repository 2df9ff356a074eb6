//! Schemas of tools and of the final answer, as the provider takes them.

use slipway_agent::ports::model::ModelErrorKind;

use super::*;

/// The schema and the description under which the provider is told of a tool with this schema.
async fn told(schema: &Value) -> (Value, String) {
    let mut request = request();
    request.tools = Arc::new([tool("look", schema)]);
    let tool = &body(UNLESS, &request).await["tools"][0];
    let description = tool["description"].as_str().unwrap().to_owned();
    (tool["input_schema"].clone(), description)
}

#[tokio::test]
async fn an_object_schema_goes_as_it_is() {
    let schema = json!({
        "type": "object",
        "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}, "b": {"$ref": "#/$defs/b"}},
        "required": ["a"],
        "$defs": {"b": {"type": "integer", "minimum": 0}},
    });
    assert_eq!(
        told(&schema).await,
        (schema.clone(), "Does look.".to_owned())
    );
    for (short, long) in [
        (json!({}), json!({"type": "object", "properties": {}})),
        (json!(true), json!({"type": "object", "properties": {}})),
        (
            json!({"type": ["object", "null"], "properties": {"a": {}}}),
            json!({"type": "object", "properties": {"a": {}}}),
        ),
        (
            json!({"properties": {"a": {}}}),
            json!({"properties": {"a": {}}, "type": "object"}),
        ),
    ] {
        assert_eq!(told(&short).await.0, long, "{short}");
    }
}

#[tokio::test]
async fn what_is_referred_to_stands_in_the_references_place() {
    let schema = json!({
        "$ref": "#/$defs/look",
        "$defs": {"look": {"$ref": "#/$defs/other"}, "other": {"type": "object", "properties": {"a": {}}}},
    });
    let (schema, _) = told(&schema).await;
    assert_eq!(schema["properties"], json!({"a": {}}));
    assert_eq!(schema["type"], "object");
    assert_eq!(schema.get("$ref"), None);
}

#[tokio::test]
async fn parts_that_all_hold_become_one() {
    let schema = json!({
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "allOf": [
            {"properties": {"b": {"type": "string"}, "a": {"type": "string"}}, "required": ["b", "a"]},
            {"$ref": "#/$defs/c"},
        ],
        "$defs": {"c": {"type": "object", "properties": {"b": {"minLength": 1}}}},
    });
    let (schema, description) = told(&schema).await;
    assert_eq!(
        schema["properties"],
        json!({"a": {"type": "string"}, "b": {"allOf": [{"type": "string"}, {"minLength": 1}]}})
    );
    assert_eq!(schema["required"], json!(["a", "b"]));
    assert_eq!(schema.get("allOf"), None);
    assert_eq!(description, "Does look.");
}

#[tokio::test]
async fn alternatives_become_parameters_and_are_told() {
    for keyword in ["anyOf", "oneOf"] {
        let parts = json!([
            {"properties": {"id": {"type": "string"}, "by": {"const": "id"}}, "required": ["by", "id"]},
            {"properties": {"name": {"type": "string"}, "by": {"const": "name"}}, "required": ["by", "name"]},
        ]);
        let schema = json!({"type": "object", keyword: parts, "additionalProperties": false});
        let (schema, description) = told(&schema).await;
        assert_eq!(
            schema,
            json!({
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "by": {"anyOf": [{"const": "id"}, {"const": "name"}]},
                    "name": {"type": "string"},
                },
                "required": ["by"],
            }),
            "{keyword}"
        );
        assert!(description.starts_with("Does look."), "{description}");
        assert!(description.contains(&parts.to_string()), "{description}");
    }
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_the_tools_name_and_the_reason() {
    let endless = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}});
    for (schema, names) in [
        (json!({"type": "string"}), "type is \"string\""),
        (json!({"type": ["string", "null"]}), "type is"),
        (json!([1]), "type is"),
        (json!(false), "type is false"),
        (
            json!({"type": "object", "anyOf": [{"type": "string"}]}),
            "anyOf",
        ),
        (json!({"type": "object", "anyOf": 7}), "anyOf"),
        (json!({"type": "object", "oneOf": [{"not": {}}]}), "oneOf"),
        (
            json!({"type": "object", "allOf": [{"if": {}, "then": {}}]}),
            "allOf",
        ),
        (json!({"$ref": "https://example.com/schema"}), "$ref"),
        (json!({"$ref": "#/$defs/none"}), "$ref"),
        (endless, "$ref"),
        (
            json!({"type": "object", "properties": {"größe": {}}}),
            "größe",
        ),
        (json!({"type": "object", "properties": {"": {}}}), "\"\""),
    ] {
        let mut request = request();
        request.tools = Arc::new([tool("mcp:boats/look", &schema)]);
        let error = refused(UNLESS, &request).await;
        assert_eq!(error.kind, ModelErrorKind::Unsupported, "{schema}");
        assert!(error.message.contains("mcp:boats/look"), "{error}");
        assert!(error.message.contains(names), "{error}");
    }
}

/// The format that the provider is told to enforce, and the instructions.
async fn format(model: &str, schema: &Value) -> (Value, String) {
    let mut request = request();
    request.output_schema = Some(schema.clone());
    let body = body(model, &request).await;
    let instructions = body["system"][0]["text"].as_str().unwrap().to_owned();
    (body["output_config"]["format"].clone(), instructions)
}

#[tokio::test]
async fn the_answers_schema_is_enforced_closed_and_with_its_limits_told() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "total": {"type": "number", "minimum": 0, "description": "In euros."},
            "lines": {"type": "array", "minItems": 2, "items": {
                "type": "object", "properties": {"name": {"type": ["string", "null"]}}, "required": ["name"],
            }},
            "kind": {"enum": ["bill", "offer"]},
            "due": {"oneOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        },
        "required": ["total"],
    });
    for model in [ALWAYS, BETWEEN, UNLESS, ON_REQUEST, BUDGET] {
        let (format, instructions) = format(model, &schema).await;
        assert_eq!(format["type"], "json_schema");
        assert_eq!(
            format["schema"],
            json!({
                "type": "object",
                "properties": {
                    "total": {"type": "number", "description": "In euros.\n\n{minimum: 0}"},
                    "lines": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"name": {"type": ["string", "null"]}},
                            "required": ["name"],
                            "additionalProperties": false,
                        },
                        "description": "{minItems: 2}",
                    },
                    "kind": {"enum": ["bill", "offer"]},
                    "due": {"anyOf": [
                        {"type": "string", "description": "{format: \"date\"}"},
                        {"type": "null"},
                    ]},
                },
                "required": ["total"],
                "additionalProperties": false,
            }),
            "{model}"
        );
        assert_eq!(instructions, "Be exact.", "{model}");
    }
}

#[tokio::test]
async fn a_schema_that_the_provider_does_not_know_is_told_in_the_instructions() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false});
    let mut deep = json!({"type": "string"});
    for _ in 0..20 {
        deep = json!({"type": "object", "properties": {"a": deep}});
    }
    let many: serde_json::Map<String, Value> = (0..40)
        .map(|index| (format!("p{index}"), json!({"type": "string"})))
        .collect();
    for (model, schema) in [
        (UNKNOWN, object),
        (
            UNLESS,
            json!({"type": "array", "items": {"type": "string"}}),
        ),
        (UNLESS, json!({"type": "object"})),
        (UNLESS, json!({"type": "object", "properties": {"a": true}})),
        (
            UNLESS,
            json!({"type": "object", "properties": {"a": {"$ref": "#"}}}),
        ),
        (
            UNLESS,
            json!({"type": "object", "properties": {"a": {"type": "array"}}}),
        ),
        (UNLESS, json!({"type": "object", "properties": {"a": {}}})),
        (
            UNLESS,
            json!({"type": "object", "properties": {}, "required": ["a"], "additionalProperties": false}),
        ),
        (
            UNLESS,
            json!({"type": "object", "properties": {"a": {"type": "object", "additionalProperties": {"type": "string"}}}}),
        ),
        (
            UNLESS,
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "patternProperties": {}}),
        ),
        (UNLESS, json!({"type": "object", "properties": many})),
        (UNLESS, deep),
        (UNLESS, json!(true)),
    ] {
        let (format, instructions) = format(model, &schema).await;
        assert_eq!(format, Value::Null, "{schema}");
        assert!(instructions.starts_with("Be exact."), "{schema}");
        assert!(instructions.contains(&schema.to_string()), "{instructions}");
    }
}
