//! What would serve where a model cannot.

use super::RecordingFile;
use crate::endpoint::BaseUrl;
use crate::local::{Kind, LocalServer, Places};

pub(super) fn names(recordings: &[RecordingFile]) -> Option<String> {
    let mut names: Vec<&str> = recordings.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    (!names.is_empty()).then(|| names.join(", "))
}

/// How the first of these keys is set.
pub(super) fn set_key(keys: &[String]) -> String {
    let name = keys.first().map_or("", String::as_str);
    format!("Set it with `slipway secrets set {name}`")
}

pub(super) fn instead_of_a_key(keys: &[String], recordings: &[RecordingFile]) -> String {
    let mut instead = format!(
        "{}, or run a model on this machine with --model local/MODEL",
        set_key(keys)
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

pub(super) fn what_there_is(servers: &[LocalServer], asked: &Places) -> String {
    let mut said = if servers.is_empty() {
        nothing(asked)
    } else {
        let found: Vec<String> = servers.iter().map(has).collect();
        format!(
            "no server on this machine has it: {}. Choose one of these, or load it there.",
            found.join("; ")
        )
    };
    for warning in &asked.warnings {
        said.push(' ');
        said.push_str(warning);
    }
    said
}

fn nothing(asked: &Places) -> String {
    let places: Vec<String> = asked.bases.iter().map(BaseUrl::place).collect();
    let looked = match places.is_empty() {
        true => "SLIPWAY_LOCAL_SERVERS names no place to look at".to_owned(),
        false => format!("looked at {}", places.join(", ")),
    };
    format!(
        "no model server answers on this machine. Start Ollama, LM Studio, llama.cpp or vLLM ({looked}), or set SLIPWAY_LOCAL_SERVERS to where yours listens, as in 127.0.0.1:9000."
    )
}

fn has(server: &LocalServer) -> String {
    let some: Vec<&str> = server
        .models
        .iter()
        .take(8)
        .map(|model| model.name.as_str())
        .collect();
    let models = match some.is_empty() {
        true => "no model".to_owned(),
        false => some.join(", "),
    };
    let name = match server.kind {
        Kind::Other => String::new(),
        kind => format!(" ({})", kind.title()),
    };
    format!("{}{name} has {models}", server.base.place())
}
