//! Whether a provider's models can be used now, and what is worth saying of that.

use slipway_contract::SecretPlace;
use slipway_contract::model::Unusable;

use super::{Providers, ResolveError};
use crate::endpoint::BaseUrl;
use crate::registry::Provider;

/// How a provider's models stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// The provider, as people call it.
    pub(super) provider: String,
    /// Why its models cannot be used now.
    pub(super) unusable: Option<Unusable>,
    /// What would help, or where they are.
    pub(super) note: String,
}

impl Standing {
    pub(super) fn of_nobody() -> Self {
        Self {
            provider: String::new(),
            unusable: Some(Unusable::UnknownProvider),
            note: "no such provider is known".to_owned(),
        }
    }
}

impl Providers {
    /// How a provider's models stand. Nothing is unlocked or connected to for it.
    pub(super) async fn standing(&self, provider: &Provider) -> Standing {
        let (unusable, note) = match self.whereabouts(provider).await {
            Ok((base, key)) => (None, note(provider, &base, key)),
            Err((why, note)) => (Some(why), note),
        };
        Standing {
            provider: provider.title.clone(),
            unusable,
            note,
        }
    }

    /// Where a provider's models are and where their key is kept, or why they cannot be used.
    pub(super) async fn whereabouts(
        &self,
        provider: &Provider,
    ) -> Result<(BaseUrl, Option<SecretPlace>), (Unusable, String)> {
        let base = self.base(provider).map_err(|error| {
            match error {
                ResolveError::NoBaseUrl { .. } => (Unusable::NoAddress, error.to_string()),
                // Said of every provider, it would be long to read.
                ResolveError::OwnProviders(_) => (
                    Unusable::WrongAddress,
                    format!(
                        "{} is not valid: slipway doctor says why",
                        crate::registry::FILE
                    ),
                ),
                _ => (Unusable::WrongAddress, error.to_string()),
            }
        })?;
        for name in &provider.keys {
            let place = self.secrets.whereabouts(name).await;
            let place = place.map_err(|error| (Unusable::KeysUnreadable, error.to_string()))?;
            if let Some(place) = place {
                return Ok((base, Some(place)));
            }
        }
        if base.is_loopback() || provider.keys.is_empty() {
            return Ok((base, None));
        }
        let key = provider.keys.first().map_or("its key", String::as_str);
        Err((Unusable::NoKey, format!("set {key} to use it")))
    }
}

/// What is worth saying of models that can be used: another place, and a key that is kept.
fn note(provider: &Provider, base: &BaseUrl, key: Option<SecretPlace>) -> String {
    let variable = named_by(provider, base);
    let place = (!provider.is_at_home(base) || provider.own_base().is_none())
        .then(|| format!("at {} ({variable})", base.place()));
    let key = key
        .filter(|place| *place != SecretPlace::Environment)
        .map(|place| format!("its key is in {place}"));
    let said: Vec<String> = place.into_iter().chain(key).collect();
    said.join("; ")
}

/// Which variable or file gives a provider this address, which is not its own.
pub(crate) fn named_by<'p>(provider: &'p Provider, base: &BaseUrl) -> &'p str {
    let in_file = [provider.named_base(), provider.own_base()].contains(&Some(base));
    match provider.base_variable.as_deref() {
        Some(variable) if !in_file => variable,
        _ => crate::registry::FILE,
    }
}
