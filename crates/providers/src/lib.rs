//! Model clients behind [`slipway_agent::ports::model::Model`]: OpenAI and whatever speaks like
//! it, servers on this machine, and recordings. One call is one attempt; retries are the
//! engine's.
//!
//! - [`Providers`] finds the model behind a name, lists the models, and knows their prices.
//! - [`embeddings`] turns texts into vectors.
//! - [`openai`] speaks Chat Completions and Responses, streaming and not.
//! - [`recording`] makes recordings of runs and plays them.
//! - [`catalog`] is the dated table of what is known of models, and [`own_prices`] the person's own.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod anthropic;
mod attempt;
pub mod catalog;
#[cfg(test)]
mod conformance;
pub mod embeddings;
pub mod endpoint;
mod findings;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod gemini;
mod live;
mod local;
pub mod openai;
pub mod own_prices;
mod prompted;
pub mod recording;
pub mod registry;
mod resolve;
#[cfg(any(test, feature = "testing"))]
pub mod scripted;
pub mod thinking;
pub mod tokens;

pub use attempt::{Endpoint, InvalidKey, Key, Patience, Settings};
pub use catalog::Catalog;
pub use embeddings::{Embedded, Embedder};
pub use endpoint::BaseUrl;
pub use live::{ListError, Listed};
pub use own_prices::{OwnModel, OwnPrice, OwnPrices};
pub use registry::{Protocol, Provider, Registry};
pub use resolve::{Environment, Listing, Providers, RecordingFile, ResolveError, Resolved};
pub use thinking::Thinking;
pub use tokens::Estimate;
