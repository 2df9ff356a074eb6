//! The head of every page about one agent: its title, the ways between its pages, and what can be done.

use slipway_contract::AgentName;
use yew::prelude::*;

use super::exact::prose;
use crate::route::Route;
use crate::text;

/// A page of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentTab {
    /// What it is made of.
    Build,
    /// What it was asked.
    Run,
    /// Whether it does what it should.
    Tests,
    /// What it was.
    Versions,
}

impl AgentTab {
    const ALL: [Self; 4] = [Self::Build, Self::Run, Self::Tests, Self::Versions];

    fn route(self, name: &AgentName) -> Route {
        let name = name.clone();
        match self {
            Self::Build => Route::Agent { name },
            Self::Run => Route::Ask { name },
            Self::Tests => Route::Tests { name },
            Self::Versions => Route::Versions { name },
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Build => text::BUILD,
            Self::Run => text::RUN,
            Self::Tests => text::TESTS,
            Self::Versions => text::VERSIONS,
        }
    }
}

/// Whose head it is.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
    /// What it is called.
    pub(crate) title: AttrValue,
    /// Which of its pages is open.
    pub(crate) tab: AgentTab,
    /// A tab that has something wrong, and the mark that says so.
    #[prop_or_default]
    pub(crate) marked: Option<(AgentTab, Html)>,
    /// What is said of it, left of what can be done.
    #[prop_or_default]
    pub(crate) note: Html,
    /// What can be done.
    #[prop_or_default]
    pub(crate) actions: Html,
}

/// The head of a page about one agent.
#[component]
pub(crate) fn AgentHead(props: &Props) -> Html {
    let tab = |tab: AgentTab| {
        let here = tab == props.tab;
        let mark = props.marked.as_ref().filter(|(marked, _)| *marked == tab);
        html! {
            <a href={tab.route(&props.name).href()} aria-current={here.then_some("page")}>
                { tab.label() }{ for mark.map(|(_, mark)| mark.clone()) }
            </a>
        }
    };
    html! {
        <header class="topbar agent-head">
            <h1 class="topbar__title clip" title={props.title.clone()}>{ prose(&props.title) }</h1>
            <nav class="tabs" aria-label={text::PAGES_OF_THE_AGENT}>{ for AgentTab::ALL.map(tab) }</nav>
            <span class="spacer"></span>
            <span class="topbar__note num clip">{ props.note.clone() }</span>
            { props.actions.clone() }
        </header>
    }
}
