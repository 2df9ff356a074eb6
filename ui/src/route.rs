//! The pages and their addresses. An address names everything that its page shows, so that going back works.

use slipway_contract::{AgentName, RunId};
use yew_router::Routable;

/// A page.
#[derive(Debug, Clone, PartialEq, Routable)]
pub(crate) enum Route {
    /// All agents.
    #[at("/")]
    Agents,
    /// One agent.
    #[at("/agents/:name")]
    Agent {
        /// The agent.
        name: AgentName,
    },
    /// All runs.
    #[at("/runs")]
    Runs,
    /// One run.
    #[at("/runs/:id")]
    Run {
        /// The run.
        id: RunId,
    },
    /// Settings: models and their keys.
    #[at("/settings/models")]
    Models,
    /// The same, adding the key of a provider.
    #[at("/settings/models/:provider")]
    AddKey {
        /// The provider.
        provider: String,
    },
    /// An address that names no page.
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    /// The address as a link holds it.
    pub(crate) fn href(&self) -> String {
        format!("#{}", self.to_path())
    }

    /// Whether the page is one of the settings.
    pub(crate) fn is_setting(&self) -> bool {
        matches!(self, Self::Models | Self::AddKey { .. })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_leads_back_to_its_page() {
        let pages = [
            Route::Agents,
            Route::Agent {
                name: "expense-report".parse().unwrap(),
            },
            Route::Runs,
            Route::Run {
                id: RunId::from_random([7; 10]),
            },
            Route::Models,
            Route::AddKey {
                provider: "openai".to_owned(),
            },
        ];
        for page in pages {
            assert_eq!(Route::recognize(&page.to_path()), Some(page));
        }
    }

    #[test]
    fn a_hostile_address_is_no_page() {
        for path in [
            "/agents/..%2F..",
            "/agents/<script>",
            "/runs/xyz",
            "/nowhere",
        ] {
            assert_eq!(Route::recognize(path), Some(Route::NotFound), "{path}");
        }
    }
}
