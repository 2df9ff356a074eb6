//! What leaves this machine, from what is known here and not from what is promised.

use std::collections::{BTreeMap, BTreeSet};

use slipway_contract::account::Who;
use slipway_contract::permission::Permission;
use slipway_contract::privacy::{HostGranted, Leaving, ModelsAsked, ProgramGranted};
use slipway_contract::provider::ProviderSummary;
use slipway_contract::{AgentName, Problem, Timestamp};

use crate::problem::from_store;
use crate::{App, wire};

/// What plays recordings: it asks nobody.
const RECORDING: &str = "recording";

impl App {
    /// What leaves this machine: providers of models that can be asked or were, hosts and programs that were granted.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn show_privacy(&self) -> Result<Leaving, Problem> {
        let providers = self.list_providers().await;
        let asked = self.store().models_asked().await;
        let asked = by_provider(asked.map_err(|error| from_store(&error))?);
        let grants = self.store().grants(None).await;
        let mut hosts: BTreeMap<String, BTreeSet<AgentName>> = BTreeMap::new();
        let mut programs: BTreeMap<Vec<String>, BTreeSet<AgentName>> = BTreeMap::new();
        for grant in grants.map_err(|error| from_store(&error))? {
            match grant.permission {
                Permission::Network { host } => hosts.entry(host).or_default().insert(grant.agent),
                Permission::Command { command } => {
                    programs.entry(command).or_default().insert(grant.agent)
                }
                Permission::ReadFiles { .. }
                | Permission::WriteFiles { .. }
                | Permission::Unasked { .. } => continue,
            };
        }
        Ok(Leaving {
            models: models(&providers, asked),
            hosts: hosts
                .into_iter()
                .map(|(host, agents)| HostGranted {
                    host,
                    agents: agents.into_iter().collect(),
                })
                .collect(),
            programs: programs
                .into_iter()
                .map(|(command, agents)| ProgramGranted {
                    command,
                    agents: agents.into_iter().collect(),
                })
                .collect(),
            updates: crate::update_source().map(|source| source.host().to_owned()),
            cloud: signed_in_at(self.cloud().who()),
            wire_is_kept: wire::is_wanted(),
        })
    }
}

/// The server that is asked about the account, where somebody is signed in.
fn signed_in_at(who: Who) -> Option<String> {
    who.person.and(who.server)
}

type Asked = BTreeMap<String, (u64, Timestamp)>;

fn by_provider(models: Vec<(String, u64, Timestamp)>) -> Asked {
    let mut asked = Asked::new();
    for (model, runs, last) in models {
        let provider = model.split('/').next().unwrap_or_default();
        if provider == RECORDING {
            continue;
        }
        let known = asked.entry(provider.to_owned()).or_insert((0, last));
        known.0 = known.0.saturating_add(runs);
        known.1 = known.1.max(last);
    }
    asked
}

/// Those that can be asked now and those that were asked; a server of this machine counts once, whatever answers there.
fn models(providers: &[ProviderSummary], mut asked: Asked) -> Vec<ModelsAsked> {
    let mut models: Vec<ModelsAsked> = Vec::new();
    for provider in providers {
        let runs = asked.remove(&provider.id);
        let usable = provider.unusable.is_none();
        if !usable && runs.is_none() {
            continue;
        }
        models.push(ModelsAsked {
            provider: provider.id.clone(),
            title: provider.title.clone(),
            place: provider.place.clone(),
            on_this_machine: provider.on_this_machine,
            usable,
            runs: runs.map_or(0, |(runs, _)| runs),
            last: runs.map(|(_, last)| last),
        });
    }
    // A provider of the person's own that is not set up any more was asked all the same.
    let gone = asked
        .into_iter()
        .map(|(provider, (runs, last))| ModelsAsked {
            title: provider.clone(),
            on_this_machine: provider == "local",
            provider,
            place: None,
            usable: false,
            runs,
            last: Some(last),
        });
    models.extend(gone);
    models.sort_by_key(|models| (models.on_this_machine, std::cmp::Reverse(models.last)));
    models
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(id: &str, usable: bool) -> ProviderSummary {
        let unusable = if usable {
            serde_json::Value::Null
        } else {
            "no_key".into()
        };
        serde_json::from_value(serde_json::json!({
            "id": id, "title": id, "on_this_machine": false, "unusable": unusable, "models": 1,
        }))
        .unwrap()
    }

    #[test]
    fn what_was_asked_is_named_also_when_it_is_set_up_no_more() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let asked = by_provider(vec![
            ("openai/gpt-5-mini".to_owned(), 3, at(10)),
            ("openai/gpt-5".to_owned(), 2, at(20)),
            ("recording/receipts".to_owned(), 9, at(30)),
            ("old/model".to_owned(), 1, at(5)),
        ]);
        let known = [
            provider("openai", true),
            provider("mistral", false),
            provider("groq", true),
        ];
        let models = models(&known, asked);
        let told: Vec<_> = models
            .iter()
            .map(|each| (each.provider.as_str(), each.runs, each.usable))
            .collect();
        assert_eq!(
            told,
            [("openai", 5, true), ("old", 1, false), ("groq", 0, true)]
        );
        assert_eq!(models[0].last, Some(at(20)));
    }
}
