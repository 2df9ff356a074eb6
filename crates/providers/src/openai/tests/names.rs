//! What is told by a model's name.

use super::*;

fn official(name: &str) -> OpenAi {
    let openai = Registry::built_in().get("openai").unwrap();
    let base = openai.own_base().unwrap().clone();
    let model = format!("openai/{name}");
    OpenAi::new(endpoint(base, None, &model, Settings::default()))
}

#[test]
fn unlisted_models_are_told_by_their_names() {
    for (name, expected) in [
        ("gpt-4.5-preview", false),
        ("ft:gpt-4o-mini-2024-07-18:acme::1", false),
        ("gpt-5-chat-latest", false),
        ("gpt-5.2-chat-latest", true),
        ("gpt-5-codex", true),
        ("o1", true),
        ("gpt-7", true),
    ] {
        assert_eq!(official(name).reasons, expected, "{name}");
    }
}

#[test]
fn how_much_a_model_reasons_is_said_in_words_that_it_takes() {
    use slipway_contract::model::ReasoningEffort::{High, Low, Medium, Off};
    for (name, words) in [
        ("gpt-4.1", [None, None, None, None]),
        ("gpt-5-chat-latest", [None, None, None, None]),
        (
            "gpt-5",
            [Some("minimal"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "gpt-5-mini-2025-08-07",
            [Some("minimal"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "gpt-5-pro",
            [Some("high"), Some("high"), Some("high"), Some("high")],
        ),
        (
            "gpt-5-codex",
            [Some("low"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "gpt-5.1",
            [Some("none"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "gpt-5.1-codex-max",
            [Some("low"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "gpt-5.2-chat-latest",
            [
                Some("medium"),
                Some("medium"),
                Some("medium"),
                Some("medium"),
            ],
        ),
        (
            "gpt-5.2-pro",
            [Some("medium"), Some("medium"), Some("medium"), Some("high")],
        ),
        (
            "gpt-5.6-terra",
            [Some("none"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "o3",
            [Some("low"), Some("low"), Some("medium"), Some("high")],
        ),
        (
            "gpt-7",
            [Some("none"), Some("low"), Some("medium"), Some("high")],
        ),
    ] {
        let client = official(name);
        for (wanted, word) in [Off, Low, Medium, High].into_iter().zip(words) {
            let mut request = request();
            request.reasoning = Some(wanted);
            let said = client.effort(&request).map(|effort| json!(effort));
            assert_eq!(said, word.map(|word| json!(word)), "{name} {wanted:?}");
        }
        assert_eq!(client.effort(&request()), None, "{name}: nobody asked");
    }
}
