//! Servers of models on this machine.

use slipway_contract::provider::ProviderSummary;
use yew::prelude::*;

use crate::components::{Mark, mark};
use crate::text;

/// The servers that are looked for, as people call them.
const LOOKED_FOR: [&str; 4] = ["Ollama", "LM Studio", "llama.cpp", "vLLM"];

/// Those that answer, a line each, and the others on one.
pub(super) fn servers(providers: &[ProviderSummary]) -> Html {
    let here: Vec<&ProviderSummary> = providers
        .iter()
        .filter(|provider| provider.on_this_machine)
        .collect();
    if here.is_empty() {
        return html! {
            <div class="prov__none">
                <p>{ text::NO_SERVER_HERE }</p>
                <p class="small t3">{ text::SERVERS_ARE_FOUND }</p>
            </div>
        };
    }
    let missing = missing(&here);
    html! {
        <>
            <ul class="rows prov__list">{ for here.iter().map(|server| line(server)) }</ul>
            if !missing.is_empty() { <p class="small t3 prov__missing">{ text::not_found_here(&missing) }</p> }
        </>
    }
}

fn line(server: &ProviderSummary) -> Html {
    let place = server.place.clone().unwrap_or_default();
    html! {
        <li key={format!("{} {place}", server.title)}>
            <div class="prov">
                <span class="prov__name medium clip">{ text::upper_first(&server.title) }</span>
                <span class="prov__key t2"><span class="clip">{ text::server_has(server.models) }</span><span class="clip path t3">{ place }</span></span>
                <span class="prov__trial small num">
                    if server.models > 0 {
                        <span class="status status--succeeded">{ mark(Mark::Succeeded) }{ text::ANSWERS_NOW }</span>
                    } else {
                        <span class="t3">{ text::LOAD_A_MODEL }</span>
                    }
                </span>
            </div>
        </li>
    }
}

/// Servers that are looked for and do not answer.
fn missing(here: &[&ProviderSummary]) -> Vec<&'static str> {
    let answers = |name: &str| here.iter().any(|server| server.title == name);
    LOOKED_FOR
        .into_iter()
        .filter(|name| !answers(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_answer_are_not_missing() {
        let server = |title: &str| ProviderSummary {
            id: "local".to_owned(),
            title: title.to_owned(),
            on_this_machine: true,
            key_name: None,
            key: None,
            keys_page: None,
            place: Some("127.0.0.1:11434".to_owned()),
            unusable: None,
            note: String::new(),
            models: 3,
        };
        let (ollama, other) = (server("Ollama"), server("this machine"));
        assert_eq!(
            missing(&[&ollama, &other]),
            ["LM Studio", "llama.cpp", "vLLM"]
        );
    }
}
