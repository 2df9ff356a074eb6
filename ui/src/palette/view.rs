//! The palette as it is drawn and typed into: a combobox with its list.

use std::rc::Rc;

use slipway_contract::AgentName;
use slipway_contract::command::RunTests;
use slipway_contract::preferences::Preference;
use slipway_contract::shortcut::Shortcut;
use slipway_contract::test::{Mode, TestOrder};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::entries::{Entry, Everything, Follows, Found, Kind, Sign};
use super::matching::Query;
use crate::app::{Agents, RecentRuns};
use crate::bridge::call;
use crate::browser::{self, local};
use crate::components::{Icon, RowMove, Toasts, icon, mark, use_modal};
use crate::preferences::UsePreferences;
use crate::route::Route;
use crate::shortcuts::{self, is_pressed, keys};
use crate::{format, text};

const LIST_ID: &str = "palette-list";
const ENTRY_ID: &str = "palette-entry-";

/// What follows when it is closed.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The person is done with it.
    pub(crate) onclose: Callback<()>,
}

/// The palette.
#[component]
pub(crate) fn Palette(props: &Props) -> Html {
    let dialog = use_modal();
    let agents = use_context::<Agents>().and_then(|agents| agents.0.state.ready().cloned());
    let runs = use_context::<RecentRuns>().and_then(|runs| runs.0.state.ready().cloned());
    let preferences = use_context::<UsePreferences>();
    let navigator = use_navigator();
    let typed = use_state_eq(String::new);
    let at = use_state_eq(|| 0_usize);
    let everything = use_memo((agents, runs), |(agents, runs)| {
        let agents = agents.as_ref().map_or(&[][..], |agents| agents.as_slice());
        let runs = runs.as_ref().map_or(&[][..], |runs| runs.as_slice());
        Everything::of(agents, runs)
    });
    let toasts = use_context::<Toasts>();
    let query = use_memo((*typed).clone(), |typed| Query::new(typed));
    let found = use_memo((everything, query.clone()), |(everything, query)| {
        everything.find(query)
    });
    let entries: Rc<[Rc<Entry>]> = found
        .groups
        .iter()
        .flat_map(|group| group.entries.iter().cloned())
        .collect();
    let here = (*at).min(entries.len().saturating_sub(1));
    {
        // The one that is chosen is in view.
        let dialog = dialog.clone();
        use_effect_with((here, found.clone()), move |_| {
            browser::reveal_in(&dialog, "[aria-selected=\"true\"]");
        });
    }
    let choose = {
        let onclose = props.onclose.clone();
        Callback::from(move |(entry, run): (Rc<Entry>, bool)| {
            onclose.emit(());
            match (&entry.follows, &entry.runs) {
                (_, Some(to)) if run => open(navigator.as_ref(), to),
                (Follows::Open(to), _) => open(navigator.as_ref(), to),
                (Follows::Lead(place), _) => {
                    open(navigator.as_ref(), &place.page());
                    place.focus();
                }
                (Follows::Agents(shown), _) => {
                    if let Some(navigator) = &navigator {
                        navigator.push_with_state(&Route::Agents, *shown);
                    }
                }
                (Follows::RunTests(name), _) => {
                    open(navigator.as_ref(), &Route::Tests { name: name.clone() });
                    run_tests(name.clone(), toasts.clone());
                }
                (Follows::Colours(theme), _) => {
                    if let Some(preferences) = &preferences {
                        let wanted = theme.as_str().to_owned();
                        preferences.set.emit((Preference::Theme, wanted));
                    }
                }
            }
        })
    };
    let oninput = {
        let (typed, at) = (typed.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(field.value());
                at.set(0);
            }
        })
    };
    let onkeydown = {
        let (entries, choose, at) = (entries.clone(), choose.clone(), at);
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            // A word that is being composed takes its own keys.
            if event.is_composing() {
                return;
            }
            let key = event.key();
            if is_pressed(Shortcut::Palette, &event) {
                onclose.emit(());
            } else if key == "Enter" {
                if let Some(entry) = entries.get(here) {
                    let run = is_pressed(Shortcut::Main, &event);
                    choose.emit((entry.clone(), run));
                }
            } else if matches!(key.as_str(), "ArrowDown" | "ArrowUp")
                && let Some(by) = RowMove::of(&event)
            {
                at.set(around(by, here, entries.len()));
            } else if key != "Tab" {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onmousedown = {
        let (onclose, dialog) = (props.onclose.clone(), dialog.clone());
        Callback::from(move |event: MouseEvent| {
            if browser::is_beside(&dialog, &event) {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog ref={dialog} class="palette" aria-label={text::FIND_OR_RUN} {oncancel} {onmousedown}>
            <div class="palette__query">
                { icon(Icon::Search) }
                <input
                    type="text"
                    role="combobox"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls={LIST_ID}
                    aria-activedescendant={entries.get(here).map(|_| format!("{ENTRY_ID}{here}"))}
                    aria-label={text::PALETTE_ASKS}
                    placeholder={text::PALETTE_ASKS}
                    value={(*typed).clone()}
                    spellcheck="false"
                    autocomplete="off"
                    {oninput}
                    {onkeydown}
                />
                { keys(Shortcut::Close) }
            </div>
            { list(&found, &query, here, &choose) }
            { foot(&found) }
        </dialog>
    }
}

/// Plays all tests of an agent: that asks no model and costs nothing.
fn run_tests(agent: AgentName, toasts: Option<Toasts>) {
    let order = TestOrder {
        mode: Mode::Replay,
        suites: Vec::new(),
        cases: Vec::new(),
        failed: false,
        budget_usd: None,
        resume: None,
    };
    wasm_bindgen_futures::spawn_local(async move {
        let answer = call(&RunTests { agent, order }).await;
        if let (Err(problem), Some(toasts)) = (answer, toasts) {
            toasts.fail(text::sentence(&problem.message));
        }
    });
}

fn open(navigator: Option<&yew_router::navigator::Navigator>, to: &Route) {
    if let Some(navigator) = navigator {
        navigator.push(to);
    }
}

/// Beyond the last comes the first again.
fn around(by: RowMove, here: usize, count: usize) -> usize {
    match by {
        RowMove::Next if here + 1 >= count => 0,
        RowMove::Previous if here == 0 => count.saturating_sub(1),
        by => by.from(here, count),
    }
}

fn list(found: &Found, query: &Query, here: usize, choose: &Callback<(Rc<Entry>, bool)>) -> Html {
    if found.groups.is_empty() {
        return html! {
            <div class="palette__list palette__none" id={LIST_ID} role="listbox" aria-label={text::FIND_OR_RUN}>
                <div class="strong">{ text::NOTHING_FOUND }</div>
                <div class="small t2">{ text::NOTHING_FOUND_HOW }</div>
            </div>
        };
    }
    let mut place = 0;
    let mut groups = Vec::new();
    for group in &found.groups {
        let label = kind(group.kind);
        let mut rows = Vec::new();
        for shown in &group.entries {
            let entry = shown.clone();
            let onclick = choose.reform(move |event: MouseEvent| {
                (entry.clone(), event.ctrl_key() || event.meta_key())
            });
            rows.push(row(shown, query, place, place == here, onclick));
            place += 1;
        }
        groups.push(html! {
            <div role="group" aria-label={label} key={label}>
                <div class="palette__label" aria-hidden="true">{ label }</div>
                { for rows }
            </div>
        });
    }
    html! { <div class="palette__list scroll" id={LIST_ID} role="listbox" aria-label={text::FIND_OR_RUN}>{ for groups }</div> }
}

fn row(
    entry: &Entry,
    query: &Query,
    place: usize,
    chosen: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let piece = |(text, meant): (String, bool)| {
        if meant {
            html! { <mark>{ text }</mark> }
        } else {
            html! { { text } }
        }
    };
    let at = entry
        .at
        .map(|at| format::moment(local(at), local(browser::now())));
    html! {
        <div role="option" id={format!("{ENTRY_ID}{place}")} class="palette__item" aria-selected={chosen.to_string()} key={place} {onclick}>
            { match entry.sign { Sign::Icon(shown) => icon(shown), Sign::Mark(state) => mark(state) } }
            <span class="clip">{ for entry.name.pieces(query).into_iter().map(piece) }</span>
            if !entry.note.is_empty() { <span class="t3 clip palette__note">{ entry.note.clone() }</span> }
            <span class="spacer"></span>
            if let Some(at) = at { <span class="t3 num">{ at }</span> }
            if let Some(shortcut) = entry.shortcut {
                { keys(shortcut) }
            } else if chosen && entry.at.is_none() {
                <span class="t3">{ text::PALETTE_OPENS }</span>{ keys(Shortcut::OpenRow) }
            }
        </div>
    }
}

fn foot(found: &Found) -> Html {
    html! {
        <div class="palette__foot">
            <span>{ keys(Shortcut::PreviousRow) }{ keys(Shortcut::NextRow) }{ text::PALETTE_CHOOSE }</span>
            <span>{ keys(Shortcut::OpenRow) }{ text::PALETTE_OPEN }</span>
            <span title={shortcuts::spoken(Shortcut::Main)}>{ keys(Shortcut::Main) }{ text::PALETTE_RUN }</span>
            <span class="spacer"></span>
            <span class="num" role="status">{ text::found(found.count) }</span>
        </div>
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Agents => text::PALETTE_AGENTS,
        Kind::Actions => text::PALETTE_ACTIONS,
        Kind::Runs => text::PALETTE_RUNS,
        Kind::Pages => text::PALETTE_PAGES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_around() {
        assert_eq!(around(RowMove::Next, 4, 5), 0);
        assert_eq!(around(RowMove::Previous, 0, 5), 4);
        assert_eq!(around(RowMove::Next, 0, 0), 0);
        assert_eq!(around(RowMove::Previous, 0, 0), 0);
        assert_eq!(around(RowMove::Next, 1, 5), 2);
    }
}
