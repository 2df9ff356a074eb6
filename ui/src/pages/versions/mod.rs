//! One agent: its versions. Each can be compared with any other and with the draft, and gone back to.

mod compare;

use std::collections::BTreeSet;
use std::rc::Rc;

use slipway_contract::command::{ListVersions, RestoreVersion, ShowDraft};
use slipway_contract::draft::DraftPage;
use slipway_contract::version::{RestoredVersion, VersionEntry};
use slipway_contract::{AgentName, ContentHash};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::app::Pulse;
use crate::bridge::{use_action, use_query};
use crate::browser::{self, local};
use crate::components::{
    AgentHead, AgentTab, Button, Icon, Kind, Toasts, async_value, empty, notice, skeleton,
};
use crate::route::{Route, Side};
use crate::{format, text};

pub(crate) use compare::ComparePage;

/// Which agent.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The agent.
    pub(crate) name: AgentName,
}

/// One agent's versions, newest first.
#[component]
pub(crate) fn VersionsPage(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let toasts = use_context::<Toasts>();
    let navigator = use_navigator();
    let count = use_state_eq(|| 0_u32);
    let again = pulse.0.wrapping_mul(1_000).wrapping_add(*count);
    let versions = use_query(
        ListVersions {
            agent: props.name.clone(),
        },
        again,
    );
    let draft = use_query(
        ShowDraft {
            agent: props.name.clone(),
        },
        again,
    );
    let chosen = use_state_eq(Vec::<ContentHash>::new);
    let undo = {
        let count = count.clone();
        use_action::<RestoreVersion>(Callback::from(move |_| count.set(*count + 1)))
    };
    let restore = {
        let (count, undo, name) = (count, undo.send.clone(), props.name.clone());
        use_action::<RestoreVersion>(Callback::from(move |was: RestoredVersion| {
            count.set(*count + 1);
            if let Some(toasts) = &toasts {
                let (undo, name) = (undo.clone(), name.clone());
                let mut said = text::restored(&was.version.short());
                if was.asks_again {
                    said = format!("{said}. {}", text::IMPORT_ASKS_AGAIN);
                }
                let take_back = Callback::from(move |()| {
                    undo.emit(RestoreVersion {
                        agent: name.clone(),
                        version: was.before,
                    });
                });
                toasts.undo(said, take_back);
            }
        }))
    };
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |version: ContentHash| chosen.set(with(&chosen, version)))
    };
    let compare = {
        let (chosen, name, versions) = (
            chosen.clone(),
            props.name.clone(),
            versions.state.ready().cloned(),
        );
        Callback::from(move |()| {
            let versions = versions
                .as_ref()
                .map(|versions| versions.as_slice())
                .unwrap_or_default();
            if let (Some(navigator), Some((from, to))) = (&navigator, sides(&chosen, versions)) {
                navigator.push(&Route::CompareVersions {
                    name: name.clone(),
                    from,
                    to,
                });
            }
        })
    };
    let title = draft
        .state
        .ready()
        .map_or_else(|| props.name.to_string(), |page| page.title.clone());
    let why_not = (chosen.len() != 2).then_some(text::CHOOSE_TWO);
    let actions = html! {
        <Button label={text::COMPARE} icon={Icon::Diff} why_not={why_not} onclick={compare} />
    };
    let problem = restore.problem.as_ref().or(undo.problem.as_ref());
    html! {
        <>
            <AgentHead name={props.name.clone()} {title} tab={AgentTab::Versions} {actions} />
            <div class="pane page scroll" data-pane="" tabindex="-1">
                if let Some(problem) = problem { { notice(problem, None) } }
                { async_value(&versions, skeleton::lines(&["w-320", "w-240", "w-320"]), |versions: &Rc<Vec<VersionEntry>>| {
                    if versions.is_empty() {
                        return empty(Icon::Version, text::NO_VERSION_HERE, None);
                    }
                    let draft = draft.state.ready().map(Rc::as_ref);
                    table(&props.name, versions, draft, &chosen, &choose, &restore.send)
                }) }
            </div>
        </>
    }
}

fn table(
    name: &AgentName,
    versions: &[VersionEntry],
    draft: Option<&DraftPage>,
    chosen: &[ContentHash],
    choose: &Callback<ContentHash>,
    restore: &Callback<RestoreVersion>,
) -> Html {
    let now = local(browser::now());
    let newest = draft.map(|page| page.draft.version);
    let mut seen = BTreeSet::new();
    let row = |(at, entry): (usize, &VersionEntry)| {
        let version = entry.version;
        let short = version.short();
        let is_first = seen.insert(version);
        let is_chosen = chosen.contains(&version);
        let onchoose = choose.reform(move |_: MouseEvent| version);
        let is_now = draft.is_some_and(|page| page.draft.hash == version);
        let onrestore = {
            let (restore, agent) = (restore.clone(), name.clone());
            Callback::from(move |()| {
                restore.emit(RestoreVersion {
                    agent: agent.clone(),
                    version,
                });
            })
        };
        let with_draft = Route::CompareVersions {
            name: name.clone(),
            from: Side::Version(version),
            to: Side::Draft,
        };
        html! {
            <tr key={at} class={classes!(is_chosen.then_some("is-selected"))}>
                <td>if is_first { <button type="button" class="check" role="checkbox" aria-checked={is_chosen.to_string()} aria-label={text::select_version(&short)} onclick={onchoose}><i></i></button> }</td>
                <td><a class="path" href={with_draft.href()} title={format!("{}: {version}", text::COMPARE_WITH_DRAFT)}>{ short.clone() }</a>
                    if is_first && newest == Some(version) { { " " }<span class="tag">{ text::NEWEST }</span> }</td>
                <td class="num">{ format::moment(local(entry.made_at), now) }</td>
                <td class="t2">{ text::why_made(entry.why) }</td>
                <td class="clip selectable" title={entry.note.clone()}>{ entry.note.clone().unwrap_or_default() }</td>
                <td class="r num">{ if is_first { entry.runs.to_string() } else { String::new() } }</td>
                <td class="r">if is_first && !is_now { <Button label={text::RESTORE} name={text::restore_version(&short)} icon={Icon::Restore} small=true kind={Kind::Quiet} onclick={onrestore} /> }</td>
            </tr>
        }
    };
    let rows: Html = versions.iter().enumerate().map(row).collect();
    html! {
        <>
            <p class="small t3 versions__count">{ text::versions(seen.len()) }</p>
            <table class="table versions">
                <thead><tr><th class="versions__check"><span class="visually-hidden">{ text::COMPARE }</span></th><th class="versions__hash">{ text::VERSION_WORD }</th><th class="versions__made">{ text::MADE }</th><th class="versions__why">{ text::WHY_MADE }</th><th>{ text::NOTE }</th><th class="r versions__runs">{ text::RUNS }</th><th class="versions__act"></th></tr></thead>
                <tbody>{ rows }</tbody>
            </table>
        </>
    }
}

/// The chosen versions with one more, or one fewer; never more than two.
fn with(chosen: &[ContentHash], version: ContentHash) -> Vec<ContentHash> {
    let mut all = chosen.to_vec();
    if all.contains(&version) {
        all.retain(|other| *other != version);
    } else {
        if all.len() == 2 {
            all.remove(0);
        }
        all.push(version);
    }
    all
}

/// The two chosen versions, the older one first.
fn sides(chosen: &[ContentHash], newest_first: &[VersionEntry]) -> Option<(Side, Side)> {
    let [one, other] = chosen else { return None };
    let place = |version: &ContentHash| {
        newest_first
            .iter()
            .position(|entry| entry.version == *version)
    };
    let (older, newer) = if place(one)? > place(other)? {
        (one, other)
    } else {
        (other, one)
    };
    Some((Side::Version(*older), Side::Version(*newer)))
}

#[cfg(test)]
mod tests {
    use slipway_contract::version::VersionReason;

    use super::*;

    fn hash(byte: u8) -> ContentHash {
        ContentHash::from_bytes([byte; 32])
    }

    #[test]
    fn two_versions_are_chosen_at_most_and_the_older_comes_first() {
        let one = with(&[], hash(1));
        let two = with(&one, hash(2));
        assert_eq!(with(&two, hash(3)), [hash(2), hash(3)]);
        assert_eq!(with(&two, hash(1)), [hash(2)]);
        let entry = |byte| VersionEntry {
            version: hash(byte),
            made_at: slipway_contract::Timestamp::UNIX_EPOCH,
            why: VersionReason::Saved,
            note: None,
            runs: 0,
        };
        let versions = [entry(3), entry(2), entry(1)];
        let both = Some((Side::Version(hash(1)), Side::Version(hash(2))));
        assert_eq!(sides(&two, &versions), both);
        assert_eq!(sides(&[hash(2), hash(1)], &versions), both);
        assert_eq!(sides(&one, &versions), None);
        assert_eq!(
            sides(&[hash(1), hash(9)], &versions),
            None,
            "it is none of them"
        );
    }
}
