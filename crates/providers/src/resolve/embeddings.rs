//! Models that make embeddings.

use std::sync::Arc;

use slipway_contract::model::ModelRef;

use super::instead::{set_key, what_there_is};
use super::local::local_ref;
use super::{Providers, ResolveError};
use crate::attempt::Endpoint;
use crate::catalog::LOCAL;
use crate::embeddings::Embedder;
use crate::local;
use crate::registry::Provider;

impl Providers {
    /// The model behind a name, to make embeddings: one of a server of this machine
    /// (`local/nomic-embed-text`), or of a provider that speaks as OpenAI does.
    ///
    /// # Errors
    /// No model can serve; the message says what would.
    pub async fn embedder(&self, model: &ModelRef) -> Result<Embedder, ResolveError> {
        let endpoint = match model.provider.as_str() {
            LOCAL => self.local_embedder(model).await?,
            id => {
                let provider = self.registry.get(id).ok_or_else(|| self.unknown(id))?;
                let who = || (model.to_string(), set_key(&provider.keys) + ".");
                let key = self.usable_key(provider, who).await?;
                let base = self.base(provider)?;
                Endpoint {
                    http: self.http_at(&base)?.clone(),
                    provider: Arc::clone(provider),
                    base,
                    key: Some(key),
                    model: model.clone(),
                    facts: None,
                    settings: self.settings,
                }
            }
        };
        Ok(Embedder::new(endpoint))
    }

    async fn local_embedder(&self, model: &ModelRef) -> Result<Endpoint, ResolveError> {
        let places = self.places(true);
        let found = match self.client_of(&places) {
            Ok(http) => local::by_name(http, &places, &model.model).await,
            Err(_) => None,
        };
        let Some(found) = found else {
            let (places, servers) = self.local_servers(Some(&model.model)).await;
            return Err(ResolveError::NoLocalModel {
                model: model.clone(),
                why: what_there_is(&servers, &places),
            });
        };
        if found.is_elsewhere {
            return Err(ResolveError::NotOnThisMachine {
                model: model.clone(),
                server: found.server,
                place: found.base.place(),
            });
        }
        Ok(Endpoint {
            http: self.http_at(&found.base)?.clone(),
            provider: Arc::new(Provider::local()),
            base: found.base,
            // Whoever listens on a port of this machine has no claim to a key.
            key: None,
            model: local_ref(&found.name),
            facts: None,
            settings: self.settings,
        })
    }
}
