//! The models as they are listed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use slipway_agent::ports::prices::Prices;
use slipway_contract::SecretPlace;
use slipway_contract::model::{ModelRef, ModelSummary, Price};

use super::Providers;
use crate::endpoint::BaseUrl;
use crate::registry::Provider;
use crate::{catalog, own_prices};

impl Providers {
    /// The models of the table, and those of this machine's servers.
    pub async fn list(&self) -> Vec<ModelSummary> {
        let mut standings = BTreeMap::new();
        for provider in self.registry.iter() {
            let standing = match self.whereabouts(provider).await {
                Ok((base, key)) => (true, note(provider, &base, key)),
                Err(why) => (false, why),
            };
            standings.insert(provider.id.as_str(), standing);
        }
        let standing = |model: &ModelRef| {
            standings
                .get(model.provider.as_str())
                .cloned()
                .unwrap_or_else(|| (false, "no such provider is known".to_owned()))
        };
        let mut models: Vec<ModelSummary> = self
            .catalog
            .models()
            .map(|facts| {
                let (usable, note) = standing(&facts.id);
                ModelSummary {
                    model: facts.id.clone(),
                    usable,
                    note: match (note.is_empty(), facts.retiring) {
                        (true, true) => "its provider has announced its end".to_owned(),
                        _ => note,
                    },
                    context_tokens: Some(facts.usable_context()),
                    price: self.price(&facts.id),
                    price_checked: None,
                    price_source: None,
                }
            })
            .collect();
        let own = self.own_prices.iter();
        let unlisted = own.filter(|own| self.catalog.facts(&own.model).is_none());
        models.extend(unlisted.map(|own| {
            let (usable, note) = standing(&own.model);
            ModelSummary {
                model: own.model.clone(),
                usable,
                note,
                context_tokens: None,
                price: Some(own.price),
                price_checked: None,
                price_source: None,
            }
        }));
        for model in &mut models {
            let said = self.said(&model.model).filter(|_| model.price.is_some());
            (model.price_checked, model.price_source) = said.unzip();
        }
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
                price_checked: None,
                price_source: None,
            }));
        }
        models
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

/// What is worth saying of models that can be used: another place, and a key that is kept.
fn note(provider: &Provider, base: &BaseUrl, key: Option<SecretPlace>) -> String {
    let variable = provider
        .base_variable
        .as_deref()
        .unwrap_or("its own address");
    let place = (!provider.is_at_home(base) || provider.own_base().is_none())
        .then(|| format!("at {} ({variable})", base.place()));
    let key = key
        .filter(|place| *place != SecretPlace::Environment)
        .map(|place| format!("its key is in {place}"));
    let said: Vec<String> = place.into_iter().chain(key).collect();
    said.join("; ")
}
