//! About how many tokens a text is.

use slipway_agent::ports::prices::TokenCounter as _;
use slipway_contract::model::ModelRef;
use slipway_providers::Estimate;

/// About how many tokens a text is for a model, or for any; never fewer than in most.
#[must_use]
pub fn estimated_tokens(model: Option<&ModelRef>, text: &str) -> u64 {
    let any = ModelRef {
        provider: String::new(),
        model: String::new(),
    };
    Estimate.count_text(model.unwrap_or(&any), text)
}
