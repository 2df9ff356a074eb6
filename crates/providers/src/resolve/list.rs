//! The models as they are listed.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use slipway_agent::ports::prices::Prices;
use slipway_contract::model::{ModelRef, ModelSummary, Unusable};
use slipway_contract::provider::ProviderSummary;

use super::Providers;
use super::local::{self, local_ref};
use super::standing::Standing;
use crate::catalog::{LOCAL, OPENAI};
use crate::local::{LocalModel, LocalServer};
use crate::own_prices;

/// What can be said of models without asking a provider.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    /// The models of the table, those that the person priced, and those of this machine's servers.
    pub models: Vec<ModelSummary>,
    /// The providers, and the servers of this machine that answer.
    pub providers: Vec<ProviderSummary>,
    /// What is wrong with what the person says of servers of this machine.
    pub notes: Vec<String>,
}

impl Providers {
    /// All of it. Nothing is unlocked, and nothing beyond this machine connected to.
    pub async fn listing(&self) -> Listing {
        let mut standings = BTreeMap::new();
        for provider in self.registry.iter() {
            standings.insert(provider.id.as_str(), self.standing(provider).await);
        }
        let standing = |model: &ModelRef| {
            let known = standings.get(model.provider.as_str());
            known.cloned().unwrap_or_else(Standing::of_nobody)
        };
        let listed = self.catalog.models();
        let listed = listed.filter(|facts| self.is_served_as_listed(&facts.id.provider));
        let listed = listed.map(|facts| {
            let mut summary = self.summary(&facts.id, standing(&facts.id));
            if summary.note.is_empty() && facts.retiring {
                "its provider has announced its end".clone_into(&mut summary.note);
            }
            summary
        });
        let mut models: Vec<ModelSummary> = listed.collect();
        for own in self.own_prices.iter() {
            // A model of this machine is listed where it is served.
            let is_here = own.model.provider == LOCAL;
            if !is_here && !models.iter().any(|known| known.model == own.model) {
                models.push(self.summary(&own.model, standing(&own.model)));
            }
        }
        let (places, servers) = self.local_servers(None).await;
        let openai = self.openai_base().map(|(_, base)| base);
        let mut seen: HashSet<ModelRef> = models.iter().map(|one| one.model.clone()).collect();
        for server in &servers {
            for model in &server.models {
                // Of two servers with the same model the first is asked.
                if seen.insert(local_ref(&model.name)) {
                    models.push(self.served(server, model));
                }
                let named = ModelRef {
                    provider: OPENAI.to_owned(),
                    model: model.name.clone(),
                };
                if openai.as_ref() == Some(&server.base) && !seen.contains(&named) {
                    self.met.note(&named, server.computes_here(&model.name));
                    models.push(self.summary(&named, standing(&named)));
                    seen.insert(named);
                }
            }
        }
        Listing {
            models,
            providers: self.summaries_of_providers(&servers).await,
            notes: places.notes(&servers),
        }
    }

    /// Whether what the table says of this provider's models holds for what is asked: at another
    /// address than its own that may be any server.
    pub(super) fn is_served_as_listed(&self, provider: &str) -> bool {
        let provider = self.registry.get(provider);
        provider.is_none_or(|provider| {
            let base = self.base(provider);
            base.map_or(true, |base| provider.is_itself_at(&base))
        })
    }

    /// A model of a server on this machine.
    fn served(&self, server: &LocalServer, served: &LocalModel) -> ModelSummary {
        let model = local_ref(&served.name);
        let unusable = served.is_elsewhere.then_some(Unusable::AnotherMachine);
        self.met.note(&model, server.computes_here(&served.name));
        let price = self.price(&model).filter(|_| unusable.is_none());
        let (price_checked, price_source) = self.said(&model).unzip();
        ModelSummary {
            provider: server.kind.title().to_owned(),
            usable: unusable.is_none(),
            unusable,
            abilities: self.local_abilities(&model, served),
            note: match self.own_words(&model, served) {
                Some(_) => format!("{}; as prices.toml says of it", local::note(server, served)),
                None => local::note(server, served),
            },
            context_tokens: self.local_window(&model, served),
            price,
            price_checked,
            price_source,
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
