//! Models.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::Usd;
use slipway_contract::message::{Content, Media, Message, StopReason};
use slipway_contract::model::{ModelRef, ReasoningEffort, ToolChoice};
use slipway_contract::run::Tokens;
use slipway_contract::tool::ToolDefinition;

pub use super::exchanged::{Exchanged, Unclean};

/// One call of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// The model.
    pub model: ModelRef,
    /// The instructions (system prompt).
    pub instructions: Arc<str>,
    /// The conversation so far, oldest first. Tool results follow the answer that asked for
    /// them, in the order in which it asked.
    pub messages: Vec<Message>,
    /// The tools that the model may call.
    pub tools: Arc<[ToolDefinition]>,
    /// JSON Schema of the final answer.
    pub output_schema: Option<Value>,
    /// The sampling temperature.
    pub temperature: Option<f64>,
    /// The most tokens that the answer may have.
    pub max_output_tokens: Option<u32>,
    /// How much the model shall reason; none leaves it to the provider.
    pub reasoning: Option<ReasoningEffort>,
    /// Whether it may, must or must not call tools.
    pub tool_choice: ToolChoice,
}

/// What a model answered, checked for form only: its text and arguments are hostile.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelResponse {
    /// The answer's parts.
    pub content: Vec<Content>,
    /// Why it stopped.
    pub stop: StopReason,
    /// What it used; none when the provider did not say.
    pub usage: Option<Tokens>,
    /// What it cost, where the provider says so.
    pub cost_usd: Option<Usd>,
    /// The provider's id of the request.
    pub request_id: Option<String>,
}

/// Hears of an answer while it arrives. Nothing here may block.
pub trait Deltas: Send + Sync {
    /// A piece of text.
    fn text(&self, text: &str);

    /// A piece of the model's own reasoning.
    fn reasoning(&self, _text: &str) {}

    /// More of the answer arrived, of whatever kind: also of what nobody is shown piece by piece,
    /// such as a tool call.
    fn grew(&self) {}

    /// Whether to tell what went over the wire.
    fn wants_exchange(&self) -> bool {
        false
    }

    /// What went over the wire, when the attempt is over: also of one that failed or was let go of.
    fn exchanged(&self, _exchange: Unclean) {}
}

/// A model that can be called. An implementation makes exactly one attempt: retries are the
/// engine's, so that each is journalled.
#[async_trait]
pub trait Model: Send + Sync {
    /// Makes the call. Dropping the future closes the connection.
    ///
    /// # Errors
    /// See [`ModelErrorKind`].
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError>;

    /// Whether this one calls tools in words that are agreed on with it, since its provider has no
    /// interface for that.
    fn is_prompted(&self, _model: &ModelRef) -> bool {
        false
    }

    /// Whether it takes files of this kind with what a person says; none when nobody knows before it
    /// is asked.
    fn takes(&self, _media: Media) -> Option<bool> {
        None
    }

    /// Whether it is known already that this one cannot be asked: a call fails at once, with the
    /// reason, and nothing is sent.
    fn is_out_of_reach(&self, _model: &ModelRef) -> bool {
        false
    }
}

/// What kind of failure a model call ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelErrorKind {
    /// The key is missing, wrong or not allowed to.
    Authentication,
    /// The account has no credit left.
    Quota,
    /// Too many requests.
    RateLimit,
    /// The provider is overloaded or failed (5xx).
    Overloaded,
    /// The request is longer than the context window.
    ContextTooLong,
    /// The provider refused the content.
    Refused,
    /// The model or the provider cannot do what was asked.
    Unsupported,
    /// There is no such model, or what answers is no provider of models.
    NotFound,
    /// No connection, or it broke before or in the middle of the answer.
    Network,
    /// No answer in time.
    Timeout,
    /// The answer cannot be read.
    Malformed,
    /// The answer is longer than is taken in; another attempt would only pay for it again.
    AnswerTooLong,
    /// A recording does not fit what happened now.
    RecordingMismatch,
}

impl ModelErrorKind {
    /// Whether another attempt may succeed.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimit | Self::Overloaded | Self::Network | Self::Timeout | Self::Malformed
        )
    }

    /// Whether another model may answer where this one failed so, also when tried again. What a
    /// provider refuses, another is not asked for.
    #[must_use]
    pub const fn another_model_may_do(self) -> bool {
        match self {
            Self::Authentication
            | Self::Quota
            | Self::RateLimit
            | Self::Overloaded
            | Self::ContextTooLong
            | Self::Unsupported
            | Self::NotFound
            | Self::Network
            | Self::Timeout
            | Self::Malformed => true,
            Self::Refused | Self::AnswerTooLong | Self::RecordingMismatch => false,
        }
    }

    /// Whether a provider that failed so can have billed the attempt, as far as the kind tells:
    /// what it turned away before a model began to work it does not bill.
    #[must_use]
    pub const fn billing(self) -> Billing {
        match self {
            Self::Authentication
            | Self::Quota
            | Self::RateLimit
            | Self::ContextTooLong
            | Self::Unsupported
            | Self::NotFound
            | Self::RecordingMismatch => Billing::Nothing,
            Self::Overloaded
            | Self::Refused
            | Self::Network
            | Self::Timeout
            | Self::Malformed
            | Self::AnswerTooLong => Billing::Unknown,
        }
    }
}

/// What a failed attempt may have cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// It provably was not billed.
    #[default]
    Nothing,
    /// It may have been billed, up to what was reserved.
    Unknown,
}

/// Why a model call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ModelError {
    /// What to branch on.
    pub kind: ModelErrorKind,
    /// What happened, to what, and what can be done; free of secrets.
    pub message: String,
    /// How long the provider wants us to wait.
    pub retry_after: Option<Duration>,
    /// The provider's id of the request.
    pub request_id: Option<String>,
    /// What the attempt may have cost.
    pub billing: Billing,
}

impl ModelError {
    /// An error of this kind, with what happened and what can be done.
    #[must_use]
    pub fn new(kind: ModelErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            retry_after: None,
            request_id: None,
            billing: kind.billing(),
        }
    }

    /// The same, of an attempt that may have cost this.
    #[must_use]
    pub const fn billed(mut self, billing: Billing) -> Self {
        self.billing = billing;
        self
    }
}
