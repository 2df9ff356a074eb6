//! Texts about models, where one is chosen.

use jiff::civil::Date;
use slipway_contract::model::{Abilities, Ability, ModelSummary, Price, ToolCalling, Unusable};

use super::PROMPTED;
use crate::format;

pub(crate) const MODEL: &str = "Model";
pub(crate) const MODELS: &str = "Models";
pub(crate) const AGENTS_OWN_MODEL: &str = "What the agent asks for";
pub(crate) const FIND_MODEL: &str = "Find a model";
pub(crate) const NO_SUCH_MODEL: &str = "No model is called that";
pub(crate) const NO_SUCH_MODEL_HOW: &str =
    "One that is not listed is named whole, as openai/NAME or local/NAME.";
pub(crate) const UNLISTED_MODEL: &str =
    "Its price may be unknown, so that no budget can be kept with it.";

/// What the figures of prices are, and the day on which this one was said.
pub(crate) fn prices_are(said: Option<Date>) -> String {
    let prices = "Prices in dollars for a million tokens";
    match said {
        Some(said) => format!("{prices}, as of {}", format::date(said)),
        None => prices.to_owned(),
    }
}

pub(crate) fn model_is(model: &str) -> String {
    format!("Model: {model}")
}

pub(crate) fn add_key_for(provider: &str) -> String {
    format!("Add a key for {provider}")
}

/// The agent's own model, with what is known of it.
pub(crate) fn own_with_facts(model: &ModelSummary) -> String {
    match model.unusable {
        Some(why) => format!("{AGENTS_OWN_MODEL} · {}", unusable(why)),
        None => format!("{AGENTS_OWN_MODEL} · {}", model_facts(model)),
    }
}

pub(crate) const NOT_LISTED: &str = "Not listed here";
pub(crate) const ADD_KEY_LEADS: &str = "Opens the settings";

pub(crate) fn use_named(model: &str) -> String {
    format!("Use {model}")
}

/// Why a provider's models cannot be used, in few words.
pub(crate) const fn unusable(why: Unusable) -> &'static str {
    match why {
        Unusable::NoKey => "no key",
        Unusable::KeysUnreadable => "keys cannot be read",
        Unusable::NoAddress => "no address",
        Unusable::WrongAddress => "wrong address",
        Unusable::NoServer => "no server answers",
        Unusable::AnotherMachine => "passed on to another machine",
        Unusable::UnknownProvider => "provider not known",
    }
}

pub(crate) const USABLE_NOW: &str = "Usable now";
pub(crate) const NOT_USABLE_NOW: &str = "Not usable now";

pub(crate) fn context(tokens: u64) -> String {
    format!("{} context", format::window(tokens))
}

pub(crate) fn price(price: &Price) -> String {
    if price.input.0.is_zero() && price.output.0.is_zero() {
        return "free".to_owned();
    }
    let (input, output) = (format::budget(price.input), format::budget(price.output));
    format!("{input} in, {output} out a million")
}

/// What a model takes, costs and can do, on one line.
pub(crate) fn model_facts(model: &ModelSummary) -> String {
    let window = model
        .context_tokens
        .map(|tokens| format!("{} context", format::window(tokens)));
    let price = match model.price {
        None => "price unknown".to_owned(),
        Some(price) if price.input.0.is_zero() && price.output.0.is_zero() => "free".to_owned(),
        Some(price) => format!(
            "{} in, {} out",
            format::budget(price.input),
            format::budget(price.output)
        ),
    };
    let abilities = abilities(&model.abilities);
    let abilities = Some(abilities).filter(|abilities| !abilities.is_empty());
    let parts = [window, Some(price), abilities].into_iter().flatten();
    parts.collect::<Vec<_>>().join(" · ")
}

/// What a model can do; what nobody said is not claimed.
fn abilities(abilities: &Abilities) -> String {
    let tools = match abilities.tools {
        ToolCalling::Native => Some("tools"),
        ToolCalling::Prompted => Some(PROMPTED),
        ToolCalling::Unknown => None,
    };
    let further = [
        (abilities.images, "images"),
        (abilities.pdfs, "PDFs"),
        (abilities.reasoning, "reasoning"),
        (abilities.structured_output, "schemas"),
    ];
    let further = further
        .into_iter()
        .filter(|(ability, _)| *ability == Ability::Yes)
        .map(|(_, word)| word);
    tools
        .into_iter()
        .chain(further)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn a_models_facts_are_one_line_without_what_nobody_said() {
        let mut model = ModelSummary {
            model: "openai/gpt-5-mini".parse().unwrap(),
            provider: "OpenAI".to_owned(),
            usable: true,
            unusable: None,
            abilities: Abilities {
                tools: ToolCalling::Native,
                images: Ability::Yes,
                pdfs: Ability::No,
                ..Abilities::default()
            },
            note: String::new(),
            context_tokens: Some(400_000),
            price: Some(Price {
                input: "0.25".parse().unwrap(),
                output: "2".parse().unwrap(),
                ..Price::FREE
            }),
            price_checked: None,
            price_source: None,
        };
        assert_eq!(
            model_facts(&model),
            "400k context · $0.25 in, $2.00 out · tools, images"
        );
        model.price = Some(Price::FREE);
        model.abilities.tools = ToolCalling::Prompted;
        assert_eq!(
            model_facts(&model),
            "400k context · free · tools by prompts, images"
        );
        (model.price, model.context_tokens) = (None, None);
        model.abilities = Abilities::default();
        assert_eq!(model_facts(&model), "price unknown");
    }
}
