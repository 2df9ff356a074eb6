//! LM Studio: `/api/v1/models`, or `/api/v0/models` of older versions, tells what there is, what is
//! loaded, and what it can do.

use serde_json::Value;
use slipway_contract::model::{Ability, ToolCalling};

use super::ask::{tokens, words};
use super::{LocalModel, MOST_MODELS, Window, is_sendable};

/// The models, when this is LM Studio's list.
pub(super) fn models(list: &Value) -> Option<Vec<LocalModel>> {
    let entries = list.get("models")?.as_array()?;
    let has = |entry: &Value, field| entry.get(field).is_some_and(Value::is_string);
    if entries.is_empty()
        || !entries
            .iter()
            .all(|entry| has(entry, "type") && has(entry, "key"))
    {
        return None;
    }
    Some(entries.iter().take(MOST_MODELS).filter_map(model).collect())
}

fn model(entry: &Value) -> Option<LocalModel> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let key = text("key").filter(|key| text("type") == Some("llm") && is_sendable(key))?;
    let mut model = LocalModel::new(key);
    let can = entry.get("capabilities");
    let said = |field: &str| can.and_then(|can| can.get(field)?.as_bool());
    model.abilities.images = Ability::said(said("vision"));
    model.abilities.structured_output = Ability::Yes;
    model.abilities.tools = match said("trained_for_tool_use") {
        Some(true) => ToolCalling::Native,
        Some(false) => ToolCalling::Prompted,
        None => ToolCalling::Unknown,
    };
    model.abilities.reasoning = match can.and_then(|can| can.get("reasoning")) {
        Some(Value::Object(_)) => Ability::Yes,
        Some(Value::Bool(reasons)) => Ability::said(Some(*reasons)),
        _ => Ability::Unknown,
    };
    let of = tokens(entry, "max_context_length");
    let loaded = entry.get("loaded_instances").and_then(Value::as_array);
    let loaded = loaded.map_or(&[][..], Vec::as_slice).iter();
    // Of several the server chooses one.
    let least = loaded.filter_map(|instance| tokens(instance.get("config")?, "context_length"));
    model.window = window(least.min(), of);
    Some(model)
}

fn window(loaded: Option<u64>, of: Option<u64>) -> Window {
    match loaded {
        loaded @ Some(_) => Window::new(loaded, of),
        None => Window::assumed(of),
    }
}

/// The models, when this is the list of an older version.
pub(super) fn older_models(list: &Value) -> Option<Vec<LocalModel>> {
    let entries = list.get("data")?.as_array()?;
    // Other servers that answer this at all do not say what type a model has.
    let typed = |entry: &Value| entry.get("type").is_some_and(Value::is_string);
    if entries.is_empty() || !entries.iter().all(typed) {
        return None;
    }
    // Older versions never speak of tools, so that their silence says nothing.
    let speaks = |entry: &Value| entry.get("capabilities").is_some();
    let speaks = entries.iter().any(speaks);
    let entries = entries.iter().take(MOST_MODELS);
    let model = |entry| older_model(entry, speaks);
    Some(entries.filter_map(model).collect())
}

fn older_model(entry: &Value, speaks_of_tools: bool) -> Option<LocalModel> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str);
    let sees = match text("type")? {
        "llm" => false,
        "vlm" => true,
        _ => return None,
    };
    let mut model = LocalModel::new(text("id").filter(|id| is_sendable(id))?);
    model.abilities.images = Ability::said(Some(sees));
    model.abilities.structured_output = Ability::Yes;
    if speaks_of_tools {
        let can = words(entry, "capabilities").unwrap_or_default();
        model.abilities.tools = match can.contains(&"tool_use") {
            true => ToolCalling::Native,
            false => ToolCalling::Prompted,
        };
    }
    let of = tokens(entry, "max_context_length");
    model.window = window(tokens(entry, "loaded_context_length"), of);
    Some(model)
}
