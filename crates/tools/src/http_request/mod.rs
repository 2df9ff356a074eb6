//! `http_request`: one request to a granted host.

mod headers;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use encoding_rs::{Encoding, UTF_8};
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};
use slipway_net::{GrantedHosts, Guarded, Method, NetError, Request, Response, header};

use self::headers::told_headers;
use crate::arguments::{cut, parse, told};
use crate::definition::built_in;

/// What a package must ask for.
pub(crate) const NEEDS: &str =
    "The hosts that it connects to, under [permissions] network, such as \"api.example.com\".";

const METHODS: [(&str, Effect); 6] = [
    ("GET", Effect::Read),
    ("HEAD", Effect::Read),
    ("PUT", Effect::Idempotent),
    ("DELETE", Effect::Idempotent),
    ("POST", Effect::Write),
    ("PATCH", Effect::Write),
];
const SECONDS: u64 = 30;
const MOST_SECONDS: u64 = 120;
const KEPT: usize = 4_000_000;
/// What one call returns at most, so that an answer cannot fill the model's context.
const MOST_CHARACTERS: usize = 40_000;
const LARGEST_BODY: usize = 10_000_000;
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    url: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    json: Option<Value>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    timeout_seconds: Option<u64>,
}

/// The tool.
pub(crate) struct HttpRequest {
    definition: ToolDefinition,
    client: Guarded,
}

impl HttpRequest {
    pub(crate) fn new(client: Guarded) -> Self {
        Self {
            definition: definition(),
            client,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    let effects = METHODS.map(|(method, effect)| (method.to_owned(), effect));
    built_in(
        "http_request",
        "Sends an HTTP request to a host that this agent may connect to, and returns status, \
         headers and body (JSON where it is JSON). A status such as 404 or 500 is a result, not \
         an error. Long answers are cut.",
        DeclaredEffect::ByArgument {
            argument: "method".into(),
            absent: Effect::Read,
            values: effects.into_iter().collect(),
        },
        json!({
            "type": "object",
            "properties": {
                "url": {"type": "string", "description": "https:// or http://"},
                "method": {"type": "string", "enum": METHODS.map(|(method, _)| method), "description": "Default GET."},
                "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                "json": {"description": "The body as JSON; sets Content-Type."},
                "body": {"type": "string", "description": "The body as text, instead of `json`."},
                "timeout_seconds": {"type": "integer", "minimum": 1, "maximum": MOST_SECONDS, "description": "Default 30."}
            },
            "required": ["url"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for HttpRequest {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        true
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(MOST_SECONDS + 10)
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let arguments: Arguments = parse(invocation.arguments)?;
        let granted = GrantedHosts::new(invocation.grants.hosts());
        let (request, effect) = request(arguments, &invocation.idempotency_key)?;
        let response = self.client.send(request, &granted).await;
        Ok(result(
            &response.map_err(|error| unanswered(error, effect))?,
        ))
    }
}

/// A request that changes something and got no answer may have been carried out all the same.
fn unanswered(error: NetError, effect: Effect) -> ToolError {
    match error {
        NetError::Timeout { .. }
        | NetError::Exchange { .. }
        | NetError::Redirected { .. }
        | NetError::TooManyRedirects { .. }
            if !effect.reads_only() =>
        {
            ToolError::Unknown(format!("The request was not answered: {error}."))
        }
        error => refused(error),
    }
}

fn refused(error: NetError) -> ToolError {
    match error {
        NetError::Setup(_) => ToolError::Fatal(error.to_string()),
        error => told(format!("The request was not answered: {error}.")),
    }
}

fn request(arguments: Arguments, key: &str) -> Result<(Request, Effect), ToolError> {
    let written = arguments.method.as_deref().unwrap_or("GET");
    let known = METHODS.iter().find(|(method, _)| *method == written);
    let (method, effect) = known.ok_or_else(|| {
        let methods = METHODS.map(|(method, _)| method).join(", ");
        told(format!(
            "`{}` is no method that is sent ({methods}).",
            cut(written, 20)
        ))
    })?;
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|error| ToolError::Fatal(error.to_string()))?;
    let mut request = Request::new(method, arguments.url);
    let seconds = arguments
        .timeout_seconds
        .unwrap_or(SECONDS)
        .clamp(1, MOST_SECONDS);
    request.timeout = Duration::from_secs(seconds);
    request.keep = KEPT;
    let mut add = |name: &str, value: &str| request.header(name, value).map_err(refused);
    for (name, value) in &arguments.headers {
        add(name, value)?;
    }
    let has = |name: &str| {
        arguments
            .headers
            .keys()
            .any(|key| key.eq_ignore_ascii_case(name))
    };
    // A server that knows the key does the same thing only once, however often it is asked.
    if !effect.reads_only() && !has("idempotency-key") {
        add("idempotency-key", key)?;
    }
    let body = match (arguments.json, arguments.body) {
        (Some(_), Some(_)) => return Err(told("Give either `json` or `body`, not both.")),
        (Some(json), None) => {
            if !has("content-type") {
                add("content-type", "application/json")?;
            }
            Some(json.to_string())
        }
        (None, body) => body,
    };
    if let Some(body) = body {
        if effect.reads_only() {
            return Err(told(format!("A {written} request has no body.")));
        }
        if body.len() > LARGEST_BODY {
            return Err(told("The body has more than 10 MB."));
        }
        request.body = Some(body.into());
    }
    Ok((request, *effect))
}

fn result(response: &Response) -> Value {
    let headers = told_headers(&response.headers);
    let mut result = json!({
        "status": response.status.as_u16(),
        "headers": headers,
    });
    if response.redirects > 0 {
        result["redirected_to"] = json!(response.origin);
    }
    body(response, &mut result);
    result
}

fn body(response: &Response, into: &mut Value) {
    let bytes = &response.body;
    if bytes.is_empty() {
        return;
    }
    if !response.truncated
        && bytes.len() <= MOST_CHARACTERS
        && let Ok(json) = serde_json::from_slice::<Value>(bytes)
        && matches!(json, Value::Object(_) | Value::Array(_))
    {
        into["json"] = json;
        return;
    }
    let content_type = response.headers.get(header::CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let charset = content_type
        .split(';')
        .find_map(|part| part.trim().strip_prefix("charset="))
        .and_then(|label| Encoding::for_label(label.trim_matches('"').as_bytes()));
    if charset.is_none() && bytes.contains(&0) {
        into["note"] = json!(format!(
            "The body is binary ({} bytes) and is not shown.",
            bytes.len()
        ));
        return;
    }
    let (text, ..) = charset.unwrap_or(UTF_8).decode(bytes);
    into["text"] = json!(cut(&text, MOST_CHARACTERS));
    let length = text.chars().count();
    if response.truncated {
        into["note"] = json!(format!(
            "The body is longer than {KEPT} bytes; only its first {MOST_CHARACTERS} characters are shown."
        ));
    } else if length > MOST_CHARACTERS {
        into["note"] = json!(format!(
            "The body has {length} characters; only the first {MOST_CHARACTERS} are shown."
        ));
    }
}

#[cfg(test)]
mod tests;
