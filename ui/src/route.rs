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
