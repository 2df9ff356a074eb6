//! Ollama: `/api/tags` lists its models, `/api/show` tells of one, and `/api/ps` with what context
//! window each is loaded.
//!
//! Ollama forgets, without a word, what is beyond that window, and its interface that is like
//! OpenAI's has no field for it: the window is what the model's own `num_ctx` says, or else what
//! the server decides when it loads the model.

use std::collections::HashMap;

use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use slipway_contract::model::{Ability, ToolCalling};

use super::ask::{Asker, tokens, words};
use super::{LocalModel, MOST_MODELS, Window, is_sendable};

/// Models that are asked about at the same time.
const AT_ONCE: usize = 16;

/// A model as `/api/tags` lists it.
pub(super) struct Entry {
    pub(super) name: String,
    /// Ollama passes it on to another machine.
    pub(super) is_elsewhere: bool,
}

/// The entries of `/api/tags`, when this is Ollama's.
pub(super) fn entries(tags: &Value) -> Option<Vec<Entry>> {
    let list = tags.get("models")?.as_array()?;
    let entry = |entry: &Value| {
        let name = entry.get("name").or_else(|| entry.get("model"))?.as_str()?;
        let is_named = |field: &str| entry.get(field).is_some_and(Value::is_string);
        is_sendable(name).then(|| Entry {
            name: name.to_owned(),
            is_elsewhere: is_named("remote_host") || is_named("remote_model"),
        })
    };
    let known: Vec<Entry> = list.iter().take(MOST_MODELS).filter_map(entry).collect();
    // A list of something else is not Ollama's.
    (list.is_empty() || !known.is_empty()).then_some(known)
}

/// The models, with what is known of the wanted one, or of all.
pub(super) async fn models(
    entries: &[Entry],
    wanted: Option<&str>,
    asker: &Asker<'_>,
) -> Vec<LocalModel> {
    let is_wanted = |name: &str| {
        wanted.is_none_or(|wanted| name == wanted || name.strip_suffix(":latest") == Some(wanted))
    };
    let asked = entries.iter().enumerate();
    let asked: Vec<(usize, String)> = asked
        .filter(|(_, entry)| is_wanted(&entry.name))
        .map(|(place, entry)| (place, entry.name.clone()))
        .collect();
    let shown = stream::iter(asked)
        .map(|(place, name)| async move { (place, show(asker, &name).await) })
        .buffer_unordered(AT_ONCE)
        // All of them together have the time that one has.
        .take_until(asker.end())
        .collect::<HashMap<_, _>>();
    let running = asker.get(asker.native("/api/ps"));
    let (mut shown, running) = futures::join!(shown, running);
    let models = entries.iter().enumerate();
    models
        .filter_map(|(place, entry)| {
            let shown = shown.remove(&place).flatten();
            model(entry, shown.as_ref(), running.as_ref())
        })
        .collect()
}

async fn show(asker: &Asker<'_>, name: &str) -> Option<Value> {
    // Older versions call it `name`.
    let body = json!({"model": name, "name": name});
    asker.post(asker.native("/api/show"), &body).await
}

/// The model; none when it does nothing but embed.
fn model(entry: &Entry, shown: Option<&Value>, running: Option<&Value>) -> Option<LocalModel> {
    let mut model = LocalModel::new(&entry.name);
    model.is_elsewhere = entry.is_elsewhere;
    if let Some(can) = shown.and_then(|shown| words(shown, "capabilities")) {
        let can = |word: &str| can.contains(&word);
        if can("embedding") && !can("completion") {
            return None;
        }
        model.abilities.tools = match can("tools") {
            true => ToolCalling::Native,
            false => ToolCalling::Prompted,
        };
        model.abilities.images = Ability::said(Some(can("vision")));
        model.abilities.reasoning = Ability::said(Some(can("thinking")));
        model.abilities.structured_output = Ability::Yes;
    }
    let of = shown.and_then(trained_window);
    let loaded = running.and_then(|running| loaded_window(running, &entry.name));
    model.window = match shown.and_then(own_window).or(loaded) {
        usable @ Some(_) => Window::new(usable, of),
        None if entry.is_elsewhere => Window::new(None, of),
        None => Window::assumed(of),
    };
    Some(model)
}

/// What the model was made for.
fn trained_window(shown: &Value) -> Option<u64> {
    let info = shown.get("model_info")?.as_object()?;
    let ends = |(key, _): &(&String, &Value)| key.ends_with(".context_length");
    info.iter().find(ends)?.1.as_u64()
}

/// What the model's own parameters say.
fn own_window(shown: &Value) -> Option<u64> {
    let parameters = shown.get("parameters")?.as_str()?;
    let said = parameters.lines().find_map(|line| {
        let (key, value) = line.trim().split_once(char::is_whitespace)?;
        (key == "num_ctx").then(|| value.trim().parse().ok())?
    });
    said.filter(|tokens| *tokens > 0)
}

/// With what the model is loaded now.
fn loaded_window(running: &Value, name: &str) -> Option<u64> {
    let list = running.get("models")?.as_array()?;
    let is_it = |entry: &&Value| {
        let named = |field| entry.get(field).and_then(Value::as_str) == Some(name);
        named("name") || named("model")
    };
    tokens(list.iter().find(is_it)?, "context_length")
}

/// Reads an answer as each of those that Ollama gives; the number of models in it.
#[cfg(any(test, feature = "fuzzing"))]
pub(super) fn taken(answer: &Value) -> usize {
    let entries = entries(answer).unwrap_or_default();
    let models = entries.iter();
    models
        .filter_map(|entry| model(entry, Some(answer), Some(answer)))
        .count()
}
