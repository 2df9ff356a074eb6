//! Any server that lists its models as OpenAI does. vLLM is one, which also says how many tokens
//! fit.

use serde_json::Value;
use slipway_contract::model::Ability;

use super::ask::tokens;
use super::{Kind, LocalModel, MOST_MODELS, Window, is_sendable};

/// The models, when this is such a list.
pub(super) fn models(list: &Value) -> Option<(Kind, Vec<LocalModel>)> {
    let entries = list.get("data")?.as_array()?;
    let text =
        |entry: &'_ Value, field: &str| entry.get(field).and_then(Value::as_str).map(str::to_owned);
    let is_vllm = |entry: &Value| text(entry, "owned_by").as_deref() == Some("vllm");
    let kind = match entries.first() {
        Some(first) if is_vllm(first) => Kind::Vllm,
        _ => Kind::Other,
    };
    let model = |entry: &Value| {
        let id = text(entry, "id").filter(|id| is_sendable(id))?;
        let mut model = LocalModel::new(&id);
        // Under one name or another, some of them say it.
        let window = [
            "max_model_len",
            "context_length",
            "context_window",
            "max_context_length",
        ];
        let window = window.iter().find_map(|field| tokens(entry, field));
        model.window = Window::new(window, None);
        model.abilities.structured_output = match kind {
            Kind::Vllm => Ability::Yes,
            _ => Ability::Unknown,
        };
        Some(model)
    };
    let models = entries.iter().take(MOST_MODELS).filter_map(model).collect();
    Some((kind, models))
}
