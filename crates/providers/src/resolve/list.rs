//! The models as they are listed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use slipway_agent::ports::prices::Prices;
use slipway_contract::model::{Abilities, ModelRef, ModelSummary, Price};

use super::Providers;
use super::standing::Standing;
use crate::{catalog, own_prices};

impl Providers {
    /// The models of the table, and those of this machine's servers.
    pub async fn list(&self) -> Vec<ModelSummary> {
        let mut standings = BTreeMap::new();
        for provider in self.registry.iter() {
            standings.insert(provider.id.as_str(), self.standing(provider).await);
        }
        let standing = |model: &ModelRef| {
            let known = standings.get(model.provider.as_str());
            known.cloned().unwrap_or_else(Standing::of_nobody)
        };
        let listed = self.catalog.models().map(|facts| {
            let mut summary = self.summary(&facts.id, standing(&facts.id));
            if summary.note.is_empty() && facts.retiring {
                "its provider has announced its end".clone_into(&mut summary.note);
            }
            summary
        });
        let own = self.own_prices.iter();
        let unlisted = own.filter(|own| self.catalog.facts(&own.model).is_none());
        let unlisted = unlisted.map(|own| self.summary(&own.model, standing(&own.model)));
        let mut models: Vec<ModelSummary> = listed.chain(unlisted).collect();
        for server in self.local_servers().await {
            models.extend(server.models.iter().map(|name| ModelSummary {
                model: ModelRef {
                    provider: catalog::LOCAL.to_owned(),
                    model: name.clone(),
                },
                provider: "this machine".to_owned(),
                usable: true,
                unusable: None,
                abilities: Abilities::default(),
                note: format!("at {}", server.base.place()),
                context_tokens: None,
                price: Some(Price::FREE),
                price_checked: None,
                price_source: None,
            }));
        }
        models
    }

    /// A model of a provider, as far as it is known without asking for it.
    fn summary(&self, model: &ModelRef, standing: Standing) -> ModelSummary {
        let price = self.price(model);
        let said = self.said(model).filter(|_| price.is_some());
        let (price_checked, price_source) = said.unzip();
        ModelSummary {
            model: model.clone(),
            provider: standing.provider,
            usable: standing.unusable.is_none(),
            unusable: standing.unusable,
            abilities: self.abilities(model),
            note: standing.note,
            context_tokens: self.context_tokens(model),
            price,
            price_checked,
            price_source,
        }
    }

    /// When and by whom a price was said.
    fn said(&self, model: &ModelRef) -> Option<(Date, String)> {
        if let Some(own) = self.own_prices.get(model) {
            let source = own.source.as_deref();
            let source = source.map_or(own_prices::FILE.to_owned(), |source| {
                format!("{} ({source})", own_prices::FILE)
            });
            return Some((own.checked, source));
        }
        let facts = self.catalog.facts(model)?;
        Some((facts.checked, facts.source.clone()))
    }
}
