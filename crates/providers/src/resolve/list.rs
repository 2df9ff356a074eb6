//! The models as they are listed.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use slipway_agent::ports::prices::Prices;
use slipway_contract::model::{ModelRef, ModelSummary, Price, Unusable};

use super::Providers;
use super::local::{self, local_ref};
use super::standing::Standing;
use crate::local::{LocalModel, LocalServer};
use crate::own_prices;

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
        let (places, servers) = self.local_servers(None).await;
        for warning in &places.warnings {
            tracing::warn!("{warning}");
        }
        let mut seen = HashSet::new();
        for server in &servers {
            for model in &server.models {
                // Of two servers with the same model the first is asked.
                if seen.insert(model.name.as_str()) {
                    models.push(self.served(server, model));
                }
            }
        }
        models
    }

    /// A model of a server on this machine.
    fn served(&self, server: &LocalServer, served: &LocalModel) -> ModelSummary {
        let model = local_ref(&served.name);
        let unusable = served.is_elsewhere.then_some(Unusable::AnotherMachine);
        ModelSummary {
            provider: server.kind.title().to_owned(),
            usable: unusable.is_none(),
            unusable,
            abilities: self.local_abilities(&model, served),
            note: local::note(server, served),
            context_tokens: self.local_window(&model, served),
            price: unusable.is_none().then_some(Price::FREE),
            price_checked: None,
            price_source: None,
            model,
        }
    }

    /// A model of a provider, as far as it is known without asking for it.
    pub(super) fn summary(&self, model: &ModelRef, standing: Standing) -> ModelSummary {
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
