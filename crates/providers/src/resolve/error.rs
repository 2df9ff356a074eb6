//! Why no model stands behind a name.

use slipway_agent::ports::secrets::SecretsError;
use slipway_contract::model::ModelRef;
use slipway_net::NetError;

use crate::attempt::InvalidKey;
use crate::endpoint::{BaseUrl, InvalidBaseUrl};
use crate::recording::ParseError;

/// Why no model stands behind a name.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The provider wants a key, and there is none.
    #[error("{who} needs a key, and {name} is not set. {instead}")]
    NoKey {
        /// The model, or the provider.
        who: String,
        /// The key's name.
        name: String,
        /// What would serve.
        instead: String,
    },
    /// The key cannot be used.
    #[error("{name}: {error}")]
    Key {
        /// The key's name.
        name: String,
        /// Why.
        error: InvalidKey,
    },
    /// The key could not be looked up.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// What names the provider's address is none.
    #[error("{name}: {error}")]
    BaseUrl {
        /// The variable.
        name: String,
        /// Why.
        error: InvalidBaseUrl,
    },
    /// The provider is wherever the person says, and they have not said it.
    #[error("{provider} has no address of its own: set {name} to yours")]
    NoBaseUrl {
        /// The provider.
        provider: String,
        /// The variable.
        name: String,
    },
    /// The key would go over the network as anybody can read it.
    #[error(
        "{provider} would get its key at {base} unencrypted, where others on the network can read it. Use https:// there; a server of yours that wants no key can be a provider of its own, without `keys`, in providers.toml"
    )]
    OpenToOthers {
        /// The provider.
        provider: String,
        /// The address.
        base: BaseUrl,
    },
    /// The person's own file of providers cannot be used.
    #[error("{0}")]
    OwnProviders(String),
    /// No server of this machine has the model.
    #[error("{model}: {why}")]
    NoLocalModel {
        /// The model.
        model: ModelRef,
        /// What was found instead, and what can be done.
        why: String,
    },
    /// A server of this machine lists the model, but another machine answers.
    #[error(
        "{model}: {server} at {place} passes it on to another machine, and what is local never leaves this one. Choose a model that is downloaded here"
    )]
    NotOnThisMachine {
        /// The model.
        model: ModelRef,
        /// The server.
        server: &'static str,
        /// Where it listens.
        place: String,
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
    #[error(
        "there is no provider {id:?}{meant}: write PROVIDER/MODEL with one of {known}, or local/MODEL, or recording/NAME"
    )]
    UnknownProvider {
        /// As it was named.
        id: String,
        /// Which one was meant, where that can be guessed.
        meant: String,
        /// Which there are.
        known: String,
    },
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    Net(#[from] NetError),
}
