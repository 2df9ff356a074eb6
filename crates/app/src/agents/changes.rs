//! What changed in the list of agents since the window asked last: the list can be long, and the
//! window asks whenever a run moved.

use std::sync::Arc;

use slipway_contract::Problem;
use slipway_contract::agent::{AgentChanges, AgentSummary};
use slipway_runner::system::new_run_id;
use tokio::sync::Mutex;

use crate::App;

/// The list that was told last, and what it is called.
#[derive(Clone, Default)]
pub(crate) struct ToldAgents(Arc<Mutex<Option<Told>>>);

/// A list, and what it is called.
type Told = (String, Vec<AgentSummary>);

impl App {
    /// The agents that are in use, by name: all of them, or what changed since the list that is
    /// called `known`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn agents_since(&self, known: Option<&str>) -> Result<AgentChanges, Problem> {
        let mut told = self.told_agents().0.lock().await;
        let mut now = self.list_agents().await?;
        now.sort_by(|one, other| one.name.cmp(&other.name));
        let changes = match &*told {
            Some((revision, before)) if known == Some(revision.as_str()) => {
                let same = AgentChanges::between(revision.clone(), before, &now);
                if same.is_nothing() {
                    return Ok(same);
                }
                AgentChanges {
                    revision: self.next_revision(),
                    ..same
                }
            }
            _ => AgentChanges {
                revision: self.next_revision(),
                whole: true,
                agents: now.clone(),
                gone: Vec::new(),
            },
        };
        *told = Some((changes.revision.clone(), now));
        Ok(changes)
    }

    /// What no other list is called, also none that was told before the data was opened anew.
    fn next_revision(&self) -> String {
        new_run_id(&*self.runner().world().random).to_string()
    }
}
