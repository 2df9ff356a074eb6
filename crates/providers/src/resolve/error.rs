//! Why no model stands behind a name.

use slipway_agent::ports::secrets::SecretsError;
use slipway_contract::model::ModelRef;
use slipway_net::NetError;

use crate::endpoint::InvalidBaseUrl;
use crate::openai::InvalidKey;
use crate::recording::ParseError;

/// Why no model stands behind a name.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// OpenAI wants a key, and there is none.
    #[error("{model} needs a key, and OPENAI_API_KEY is not set. {instead}")]
    NoKey {
        /// The model.
        model: ModelRef,
        /// What would serve.
        instead: String,
    },
    /// The key cannot be used.
    #[error("OPENAI_API_KEY: {0}")]
    Key(#[from] InvalidKey),
    /// The key could not be looked up.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// `OPENAI_BASE_URL` is none.
    #[error("OPENAI_BASE_URL: {0}")]
    BaseUrl(#[from] InvalidBaseUrl),
    /// No server of this machine has the model.
    #[error("{model}: {why}")]
    NoLocalModel {
        /// The model.
        model: ModelRef,
        /// What was found instead, and what can be done.
        why: String,
    },
    /// The package has no such recording.
    #[error("the agent has no recording {name:?}. {instead}")]
    NoRecording {
        /// Its name.
        name: String,
        /// Which there are.
        instead: String,
    },
    /// The recording cannot be read.
    #[error("the recording {name:?} (recordings/{name}.jsonl) cannot be read: {error}")]
    Recording {
        /// Its name.
        name: String,
        /// Why.
        error: ParseError,
    },
    /// Nobody serves models of this provider.
    #[error("there is no provider {0:?}: write openai/MODEL, local/MODEL or recording/NAME")]
    UnknownProvider(String),
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    Net(#[from] NetError),
}
