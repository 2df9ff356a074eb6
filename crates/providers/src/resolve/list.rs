//! The models as they are listed.

use slipway_agent::ports::prices::Prices;
use slipway_contract::model::{ModelRef, ModelSummary, Price};

use super::Providers;
use crate::catalog;

impl Providers {
    /// The models of the table, and those of this machine's servers.
    pub async fn list(&self) -> Vec<ModelSummary> {
        let (usable, note) = match self.openai_place() {
            Ok((base, _)) if base.is_openai() => (true, String::new()),
            Ok((base, _)) => (true, format!("at {} (OPENAI_BASE_URL)", base.place())),
            Err(error) => (false, error),
        };
        let mut models: Vec<ModelSummary> = self
            .catalog
            .models()
            .map(|facts| ModelSummary {
                model: facts.id.clone(),
                usable,
                note: match (note.is_empty(), facts.retiring) {
                    (true, true) => "its provider has announced its end".to_owned(),
                    _ => note.clone(),
                },
                context_tokens: Some(facts.usable_context()),
                price: self.price(&facts.id),
            })
            .collect();
        for server in self.local_servers().await {
            models.extend(server.models.iter().map(|name| ModelSummary {
                model: ModelRef {
                    provider: catalog::LOCAL.to_owned(),
                    model: name.clone(),
                },
                usable: true,
                note: format!("at {}", server.base.place()),
                context_tokens: None,
                price: Some(Price::FREE),
            }));
        }
        models
    }
}
