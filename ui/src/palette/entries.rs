//! What the palette finds: agents, actions, runs and pages.

use std::rc::Rc;

use slipway_contract::AgentName;
use slipway_contract::agent::AgentSummary;
use slipway_contract::preferences::Theme;
use slipway_contract::run::RunSummary;
use slipway_contract::shortcut::Shortcut;

use super::matching::{Name, Query, Score};
use crate::components::{Icon, Mark};
use crate::pages::AgentsShown;
use crate::place::Place;
use crate::route::{Route, Section};
use crate::text;

/// How many of a kind are shown while something is typed, and before.
const SHOWN: usize = 5;

/// What follows from choosing an entry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Follows {
    /// A page opens.
    Open(Route),
    /// The page opens on which it is done, and the keyboard is there.
    Lead(Place),
    /// Some of the agents are shown.
    Agents(AgentsShown),
    /// The colours change.
    Colours(Theme),
    /// All tests of an agent are run from their recordings, on their page.
    RunTests(AgentName),
}

/// What stands before an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sign {
    /// An icon.
    Icon(Icon),
    /// The state of a run.
    Mark(Mark),
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// What stands before it.
    pub(crate) sign: Sign,
    /// Its words.
    pub(crate) name: Name,
    /// Its words and others under which it is found, too.
    pub(crate) also: Option<Name>,
    /// What is said of it beside them.
    pub(crate) note: String,
    /// The keys that do the same everywhere.
    pub(crate) shortcut: Option<Shortcut>,
    /// When it was, for a run.
    pub(crate) at: Option<slipway_contract::Timestamp>,
    /// What follows.
    pub(crate) follows: Follows,
    /// What the main thing does instead: an agent is run.
    pub(crate) runs: Option<Route>,
}

/// The kinds, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Agents.
    Agents,
    /// What can be done.
    Actions,
    /// Runs.
    Runs,
    /// Pages.
    Pages,
}

/// Entries of a kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// The kind.
    pub(crate) kind: Kind,
    /// The best of them.
    pub(crate) entries: Vec<Rc<Entry>>,
}

/// Everything that can be found, made once while the palette is open.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Everything {
    agents: Vec<Rc<Entry>>,
    actions: Vec<Rc<Entry>>,
    runs: Vec<Rc<Entry>>,
    pages: Vec<Rc<Entry>>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Found {
    /// The best, by kind; the kind with the best of all is first.
    pub(crate) groups: Vec<Group>,
    /// How many fit, also those that are not shown.
    pub(crate) count: usize,
}

impl Everything {
    /// All agents, the newest runs, all actions and pages.
    pub(crate) fn of(agents: &[AgentSummary], runs: &[RunSummary]) -> Self {
        let mut newest: Vec<&AgentSummary> = agents.iter().collect();
        newest.sort_by_key(|agent| {
            let used = agent.last_run.as_ref().map(|run| run.created_at);
            std::cmp::Reverse(used.unwrap_or(agent.updated_at))
        });
        let mut all = Self {
            actions: vec![Rc::new(
                Entry::new(Icon::Plus, text::NEW_AGENT_ASKS, Route::NewAgent)
                    .with(Shortcut::NewAgent),
            )],
            pages: pages(),
            ..Self::default()
        };
        for agent in newest {
            let name = &agent.name;
            let run = Route::Ask { name: name.clone() };
            let open = Route::Agent { name: name.clone() };
            let versions = Route::Versions { name: name.clone() };
            let tests = Route::Tests { name: name.clone() };
            all.agents.push(Rc::new(Entry {
                note: text::model_name(&agent.model),
                runs: Some(run.clone()),
                ..Entry::new(Icon::Agent, &agent.title, open)
            }));
            all.actions.push(Rc::new(Entry::new(
                Icon::Play,
                &text::run_agent(&agent.title),
                run,
            )));
            all.actions.push(Rc::new(Entry {
                follows: Follows::RunTests(name.clone()),
                ..Entry::new(Icon::Test, &text::run_tests_of(&agent.title), tests.clone())
            }));
            all.pages.push(Rc::new(Entry::new(
                Icon::Test,
                &text::tests_of(&agent.title),
                tests,
            )));
            all.pages.push(Rc::new(Entry::new(
                Icon::Version,
                &text::versions_of(&agent.title),
                versions,
            )));
        }
        all.actions.extend(to_do());
        all.actions.extend(colours());
        all.runs = runs.iter().map(|run| Rc::new(run_entry(run))).collect();
        all
    }

    /// What fits. Before anything is typed, the newest and what is done most.
    pub(crate) fn find(&self, query: &Query) -> Found {
        let kinds = [
            (Kind::Agents, &self.agents),
            (Kind::Actions, &self.actions),
            (Kind::Runs, &self.runs),
            (Kind::Pages, &self.pages),
        ];
        let mut found = Found::default();
        let mut ranked: Vec<(Option<Score>, Group)> = Vec::new();
        for (kind, entries) in kinds {
            let (best, group, count) = best(kind, entries, query);
            found.count += count;
            if !group.entries.is_empty() {
                ranked.push((best, group));
            }
        }
        // The kinds keep their order, unless another one has what was clearly meant.
        if !query.is_empty() {
            let first = ranked.iter().map(|(best, _)| *best).max().flatten();
            let meant = ranked.iter().position(|(best, _)| *best == first);
            if let Some(meant) = meant {
                let group = ranked.remove(meant);
                ranked.insert(0, group);
            }
        }
        found.groups = ranked.into_iter().map(|(_, group)| group).collect();
        found
    }
}

impl Entry {
    fn new(icon: Icon, name: &str, to: Route) -> Self {
        Self {
            sign: Sign::Icon(icon),
            name: Name::new(name),
            also: None,
            note: String::new(),
            shortcut: None,
            at: None,
            follows: Follows::Open(to),
            runs: None,
        }
    }

    fn also(self, words: &str) -> Self {
        let also = format!("{} {words}", self.name.text());
        Self {
            also: Some(Name::new(also)),
            ..self
        }
    }

    fn score(&self, query: &Query) -> Option<Score> {
        let also = self.also.as_ref();
        self.name
            .score(query)
            .max(also.and_then(|also| also.score_beside(query)))
    }

    fn with(self, shortcut: Shortcut) -> Self {
        Self {
            shortcut: Some(shortcut),
            ..self
        }
    }
}

fn best(kind: Kind, entries: &[Rc<Entry>], query: &Query) -> (Option<Score>, Group, usize) {
    let mut fit: Vec<(Score, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(place, entry)| Some((entry.score(query)?, place)))
        .collect();
    let count = fit.len();
    if !query.is_empty() {
        fit.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    }
    let first = fit.first().map(|(score, _)| *score);
    let entries = fit
        .iter()
        .take(SHOWN)
        .filter_map(|(_, place)| entries.get(*place).cloned())
        .collect();
    (first, Group { kind, entries }, count)
}

fn run_entry(run: &RunSummary) -> Entry {
    let asked = run.input.lines().next().unwrap_or_default().trim();
    let name = if asked.is_empty() { &run.title } else { asked };
    Entry {
        sign: Sign::Mark(run.state().into()),
        note: if asked.is_empty() {
            String::new()
        } else {
            run.title.clone()
        },
        at: Some(run.created_at),
        ..Entry::new(Icon::Runs, name, Route::Run { id: run.id }).also(&run.title)
    }
}

fn to_do() -> Vec<Rc<Entry>> {
    let lead = Place::ALL.map(|place| {
        let (label, too) = text::to_do(place);
        let entry = Entry::new(place_icon(place), label, place.page()).also(too);
        Entry {
            follows: Follows::Lead(place),
            ..entry
        }
    });
    let agents = [
        (
            AgentsShown::Archived,
            Icon::Agent,
            text::ARCHIVED_AGENTS,
            text::ARCHIVED_AGENTS_TOO,
        ),
        (
            AgentsShown::Removed,
            Icon::Trash,
            text::REMOVED_AGENTS,
            text::REMOVED_AGENTS_TOO,
        ),
    ];
    let agents = agents.map(|(shown, icon, label, too)| Entry {
        follows: Follows::Agents(shown),
        ..Entry::new(icon, label, Route::Agents).also(too)
    });
    lead.into_iter().chain(agents).map(Rc::new).collect()
}

const fn place_icon(place: Place) -> Icon {
    match place {
        Place::TakeSnapshot | Place::BackUp => Icon::Copy,
        Place::Restore => Icon::Restore,
        Place::Export | Place::ExportRuns => Icon::Export,
        Place::Import | Place::Package => Icon::Import,
        Place::Delete => Icon::Trash,
    }
}

fn colours() -> Vec<Rc<Entry>> {
    let each = [
        (Icon::Contrast, text::USE_SYSTEM_COLOURS, Theme::System),
        (Icon::Sun, text::USE_LIGHT_COLOURS, Theme::Light),
        (Icon::Moon, text::USE_DARK_COLOURS, Theme::Dark),
    ];
    let entry = |(icon, label, theme)| {
        Rc::new(Entry {
            follows: Follows::Colours(theme),
            ..Entry::new(icon, label, Route::settings()).also(text::COLOURS_TOO)
        })
    };
    each.map(entry).into()
}

fn pages() -> Vec<Rc<Entry>> {
    let mut all = vec![
        Entry::new(Icon::Home, text::HOME, Route::Home).with(Shortcut::Home),
        Entry::new(Icon::Agent, text::AGENTS, Route::Agents).with(Shortcut::Agents),
        Entry::new(Icon::Runs, text::RUNS, Route::Runs).with(Shortcut::Runs),
    ];
    for section in crate::pages::SHOWN_SECTIONS {
        let to = Route::Settings { section: *section };
        let label = text::setting(text::section(*section));
        let icon = crate::pages::section_icon(*section);
        let entry = Entry::new(icon, &label, to).also(text::section_too(*section));
        all.push(match section {
            Section::Models => entry.with(Shortcut::Settings),
            Section::Shortcuts => entry.with(Shortcut::Shortcuts),
            _ => entry,
        });
    }
    all.push(Entry::new(
        Icon::Zap,
        text::COMPONENTS_OF_THE_WINDOW,
        Route::Developer,
    ));
    all.into_iter().map(Rc::new).collect()
}

#[cfg(test)]
mod tests {
    use slipway_contract::Timestamp;

    use super::*;

    fn agent(number: usize, title: &str) -> AgentSummary {
        serde_json::from_value(serde_json::json!({
            "name": format!("agent-{number}"),
            "title": title,
            "description": "",
            "version": "00".repeat(32),
            "model": "openai/gpt-5-mini",
            "folder": null,
            "updated_at": Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(i64::try_from(number).unwrap()),
            "last_run": null,
        }))
        .unwrap()
    }

    fn names(found: &Found, kind: Kind) -> Vec<&str> {
        let group = found.groups.iter().find(|group| group.kind == kind);
        group.map_or_else(Vec::new, |group| {
            group
                .entries
                .iter()
                .map(|entry| entry.name.text())
                .collect()
        })
    }

    #[test]
    fn an_agent_is_found_with_what_can_be_done_with_it() {
        let all = Everything::of(&[agent(1, "Expense report"), agent(2, "Link checker")], &[]);
        let found = all.find(&Query::new("expense"));
        assert_eq!(names(&found, Kind::Agents), ["Expense report"]);
        assert_eq!(
            names(&found, Kind::Actions),
            ["Run Expense report…", "Run all tests of Expense report"]
        );
        assert_eq!(
            names(&found, Kind::Pages),
            ["Expense report, tests", "Expense report, versions"]
        );
        assert_eq!(found.count, 5);
        assert_eq!(found.groups[0].kind, Kind::Agents);
    }

    #[test]
    fn what_was_clearly_meant_is_first_whatever_its_kind() {
        let all = Everything::of(&[agent(1, "Watches the shop for price runs")], &[]);
        let found = all.find(&Query::new("runs"));
        assert_eq!(found.groups[0].kind, Kind::Pages);
        assert_eq!(
            found.groups[0].entries[0].follows,
            Follows::Open(Route::Runs)
        );
    }

    #[test]
    fn what_can_be_done_is_found_by_the_words_that_people_use() {
        let all = Everything::of(&[agent(1, "Expense report")], &[]);
        for (typed, meant) in [
            ("theme", text::USE_DARK_COLOURS),
            ("dark", text::USE_DARK_COLOURS),
            ("snapshot", "Take a snapshot…"),
            ("backup", "Back up to a folder…"),
            ("export runs", "Export runs…"),
            ("csv", "Export runs…"),
            ("export everything", "Export everything…"),
            ("import", "Import everything…"),
            ("erase all", "Delete everything…"),
            ("delete everything", "Delete everything…"),
            ("archived", text::ARCHIVED_AGENTS),
            ("deleted", text::REMOVED_AGENTS),
        ] {
            let found = all.find(&Query::new(typed));
            let names = names(&found, Kind::Actions);
            assert!(names.contains(&meant), "{typed}: {names:?}");
        }
        for (typed, meant) in [("budgets", Section::Budgets), ("api key", Section::Models)] {
            let found = all.find(&Query::new(typed));
            let pages = found.groups.iter().find(|group| group.kind == Kind::Pages);
            let opens = Follows::Open(Route::Settings { section: meant });
            let is_found = pages
                .unwrap()
                .entries
                .iter()
                .any(|entry| entry.follows == opens);
            assert!(is_found, "{typed}");
        }
    }

    #[test]
    fn a_run_is_found_by_its_agent_after_those_that_say_it() {
        let run = |input: &str| {
            let mut entry = Entry::new(Icon::Runs, input, Route::Runs);
            entry = entry.also("Expense report");
            Rc::new(entry)
        };
        let all = Everything {
            runs: vec![run("Add up May."), run("A report of June, please.")],
            ..Everything::default()
        };
        let found = all.find(&Query::new("report"));
        assert_eq!(
            names(&found, Kind::Runs),
            ["A report of June, please.", "Add up May."]
        );
        // Letters that lie here and there are no word that people use.
        assert_eq!(all.find(&Query::new("exrt")), Found::default());
    }

    #[test]
    fn before_anything_is_typed_the_newest_are_shown() {
        let agents: Vec<_> = (0..20)
            .map(|number| agent(number, &format!("A {number}")))
            .collect();
        let found = Everything::of(&agents, &[]).find(&Query::new(""));
        assert_eq!(
            names(&found, Kind::Agents),
            ["A 19", "A 18", "A 17", "A 16", "A 15"]
        );
        assert_eq!(names(&found, Kind::Actions)[0], text::NEW_AGENT_ASKS);
    }

    #[test]
    fn of_ten_thousand_agents_the_right_one_is_found() {
        let agents: Vec<_> = (0..10_000)
            .map(|number| agent(number, &format!("Agent number {number}")))
            .collect();
        let all = Everything::of(&agents, &[]);
        let found = all.find(&Query::new("agent 7311"));
        assert_eq!(names(&found, Kind::Agents), ["Agent number 7311"]);
        assert!(all.find(&Query::new("agent")).count >= 30_000);
        assert_eq!(all.find(&Query::new("zzz")), Found::default());
    }
}
