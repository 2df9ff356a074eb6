//! What changed in the list of agents since it was told last.

use serde::{Deserialize, Serialize};

use super::AgentSummary;
use crate::AgentName;

/// The list of agents, or what is different in it from an earlier one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentChanges {
    /// What this list is called, for whoever asks again.
    pub revision: String,
    /// Whether all agents are here, and not only those that changed.
    pub whole: bool,
    /// The agents that are new or not as they were, by name.
    pub agents: Vec<AgentSummary>,
    /// Those that are no longer in the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<AgentName>,
}

impl AgentChanges {
    /// What is different in `now` from `before`, both by name.
    #[must_use]
    pub fn between(revision: String, before: &[AgentSummary], now: &[AgentSummary]) -> Self {
        let find = |list: &[AgentSummary], name: &AgentName| {
            list.binary_search_by(|agent| agent.name.cmp(name)).ok()
        };
        let is_new = |agent: &&AgentSummary| {
            find(before, &agent.name).is_none_or(|place| before.get(place) != Some(*agent))
        };
        let is_gone = |agent: &&AgentSummary| find(now, &agent.name).is_none();
        Self {
            revision,
            whole: false,
            agents: now.iter().filter(is_new).cloned().collect(),
            gone: before
                .iter()
                .filter(is_gone)
                .map(|agent| agent.name.clone())
                .collect(),
        }
    }

    /// Whether the earlier list is still right.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.whole && self.agents.is_empty() && self.gone.is_empty()
    }

    /// The list as it is now, from the earlier one.
    #[must_use]
    pub fn over(self, before: &[AgentSummary]) -> Vec<AgentSummary> {
        let mut agents = self.agents;
        if !self.whole {
            agents.sort_by(|one, other| one.name.cmp(&other.name));
            let is_told = |name: &AgentName| {
                agents
                    .binary_search_by(|agent| agent.name.cmp(name))
                    .is_ok()
            };
            let stays =
                |agent: &&AgentSummary| !is_told(&agent.name) && !self.gone.contains(&agent.name);
            let stay: Vec<AgentSummary> = before.iter().filter(stays).cloned().collect();
            agents.extend(stay);
        }
        agents.sort_by(|one, other| one.name.cmp(&other.name));
        agents
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContentHash, Timestamp};

    fn agent(name: &str, title: &str) -> AgentSummary {
        AgentSummary {
            name: name.parse().unwrap(),
            title: title.to_owned(),
            description: "What it does, told in a sentence or two as lists show it.".repeat(3),
            tags: vec!["files".to_owned()],
            version: ContentHash::from_bytes([7; 32]),
            model: "openai/gpt-5-mini".to_owned(),
            folder: None,
            updated_at: Timestamp::UNIX_EPOCH,
            archived_at: None,
            last_run: None,
            cost_this_month: None,
            problem: None,
        }
    }

    #[test]
    fn changes_make_the_list_that_they_are_of() {
        let before = [agent("a", "A"), agent("b", "B"), agent("d", "D")];
        for now in [
            vec![],
            before.to_vec(),
            vec![agent("a", "A"), agent("b", "Other"), agent("c", "C")],
            vec![agent("a-0", "Between"), agent("d", "D"), agent("e", "Last")],
        ] {
            let changes = AgentChanges::between("2".to_owned(), &before, &now);
            assert_eq!(changes.is_nothing(), now == before);
            assert_eq!(changes.over(&before), now);
        }
        let whole = AgentChanges {
            revision: "1".to_owned(),
            whole: true,
            agents: before.to_vec(),
            gone: Vec::new(),
        };
        assert!(!whole.is_nothing());
        assert_eq!(whole.over(&[agent("z", "Z")]), before);
    }

    /// A pulse in a workspace of thousands tells what changed and no more.
    #[test]
    fn one_change_among_thousands_is_told_alone() {
        let mut agents: Vec<AgentSummary> = (0..8_000)
            .map(|number| agent(&format!("agent-{number:04}"), "Agent"))
            .collect();
        let before = agents.clone();
        let size = |changes: &AgentChanges| serde_json::to_string(changes).unwrap().len();
        let none = AgentChanges::between("2".to_owned(), &before, &agents);
        assert!(size(&none) < 100, "{}", size(&none));
        agents[4_711].title = "Other".to_owned();
        let one = AgentChanges::between("3".to_owned(), &before, &agents);
        assert_eq!(one.agents.len(), 1);
        assert!(size(&one) < 1_000, "{}", size(&one));
        assert!(serde_json::to_string(&agents).unwrap().len() > 1_000 * size(&one));
    }
}
