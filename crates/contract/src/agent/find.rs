//! Finding agents in a list: the same for the window and the command line.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::AgentSummary;
use crate::Usd;

/// The order of a list of agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentSort {
    /// Those that ran last come first, then those that were changed last.
    #[default]
    Used,
    /// By title.
    Name,
    /// Those that cost most this month come first.
    Cost,
    /// Those that were changed last come first.
    Changed,
}

impl AgentSort {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [Self::Used, Self::Name, Self::Cost, Self::Changed];

    /// The word as it is written and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Name => "name",
            Self::Cost => "cost",
            Self::Changed => "changed",
        }
    }

    fn compare(self, one: &AgentSummary, other: &AgentSummary) -> Ordering {
        let used = |agent: &AgentSummary| agent.last_run.as_ref().map(|run| run.created_at);
        let cost = |agent: &AgentSummary| agent.cost_this_month.map_or(Usd::ZERO, |cost| cost.usd);
        let changed = || other.updated_at.cmp(&one.updated_at);
        let order = match self {
            Self::Used => used(other).cmp(&used(one)).then_with(changed),
            Self::Name => Ordering::Equal,
            Self::Cost => cost(other).cmp(&cost(one)),
            Self::Changed => changed(),
        };
        order.then_with(|| one.name.as_str().cmp(other.name.as_str()))
    }
}

/// What is looked for among agents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSearch {
    /// Words, each of which is in the name, the title, the description or a tag.
    pub text: String,
    /// Tags, each of which the agent has.
    pub tags: Vec<String>,
    /// The order.
    pub sort: AgentSort,
}

/// Agents, ready to be searched again and again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentFinder {
    /// What is searched of each, in lower case.
    texts: Vec<String>,
    /// The title of each in lower case, by which they are sorted.
    titles: Vec<String>,
    tags: Vec<Vec<String>>,
}

impl AgentFinder {
    /// Makes a list ready.
    #[must_use]
    pub fn of(agents: &[AgentSummary]) -> Self {
        let text = |agent: &AgentSummary| {
            let parts = [agent.name.as_str(), &agent.title, &agent.description];
            let tags = agent.tags.iter().map(String::as_str);
            let parts: Vec<&str> = parts.into_iter().chain(tags).collect();
            parts.join("\n").to_lowercase()
        };
        let lower = |tag: &String| tag.to_lowercase();
        Self {
            texts: agents.iter().map(text).collect(),
            titles: agents
                .iter()
                .map(|agent| agent.title.to_lowercase())
                .collect(),
            tags: agents
                .iter()
                .map(|agent| agent.tags.iter().map(lower).collect())
                .collect(),
        }
    }

    /// The places of those that fit, in the order that is wanted. `agents` is the list that this
    /// was made of.
    #[must_use]
    pub fn find(&self, agents: &[AgentSummary], search: &AgentSearch) -> Vec<usize> {
        let text = search.text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let tags: Vec<String> = search.tags.iter().map(|tag| tag.to_lowercase()).collect();
        let fits = |place: &usize| {
            let (text, own) = (&self.texts[*place], &self.tags[*place]);
            words.iter().all(|word| text.contains(word)) && tags.iter().all(|tag| own.contains(tag))
        };
        let count = agents.len().min(self.texts.len());
        let mut found: Vec<usize> = (0..count).filter(fits).collect();
        found.sort_by(|one, other| {
            let by_title = match search.sort {
                AgentSort::Name => self.titles[*one].cmp(&self.titles[*other]),
                _ => Ordering::Equal,
            };
            by_title.then_with(|| search.sort.compare(&agents[*one], &agents[*other]))
        });
        found
    }

    /// The tags of all agents and how many have each, those that most have first. Letters count
    /// alike whether small or large; a tag is written as the first agent writes it.
    #[must_use]
    pub fn tags(&self, agents: &[AgentSummary]) -> Vec<(String, usize)> {
        let mut counts: std::collections::BTreeMap<&str, (&str, usize)> =
            std::collections::BTreeMap::new();
        for (agent, lower) in agents.iter().zip(&self.tags) {
            for (tag, lower) in agent.tags.iter().zip(lower) {
                counts.entry(lower).or_insert((tag, 0)).1 += 1;
            }
        }
        let mut tags: Vec<(String, usize)> = counts
            .into_values()
            .map(|(tag, count)| (tag.to_owned(), count))
            .collect();
        // By name within the same number: the map's order stays.
        tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{LastRun, RunningCost};
    use crate::run::RunState;
    use crate::{ContentHash, RunId, Timestamp};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn agent(name: &str, title: &str, tags: &[&str], changed: i64) -> AgentSummary {
        AgentSummary {
            name: name.parse().unwrap(),
            title: title.to_owned(),
            description: format!("What {name} does."),
            tags: tags.iter().map(ToString::to_string).collect(),
            version: ContentHash::from_bytes([1; 32]),
            model: "openai/x".to_owned(),
            folder: None,
            updated_at: at(changed),
            archived_at: None,
            last_run: None,
            cost_this_month: None,
            problem: None,
        }
    }

    fn ran(mut agent: AgentSummary, second: i64, cost: &str) -> AgentSummary {
        agent.last_run = Some(LastRun {
            id: RunId::from_random([1; 10]),
            state: RunState::Succeeded,
            parked: None,
            end: None,
            created_at: at(second),
            finished_at: None,
            cost_usd: None,
        });
        agent.cost_this_month = Some(RunningCost {
            usd: cost.parse().unwrap(),
            is_least: false,
        });
        agent
    }

    fn names(agents: &[AgentSummary], search: &AgentSearch) -> Vec<String> {
        let found = AgentFinder::of(agents).find(agents, search);
        found
            .into_iter()
            .map(|place| agents[place].name.to_string())
            .collect()
    }

    #[test]
    fn each_word_is_looked_for_everywhere() {
        let agents = [
            agent("expense-report", "Ausgaben ÜBERSICHT", &["Finance"], 1),
            agent("link-checker", "<b>Links</b>", &["web"], 2),
        ];
        for (text, found) in [
            ("", 2),
            ("übersicht", 1),
            ("FINANCE ausgaben", 1),
            ("finance web", 0),
            ("does what", 2),
            ("<b>", 1),
            ("checker link", 1),
        ] {
            let search = AgentSearch {
                text: text.to_owned(),
                ..AgentSearch::default()
            };
            assert_eq!(names(&agents, &search).len(), found, "{text:?}");
        }
    }

    #[test]
    fn tags_are_counted_and_every_chosen_one_is_wanted() {
        let agents = [
            agent("a", "A", &["web", "Money"], 1),
            agent("b", "B", &["money"], 2),
        ];
        let tags = AgentFinder::of(&agents).tags(&agents);
        assert_eq!(tags, [("Money".to_owned(), 2), ("web".to_owned(), 1)]);
        let with = |tags: &[&str]| AgentSearch {
            tags: tags.iter().map(ToString::to_string).collect(),
            ..AgentSearch::default()
        };
        assert_eq!(names(&agents, &with(&["MONEY"])), ["b", "a"]);
        assert_eq!(names(&agents, &with(&["money", "web"])), ["a"]);
        assert_eq!(names(&agents, &with(&["mon"])), [""; 0]);
    }

    #[test]
    fn every_order_is_the_one_that_its_name_says() {
        let agents = [
            agent("a", "zebra", &[], 30),
            ran(agent("b", "Ähre", &[], 10), 100, "0.10"),
            ran(agent("c", "apple", &[], 20), 50, "2"),
        ];
        for (sort, order) in [
            (AgentSort::Used, ["b", "c", "a"]),
            (AgentSort::Name, ["c", "a", "b"]),
            (AgentSort::Cost, ["c", "b", "a"]),
            (AgentSort::Changed, ["a", "c", "b"]),
        ] {
            let search = AgentSearch {
                sort,
                ..AgentSearch::default()
            };
            assert_eq!(names(&agents, &search), order, "{sort:?}");
        }
    }
}
