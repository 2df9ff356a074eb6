//! What would serve where a model cannot.

use super::RecordingFile;
use crate::endpoint::BaseUrl;
use crate::local::LocalServer;

pub(super) fn names(recordings: &[RecordingFile]) -> Option<String> {
    let mut names: Vec<&str> = recordings.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    (!names.is_empty()).then(|| names.join(", "))
}

pub(super) fn instead_of_a_key(name: &str, recordings: &[RecordingFile]) -> String {
    let mut instead = format!(
        "Set it with `slipway secrets set {name}`, or run a model on this machine with --model local/MODEL"
    );
    match names(recordings) {
        None => instead.push('.'),
        Some(_) => {
            let mut first: Vec<&str> = recordings.iter().map(|file| file.name.as_str()).collect();
            first.sort_unstable();
            let choices: Vec<String> = first
                .iter()
                .map(|name| format!("--model recording/{name}"))
                .collect();
            instead.push_str(&format!(
                ", or play what was recorded, without key and network, with {}.",
                choices.join(" or ")
            ));
        }
    }
    instead
}

pub(super) fn what_there_is(servers: &[LocalServer], asked: &[BaseUrl]) -> String {
    if servers.is_empty() {
        let places: Vec<String> = asked.iter().map(BaseUrl::place).collect();
        return format!(
            "no model server answers on this machine. Start Ollama, LM Studio, llama.cpp or vLLM (looked at {}), or set OPENAI_BASE_URL to where yours listens.",
            places.join(", ")
        );
    }
    let found: Vec<String> = servers
        .iter()
        .map(|server| {
            let some: Vec<&str> = server.models.iter().take(8).map(String::as_str).collect();
            let models = if some.is_empty() {
                "no model".to_owned()
            } else {
                some.join(", ")
            };
            format!("{} has {models}", server.base.place())
        })
        .collect();
    format!(
        "no server on this machine has it: {}. Choose one of these, or load it there.",
        found.join("; ")
    )
}
