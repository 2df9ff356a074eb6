//! OpenAI and whatever speaks like it, through `async-openai`: its client and its seams for
//! configuration, HTTP and own types. The HTTP layer below it is ours, since attempts must be
//! exactly one, and since what it makes of errors has lost their headers.

mod answer;
mod chat;
mod complaint;
mod config;
mod dialect;
mod events;
mod exchange;
mod failure;
mod names;
mod responses;
mod retry_after;
mod schema;
mod transport;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use async_openai::Client;
use async_trait::async_trait;
use serde_json::Value;
use slipway_agent::ports::model::{
    Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};
use slipway_contract::Secret;
use slipway_contract::message::{Message, ToolCall};
use slipway_contract::model::ModelRef;

pub(crate) use config::check;
pub use config::{InvalidKey, Key};
pub use dialect::Api;
pub use exchange::Patience;

use self::answer::Assembly;
use self::config::Place;
use self::dialect::Dialect;
use self::exchange::Exchange;
use self::failure::Reporter;
use self::names::ToolNames;
use self::transport::OneAttempt;
use crate::catalog::ModelFacts;
use crate::endpoint::BaseUrl;

/// How a model is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The interface; none chooses the usual one of the place.
    pub api: Option<Api>,
    /// Whether answers come piece by piece.
    pub stream: bool,
    /// How long to wait for bytes.
    pub patience: Patience,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api: None,
            stream: true,
            patience: Patience::default(),
        }
    }
}

/// A model of OpenAI, or of a place that speaks like it.
pub struct OpenAi {
    http: reqwest::Client,
    base: BaseUrl,
    key: Option<Key>,
    model: ModelRef,
    api: Api,
    dialect: Dialect,
    settings: Settings,
}

impl OpenAi {
    /// The model at this place. The client must neither retry nor limit the total time of a
    /// request, as [`slipway_net::provider_client`] does not.
    #[must_use]
    pub fn new(
        http: reqwest::Client,
        base: BaseUrl,
        key: Option<Key>,
        model: ModelRef,
        facts: Option<&ModelFacts>,
        settings: Settings,
    ) -> Self {
        Self {
            http,
            api: settings.api.unwrap_or_else(|| Api::usual(&base)),
            dialect: Dialect::of(&base, &model, facts),
            base,
            key,
            model,
            settings,
        }
    }

    /// The key as it is at this moment. A server of this machine may do without.
    async fn key(&self) -> Result<Option<Secret>, ModelError> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let unusable = |message| ModelError::new(ModelErrorKind::Authentication, message);
        let found = key
            .look_up()
            .await
            .map_err(|error| unusable(format!("{}: {error}", self.model)))?;
        if found.is_none() && !self.base.is_loopback() {
            let name = key.name();
            return Err(unusable(format!(
                "{} needs a key, and {name} is not set any more. Set it again: slipway secrets set {name}",
                self.model
            )));
        }
        Ok(found)
    }

    fn reporter(&self, secret: Option<Secret>) -> Reporter {
        Reporter {
            model: self.model.clone(),
            place: if self.base.is_openai() {
                "OpenAI".to_owned()
            } else {
                self.base.place()
            },
            secret,
            custom_base: !self.base.is_openai(),
        }
    }
}

#[async_trait]
impl Model for OpenAi {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let key = self.key().await?;
        let place = Place::new(self.base.clone(), key.as_ref())
            .map_err(|error| ModelError::new(ModelErrorKind::Authentication, error.to_string()))?;
        let exchange = Arc::new(Exchange::new(
            self.reporter(key),
            self.settings.patience,
            self.settings.stream,
        ));
        let names = ToolNames::new(&request.tools);
        let client = Client::build(self.http.clone(), place).with_http_service(OneAttempt {
            http: self.http.clone(),
            exchange: Arc::clone(&exchange),
        });
        let call = Call {
            client: &client,
            exchange: &exchange,
            request,
            names: &names,
            dialect: &self.dialect,
            deltas,
        };
        let answer = match self.api {
            Api::ChatCompletions => chat::make(&call).await,
            Api::Responses => responses::make(&call).await,
        };
        answer.map_err(|mut error| {
            error.request_id = error.request_id.or_else(|| exchange.request_id());
            error
        })
    }
}

/// One attempt, with all that it takes.
struct Call<'a> {
    client: &'a Client<Place>,
    exchange: &'a Exchange,
    request: &'a ModelRequest,
    names: &'a ToolNames,
    dialect: &'a Dialect,
    deltas: &'a dyn Deltas,
}

impl<'a> Call<'a> {
    /// The model as its place names it.
    fn model(&self) -> &'a str {
        &self.exchange.reporter.model.model
    }

    fn assembly(&self) -> Assembly<'a> {
        let answered = |message: &&Message| matches!(message, Message::Assistant { .. });
        let turn = self.request.messages.iter().filter(answered).count();
        Assembly::new(self.exchange, self.deltas, self.names, turn)
    }
}

/// A tool's result as the model reads it: an error is marked, since the wire has no field for it.
fn result_text(text: &str, is_error: bool) -> Cow<'_, str> {
    if is_error {
        Cow::Owned(format!("Error: {text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A call's arguments as the model wrote them.
fn raw_arguments(call: &ToolCall) -> Cow<'_, str> {
    match (&call.malformed, &call.arguments) {
        (Some(_), Value::String(raw)) => Cow::Borrowed(raw),
        (_, arguments) => Cow::Owned(arguments.to_string()),
    }
}
