//! The list of agents. A package is read when it has changed since a list last said what is in it.

use std::time::{Duration, SystemTime};

use slipway_agent::package::hash;
use slipway_contract::agent::AgentSummary;
use slipway_contract::{AgentName, ErrorCode, Problem};
use slipway_store::{AgentCard, AgentRow};

use super::{card, folder_of};
use crate::problem::from_store;
use crate::{App, Target};

impl App {
    /// The agents that are in use, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn list_agents(&self) -> Result<Vec<AgentSummary>, Problem> {
        self.listed_agents(false).await
    }

    /// The agents that were archived, by name.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn archived_agents(&self) -> Result<Vec<AgentSummary>, Problem> {
        self.listed_agents(true).await
    }

    async fn listed_agents(&self, archived: bool) -> Result<Vec<AgentSummary>, Problem> {
        let rows = self.store().agent_rows(archived).await;
        self.carded(rows.map_err(|error| from_store(&error))?).await
    }

    /// One agent as lists show it.
    pub(crate) async fn agent_summary(&self, name: &AgentName) -> Result<AgentSummary, Problem> {
        let row = self.store().agent_row(name).await;
        let Some(row) = row.map_err(|error| from_store(&error))? else {
            return Err(self.no_such_agent(name).await);
        };
        let mut agents = self.carded(vec![row]).await?;
        match agents.pop() {
            Some(agent) => Ok(agent),
            None => Err(self.no_such_agent(name).await),
        }
    }

    async fn carded(&self, mut rows: Vec<AgentRow>) -> Result<Vec<AgentSummary>, Problem> {
        let tools = self.validity();
        let now = self.runner().world().clock.now();
        let now = SystemTime::UNIX_EPOCH
            + Duration::from_millis(u64::try_from(now.as_millisecond()).unwrap_or_default());
        let look = move || {
            let look = |row: AgentRow| (card::made_of(&row, &tools, now), row);
            rows.drain(..).map(look).collect::<Vec<_>>()
        };
        let looked = tokio::task::spawn_blocking(look).await;
        let looked = looked.map_err(|error| {
            Problem::new(ErrorCode::Internal, format!("a list stopped: {error}"))
        })?;
        let (mut agents, mut made) = (Vec::with_capacity(looked.len()), Vec::new());
        for (made_of, row) in looked {
            let known = row.card.as_ref().map(|card| &card.made_of);
            let card = match &row.card {
                Some(card) if made_of.is_some() && known == made_of.as_ref() => card.clone(),
                _ => {
                    let (card, keeps) = self.card(&row, made_of).await;
                    if keeps {
                        made.push((row.record.name.clone(), card.clone()));
                    }
                    card
                }
            };
            agents.push(summary(row, card));
        }
        if !made.is_empty()
            && let Err(error) = self.store().put_cards(&made).await
        {
            // They are made again the next time.
            tracing::warn!(%error, "what lists say of agents could not be kept");
        }
        Ok(agents)
    }

    /// Reads the package. One agent that cannot be read must not hide the others. Says, too,
    /// whether the card will still hold the next time.
    async fn card(&self, row: &AgentRow, made_of: Option<String>) -> (AgentCard, bool) {
        let keeps = made_of.is_some();
        let made_of = made_of.unwrap_or_default();
        let record = &row.record;
        let present = self.find(&Target::Agent(record.name.clone()), None).await;
        let problem = match present {
            Ok(found) => return (card::of_package(&found.package, None, made_of), keeps),
            Err(problem) => self.with_a_remedy(record, problem),
        };
        let is_damage = problem.code == ErrorCode::Storage;
        match self.version(record.version).await {
            Ok(package) => {
                let card = card::of_package(&package, Some(problem), made_of);
                (card, keeps && !is_damage)
            }
            Err(unreadable) => {
                let is_damage = is_damage || unreadable.code == ErrorCode::Storage;
                if is_damage {
                    self.suspicion().raise();
                }
                let description = format!("This agent cannot be read: {}", unreadable.message);
                let card = AgentCard {
                    made_of,
                    title: record.name.to_string(),
                    description: card::beginning(&description),
                    tags: Vec::new(),
                    model: String::new(),
                    problem: Some(problem),
                };
                (card, keeps && !is_damage)
            }
        }
    }

    /// What decides, beside a package, whether it is valid: this version of Slipway and its tools.
    fn validity(&self) -> String {
        let mut text = format!("1 {}", env!("CARGO_PKG_VERSION"));
        for tool in self.tool_names() {
            text.push(' ');
            text.push_str(&tool);
        }
        hash::content_of(text.as_bytes()).short()
    }
}

fn summary(row: AgentRow, card: AgentCard) -> AgentSummary {
    AgentSummary {
        title: card.title,
        description: card.description,
        tags: card.tags,
        version: row.record.version,
        model: card.model,
        folder: folder_of(&row.record).map(str::to_owned),
        updated_at: row.record.updated_at,
        archived_at: row.archived_at,
        last_run: row.last_run,
        cost_this_month: row.cost_this_month,
        problem: card.problem,
        name: row.record.name,
    }
}
