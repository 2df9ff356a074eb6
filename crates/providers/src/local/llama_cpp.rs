//! llama.cpp's server: `/props` tells the window that a conversation has and what the model's
//! template knows, `/v1/models` its name.

use serde_json::{Value, json};
use slipway_contract::model::{Ability, ToolCalling};

use super::ask::{Asker, tokens, words};
use super::{LocalModel, MOST_MODELS, Window, is_sendable};

/// What `/props` says.
pub(super) struct Server<'v> {
    props: &'v Value,
}

/// The server, when this is what llama.cpp's says of itself.
pub(super) fn recognise(props: &Value) -> Option<Server<'_>> {
    let has = |field| props.get(field).is_some();
    let is_it = has("default_generation_settings") && (has("chat_template") || has("total_slots"));
    is_it.then_some(Server { props })
}

impl Server<'_> {
    /// The models of its list, which has one entry unless the server is a router.
    pub(super) async fn models(&self, list: Option<&Value>, asker: &Asker<'_>) -> Vec<LocalModel> {
        let entries = list.and_then(|list| list.get("data")?.as_array());
        let entries = entries.map_or(&[][..], Vec::as_slice);
        let alone = entries.len() == 1;
        let tools = match alone {
            true => self.tools(asker).await,
            false => ToolCalling::Unknown,
        };
        let details = list.and_then(|list| list.get("models")?.as_array());
        let entries = entries.iter().take(MOST_MODELS).enumerate();
        let model = |(place, entry): (usize, &Value)| {
            let details = details.and_then(|details| details.get(place));
            if !writes(entry, details) {
                return None;
            }
            let id = entry.get("id")?.as_str().filter(|id| is_sendable(id))?;
            let mut model = LocalModel::new(id);
            let of = entry
                .get("meta")
                .and_then(|meta| tokens(meta, "n_ctx_train"));
            model.abilities.structured_output = Ability::Yes;
            model.abilities.tools = tools;
            if alone {
                // The context may be stretched beyond what the model was made for.
                model.window.usable = self.window();
                model.window.of = of;
                model.abilities.images = self.sees();
            } else {
                model.window = Window::new(None, of);
            }
            Some(model)
        };
        entries.filter_map(model).collect()
    }

    /// The window of one conversation.
    fn window(&self) -> Option<u64> {
        let settings = self.props.get("default_generation_settings")?;
        tokens(settings, "n_ctx").or_else(|| tokens(self.props, "n_ctx"))
    }

    fn sees(&self) -> Ability {
        let modalities = self.props.get("modalities");
        Ability::said(modalities.and_then(|modalities| modalities.get("vision")?.as_bool()))
    }

    /// Whether a request may name tools. The template may not know them, and without `--jinja` the
    /// server refuses them, which it does not say before it is asked to fill the template in.
    async fn tools(&self, asker: &Asker<'_>) -> ToolCalling {
        let known = |field| self.props.get("chat_template_caps")?.get(field)?.as_bool();
        let known = [known("supports_tools"), known("supports_tool_calls")];
        let known: Vec<bool> = known.into_iter().flatten().collect();
        if !known.is_empty() && !known.contains(&true) {
            return ToolCalling::Prompted;
        }
        let body = json!({
            "messages": [{"role": "user", "content": "?"}],
            "tools": [{"type": "function", "function": {
                "name": "look",
                "description": "Looks.",
                "parameters": {"type": "object", "properties": {}},
            }}],
        });
        match asker.takes(asker.native("/apply-template"), &body).await {
            Some(true) => ToolCalling::Native,
            Some(false) => ToolCalling::Prompted,
            None => ToolCalling::Unknown,
        }
    }
}

/// Whether a model writes text, as far as its server says.
fn writes(entry: &Value, details: Option<&Value>) -> bool {
    let can = details.and_then(|details| words(details, "capabilities"));
    let gives = entry.get("architecture");
    let gives = gives.and_then(|gives| words(gives, "output_modalities"));
    can.is_none_or(|can| can.contains(&"completion"))
        && gives.is_none_or(|gives| gives.contains(&"text"))
}

/// Whether an answer is what llama.cpp's server says of itself, read with all that it says.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn taken(answer: &Value) -> bool {
    let entries = answer.get("data").and_then(Value::as_array);
    let written = entries.map_or(&[][..], Vec::as_slice).iter();
    let written = written.filter(|entry| writes(entry, Some(answer))).count();
    recognise(answer).is_some_and(|server| {
        server.window().is_some() || server.sees() == Ability::Yes || written > 0
    })
}
