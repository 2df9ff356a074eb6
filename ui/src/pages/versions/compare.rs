//! What differs between two versions of an agent, or between one and its draft.

use std::rc::Rc;

use slipway_contract::command::{DiffAgent, ListVersions, ShowDraft};
use slipway_contract::version::{AgentDiff, VersionEntry};
use slipway_contract::{AgentName, ContentHash};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Pulse;
use crate::bridge::use_query;
use crate::browser::{self, local};
use crate::components::{
    AgentHead, AgentTab, Choice, DiffView, Select, async_value, counted_lines, skeleton,
};
use crate::route::{Route, Side};
use crate::{format, text};

/// Which two.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
    /// Before.
    pub(crate) from: Side,
    /// After.
    pub(crate) to: Side,
}

/// The difference of two versions.
#[component]
pub(crate) fn ComparePage(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let agent = props.name.clone();
    let draft = use_query(
        ShowDraft {
            agent: agent.clone(),
        },
        pulse.0,
    );
    let versions = use_query(
        ListVersions {
            agent: agent.clone(),
        },
        pulse.0,
    );
    let diff = use_query(
        DiffAgent {
            agent,
            from: Some(props.from.to_string()),
            to: Some(props.to.to_string()),
        },
        pulse.0,
    );
    let title = draft
        .state
        .ready()
        .map_or_else(|| props.name.to_string(), |page| page.title.clone());
    let sides = all_sides(
        versions
            .state
            .ready()
            .map(|versions| versions.as_slice())
            .unwrap_or_default(),
    );
    let (added, removed) = diff
        .state
        .ready()
        .map_or((0, 0), |diff| counted_lines(&diff.diff));
    html! {
        <>
            <AgentHead name={props.name.clone()} {title} tab={AgentTab::Versions} />
            <div class="filters compare">
                <Chooser label={text::BEFORE} name={props.name.clone()} sides={sides.clone()} from={props.from} to={props.to} is_from=true />
                <span class="t3" aria-hidden="true">{ "→" }</span>
                <Chooser label={text::AFTER} name={props.name.clone()} {sides} from={props.from} to={props.to} is_from=false />
                <span class="spacer"></span>
                <span class="num small" aria-label={text::changed_lines(added, removed)}><span class="is-plus">{ format!("+{added}") }</span>{ "\u{2002}" }<span class="is-minus">{ format!("−{removed}") }</span></span>
            </div>
            <div class="pane page scroll compare__body" data-pane="" tabindex="-1">
                { async_value(&diff, skeleton::lines(&["w-320", "w-240", "w-320"]), |diff: &Rc<AgentDiff>| html! { <DiffView diff={diff.diff.clone()} /> }) }
            </div>
        </>
    }
}

/// A side with its words.
type Named = (Side, Choice);

/// The draft, and every version once, newest first.
fn all_sides(versions: &[VersionEntry]) -> Vec<Named> {
    let now = local(browser::now());
    let mut all = vec![(Side::Draft, Choice::new(text::DRAFT))];
    let mut seen: Vec<ContentHash> = Vec::new();
    for entry in versions {
        if !seen.contains(&entry.version) {
            seen.push(entry.version);
            let made = format::moment(local(entry.made_at), now);
            let note = entry
                .note
                .as_ref()
                .map_or_else(|| made.clone(), |note| format!("{made}, {note}"));
            let choice = Choice {
                label: entry.version.short().into(),
                note: Some(note.into()),
            };
            all.push((Side::Version(entry.version), choice));
        }
    }
    all
}

#[derive(Properties, PartialEq)]
struct ChooserProps {
    label: &'static str,
    name: AgentName,
    sides: Vec<Named>,
    from: Side,
    to: Side,
    is_from: bool,
}

#[component]
fn Chooser(props: &ChooserProps) -> Html {
    let navigator = use_navigator();
    let current = if props.is_from { props.from } else { props.to };
    let chosen = props
        .sides
        .iter()
        .position(|(side, _)| *side == current)
        .unwrap_or(usize::MAX);
    let items: Vec<Choice> = props
        .sides
        .iter()
        .map(|(_, choice)| choice.clone())
        .collect();
    let onchoose = {
        let (sides, name, from, to, is_from) = (
            props.sides.clone(),
            props.name.clone(),
            props.from,
            props.to,
            props.is_from,
        );
        Callback::from(move |at: usize| {
            if let (Some(navigator), Some((side, _))) = (&navigator, sides.get(at)) {
                let (from, to) = if is_from { (*side, to) } else { (from, *side) };
                navigator.replace(&Route::CompareVersions {
                    name: name.clone(),
                    from,
                    to,
                });
            }
        })
    };
    html! { <div class="compare__side"><Select label={props.label} {items} {chosen} {onchoose} /></div> }
}
