//! The model that makes embeddings, by which texts are found alike.

use std::sync::Arc;

use async_trait::async_trait;
use slipway_agent::ports::prices::Prices;
use slipway_contract::model::ModelRef;
use slipway_contract::{ErrorCode, Problem};
use slipway_evals::assertion::ports::{Embedded, Embeddings, NotAvailable};
use slipway_runner::Embedder;

use crate::App;

struct Embedding {
    embedder: Embedder,
    named: ModelRef,
    prices: Arc<dyn Prices>,
}

#[async_trait]
impl Embeddings for Embedding {
    async fn embed(&self, texts: &[&str]) -> Result<Embedded, NotAvailable> {
        let embedded = self.embedder.embed(texts).await;
        let embedded = embedded.map_err(|error| NotAvailable(error.to_string()))?;
        let price = self.prices.price(&self.named);
        Ok(Embedded {
            model: self.named.to_string(),
            cost_usd: price.and_then(|price| price.cost(embedded.tokens?)),
            vectors: embedded.vectors,
        })
    }
}

impl App {
    /// The model of this name, to make embeddings.
    pub(super) async fn embeddings(
        &self,
        model: Option<&ModelRef>,
    ) -> Result<Option<Arc<dyn Embeddings>>, Problem> {
        let Some(model) = model else { return Ok(None) };
        let runner = self.runner();
        let providers = runner.world().providers.clone();
        let embedder = providers.embedder(model).await.map_err(|error| {
            Problem::new(
                ErrorCode::NoModel,
                format!("no embeddings can be made: {error}"),
            )
        })?;
        Ok(Some(Arc::new(Embedding {
            embedder,
            named: model.clone(),
            prices: providers,
        })))
    }
}
