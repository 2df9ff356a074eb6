//! The person's own prices, and what they say of models: the file `prices.toml` of their home,
//! which goes before the table that Slipway ships with.

mod model;
mod read;

use std::collections::HashMap;

use jiff::civil::Date;
use slipway_contract::error::Finding;
use slipway_contract::model::{ModelRef, Price};

pub use model::OwnModel;

/// The file's name.
pub const FILE: &str = "prices.toml";

/// A price that the person stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPrice {
    /// The model.
    pub model: ModelRef,
    /// The price.
    pub price: Price,
    /// The most tokens that it can answer.
    pub max_output: Option<u32>,
    /// The day on which the price was looked up.
    pub checked: Date,
    /// Where it was found.
    pub source: Option<String>,
}

/// The person's own prices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnPrices {
    prices: HashMap<ModelRef, OwnPrice>,
    order: Vec<ModelRef>,
    models: Vec<OwnModel>,
}

impl OwnPrices {
    /// Reads the file's text.
    ///
    /// # Errors
    /// Everything that is wrong, with line and key.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        let mut own = Self::default();
        let (prices, models) = read::file(text)?;
        own.models = models;
        for price in prices {
            own.order.push(price.model.clone());
            own.prices.insert(price.model.clone(), price);
        }
        Ok(own)
    }

    /// The price of exactly this model.
    #[must_use]
    pub fn get(&self, model: &ModelRef) -> Option<&OwnPrice> {
        self.prices.get(model)
    }

    /// What the person says of exactly this model.
    #[must_use]
    pub fn model(&self, model: &ModelRef) -> Option<&OwnModel> {
        self.models.iter().find(|own| own.model == *model)
    }

    /// The models of which the person says something, in the file's order.
    pub fn models(&self) -> impl Iterator<Item = &OwnModel> {
        self.models.iter()
    }

    /// All prices, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &OwnPrice> {
        self.order.iter().filter_map(|model| self.prices.get(model))
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::model::{Abilities, Ability, ToolCalling};

    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let findings = OwnPrices::parse(text).expect_err(text);
        findings.iter().map(ToString::to_string).collect()
    }

    const WHOLE: &str = "format = 1\n\n[[price]]\nmodel = \"openai/my-model\"\ninput = \"1.25\"\ncached_input = \"0.125\"\noutput = \"10.00\"\nmax_output = 32_000\nchecked = \"2026-11-22\"\nsource = \"the contract\"\n\n[[price]]\nmodel = \"openai/gpt-5-mini\"\ninput = \"0.10\"\noutput = \"0.20\"\nchecked = \"2026-11-01\"\n";

    #[test]
    fn a_whole_file_is_read() {
        let own = OwnPrices::parse(WHOLE).unwrap();
        let mine = own.get(&"openai/my-model".parse().unwrap()).unwrap();
        assert_eq!(mine.price.cached_input, "0.125".parse().unwrap());
        assert_eq!(mine.max_output, Some(32_000));
        assert_eq!(mine.checked.to_string(), "2026-11-22");
        let second = own.iter().nth(1).unwrap();
        assert_eq!(
            second.price.cached_input, second.price.input,
            "without a price of their own, cached tokens cost what fresh ones do"
        );
        assert_eq!(OwnPrices::parse("").unwrap(), OwnPrices::default());
    }

    #[test]
    fn long_requests_can_have_a_price_of_their_own() {
        let long = WHOLE.replace(
            "max_output",
            "cache_write = \"1.50\"\ndearer = { above = 200_000, input = \"2.50\", output = \"15\" }\nmax_output",
        );
        let own = OwnPrices::parse(&long).unwrap();
        let price = own.get(&"openai/my-model".parse().unwrap()).unwrap().price;
        assert_eq!(price.cache_write, Some("1.5".parse().unwrap()));
        let rates = price.at(200_001).unwrap();
        assert_eq!(rates.output, "15".parse().unwrap());
        assert_eq!(rates.cached_input, rates.input);
        assert_eq!(price.at(200_000), Some(price.rates()));
    }

    #[test]
    fn what_the_person_says_of_a_model_goes_before_the_rest() {
        let text = "[[model]]\nmodel = \"local/mine\"\ntools = \"prompted\"\ncontext = 8_192\nimages = false\n";
        let own = OwnPrices::parse(text).unwrap();
        let mine = own.model(&"local/mine".parse().unwrap()).unwrap();
        assert_eq!(mine.context, Some(8_192));
        let known = Abilities {
            tools: ToolCalling::Native,
            images: Ability::Yes,
            reasoning: Ability::Yes,
            ..Abilities::default()
        };
        let said = mine.over(known);
        assert_eq!(said.tools, ToolCalling::Prompted);
        assert_eq!(said.images, Ability::No);
        assert_eq!(
            said.reasoning,
            Ability::Yes,
            "what nobody contradicts stays"
        );
        assert_eq!(said.pdfs, Ability::Unknown);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_key() {
        for (text, expected) in [
            ("price = [", "prices.toml:1:"),
            (
                "format = 2\n",
                "prices.toml:1:10: format: this Slipway reads format 1",
            ),
            (
                "[[prize]]\n",
                "prices.toml:1:3: prize: unknown key; did you mean `price`?",
            ),
            (
                "[[price]]\nmodel = \"openai/x\"\ninput = \"1\"\noutput = \"2\"\n",
                "prices.toml:1:1: price[1].checked: is missing: add `checked = \"2026-11-22\"`",
            ),
            (
                &WHOLE.replace("\"1.25\"", "1.25"),
                "prices.toml:5:9: price[1].input: money is exact and numbers are not: write it as a string, \"1.25\"",
            ),
            (
                &WHOLE.replace("\"1.25\"", "\"-1\""),
                "prices.toml:5:9: price[1].input: \"-1\" is not an amount",
            ),
            (
                &WHOLE.replace("output = \"10.00\"", "ouput = \"10.00\""),
                "prices.toml:7:1: price[1].ouput: unknown key; did you mean `output`?",
            ),
            (
                &WHOLE.replace("openai/my-model", "my-model"),
                "prices.toml:4:9: price[1].model: model \"my-model\" is not valid",
            ),
            (
                &WHOLE.replace("openai/my-model", "recording/may"),
                "prices.toml:4:9: price[1].model: recordings cost nothing",
            ),
            (
                &WHOLE.replace("openai/my-model", "openai/gpt-5-mini"),
                "prices.toml:13:9: price[2].model: stands here twice",
            ),
            (
                &WHOLE.replace("2026-11-22", "2026-13-22"),
                "prices.toml:9:11: price[1].checked: expected a day such as \"2026-11-22\"",
            ),
            (
                &WHOLE.replace("32_000", "0"),
                "prices.toml:8:14: price[1].max_output: expected a number of tokens from 1 on",
            ),
            (
                "[[model]]\nmodel = \"local/x\"\ntools = \"yes\"\n",
                "prices.toml:3:9: model[1].tools: expected \"native\" or \"prompted\"",
            ),
            (
                "[[model]]\nmodel = \"local/x\"\ncontext = 0\nimages = 1\n",
                "prices.toml:4:10: model[1].images: expected true or false",
            ),
            (
                "[[model]]\ncontext = 1\n",
                "prices.toml:1:1: model[1].model: is missing",
            ),
            (
                "[[model]]\nmodel = \"local/x\"\n[[model]]\nmodel = \"local/x\"\n",
                "prices.toml:4:9: model[2].model: stands here twice",
            ),
            (
                &WHOLE.replace(
                    "max_output = 32_000",
                    "dearer = { above = 9, input = \"3\" }",
                ),
                "prices.toml:8:10: price[1].dearer.output: is missing: add `output = \"1.25\"`",
            ),
            (
                &WHOLE.replace(
                    "max_output = 32_000",
                    "dearer = { input = \"3\", output = \"4\" }",
                ),
                "prices.toml:8:10: price[1].dearer.above: is missing",
            ),
            (
                &WHOLE.replace("max_output = 32_000", "dearer = 9"),
                "prices.toml:8:10: price[1].dearer: expected a table",
            ),
            (
                &WHOLE.replace("\"0.125\"", "\"2\""),
                "prices.toml:6:16: price[1].cached_input: is more than `input`",
            ),
        ] {
            let found = findings(text);
            assert!(
                found.iter().any(|finding| finding.starts_with(expected)),
                "{expected}\nin {found:#?}\nof {text}"
            );
        }
        let two = WHOLE.replace("\"1.25\"", "true").replace("\"0.20\"", "[]");
        assert_eq!(findings(&two).len(), 2, "everything is told at once");
        let steering = findings("\"\\u001b[2J\" = 1\n");
        assert!(!steering[0].contains('\u{1b}'), "{steering:?}");
    }
}
