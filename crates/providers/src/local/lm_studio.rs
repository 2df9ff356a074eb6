//! LM Studio: `/api/v0/models` tells what there is, what is loaded, and what it can do.

use serde_json::Value;
use slipway_contract::model::{Ability, ToolCalling};

use super::ask::{tokens, words};
use super::{LocalModel, MOST_MODELS, Window, is_sendable};

/// The models, when this is LM Studio's list.
pub(super) fn models(list: &Value) -> Option<Vec<LocalModel>> {
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
    Some(entries.filter_map(|entry| model(entry, speaks)).collect())
}

fn model(entry: &Value, speaks_of_tools: bool) -> Option<LocalModel> {
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
    model.window = match tokens(entry, "loaded_context_length") {
        loaded @ Some(_) => Window::new(loaded, of),
        None => Window::assumed(of),
    };
    Some(model)
}
