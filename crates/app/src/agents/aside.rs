//! Agents that are put aside: archived, removed for a while, put back.

use std::time::Duration;

use slipway_contract::agent::{AgentSummary, RemovedAgent};
use slipway_contract::{AgentName, ErrorCode, Problem, Timestamp};
use slipway_store::{PutBack, RemovedRecord};

use crate::App;
use crate::problem::from_store;

/// How long a removed agent can be put back.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl App {
    /// Puts an agent aside, or back among those in use. Nothing else of it changes.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn archive_agent(
        &self,
        name: &AgentName,
        archived: bool,
    ) -> Result<AgentSummary, Problem> {
        let at = archived.then(|| self.runner().world().clock.now());
        let is_here = self.store().set_archived(name, at).await;
        if !is_here.map_err(|error| from_store(&error))? {
            return Err(self.no_such_agent(name).await);
        }
        self.agent_summary(name).await
    }

    /// Takes an agent out of this workspace. For 30 days it can be put back. Its runs and versions
    /// stay; so does its folder. What was not saved yet is saved as a version first.
    ///
    /// # Errors
    /// There is no such agent.
    pub async fn remove_agent(&self, name: &AgentName) -> Result<RemovedAgent, Problem> {
        self.save_stored_draft(name, "before the agent was removed")
            .await?;
        let is_removed = self.store().remove_agent(name).await;
        if !is_removed.map_err(|error| from_store(&error))? {
            return Err(self.no_such_agent(name).await);
        }
        let removed = self.removed_agents().await?;
        let found = removed.into_iter().find(|removed| removed.name == *name);
        found.ok_or_else(|| gone(name))
    }

    /// The agents that can be put back, the newest removed first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn removed_agents(&self) -> Result<Vec<RemovedAgent>, Problem> {
        let rows = self.store().removed_agents().await;
        let now = self.runner().world().clock.now();
        let shown = rows.map_err(|error| from_store(&error))?.into_iter();
        Ok(shown
            .map(removed)
            .filter(|removed| removed.until > now)
            .collect())
    }

    /// Puts a removed agent back as it was, with what was granted to it.
    ///
    /// # Errors
    /// None of this name was removed lately, or another one has its name by now.
    pub async fn put_agent_back(&self, name: &AgentName) -> Result<AgentSummary, Problem> {
        self.forget_removed().await;
        let done = self.store().put_agent_back(name).await;
        match done.map_err(|error| from_store(&error))? {
            PutBack::Done => self.agent_summary(name).await,
            PutBack::Gone => Err(gone(name)),
            PutBack::Taken => Err(Problem::new(
                ErrorCode::Conflict,
                format!("{name} cannot be put back: another agent has its name by now"),
            )
            .help(
                "Duplicate that one under another name and remove it; the older one can then only \
                 be had from its versions or its folder.",
            )),
        }
    }

    /// Forgets the agents that were removed too long ago to be put back.
    pub(crate) async fn forget_removed(&self) {
        let now = self.runner().world().clock.now();
        let Ok(before) = now.checked_sub(KEPT) else {
            return;
        };
        match self.store().forget_removed(before).await {
            Ok(_) => {}
            // Whoever waits for this says it, with the way back.
            Err(error) if error.is_damage() => self.suspicion().raise(),
            Err(error) => {
                tracing::warn!(%error, "agents that were removed long ago could not be forgotten");
            }
        }
    }

    /// When an agent of this name was removed, if it can be put back.
    pub(crate) async fn removed_at(&self, name: &AgentName) -> Option<Timestamp> {
        let removed = self.removed_agents().await.ok()?;
        let found = removed.into_iter().find(|removed| removed.name == *name)?;
        Some(found.removed_at)
    }
}

fn removed(row: RemovedRecord) -> RemovedAgent {
    RemovedAgent {
        name: row.name,
        title: row.title,
        version: row.version,
        folder: row.folder,
        removed_at: row.removed_at,
        until: row.removed_at.checked_add(KEPT).unwrap_or(Timestamp::MAX),
    }
}

fn gone(name: &AgentName) -> Problem {
    Problem::new(
        ErrorCode::NotFound,
        format!("no agent named {name} was removed in the last 30 days"),
    )
    .help("Those that can be put back: slipway agents list --removed")
}
