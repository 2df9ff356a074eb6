//! What the person's environment says of providers.

use std::collections::BTreeMap;

use crate::local::Named;
use crate::registry::Registry;

/// What the person's environment says of providers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// Addresses by the variable that names them, as they were found.
    pub(super) base_urls: BTreeMap<String, String>,
    /// Where servers of this machine are.
    pub(super) local: Named,
}

impl Environment {
    /// What these variables say; empty ones count as unset.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        Self::for_providers(Registry::built_in(), get)
    }

    /// What these variables say of these providers; empty ones count as unset.
    pub fn for_providers(registry: &Registry, get: impl Fn(&str) -> Option<String>) -> Self {
        let variables = registry.iter();
        let named = variables.filter_map(|provider| provider.base_variable.as_deref());
        let found = named.filter_map(|name| Some((name.to_owned(), get(name)?)));
        Self {
            local: Named::from_variables(&get),
            base_urls: found.filter(|(_, url)| !url.trim().is_empty()).collect(),
        }
    }
}
