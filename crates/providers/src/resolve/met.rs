//! What was learnt of the servers of this machine: whose models cost nothing there.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use slipway_contract::model::ModelRef;

use super::Providers;
use crate::endpoint::BaseUrl;
use crate::local::{self, LocalServer, Places};

/// Which models were found to cost nothing, and of which that is not known.
#[derive(Debug, Default)]
pub(super) struct Met(RwLock<HashMap<ModelRef, bool>>);

impl Met {
    /// Whether this model costs nothing where it was met last; none when it was not met.
    pub(super) fn is_free(&self, model: &ModelRef) -> Option<bool> {
        let met = self.0.read().unwrap_or_else(PoisonError::into_inner);
        met.get(model).copied()
    }

    pub(super) fn note(&self, model: &ModelRef, is_free: bool) {
        let mut met = self.0.write().unwrap_or_else(PoisonError::into_inner);
        met.insert(model.clone(), is_free);
    }
}

impl Providers {
    /// Asks what listens at a provider's address on this machine, since a server that computes
    /// here costs nothing, and a proxy may.
    pub(super) async fn meet(&self, model: &ModelRef, base: &BaseUrl) {
        let places = Places::alone(base.clone());
        let servers = match self.http_at(base) {
            Ok(http) => local::survey(http, &places, Some(&model.model)).await,
            Err(_) => Vec::new(),
        };
        let is_free = |server: &LocalServer| server.computes_here(&model.model);
        self.met.note(model, servers.iter().any(is_free));
    }
}
