//! Anthropic: `POST /v1/messages`.

use async_trait::async_trait;
use slipway_agent::ports::model::{
    Deltas, Model, ModelError, ModelErrorKind, ModelRequest, ModelResponse,
};

use crate::attempt::Endpoint;

/// A model that is spoken to in this protocol.
pub struct Anthropic {
    endpoint: Endpoint,
}

impl Anthropic {
    /// The model at this place.
    #[must_use]
    pub const fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

#[async_trait]
impl Model for Anthropic {
    async fn call(
        &self,
        request: &ModelRequest,
        deltas: &dyn Deltas,
    ) -> Result<ModelResponse, ModelError> {
        let attempt = self.endpoint.attempt(request, deltas).await?;
        Err(attempt.named(ModelError::new(
            ModelErrorKind::Unsupported,
            "not spoken yet",
        )))
    }
}
