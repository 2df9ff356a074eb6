//! What a tool promises.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use slipway_contract::StepId;

use super::sample::run_id;
use crate::policy::Grants;
use crate::ports::tool::{Invocation, Tool, ToolError};

/// A call with these arguments that grants nothing.
#[must_use]
pub fn invocation(arguments: Value) -> Invocation {
    Invocation {
        run: run_id(1),
        step: StepId(1),
        idempotency_key: "0000000000000001abcd-1".to_owned(),
        arguments,
        grants: Arc::new(Grants::new(Path::new("/nonexistent"), &[])),
    }
}

/// The model can be told of the tool, a call with `arguments` ends without ending the run though
/// nothing is granted, and so do calls with arguments that fit no schema.
pub async fn tool_contract(tool: &dyn Tool, arguments: Value) {
    let definition = tool.definition();
    let name = &definition.name;
    assert!(
        (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')),
        "{name:?} is no name that every provider takes"
    );
    assert!(
        !definition.description.trim().is_empty(),
        "{name} says what it does"
    );
    assert!(!definition.server.is_empty(), "{name} says who serves it");
    assert_eq!(
        definition.schema["type"],
        json!("object"),
        "{name} takes an object"
    );
    jsonschema::validator_for(&definition.schema)
        .unwrap_or_else(|error| panic!("{name}'s schema is none: {error}"));
    assert!(!tool.timeout().is_zero(), "{name} has time");

    let foreign = [
        json!({}),
        json!({"nobody_knows_this": [null]}),
        json!(null),
        json!("text"),
    ];
    for arguments in std::iter::once(arguments).chain(foreign) {
        match tool.call(invocation(arguments.clone())).await {
            Ok(_) => {}
            Err(ToolError::Model(message)) => {
                assert!(
                    !message.is_empty(),
                    "{name} says what is wrong with {arguments}"
                );
            }
            Err(ToolError::Fatal(message) | ToolError::Unknown(message)) => {
                panic!("{name} ended the run over {arguments}: {message}");
            }
        }
    }
}
