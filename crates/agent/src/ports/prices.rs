//! Prices, context windows and token counts.

use slipway_contract::model::{ModelRef, Price};

use super::model::ModelRequest;

/// What is known of models.
pub trait Prices: Send + Sync {
    /// The price of a model; none when unknown.
    fn price(&self, model: &ModelRef) -> Option<Price>;

    /// The most tokens that the model can answer at once; none when unknown.
    fn longest_answer(&self, _model: &ModelRef) -> Option<u32> {
        None
    }

    /// The tokens that fit the model's window, input and answer together; none when unknown.
    fn window(&self, _model: &ModelRef) -> Option<u64> {
        None
    }
}

/// Counts the tokens of a request before it is made.
pub trait TokenCounter: Send + Sync {
    /// An upper estimate of the request's input tokens.
    fn count(&self, request: &ModelRequest) -> u64;

    /// No fewer than the input tokens that a provider will bill for a request to this model that
    /// was counted so: what is reserved goes by it.
    fn at_most(&self, _model: &ModelRef, counted: u64) -> u64 {
        counted
    }

    /// An upper estimate of a text's tokens for this model.
    fn count_text(&self, model: &ModelRef, text: &str) -> u64;
}
