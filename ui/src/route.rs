//! The pages and their addresses. An address names everything that its page shows, so that going back works.

mod tested;

use std::fmt;
use std::str::FromStr;

use slipway_contract::cloud::OrganizationId;
use slipway_contract::{AgentName, ContentHash, RunId};
use yew_router::Routable;

pub(crate) use tested::{CaseId, SuiteFile, SuitePart, Which};

/// A page.
#[derive(Debug, Clone, PartialEq, Routable)]
pub(crate) enum Route {
    /// What needs a person, and what goes on.
    #[at("/")]
    Home,
    /// All agents.
    #[at("/agents")]
    Agents,
    /// A new agent. Not below `/agents`, where an agent may have this very name.
    #[at("/new")]
    NewAgent,
    /// One agent: what it is made of.
    #[at("/agents/:name")]
    Agent {
        /// The agent.
        name: AgentName,
    },
    /// One agent: ask it for something.
    #[at("/agents/:name/run")]
    Ask {
        /// The agent.
        name: AgentName,
    },
    /// One agent: its tests.
    #[at("/agents/:name/tests")]
    Tests {
        /// The agent.
        name: AgentName,
    },
    /// One agent: one suite of its tests.
    #[at("/agents/:name/tests/:suite")]
    Suite {
        /// The agent.
        name: AgentName,
        /// The suite.
        suite: SuiteFile,
    },
    /// One agent: what a part of a suite says.
    #[at("/agents/:name/tests/:suite/edit/:part")]
    EditSuite {
        /// The agent.
        name: AgentName,
        /// The suite.
        suite: SuiteFile,
        /// The part.
        part: SuitePart,
    },
    /// One agent: what came of a case.
    #[at("/agents/:name/tests/:suite/:report/:case")]
    Case {
        /// The agent.
        name: AgentName,
        /// The suite.
        suite: SuiteFile,
        /// In which report.
        report: Which,
        /// The case.
        case: CaseId,
    },
    /// One agent: its versions.
    #[at("/agents/:name/versions")]
    Versions {
        /// The agent.
        name: AgentName,
    },
    /// One agent: what differs between two of its versions.
    #[at("/agents/:name/versions/:from/:to")]
    CompareVersions {
        /// The agent.
        name: AgentName,
        /// The older one.
        from: Side,
        /// The newer one.
        to: Side,
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
    /// Two runs beside each other.
    #[at("/runs/:id/compare/:other")]
    CompareRuns {
        /// The one.
        id: RunId,
        /// The other.
        other: RunId,
    },
    /// A page of the settings.
    #[at("/settings/:section")]
    Settings {
        /// Which.
        section: Section,
    },
    /// Models and keys, adding the key of a provider.
    #[at("/settings/models/:provider")]
    AddKey {
        /// The provider.
        provider: String,
    },
    /// One organization of the account.
    #[at("/settings/account/:organization")]
    Organization {
        /// Which.
        organization: OrganizationId,
    },
    /// The first start.
    #[at("/welcome")]
    Welcome,
    /// All components in all states.
    #[at("/developer")]
    Developer,
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

    /// The settings as they are opened without naming a page.
    pub(crate) const fn settings() -> Self {
        Self::Settings {
            section: Section::Models,
        }
    }

    /// Whether the page is one of the settings.
    pub(crate) fn is_setting(&self) -> bool {
        matches!(
            self,
            Self::Settings { .. } | Self::AddKey { .. } | Self::Organization { .. }
        )
    }

    /// The page without what is open on it: the keyboard stays where it is while that changes.
    pub(crate) fn page(&self) -> Self {
        match self {
            Self::Suite { name, .. } | Self::Case { name, .. } => {
                Self::Tests { name: name.clone() }
            }
            Self::EditSuite { name, suite, .. } => Self::EditSuite {
                name: name.clone(),
                suite: suite.clone(),
                part: SuitePart::Whole,
            },
            other => other.clone(),
        }
    }

    /// The agent that the page is about, where the address names it.
    pub(crate) fn agent(&self) -> Option<&AgentName> {
        match self {
            Self::Agent { name }
            | Self::Ask { name }
            | Self::Tests { name }
            | Self::Suite { name, .. }
            | Self::EditSuite { name, .. }
            | Self::Case { name, .. }
            | Self::Versions { name }
            | Self::CompareVersions { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// What is being written now.
    Draft,
    /// A version.
    Version(ContentHash),
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => f.write_str("draft"),
            Self::Version(version) => version.fmt(f),
        }
    }
}

impl FromStr for Side {
    type Err = slipway_contract::id::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "draft" => Ok(Self::Draft),
            version => version.parse().map(Self::Version),
        }
    }
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident => $id:literal,)*) => {
        /// A page of the settings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Section { $($(#[$doc])* $name,)* }

        impl Section {
            /// All of them, in the order in which they are shown.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its word in the address.
            pub(crate) const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

sections! {
    /// Models and keys.
    Models => "models",
    /// Limits on money.
    Budgets => "budgets",
    /// Colours.
    Appearance => "appearance",
    /// What the system says of runs.
    Notifications => "notifications",
    /// What leaves this machine.
    Privacy => "privacy",
    /// Who one is in the cloud.
    Account => "account",
    /// Where everything is, and copies of it.
    Data => "data",
    /// Keys.
    Shortcuts => "shortcuts",
    /// The version, and the licences of what ships.
    About => "about",
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// There is no such page of the settings.
#[derive(Debug)]
pub(crate) struct NoSuchSection;

impl FromStr for Section {
    type Err = NoSuchSection;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL
            .iter()
            .copied()
            .find(|section| section.id() == text);
        found.ok_or(NoSuchSection)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_leads_back_to_its_page() {
        let name: AgentName = "new".parse().unwrap();
        let id = RunId::from_random([7; 10]);
        let version: ContentHash = "0a".repeat(32).parse().unwrap();
        let mut pages = vec![
            Route::Home,
            Route::Agents,
            Route::NewAgent,
            Route::Agent { name: name.clone() },
            Route::Ask { name: name.clone() },
            Route::Versions { name: name.clone() },
            Route::Tests { name: name.clone() },
            Route::Suite {
                name: name.clone(),
                suite: SuiteFile::of("tests/by month/receipts é.toml"),
            },
            Route::EditSuite {
                name: name.clone(),
                suite: SuiteFile::of("tests/edit.toml"),
                part: SuitePart::Case(41),
            },
            Route::Case {
                name: name.clone(),
                suite: SuiteFile::of("tests/receipts.toml"),
                report: Which::Newest,
                case: "0123456789abcdef".parse().unwrap(),
            },
            Route::CompareVersions {
                name,
                from: Side::Version(version),
                to: Side::Draft,
            },
            Route::Runs,
            Route::Run { id },
            Route::CompareRuns { id, other: id },
            Route::AddKey {
                provider: "openai".to_owned(),
            },
            Route::Organization {
                organization: "01890000-0000-7000-8000-000000000001".parse().unwrap(),
            },
            Route::Welcome,
            Route::Developer,
        ];
        pages.extend(
            Section::ALL
                .iter()
                .map(|section| Route::Settings { section: *section }),
        );
        for page in pages {
            assert_eq!(Route::recognize(&page.to_path()), Some(page));
        }
    }

    #[test]
    fn a_suite_is_named_without_its_folder_and_ending() {
        let suite = SuiteFile::of("tests/receipts.toml");
        assert_eq!(suite.to_string(), "receipts");
        assert_eq!(suite.path(), "tests/receipts.toml");
    }

    #[test]
    fn a_hostile_address_is_no_page() {
        for path in [
            "/agents/..%2F..",
            "/agents/<script>",
            "/agents/new/versions/draft/xyz",
            "/agents/new/tests/..%2F..",
            "/agents/new/tests/receipts/newest/..",
            "/agents/new/tests/receipts/edit/-1",
            "/runs/xyz",
            "/settings/nothing",
            "/nowhere",
        ] {
            assert_eq!(Route::recognize(path), Some(Route::NotFound), "{path}");
        }
    }
}
