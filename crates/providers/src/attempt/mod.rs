//! What all protocols share: a model's place, and one attempt at a call of it. Exactly one request
//! goes out for each attempt, every failure is named while status and headers are still known, and
//! every body is made safe before a protocol reads it.

pub(crate) mod answer;
pub(crate) mod complaint;
pub(crate) mod ending;
pub(crate) mod events;
pub(crate) mod exchange;
pub(crate) mod failure;
mod files;
mod google;
pub(crate) mod key;
pub(crate) mod names;
pub(crate) mod origin;
mod retry_after;
pub(crate) mod schema;
pub(crate) mod transport;
mod wire;

use std::borrow::Cow;
use std::sync::Arc;

use http::HeaderMap;
use serde_json::Value;
use slipway_agent::ports::model::{
    Deltas, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use slipway_contract::Secret;
use slipway_contract::message::{Message, ToolCall};
use slipway_contract::model::ModelRef;
use slipway_contract::wire::WireCut;

pub use self::exchange::Patience;
pub use self::key::{InvalidKey, Key};

use self::answer::Assembly;
use self::exchange::Exchange;
use self::failure::{Asks, Reporter};
use self::names::ToolNames;
use self::origin::Origin;
use crate::catalog::{LOCAL, ModelFacts};
use crate::endpoint::BaseUrl;
use crate::registry::{Protocol, Provider};
use crate::resolve::named_by;

/// How a model is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The protocol; none chooses that of the place.
    pub protocol: Option<Protocol>,
    /// Whether answers come piece by piece.
    pub stream: bool,
    /// How long to wait for bytes.
    pub patience: Patience,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            protocol: None,
            stream: true,
            patience: Patience::default(),
        }
    }
}

/// A model at its place.
pub struct Endpoint {
    /// The client must neither retry nor limit the total time of a request, as
    /// [`slipway_net::provider_client`] does not.
    pub http: reqwest::Client,
    /// Whose model it is.
    pub provider: Arc<Provider>,
    /// Where it is.
    pub base: BaseUrl,
    /// The key; none where none is sent.
    pub key: Option<Key>,
    /// The model.
    pub model: ModelRef,
    /// What is known of it.
    pub facts: Option<ModelFacts>,
    /// How it is spoken to.
    pub settings: Settings,
}

impl Endpoint {
    /// The protocol that is spoken here.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.settings
            .protocol
            .unwrap_or_else(|| self.provider.protocol_at(&self.base))
    }

    /// Whether this is the provider's own address.
    pub(crate) fn is_at_home(&self) -> bool {
        self.provider.is_at_home(&self.base)
    }

    /// Begins an attempt.
    pub(crate) async fn attempt<'a>(
        &'a self,
        request: &'a ModelRequest,
        deltas: &'a dyn Deltas,
    ) -> Result<Attempt<'a>, ModelError> {
        let streams = self.settings.stream;
        let (key_headers, exchange) = self.open(streams, deltas.wants_exchange()).await?;
        Ok(Attempt {
            endpoint: self,
            exchange,
            key_headers,
            names: ToolNames::new(&request.tools),
            request,
            deltas,
        })
    }

    /// The header that carries the key as it is at this moment, and the account of one exchange.
    pub(crate) async fn open(
        &self,
        streams: bool,
        is_watched: bool,
    ) -> Result<(HeaderMap, Arc<Exchange>), ModelError> {
        self.open_for(Asks::Model, streams, is_watched).await
    }

    /// The same, to ask the provider something about itself.
    pub(crate) async fn open_to_itself(&self) -> Result<(HeaderMap, Arc<Exchange>), ModelError> {
        self.open_for(Asks::Provider, false, false).await
    }

    async fn open_for(
        &self,
        asks: Asks,
        streams: bool,
        is_watched: bool,
    ) -> Result<(HeaderMap, Arc<Exchange>), ModelError> {
        let who = match asks {
            Asks::Model => self.model.to_string(),
            Asks::Provider => self.provider.title.clone(),
        };
        let key = self.key(&who).await?;
        let mut headers = HeaderMap::new();
        if let Some((name, key)) = &key {
            headers = self.provider.key_header.carrying(key).map_err(|error| {
                ModelError::new(
                    ModelErrorKind::Authentication,
                    format!("{who}: {name}: {error}"),
                )
            })?;
        }
        let (reporter, patience) = (self.reporter(key, asks), self.settings.patience);
        let exchange = Exchange::new(reporter, patience, streams, is_watched);
        Ok((headers, Arc::new(exchange)))
    }

    /// The key with its name. A server of this machine may do without.
    async fn key(&self, who: &str) -> Result<Option<(String, Secret)>, ModelError> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let unusable = |message| ModelError::new(ModelErrorKind::Authentication, message);
        let found = key
            .look_up()
            .await
            .map_err(|error| unusable(format!("{who}: {error}")))?;
        let wanted = !self.base.is_loopback() && !self.provider.keys.is_empty();
        if found.is_none() && wanted {
            let name = key.name();
            return Err(unusable(format!(
                "{who} needs a key, and {name} is not set any more. Set it again: slipway secrets set {name}"
            )));
        }
        // Whoever made this endpoint should have seen it; a key that was read on the way is lost.
        if found.is_some() && self.base.is_open_to_others() {
            return Err(unusable(format!(
                "{who}: its key would go to {} unencrypted. Use https:// there.",
                self.base
            )));
        }
        Ok(found.map(|(name, key)| (name.to_owned(), key)))
    }

    fn reporter(&self, key: Option<(String, Secret)>, asks: Asks) -> Reporter {
        let at_home = self.is_at_home();
        let (key_name, secret) = key.unzip();
        let first = || self.provider.keys.first().cloned();
        Reporter {
            model: self.model.clone(),
            asks,
            place: if at_home && self.provider.own_base().is_some() {
                self.provider.title.clone()
            } else {
                self.base.place()
            },
            secret,
            key_name: key_name.or_else(first),
            base_variable: (!at_home || self.provider.own_base().is_none())
                .then(|| named_by(&self.provider, &self.base).to_owned())
                .filter(|_| self.provider.id != LOCAL),
            ends_in_v1: matches!(self.protocol(), Protocol::Responses | Protocol::Chat),
            custom_base: !at_home || self.provider.own_base().is_none(),
        }
    }
}

/// One attempt, with all that it takes.
pub(crate) struct Attempt<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) exchange: Arc<Exchange>,
    /// The header that carries the key.
    pub(crate) key_headers: HeaderMap,
    pub(crate) names: ToolNames,
    pub(crate) request: &'a ModelRequest,
    pub(crate) deltas: &'a dyn Deltas,
}

impl Attempt<'_> {
    /// The model as its place names it.
    pub(crate) fn model(&self) -> &str {
        &self.endpoint.model.model
    }

    /// Whose the thoughts of its answer are.
    pub(crate) fn origin(&self, protocol: &'static str) -> Origin<'_> {
        Origin::of(self.endpoint, protocol)
    }

    pub(crate) fn assembly(&self) -> Assembly<'_> {
        let answered = |message: &&Message| matches!(message, Message::Assistant { .. });
        let turn = self.request.messages.iter().filter(answered).count();
        Assembly::new(&self.exchange, self.deltas, &self.names, turn)
    }

    /// What came of it, with the request's id in an error where an answer named one.
    pub(crate) fn over(
        &self,
        answer: Result<ModelResponse, ModelError>,
    ) -> Result<ModelResponse, ModelError> {
        match &answer {
            // All was said, even where who reads stopped before the end of the body.
            Ok(_) => self.exchange.note_end(None),
            Err(error)
                if matches!(
                    error.kind,
                    ModelErrorKind::Network | ModelErrorKind::Timeout
                ) =>
            {
                self.exchange.note_end(Some(WireCut::Lost));
            }
            Err(_) => {}
        }
        answer.map_err(|mut error| {
            error.request_id = error.request_id.or_else(|| self.exchange.request_id());
            with_request_id(error)
        })
    }
}

impl Drop for Attempt<'_> {
    /// Also of an attempt that was let go of.
    fn drop(&mut self) {
        if let Some(exchanged) = self.exchange.take_wire(&self.request.messages) {
            self.deltas.exchanged(exchanged);
        }
    }
}

/// The error with the provider's id of the request in its words, since who helps with it asks for
/// that.
pub(crate) fn with_request_id(mut error: ModelError) -> ModelError {
    if let Some(id) = &error.request_id
        && !error.message.contains(id.as_str())
    {
        error.message = format!("{} The request's id there is {id}.", error.message);
    }
    error
}

/// A tool's result as the model reads it: an error is marked, where the wire has no field for it.
pub(crate) fn result_text(text: &str, is_error: bool) -> Cow<'_, str> {
    if is_error {
        Cow::Owned(format!("Error: {text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A call's arguments as the model wrote them.
pub(crate) fn raw_arguments(call: &ToolCall) -> Cow<'_, str> {
    match (&call.malformed, &call.arguments) {
        (Some(_), Value::String(raw)) => Cow::Borrowed(raw),
        (_, arguments) => Cow::Owned(arguments.to_string()),
    }
}
