//! The dated table of models: context windows, prices, and what they do not take.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use slipway_agent::ports::prices::Prices;
use slipway_contract::Usd;
use slipway_contract::model::{Abilities, Ability, Dearer, ModelRef, Price, Rates, ToolCalling};

use crate::anthropic::ClaudeTraits;
use crate::registry::fits;
use crate::thinking::Thinking;
use crate::tokens::Vocabulary;

/// The provider name of recordings, which cost nothing.
pub const RECORDING: &str = "recording";

/// The provider name of servers on this machine, which cost nothing.
pub const LOCAL: &str = "local";

/// The provider name of OpenAI and what speaks like it.
pub const OPENAI: &str = "openai";

static BUILT_IN: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::parse(include_str!("../models.toml")).unwrap_or_else(|error| {
        tracing::error!(%error, "the table of models is unreadable; no price is known");
        Catalog::default()
    })
});

/// What is known of a model, when, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFacts {
    /// The model.
    pub id: ModelRef,
    /// Tokens that fit its context window, input and output together.
    pub context: u64,
    /// The most input tokens, where that is less than the window.
    #[serde(default)]
    pub max_input: Option<u64>,
    /// The most output tokens.
    pub max_output: u32,
    /// Dollars for a million fresh input tokens.
    pub input: Usd,
    /// Dollars for a million input tokens that the provider had cached.
    pub cached_input: Usd,
    /// Dollars for a million input tokens that the provider writes to its cache, where it asks more for them.
    #[serde(default)]
    pub cache_write: Option<Usd>,
    /// Dollars for a million output tokens.
    pub output: Usd,
    /// What all of a request costs whose input is long, where that is more.
    #[serde(default)]
    pub dearer: Option<LongRequests>,
    /// Whether it reasons: its reasoning counts as output, and comes as parts of the answer.
    #[serde(default)]
    pub reasoning: bool,
    /// Whether it takes a temperature; without it, what does not reason does.
    #[serde(default)]
    pub temperature: Option<bool>,
    /// How it is told how much to reason.
    #[serde(default)]
    pub thinking: Option<Thinking>,
    /// In what it differs from Anthropic's other models.
    #[serde(default)]
    pub claude: Option<ClaudeTraits>,
    /// Whether it takes tools and a schema of the answer at once.
    #[serde(default)]
    pub schema_with_tools: bool,
    /// How it calls tools.
    #[serde(default = "native")]
    pub tools: ToolCalling,
    /// Whether it sees images.
    #[serde(default)]
    pub images: Option<bool>,
    /// Whether it reads PDF documents.
    #[serde(default)]
    pub pdfs: Option<bool>,
    /// Whether its provider holds it to a schema of the answer.
    #[serde(default)]
    pub structured_output: Option<bool>,
    /// Whether the provider has announced its end.
    #[serde(default)]
    pub retiring: bool,
    /// The day on which the source said so.
    pub checked: jiff::civil::Date,
    /// Who said so.
    pub source: String,
}

/// What all of a request costs whose input is long: dollars for a million tokens, as of the model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongRequests {
    /// Input tokens above which it does.
    pub above: u64,
    /// Fresh input tokens; without it nobody knows what such a request costs.
    #[serde(default)]
    pub input: Option<Usd>,
    /// Input tokens that the provider had cached.
    #[serde(default)]
    pub cached_input: Option<Usd>,
    /// Input tokens that the provider writes to its cache.
    #[serde(default)]
    pub cache_write: Option<Usd>,
    /// Output tokens.
    #[serde(default)]
    pub output: Option<Usd>,
}

impl LongRequests {
    fn price(&self) -> Dearer {
        let rates = self.input.zip(self.output).map(|(input, output)| Rates {
            input,
            cached_input: self.cached_input.unwrap_or(input),
            cache_write: self.cache_write,
            output,
        });
        Dearer {
            above: self.above,
            rates,
        }
    }
}

impl ModelFacts {
    /// The price by which cost is reckoned: never less than the provider asks.
    #[must_use]
    pub fn price(&self) -> Price {
        Price {
            input: self.input,
            cached_input: self.cached_input,
            cache_write: self.cache_write,
            output: self.output,
            dearer: self.dearer.as_ref().map(LongRequests::price),
        }
    }

    /// What it can do.
    #[must_use]
    pub const fn abilities(&self) -> Abilities {
        Abilities {
            tools: self.tools,
            images: Ability::said(self.images),
            pdfs: Ability::said(self.pdfs),
            reasoning: Ability::said(Some(self.reasoning)),
            structured_output: Ability::said(self.structured_output),
        }
    }

    /// Whether it takes a temperature.
    #[must_use]
    pub fn takes_temperature(&self) -> bool {
        self.temperature.unwrap_or(!self.reasoning)
    }

    /// Tokens within which the conversation is kept: what the window takes, what the input
    /// takes, and what does not cost more.
    #[must_use]
    pub fn usable_context(&self) -> u64 {
        [self.max_input, self.dearer.as_ref().map(|long| long.above)]
            .into_iter()
            .flatten()
            .fold(self.context, u64::min)
    }
}

const fn native() -> ToolCalling {
    ToolCalling::Native
}

/// The table of models.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    facts: HashMap<ModelRef, ModelFacts>,
    order: Vec<ModelRef>,
    vocabularies: Vec<Speakers>,
}

/// Why a table of models cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CatalogError {
    /// It breaks TOML or the table's form.
    #[error("the table of models: {0}")]
    Form(#[from] toml::de::Error),
    /// A model stands in it twice.
    #[error("the table of models names {0} twice")]
    Twice(ModelRef),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    model: Vec<ModelFacts>,
    #[serde(default)]
    vocabulary: Vec<Speakers>,
}

/// The models that share a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speakers {
    name: Vocabulary,
    /// Provider and model; `*` stands for anything.
    models: Vec<String>,
}

impl Catalog {
    /// The table that this version ships with.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads a table.
    ///
    /// # Errors
    /// It is not TOML, has unknown or missing keys, or names a model twice.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let table: Table = toml::from_str(text)?;
        let mut catalog = Self {
            vocabularies: table.vocabulary,
            ..Self::default()
        };
        for facts in table.model {
            let id = facts.id.clone();
            if catalog.facts.insert(id.clone(), facts).is_some() {
                return Err(CatalogError::Twice(id));
            }
            catalog.order.push(id);
        }
        Ok(catalog)
    }

    /// What is known of this model; of a dated name that is not listed, what is known of the
    /// name without its date.
    #[must_use]
    pub fn facts(&self, model: &ModelRef) -> Option<&ModelFacts> {
        self.facts.get(model).or_else(|| {
            let undated = ModelRef {
                provider: model.provider.clone(),
                model: without_date(&model.model)?.to_owned(),
            };
            self.facts.get(&undated)
        })
    }

    /// The vocabulary by which this model's tokens are counted; none where they are estimated.
    #[must_use]
    pub fn vocabulary(&self, model: &ModelRef) -> Option<Vocabulary> {
        let name = model.to_string();
        let fits_one = |known: &&Speakers| known.models.iter().any(|one| fits(one, &name));
        self.vocabularies
            .iter()
            .find(fits_one)
            .map(|known| known.name)
    }

    /// All models, in the table's order.
    pub fn models(&self) -> impl Iterator<Item = &ModelFacts> {
        self.order.iter().filter_map(|id| self.facts.get(id))
    }
}

impl Prices for Catalog {
    fn price(&self, model: &ModelRef) -> Option<Price> {
        match model.provider.as_str() {
            LOCAL | RECORDING => Some(Price::FREE),
            _ => self.facts(model).map(ModelFacts::price),
        }
    }

    fn longest_answer(&self, model: &ModelRef) -> Option<u32> {
        self.facts(model).map(|facts| facts.max_output)
    }

    fn window(&self, model: &ModelRef) -> Option<u64> {
        self.facts(model).map(|facts| facts.context)
    }
}

/// `gpt-4.1` of `gpt-4.1-2025-04-14`, and `claude-haiku-4-5` of `claude-haiku-4-5-20251001`.
fn without_date(name: &str) -> Option<&str> {
    [("-%Y-%m-%d", 11), ("-%Y%m%d", 9)]
        .into_iter()
        .find_map(|(form, length)| {
            let (rest, date) = name.split_at_checked(name.len().checked_sub(length)?)?;
            let is_date = jiff::civil::Date::strptime(form, date).is_ok();
            (is_date && !rest.is_empty()).then_some(rest)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str) -> ModelRef {
        name.parse().unwrap()
    }

    #[test]
    fn the_built_in_table_is_whole_and_plausible() {
        let catalog = Catalog::parse(include_str!("../models.toml")).unwrap();
        assert!(catalog.models().count() >= 15);
        for facts in catalog.models() {
            let Price {
                input,
                cached_input,
                output,
                ..
            } = facts.price();
            assert!(Usd::ZERO < cached_input, "{}", facts.id);
            assert!(cached_input <= input && input <= output, "{}", facts.id);
            assert!(u64::from(facts.max_output) <= facts.context, "{}", facts.id);
            assert!(facts.source.starts_with("https://"), "{}", facts.id);
            let price = facts.price();
            let Some(dearer) = price.dearer else {
                continue;
            };
            assert!(dearer.above < facts.context, "{}", facts.id);
            if let Some(long) = dearer.rates {
                assert!(long.input > input && long.output > output, "{}", facts.id);
                assert!(long.cached_input > cached_input, "{}", facts.id);
                assert_eq!(
                    long.cache_write.is_some(),
                    price.cache_write.is_some(),
                    "{}",
                    facts.id
                );
            }
        }
    }

    #[test]
    fn a_known_price_is_exact() {
        let price = Catalog::built_in()
            .price(&model("openai/gpt-5-mini"))
            .unwrap();
        assert_eq!(price.input, "0.25".parse().unwrap());
        assert_eq!(price.cached_input, "0.025".parse().unwrap());
        assert_eq!(price.output, "2".parse().unwrap());
    }

    #[test]
    fn a_dated_name_has_its_familys_price_unless_it_has_its_own() {
        let catalog = Catalog::built_in();
        assert_eq!(
            catalog.price(&model("openai/gpt-4.1-mini-2025-04-14")),
            catalog.price(&model("openai/gpt-4.1-mini"))
        );
        assert!(
            catalog
                .price(&model("anthropic/claude-haiku-4-5"))
                .is_some()
        );
        assert_eq!(
            catalog.price(&model("anthropic/claude-haiku-4-5-20251001")),
            catalog.price(&model("anthropic/claude-haiku-4-5"))
        );
        assert_ne!(
            catalog.price(&model("openai/gpt-4o-2024-05-13")),
            catalog.price(&model("openai/gpt-4o"))
        );
        for unknown in [
            "openai/gpt-4.1-mini-2025-13-41",
            "openai/gpt-99",
            "anthropic/claude-haiku-4-5-20251301",
            "anthropic/claude-haiku-4-5-2025100",
            "anthropic/claude-haiku-4-5-1",
            "openai/-2025-04-14",
            "openai/é-2025-04-14",
            "other/gpt-4o",
        ] {
            assert_eq!(catalog.price(&model(unknown)), None, "{unknown}");
        }
    }

    #[test]
    fn vocabularies_go_by_the_models_name() {
        for (name, expected) in [
            ("openai/gpt-5-mini", Some(Vocabulary::O200k)),
            ("openai/gpt-4.1-2025-04-14", Some(Vocabulary::O200k)),
            ("openrouter/openai/gpt-4o", Some(Vocabulary::O200k)),
            ("groq/openai/gpt-oss-120b", Some(Vocabulary::O200k)),
            ("openai/gpt-4-turbo", Some(Vocabulary::Cl100k)),
            ("openai/gpt-4", Some(Vocabulary::Cl100k)),
            ("anthropic/claude-opus-5", None),
            ("lab/gpt-5-mini", None),
        ] {
            let found = Catalog::built_in().vocabulary(&model(name));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_long_request_has_its_own_price() {
        let catalog = Catalog::built_in();
        let price = catalog.price(&model("anthropic/claude-haiku-5-5")).unwrap();
        assert_eq!(price.at(100_000), Some(price.rates()));
        let long = price.at(100_001).unwrap();
        assert_eq!(long.input, "0.50".parse().unwrap());
        assert_eq!(long.output, "2.50".parse().unwrap());
        let nobody_says = catalog.price(&model("xai/grok-4.3")).unwrap();
        assert_eq!(nobody_says.at(200_001), None);
        assert!(!nobody_says.is_whole());
    }

    #[test]
    fn this_machine_and_recordings_are_free() {
        for free in ["local/llama3.2", "recording/october"] {
            assert_eq!(
                Catalog::built_in().price(&model(free)),
                Some(Price::FREE),
                "{free}"
            );
        }
    }

    #[test]
    fn the_window_stays_below_what_costs_more() {
        let facts = Catalog::built_in().facts(&model("openai/gpt-5.4")).unwrap();
        assert_eq!(facts.usable_context(), 272_000);
        let facts = Catalog::built_in().facts(&model("openai/gpt-4o")).unwrap();
        assert_eq!(facts.usable_context(), 128_000);
    }

    #[test]
    fn a_wrong_table_says_where() {
        let error = Catalog::parse("[[model]]\nid = \"openai/x\"\nprice = 3\n").unwrap_err();
        assert!(error.to_string().contains("price"), "{error}");
    }
}
