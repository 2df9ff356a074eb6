//! The providers as a person sets them up.

use slipway_contract::model::ModelSummary;
use slipway_contract::provider::ProviderSummary;

use super::Providers;
use crate::catalog::LOCAL;
use crate::live::Listed;
use crate::local::LocalServer;
use crate::registry::Provider;

impl Providers {
    /// All providers, and the servers of this machine that answer. Nothing is unlocked for it, and
    /// nothing beyond this machine connected to.
    pub async fn list_providers(&self) -> Vec<ProviderSummary> {
        let (_, servers) = self.local_servers(None).await;
        self.summaries_of_providers(&servers).await
    }

    /// All providers, and these servers of this machine.
    pub(super) async fn summaries_of_providers(
        &self,
        servers: &[LocalServer],
    ) -> Vec<ProviderSummary> {
        let mut listed = Vec::new();
        for provider in self.registry.iter() {
            listed.push(self.provider_summary(provider).await);
        }
        listed.extend(servers.iter().map(|server| ProviderSummary {
            id: LOCAL.to_owned(),
            title: server.kind.title().to_owned(),
            on_this_machine: true,
            key_name: None,
            key: None,
            keys_page: None,
            place: Some(server.base.place()),
            unusable: None,
            note: String::new(),
            models: u32::try_from(server.models.len()).unwrap_or(u32::MAX),
        }));
        listed
    }

    async fn provider_summary(&self, provider: &Provider) -> ProviderSummary {
        let standing = self.standing(provider).await;
        let key = self
            .whereabouts(provider)
            .await
            .ok()
            .and_then(|(_, key)| key);
        let as_listed = self.is_served_as_listed(&provider.id);
        let known = |id: &str| as_listed && id == provider.id;
        let models = self
            .catalog
            .models()
            .filter(|facts| known(&facts.id.provider));
        ProviderSummary {
            id: provider.id.clone(),
            title: provider.title.clone(),
            on_this_machine: false,
            key_name: provider.keys.first().cloned(),
            key,
            keys_page: provider.keys_page.clone(),
            place: self.base(provider).ok().map(|base| base.place()),
            unusable: standing.unusable,
            note: standing.note,
            models: u32::try_from(models.count()).unwrap_or(u32::MAX),
        }
    }

    /// What is known of models that a provider listed.
    pub async fn summaries(&self, listed: &[Listed]) -> Vec<ModelSummary> {
        let mut summaries = Vec::with_capacity(listed.len());
        let mut standing = None;
        for one in listed {
            if standing.is_none()
                && let Some(provider) = self.registry.get(&one.model.provider)
            {
                standing = Some(self.standing(provider).await);
            }
            let of = standing.clone().unwrap_or_else(super::Standing::of_nobody);
            let mut summary = self.summary(&one.model, of);
            summary.context_tokens = summary.context_tokens.or(one.context_tokens);
            summaries.push(summary);
        }
        summaries
    }
}
