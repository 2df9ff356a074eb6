//! Prices and token counts for tests.

use std::collections::BTreeMap;

use slipway_contract::model::{ModelRef, Price};

use crate::ports::model::ModelRequest;
use crate::ports::prices::{Prices, TokenCounter};

/// A fixed list of prices.
#[derive(Debug, Clone, Default)]
pub struct FixedPrices {
    prices: BTreeMap<ModelRef, Price>,
    otherwise: Option<Price>,
}

impl FixedPrices {
    /// Every model costs this.
    #[must_use]
    pub fn all(price: Price) -> Self {
        Self {
            prices: BTreeMap::new(),
            otherwise: Some(price),
        }
    }

    /// No price is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// The same, with this model's price.
    #[must_use]
    pub fn with(mut self, model: ModelRef, price: Price) -> Self {
        self.prices.insert(model, price);
        self
    }
}

impl Prices for FixedPrices {
    fn price(&self, model: &ModelRef) -> Option<Price> {
        self.prices.get(model).copied().or(self.otherwise)
    }
}

/// Counts four bytes as a token.
#[derive(Debug, Clone, Copy, Default)]
pub struct SimpleTokenCounter;

/// What a request holds besides its texts.
const FRAME: u64 = 8;

impl TokenCounter for SimpleTokenCounter {
    fn count(&self, request: &ModelRequest) -> u64 {
        let text = |text: &str| self.count_text(&request.model, text);
        let json = |value: Result<String, serde_json::Error>| value.map_or(0, |json| text(&json));
        let messages = request.messages.iter();
        let tools = request.tools.iter();
        FRAME
            + text(&request.instructions)
            + messages
                .map(|message| FRAME + json(serde_json::to_string(message)))
                .sum::<u64>()
            + tools
                .map(|tool| FRAME + json(serde_json::to_string(tool)))
                .sum::<u64>()
            + request
                .output_schema
                .as_ref()
                .map_or(0, |schema| text(&schema.to_string()))
    }

    fn count_text(&self, _: &ModelRef, text: &str) -> u64 {
        (text.len() as u64).div_ceil(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::contract;

    #[test]
    fn the_counter_keeps_the_contract() {
        let model = "local/test".parse().unwrap();
        contract::prices::token_counter_contract(&SimpleTokenCounter, &model);
    }

    #[test]
    fn a_model_without_a_price_has_none() {
        let known: ModelRef = "openai/known".parse().unwrap();
        let prices = FixedPrices::unknown().with(known.clone(), Price::FREE);
        assert_eq!(prices.price(&known), Some(Price::FREE));
        assert_eq!(prices.price(&"openai/other".parse().unwrap()), None);
    }
}
