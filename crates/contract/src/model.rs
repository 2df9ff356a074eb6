//! Models: how they are named and what is known of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Usd;
use crate::id::InvalidId;
use crate::run::Tokens;

/// A model by `provider/model`; the model's part may hold further slashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelRef {
    /// The provider: `openai`, `local`, `recording` …
    pub provider: String,
    /// The model as the provider names it, or the recording's name.
    pub model: String,
}

impl fmt::Display for ModelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.model)
    }
}

impl FromStr for ModelRef {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let valid = |part: &str| {
            !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control())
        };
        match text.split_once('/') {
            Some((provider, model)) if valid(provider) && valid(model) => Ok(Self {
                provider: provider.to_owned(),
                model: model.to_owned(),
            }),
            _ => Err(InvalidId {
                what: "model",
                text: text.chars().take(80).collect(),
                rule: "provider/model, such as openai/gpt-5-mini, local/llama3.2 or recording/october",
            }),
        }
    }
}

impl Serialize for ModelRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ModelRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// US dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// For tokens sent.
    pub input: Usd,
    /// For tokens sent that the provider had cached.
    pub cached_input: Usd,
    /// For tokens sent that the provider writes to its cache, where it asks another price for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Usd>,
    /// For tokens answered.
    pub output: Usd,
    /// What all of a request costs whose input is long, where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dearer: Option<Dearer>,
}

/// What a request costs whose input is long: all of it, not the part beyond alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dearer {
    /// Input tokens above which it does, those that were cached included.
    pub above: u64,
    /// What it costs then; none where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<Rates>,
}

/// US dollars for a million tokens of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// For tokens sent.
    pub input: Usd,
    /// For tokens sent that the provider had cached.
    pub cached_input: Usd,
    /// For tokens sent that the provider writes to its cache, where it asks another price for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Usd>,
    /// For tokens answered.
    pub output: Usd,
}

impl Price {
    /// What costs nothing: local models and recordings.
    pub const FREE: Self = Self {
        input: Usd::ZERO,
        cached_input: Usd::ZERO,
        cache_write: None,
        output: Usd::ZERO,
        dearer: None,
    };

    /// What a request of ordinary length costs.
    #[must_use]
    pub const fn rates(&self) -> Rates {
        Rates {
            input: self.input,
            cached_input: self.cached_input,
            cache_write: self.cache_write,
            output: self.output,
        }
    }

    /// What a request with so many input tokens costs; none where nobody knows.
    #[must_use]
    pub fn at(&self, input_tokens: u64) -> Option<Rates> {
        match self.dearer {
            Some(dearer) if input_tokens > dearer.above => dearer.rates,
            _ => Some(self.rates()),
        }
    }

    /// What a request with at most so many input tokens costs at most; none where nobody knows.
    #[must_use]
    pub fn up_to(&self, input_tokens: u64) -> Option<Rates> {
        let (short, long) = (self.rates(), self.at(input_tokens)?);
        Some(Rates {
            input: short.input.max(long.input),
            cached_input: short.cached_input.max(long.cached_input),
            cache_write: short.cache_write.max(long.cache_write),
            output: short.output.max(long.output),
        })
    }

    /// What a request with these tokens costs; none where nobody knows.
    #[must_use]
    pub fn cost(&self, tokens: Tokens) -> Option<Usd> {
        let rates = self.at(tokens.input_tokens)?;
        Some(rates.cost(tokens))
    }

    /// Whether it is known for requests of every length.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        !matches!(self.dearer, Some(Dearer { rates: None, .. }))
    }
}

impl Rates {
    /// What a request with these tokens costs.
    #[must_use]
    pub fn cost(&self, tokens: Tokens) -> Usd {
        let fresh = tokens.input_tokens.saturating_sub(tokens.cached_tokens);
        let part = |count: u64, price: Usd| {
            Usd(price.0.saturating_mul(count.into()) / rust_decimal::Decimal::from(1_000_000))
        };
        let written = match (self.cache_write, tokens.cache_write_tokens) {
            (None, _) => part(fresh, self.input),
            (Some(write), Some(told)) => {
                let told = told.min(fresh);
                part(told, write).plus(part(fresh - told, self.input))
            }
            // The provider does not tell them apart: never less than it asks.
            (Some(write), None) => part(fresh, write.max(self.input)),
        };
        written
            .plus(part(tokens.cached_tokens, self.cached_input))
            .plus(part(tokens.output_tokens, self.output))
    }
}

/// How much a model shall reason before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasoningEffort {
    /// Not at all, where the model can do without.
    Off,
    /// A little.
    Low,
    /// As most tasks need it.
    Medium,
    /// As much as the model can.
    High,
}

/// Whether a model may, must or must not call tools.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolChoice {
    /// As it sees fit.
    #[default]
    Auto,
    /// It must not.
    None,
    /// It must call one of them.
    Required,
    /// It must call this one.
    Tool(String),
}

/// Whether a model can do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// It can.
    Yes,
    /// It cannot.
    No,
    /// Nobody said.
    #[default]
    Unknown,
}

impl Ability {
    /// What somebody said of it, or did not.
    #[must_use]
    pub const fn said(said: Option<bool>) -> Self {
        match said {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }

    /// What was said here, or else there.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match self {
            Self::Unknown => other,
            known => known,
        }
    }
}

/// How a model calls tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolCalling {
    /// Through its provider's interface.
    Native,
    /// In words that Slipway agrees on with it, since its provider has no interface for it.
    Prompted,
    /// Nobody said. It is asked through its provider's interface.
    #[default]
    Unknown,
}

/// What a model can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Abilities {
    /// How it calls tools.
    pub tools: ToolCalling,
    /// Whether it sees images.
    pub images: Ability,
    /// Whether it reads PDF documents.
    pub pdfs: Ability,
    /// Whether it reasons before it answers.
    pub reasoning: Ability,
    /// Whether its provider holds it to a schema of the answer.
    pub structured_output: Ability,
}

/// Why a model cannot be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusable {
    /// Its provider wants a key, and there is none.
    NoKey,
    /// The keys cannot be read, so nobody knows whether there is one.
    KeysUnreadable,
    /// Its provider is wherever the person says, and they have not said it.
    NoAddress,
    /// What names its provider's address is none.
    WrongAddress,
    /// No server answers.
    NoServer,
    /// Its server passes what it is asked on to another machine.
    AnotherMachine,
    /// No such provider is known.
    UnknownProvider,
}

/// A model as `slipway models` lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// The model.
    pub model: ModelRef,
    /// Who serves it, as people call them; empty when nobody is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// Whether it can be used now.
    pub usable: bool,
    /// Why it cannot be used now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unusable: Option<Unusable>,
    /// What it can do.
    #[serde(default)]
    pub abilities: Abilities,
    /// Why it cannot be used, and what would help; or where it is.
    pub note: String,
    /// Tokens that fit its context window.
    pub context_tokens: Option<u64>,
    /// Its price; none when unknown.
    pub price: Option<Price>,
    /// The day on which the price was said; none for what costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_checked: Option<jiff::civil::Date>,
    /// Who said the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_source: Option<String>,
}
