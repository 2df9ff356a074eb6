//! Keys, the providers that they are for, and the servers of this machine.

use slipway_contract::SecretPlace;
use slipway_contract::model::Unusable;
use slipway_contract::provider::ProviderSummary;
use slipway_runner::Registry;

use super::{Check, Health};
use crate::secrets::Keys;
use crate::{App, Home, providers};

/// The most models that one finding names.
const MOST_NAMED: usize = 5;

/// Where keys go, and where each provider's is. The keychain may take its time.
pub(super) async fn keys(keys: &Keys, home: &Home) -> Vec<Check> {
    let (of_store, of_key) = (keys.clone(), keys.port());
    let store = match tokio::task::spawn_blocking(move || of_store.store()).await {
        Ok(Ok(())) => Check::new("keychain", Health::Good, "can be reached, and keeps keys"),
        Ok(Err(why)) => Check::new("keychain", Health::Absent, why),
        Err(error) => Check::new("keychain", Health::Broken, error.to_string()),
    };
    let mut checks = vec![store];
    let registry = providers::read(&home.providers());
    let registry = registry.unwrap_or_else(|_| Registry::built_in().clone());
    let mut lacking = Vec::new();
    for provider in registry.iter() {
        let mut is_set = provider.keys.is_empty();
        for name in &provider.keys {
            let (health, found) = match of_key.whereabouts(name).await {
                Ok(None) => continue,
                Ok(Some(SecretPlace::Environment)) => (
                    Health::Good,
                    "is set in the environment, which wins over what is kept".to_owned(),
                ),
                Ok(Some(place)) => (Health::Good, format!("is in {place}")),
                Err(error) => (Health::Broken, error.to_string()),
            };
            is_set = true;
            // What keeps keys from being read is the same for all.
            if !checks
                .iter()
                .any(|told| told.found == found && health == Health::Broken)
            {
                checks.push(Check::new(name, health, found));
            }
            break;
        }
        let first = provider.keys.first().filter(|_| !is_set);
        lacking.extend(first.map(|name| format!("{name} ({})", provider.id)));
    }
    if !lacking.is_empty() {
        let found = format!("not set: {}", lacking.join(", "));
        let check = Check::new("other keys", Health::Absent, found);
        checks.push(check.help(
            "Set the one of a provider whose models you want: slipway secrets set NAME, or in the environment, which wins. Local models and recordings need none.",
        ));
    }
    checks
}

/// What can be asked: the providers that are set up, and this machine's servers.
pub(super) async fn models(app: &App) -> Vec<Check> {
    let listing = app.model_listing().await;
    let mut checks = Vec::new();
    // With a wrong file nothing is certain of any, and the file itself is told of.
    if app.check_providers().is_ok() {
        checks.extend(app.list_providers().await.iter().filter_map(provider));
    }
    let local: Vec<String> = listing
        .models
        .iter()
        .filter(|model| model.usable && model.model.provider == "local")
        .map(|model| model.model.to_string())
        .collect();
    let mut found = match local.as_slice() {
        [] => "no server on this machine has any".to_owned(),
        some if some.len() > MOST_NAMED => {
            let (named, more) = (local[..MOST_NAMED].join(", "), local.len() - MOST_NAMED);
            format!("{named} and {more} more")
        }
        some => some.join(", "),
    };
    for note in &listing.notes {
        found.push_str("; ");
        found.push_str(note.trim_end_matches('.'));
    }
    checks.push(match local.as_slice() {
        [] => Check::new("local models", Health::Absent, found).help(
            "Start one that speaks OpenAI's protocol: Ollama, LM Studio, llama.cpp's server …",
        ),
        _ => Check::new("local models", Health::Good, found),
    });
    checks
}

/// A provider that the person has set up, or has begun to.
fn provider(provider: &ProviderSummary) -> Option<Check> {
    if provider.on_this_machine {
        return None;
    }
    let health = match provider.unusable {
        None => Health::Good,
        // A key without an address, or none of both: it is not set up.
        Some(Unusable::NoKey | Unusable::NoAddress) if provider.key.is_none() => return None,
        Some(Unusable::KeysUnreadable) => return None,
        Some(_) => Health::Broken,
    };
    let found = match provider.note.as_str() {
        "" => "can be asked",
        note => note,
    };
    Some(Check::new(format!("{} models", provider.id), health, found))
}
