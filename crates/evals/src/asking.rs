//! One question to a model: no tools, no conversation, an answer of bounded size.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use slipway_agent::ports::model::{Deltas, Model, ModelRequest};
use slipway_agent::ports::prices::Prices;
use slipway_contract::Usd;
use slipway_contract::message::{Content, Message, StopReason};
use slipway_contract::model::{ModelRef, Price, ToolChoice};

use crate::assertion::ports::NotAvailable;

/// The most bytes of an answer that are read; what is beyond is cut off.
pub(crate) const MAX_ANSWER: usize = 256 << 10;
/// The most tokens that an answer may have, reasoning included.
const MAX_TOKENS: u32 = 16_000;

/// A model that is asked single questions, and what it costs.
#[derive(Clone, Copy)]
pub struct AskedModel<'m> {
    model: &'m dyn Model,
    named: &'m ModelRef,
    prices: &'m dyn Prices,
}

/// What a model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// None when nobody knows.
    pub(crate) cost_usd: Option<Usd>,
}

impl std::fmt::Debug for AskedModel<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AskedModel")
            .field("named", &self.named)
            .finish_non_exhaustive()
    }
}

/// Nobody watches the answer arrive.
struct Unwatched;

impl Deltas for Unwatched {
    fn text(&self, _: &str) {}
}

impl<'m> AskedModel<'m> {
    /// The model, the name under which it is asked and reported, and where its price is looked up.
    /// One call of it is one attempt: whoever wants retries, or a limit on how many are under way,
    /// gives a model that has them.
    #[must_use]
    pub const fn new(model: &'m dyn Model, named: &'m ModelRef, prices: &'m dyn Prices) -> Self {
        Self {
            model,
            named,
            prices,
        }
    }

    /// Its name, `provider/model`.
    #[must_use]
    pub const fn named(&self) -> &'m ModelRef {
        self.named
    }

    /// Asks. Instructions come from us; the text may be anybody's.
    pub(crate) async fn ask(&self, instructions: &str, text: &str) -> Result<Said, NotAvailable> {
        let request = ModelRequest {
            model: self.named.clone(),
            instructions: instructions.into(),
            messages: vec![Message::User {
                text: text.to_owned(),
                attachments: Vec::new(),
            }],
            tools: Arc::new([]),
            output_schema: None,
            temperature: None,
            max_output_tokens: Some(MAX_TOKENS),
            reasoning: None,
            tool_choice: ToolChoice::None,
        };
        let answered = self.model.call(&request, &Unwatched).await;
        let answer = answered.map_err(|error| NotAvailable(error.to_string()))?;
        let price = self.prices.price(self.named);
        let cost_usd = answer.cost_usd.or_else(|| match (price, answer.usage) {
            (Some(price), _) if price == Price::FREE => Some(Usd::ZERO),
            (price, usage) => price?.cost(usage?),
        });
        let mut said = String::new();
        for part in &answer.content {
            if let Content::Text { text } = part {
                let left = MAX_ANSWER - said.len();
                said.push_str(&text[..text.floor_char_boundary(left)]);
            }
        }
        match answer.stop {
            StopReason::Refused | StopReason::Filtered => {
                let why = format!("{} refused to answer", self.named);
                Err(NotAvailable(why))
            }
            _ => Ok(Said {
                text: said,
                cost_usd,
            }),
        }
    }
}

/// The JSON of an answer. Many models put it into a block of Markdown, whatever they are told.
pub(crate) fn json_of(answer: &str) -> &str {
    let text = answer.trim();
    let inner = text
        .strip_prefix("```json")
        .or_else(|| text.strip_prefix("```"));
    let inner = inner.and_then(|inner| inner.strip_suffix("```"));
    inner.unwrap_or(text).trim()
}

/// A mark that follows from what it encloses: no text can hold its own hash, so none can end the
/// fence and speak to the model.
pub(crate) fn fence(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    let hex = bytes.iter().take(12).map(|byte| format!("{byte:02x}"));
    hex.collect()
}
