//! Tools.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_contract::tool::ToolDefinition;
use slipway_contract::{RunId, StepId};

use crate::policy::Grants;

/// One call of a tool, past the door: policy and approval are settled.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The run.
    pub run: RunId,
    /// The step.
    pub step: StepId,
    /// The same for each attempt at this call, different for every other call.
    pub idempotency_key: String,
    /// The arguments, an object that fits the tool's schema.
    pub arguments: Value,
    /// All that the call may touch. A tool reaches nothing but through these.
    pub grants: Arc<Grants>,
}

/// A tool that can be called.
#[async_trait]
pub trait Tool: Send + Sync {
    /// What the model is told of it.
    fn definition(&self) -> &ToolDefinition;

    /// Whether a call can leave this machine. A folder's package is granted other tools unasked.
    fn leaves_machine(&self) -> bool;

    /// How long a call may take.
    fn timeout(&self) -> Duration {
        Duration::from_secs(60)
    }

    /// Makes the call. Dropping the future stops it as soon as it can be stopped.
    ///
    /// # Errors
    /// [`ToolError::Model`] for what the model can act on, [`ToolError::Fatal`] for what ends the run.
    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError>;

    /// Whether [`Self::reconcile`] can tell more than that it does not know.
    fn reconciles(&self) -> bool {
        false
    }

    /// Finds out whether an earlier attempt at this call happened, by looking and changing
    /// nothing. It is asked before a person is, and before anything is repeated.
    async fn reconcile(&self, _: Invocation) -> Found {
        Found::Unknown
    }
}

/// What a tool finds out about a call whose outcome is unknown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Found {
    /// It happened, and this is what it returned.
    Happened {
        /// The result.
        result: Value,
    },
    /// It did not happen, not even in part: it may be made.
    NotHappened,
    /// Neither can be told: a person is asked.
    Unknown,
}

/// How a tool fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolError {
    /// Told to the model as the tool's result: what happened, and what it can do.
    #[error("{0}")]
    Model(String),
    /// Ends the run.
    #[error("{0}")]
    Fatal(String),
    /// Whether the call happened is not known, such as when a connection broke before the answer.
    /// A call that only reads is told to the model; one that is safe to repeat is made again
    /// with the same key; about any other a person is asked.
    #[error("{0}")]
    Unknown(String),
}
