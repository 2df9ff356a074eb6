//! All agents: found by words and tags, sorted, put aside and back.

mod changes;
mod list;
mod removed;
mod row;

use std::rc::Rc;

use slipway_contract::agent::{AgentFinder, AgentSearch, AgentSort, AgentSummary};
use slipway_contract::command::{AddExamples, ListArchivedAgents};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::hooks::use_location;

use self::changes::Changing;
use self::list::{Same, skeleton};
use crate::app::{Agents, Pulse};
use crate::bridge::{UseQuery, use_action, use_query};
use crate::components::{
    Button, Choice, Icon, Kind, Look, Segmented, Select, async_value, empty, empty_with, notice,
    small_icon, topbar,
};
use crate::route::Route;
use crate::{shortcuts, text};

/// Which agents are shown. Kept with the address when a link leads to some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Shown {
    /// Those in use.
    #[default]
    InUse,
    /// Those that were put aside.
    Archived,
    /// Those that can be put back.
    Removed,
}

const SHOWN: [Shown; 3] = [Shown::InUse, Shown::Archived, Shown::Removed];

/// All agents.
#[component]
pub(crate) fn AgentsPage() -> Html {
    let location = use_location();
    let wanted = location
        .as_ref()
        .and_then(|location| location.state::<Shown>())
        .map(|shown| *shown);
    let shown = use_state_eq(|| wanted.unwrap_or_default());
    {
        let (shown, id) = (shown.setter(), location.and_then(|location| location.id()));
        use_effect_with((id, wanted), move |(_, wanted)| {
            if let Some(wanted) = wanted {
                shown.set(*wanted);
            }
        });
    }
    let choose = {
        let shown = shown.clone();
        Callback::from(move |place: usize| {
            shown.set(SHOWN.get(place).copied().unwrap_or_default());
        })
    };
    let chosen = SHOWN.iter().position(|each| each == &*shown);
    let which = html! {
        <Segmented small=true label={text::WHICH_AGENTS} items={text::AGENTS_SHOWN.map(AttrValue::from).to_vec()} chosen={chosen.unwrap_or_default()} onchoose={choose} />
    };
    match *shown {
        Shown::InUse => html! { <InUse {which} /> },
        Shown::Archived => html! { <Archived {which} /> },
        Shown::Removed => html! { <removed::Removed {which} /> },
    }
}

/// The bar above each of them.
fn bar(note: Option<String>) -> Html {
    let actions = html! {
        <a class="btn btn--primary" href={Route::NewAgent.href()}>{ crate::components::icon(Icon::Plus) }{ text::NEW_AGENT }</a>
    };
    topbar(text::AGENTS, html! { { for note } }, actions)
}

#[derive(Properties, PartialEq)]
struct WhichProps {
    which: Html,
}

#[component]
fn InUse(props: &WhichProps) -> Html {
    let Some(Agents(agents)) = use_context::<Agents>() else {
        return Html::default();
    };
    html! { <Found {agents} which={props.which.clone()} archived=false /> }
}

#[component]
fn Archived(props: &WhichProps) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let agents = use_query(ListArchivedAgents {}, pulse.0);
    html! { <Found {agents} which={props.which.clone()} archived=true /> }
}

#[derive(Properties, PartialEq)]
struct FoundProps {
    agents: UseQuery<Vec<AgentSummary>>,
    which: Html,
    archived: bool,
}

/// The agents that fit what is looked for.
#[component]
fn Found(props: &FoundProps) -> Html {
    let search = use_state_eq(AgentSearch::default);
    let changing = use_state_eq(|| None::<Changing>);
    let in_use = use_context::<Agents>();
    let agents = props.agents.state.ready().cloned().unwrap_or_default();
    let finder = use_memo(Same(Rc::clone(&agents)), |agents| {
        AgentFinder::of(&agents.0)
    });
    let found = use_memo(
        (Same(Rc::clone(&agents)), (*search).clone()),
        |(agents, search)| finder.find(&agents.0, search),
    );
    let tags = use_memo(Same(Rc::clone(&agents)), |agents| finder.tags(&agents.0));
    let sort = {
        let search = search.clone();
        Callback::from(move |sort: AgentSort| {
            search.set(AgentSearch {
                sort,
                ..(*search).clone()
            });
        })
    };
    let clear = {
        let search = search.clone();
        Callback::from(move |()| {
            search.set(AgentSearch {
                sort: search.sort,
                ..AgentSearch::default()
            });
        })
    };
    // What is archived leaves the one list and comes into the other.
    let again = {
        let own = props.agents.again.clone();
        Callback::from(move |()| {
            own.emit(());
            if let Some(Agents(agents)) = &in_use {
                agents.again.emit(());
            }
        })
    };
    let change = {
        let changing = changing.clone();
        Callback::from(move |to: Changing| changing.set(Some(to)))
    };
    let done = {
        let changing = changing.clone();
        Callback::from(move |()| changing.set(None))
    };
    let is_narrowed = !search.text.trim().is_empty() || !search.tags.is_empty();
    let list = async_value(&props.agents, skeleton(), |agents| {
        if agents.is_empty() && props.archived {
            html! { <div class="page page--centred">{ empty_with(Icon::Agent, text::NONE_ARCHIVED, text::NONE_ARCHIVED_HOW, None) }</div> }
        } else if agents.is_empty() {
            html! { <Nothing again={again.clone()} /> }
        } else if found.is_empty() {
            let button = html! { <Button label={text::SHOW_ALL_AGENTS} onclick={clear.clone()} /> };
            html! { <div class="page page--centred">{ empty(Icon::Search, text::NO_AGENT_FITS, Some(button)) }</div> }
        } else {
            html! { <list::List agents={Rc::clone(agents)} found={Rc::clone(&found)} sort={search.sort} onsort={sort} {change} again={again.clone()} /> }
        }
    });
    let count = (!agents.is_empty()).then(|| text::agents(agents.len()));
    html! {
        <>
            { bar(count) }
            <div class="filters" role="group" aria-label={text::SHOW}>
                if !agents.is_empty() { <Filters search={search.clone()} tags={(*tags).clone()} /> }
                { props.which.clone() }
                <span class="spacer"></span>
                if is_narrowed { <span class="small t3 num" role="status">{ text::agents_found(found.len(), agents.len()) }</span> }
            </div>
            { list }
            if let Some(changing) = &*changing { <changes::Change changing={changing.clone()} agents={Rc::clone(&agents)} {done} {again} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FilterProps {
    search: UseStateHandle<AgentSearch>,
    tags: Vec<(String, usize)>,
}

/// The words and the tags that are looked for.
#[component]
fn Filters(props: &FilterProps) -> Html {
    let field = shortcuts::use_find_field();
    let oninput = {
        let search = props.search.clone();
        Callback::from(move |event: InputEvent| {
            let text = event
                .target_dyn_into::<HtmlInputElement>()
                .map(|field| field.value());
            search.set(AgentSearch {
                text: text.unwrap_or_default(),
                ..(*search).clone()
            });
        })
    };
    let with_tags = |tags: Vec<String>| AgentSearch {
        tags,
        ..(*props.search).clone()
    };
    let left: Vec<&(String, usize)> = props
        .tags
        .iter()
        .filter(|(tag, _)| !props.search.tags.contains(tag))
        .collect();
    let items = left.iter().map(|(tag, count)| Choice {
        label: tag.clone().into(),
        note: Some(text::agents(*count).into()),
    });
    let items: Vec<Choice> = items.collect();
    let onchoose = {
        let search = props.search.clone();
        let searches: Vec<AgentSearch> = left
            .iter()
            .map(|(tag, _)| {
                let own = props.search.tags.iter().chain(std::iter::once(tag));
                with_tags(own.cloned().collect())
            })
            .collect();
        Callback::from(move |place: usize| {
            if let Some(wanted) = searches.get(place) {
                search.set(wanted.clone());
            }
        })
    };
    let chosen = |tag: &String| {
        let without = props.search.tags.iter().filter(|other| *other != tag);
        let (search, wanted) = (props.search.clone(), with_tags(without.cloned().collect()));
        let onclick = Callback::from(move |_: MouseEvent| search.set(wanted.clone()));
        html! { <button key={tag.clone()} type="button" class="chip" aria-pressed="true" title={text::without_tag(tag)} {onclick}><span class="clip">{ tag.clone() }</span>{ small_icon(Icon::X) }</button> }
    };
    html! {
        <>
            <label class="search">{ small_icon(Icon::Search) }<input ref={field} type="search" placeholder={text::SEARCH_AGENTS} aria-label={text::SEARCH_AGENTS} value={props.search.text.clone()} {oninput} spellcheck="false" autocomplete="off" /></label>
            { for props.search.tags.iter().map(chosen) }
            if !items.is_empty() { <Select label={text::TAG} look={Look::Chip} chosen={items.len()} {items} {onchoose} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NothingProps {
    again: Callback<()>,
}

/// No agent yet: what one is, and the first ones at a press.
#[component]
fn Nothing(props: &NothingProps) -> Html {
    let again = props.again.clone();
    let add = use_action::<AddExamples>(Callback::from(move |_| again.emit(())));
    html! {
        <div class="page page--centred">
            <div class="empty empty--wide">
                { crate::components::icon(Icon::Agent) }
                <h2 class="head">{ text::NO_AGENT_YET }</h2>
                <p class="t2">{ text::NO_AGENT_YET_HOW }</p>
                <div class="btns">
                    <a class="btn" href={Route::NewAgent.href()}>{ text::NEW_AGENT }</a>
                    <Button label={text::ADD_EXAMPLES} kind={Kind::Primary} busy={add.busy} onclick={add.send.reform(|()| AddExamples {})} />
                </div>
                if let Some(problem) = &add.problem { { notice(problem, None) } }
            </div>
        </div>
    }
}
