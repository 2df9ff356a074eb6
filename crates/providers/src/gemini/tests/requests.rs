//! What the server is asked beside the conversation, and where.

use slipway_agent::ports::model::ModelErrorKind;
use slipway_contract::model::{ReasoningEffort, ToolChoice};

use super::*;
use crate::scripted::Answer;

#[tokio::test]
async fn the_key_goes_into_its_header_alone_and_only_when_there_is_one() {
    for way in WAYS {
        let received = sent(MODEL, way, &request()).await;
        let (path, query, accept) = match way {
            Way::Streamed => (
                "/v1beta/models/gemini-test:streamGenerateContent",
                Some("alt=sse"),
                "text/event-stream",
            ),
            Way::Whole => (
                "/v1beta/models/gemini-test:generateContent",
                None,
                "application/json",
            ),
        };
        assert_eq!(received.path, path);
        assert_eq!(received.query.as_deref(), query);
        assert_eq!(received.headers["accept"], accept);
        assert_eq!(received.headers["content-type"], "application/json");
        assert_eq!(received.headers["x-goog-api-key"], KEY, "{way:?}");
        assert_eq!(received.headers.get("authorization"), None, "{way:?}");
        assert!(!received.body.to_string().contains(KEY), "{way:?}");

        let server = script([Answer::text("Done.")]);
        let settings = Settings::default();
        let keyless = Gemini::new(endpoint(base(&server), None, MODEL, settings));
        keyless.call(&request(), &Heard::default()).await.unwrap();
        let received = server.requests().remove(0);
        assert_eq!(received.headers.get("x-goog-api-key"), None, "{way:?}");
    }
}

#[tokio::test]
async fn an_address_may_name_the_version() {
    let method = "/models/gemini-test:streamGenerateContent";
    for (path, version) in [
        ("", "/v1beta"),
        ("/v1beta", "/v1beta"),
        ("/v1", "/v1"),
        ("/proxy/google/", "/proxy/google/v1beta"),
    ] {
        let server = script([Answer::text("Done.")]);
        let base = format!("http://{}{path}", server.address())
            .parse()
            .unwrap();
        let client = Gemini::new(endpoint(base, Some(key(KEY)), MODEL, Settings::default()));
        client.call(&request(), &Heard::default()).await.unwrap();
        let received = server.requests().remove(0);
        assert_eq!(received.path, format!("{version}{method}"), "{path}");
    }
}

#[tokio::test]
async fn a_models_name_cannot_change_the_address() {
    for name in [
        "../../v1/files",
        "..",
        ".",
        "a/b",
        "models/gemini-2.5-flash",
        "x?key=stolen",
        "x#",
        "x:delete",
        "x%2f..",
        "x\\y",
        "x;y",
        "gemini-β",
        &"x".repeat(300),
    ] {
        let error = unsent(&format!("google/{name}"), &request()).await;
        assert_eq!(error.kind, ModelErrorKind::NotFound, "{name}: {error}");
        assert!(error.message.contains("google/gemini-"), "{error}");
    }
}

#[tokio::test]
async fn tools_are_told_with_names_and_schemas_that_are_taken() {
    for way in WAYS {
        let body = sent(MODEL, way, &request()).await.body;
        assert_eq!(
            body["tools"],
            json!([{"functionDeclarations": [
                {
                    "name": "read_file",
                    "description": "Does read_file.",
                    "parametersJsonSchema": {"type": "object", "properties": {"path": {"type": "string"}}},
                },
                {"name": "mcp_files_stat", "description": "Does mcp:files/stat."},
            ]}])
        );
        assert_eq!(body.get("toolConfig"), None, "{way:?}: it is free to call");
        let mut bare = request();
        bare.tools = Arc::new([]);
        bare.tool_choice = ToolChoice::Required;
        let body = sent(MODEL, way, &bare).await.body;
        assert_eq!(body.get("tools"), None, "{way:?}");
        assert_eq!(body.get("toolConfig"), None, "{way:?}");
    }
}

#[tokio::test]
async fn whether_tools_may_must_or_must_not_be_called_is_told() {
    for (choice, config) in [
        (ToolChoice::None, json!({"mode": "NONE"})),
        (ToolChoice::Required, json!({"mode": "ANY"})),
        (
            ToolChoice::Tool("mcp:files/stat".to_owned()),
            json!({"mode": "ANY", "allowedFunctionNames": ["mcp_files_stat"]}),
        ),
    ] {
        let mut request = request();
        request.tool_choice = choice;
        let body = sent(MODEL, Way::Streamed, &request).await.body;
        assert_eq!(body["toolConfig"]["functionCallingConfig"], config);
    }
}

#[tokio::test]
async fn temperature_and_limit_go_where_the_model_takes_them() {
    let mut request = request();
    request.temperature = Some(0.2);
    request.max_output_tokens = Some(900);
    for (model, temperature) in [
        (MODEL, json!(0.2)),
        ("google/gemini-2.5-flash", json!(0.2)),
        ("google/gemini-3.1-pro-preview", json!(0.2)),
        ("google/gemini-3.8-flash", Value::Null),
    ] {
        let body = sent(model, Way::Streamed, &request).await.body;
        let config = &body["generationConfig"];
        assert_eq!(config["temperature"], temperature, "{model}");
        assert_eq!(config["maxOutputTokens"], 900, "{model}");
    }
}

#[tokio::test]
async fn how_much_to_think_is_told_as_each_model_takes_it() {
    use ReasoningEffort::{High, Low, Medium, Off};
    let level = |word: &str| json!({"includeThoughts": true, "thinkingLevel": word});
    let budget = |tokens: u32| json!({"includeThoughts": true, "thinkingBudget": tokens});
    let shown = || json!({"includeThoughts": true});
    let (newest, flash, pro, lite) = (
        "google/gemini-3.8-flash",
        "google/gemini-2.5-flash",
        "google/gemini-2.5-pro",
        "google/gemini-2.5-flash-lite",
    );
    for (model, effort, expected) in [
        (newest, None, shown()),
        (newest, Some(Off), level("LOW")),
        (newest, Some(Medium), level("MEDIUM")),
        ("google/gemini-3.5-flash", Some(Off), level("MINIMAL")),
        (flash, None, shown()),
        (flash, Some(Off), json!({"thinkingBudget": 0})),
        (flash, Some(Low), budget(1024)),
        (flash, Some(High), budget(24_576)),
        (pro, Some(Off), budget(128)),
        (pro, Some(High), budget(32_768)),
        (lite, None, Value::Null),
        (lite, Some(Medium), budget(8192)),
        // What is not listed may not think at all, and is taken for one of the newest when told to.
        (MODEL, None, Value::Null),
        (MODEL, Some(High), level("HIGH")),
    ] {
        let mut request = request();
        request.reasoning = effort;
        let body = sent(model, Way::Streamed, &request).await.body;
        let config = &body["generationConfig"]["thinkingConfig"];
        assert_eq!(*config, expected, "{model} {effort:?}");
    }
}

#[tokio::test]
async fn the_answers_schema_has_its_place_unless_the_model_takes_no_tools_beside_it() {
    let schema = json!({"type": "object", "properties": {"total": {"type": "string"}}});
    let list = json!({"type": "array", "items": {"type": "string"}});
    let foreign = json!({"type": "object", "properties": {"x": {"$ref": "https://example.com/x"}}});
    for (model, schema, with_tools, placed) in [
        ("google/gemini-3.5-flash", &schema, true, true),
        ("google/gemini-2.5-flash", &schema, true, false),
        ("google/gemini-2.5-flash", &schema, false, true),
        (MODEL, &schema, true, false),
        ("google/gemini-3.5-flash", &list, false, false),
        ("google/gemini-3.5-flash", &foreign, false, false),
    ] {
        let mut request = request();
        request.output_schema = Some(schema.clone());
        if !with_tools {
            request.tools = Arc::new([]);
        }
        let body = sent(model, Way::Streamed, &request).await.body;
        let config = &body["generationConfig"];
        let system = &body["systemInstruction"]["parts"][0]["text"];
        let told = system.as_str().unwrap().contains(&schema.to_string());
        assert_eq!(told, !placed, "{model} {schema}");
        if placed {
            assert_eq!(config["responseMimeType"], "application/json", "{model}");
            assert_eq!(config["responseJsonSchema"], *schema, "{model}");
        } else {
            assert_eq!(config.get("responseMimeType"), None, "{model}");
            assert_eq!(config.get("responseJsonSchema"), None, "{model}");
        }
    }
}
