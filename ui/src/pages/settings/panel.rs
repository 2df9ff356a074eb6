//! What opens below a provider, one at a time.

use std::rc::Rc;

use slipway_contract::command::RemoveKey;
use slipway_contract::provider::ProviderSummary;
use slipway_contract::secret::KeyKept;
use slipway_contract::{ErrorCode, Problem};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Copy, Icon, Kind, icon, notice};
use crate::text;
use crate::tried::Trial;

/// What is open.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Panel {
    /// The form for a key.
    Key,
    /// Why it does not work.
    Why,
    /// The question whether the key is to be removed.
    Remove,
    /// Where a key is had.
    GetKey,
    /// What is to be known of where the key went.
    Kept(Rc<KeyKept>),
}

/// Why a provider does not work: what its test said, or what it lacks.
pub(super) fn why(provider: &ProviderSummary, trial: Option<&Trial>, close: Callback<()>) -> Html {
    let lacks = |message: String| Rc::new(Problem::new(ErrorCode::NoModel, message));
    let has_failed = match trial {
        Some(Trial::Over(test)) => !test.works,
        Some(Trial::NotMade(_)) => true,
        Some(Trial::Testing) | None => false,
    };
    let problem = match trial {
        Some(Trial::NotMade(problem)) => Rc::clone(problem),
        Some(Trial::Over(test)) if !test.works => match &test.problem {
            Some(problem) => Rc::new(problem.clone()),
            None => lacks(text::test_failed(test.failure).to_owned()),
        },
        _ => lacks(provider.note.clone()),
    };
    html! {
        <div class="panel panel--bare">
            <div class={classes!("notice", "selectable", has_failed.then_some("notice--failed"))}>
                { icon(if has_failed { Icon::Alert } else { Icon::Info }) }
                <div>
                    <p>{ text::sentence(&problem.message) }</p>
                    if let Some(help) = &problem.help { <p>{ help.clone() }</p> }
                    if !problem.findings.is_empty() {
                        <ul class="findings">{ for problem.findings.iter().map(|finding| html! { <li class="path">{ finding.to_string() }</li> }) }</ul>
                    }
                </div>
                <Button label={text::CLOSE} kind={Kind::Quiet} small=true onclick={close} />
            </div>
        </div>
    }
}

/// Where a key is had. Nothing is opened: the person sees the address before they go there.
pub(super) fn get_key(provider: &ProviderSummary, address: &str, close: Callback<()>) -> Html {
    html! {
        <div class="panel">
            <p class="small t2">{ text::keys_page(&provider.title) }</p>
            <p class="path selectable as-written">{ address.to_owned() }</p>
            <div class="btns">
                <Copy label={text::COPY_ADDRESS} text={address.to_owned()} />
                <Button label={text::CLOSE} kind={Kind::Quiet} small=true onclick={close} />
            </div>
        </div>
    }
}

/// What is to be known of where a key went.
pub(super) fn kept(kept: &KeyKept, close: Callback<()>) -> Html {
    html! {
        <div class="panel panel--bare">
            <div class="notice selectable" role="status">
                { icon(Icon::Lock) }
                <div>{ for kept.notes.iter().map(|note| html! { <p>{ text::sentence(note) }</p> }) }</div>
                <Button label={text::CLOSE} kind={Kind::Quiet} small=true onclick={close} />
            </div>
        </div>
    }
}

/// Which key is to be removed.
#[derive(Properties, PartialEq)]
pub(super) struct RemoveProps {
    /// The provider.
    pub(super) provider: ProviderSummary,
    /// It is gone.
    pub(super) removed: Callback<()>,
    /// It stays.
    pub(super) close: Callback<()>,
}

/// Asks once more.
#[component]
pub(super) fn Remove(props: &RemoveProps) -> Html {
    let keep = use_node_ref();
    let remove = use_action::<RemoveKey>(props.removed.clone());
    {
        let keep = keep.clone();
        // What changes nothing is what a hasty Enter does.
        use_effect_with((), move |()| {
            browser::focus(&keep);
        });
    }
    let provider = &props.provider;
    let place = provider
        .key
        .map_or_else(String::new, |place| place.to_string());
    let take_away = {
        let (send, name) = (remove.send.clone(), provider.key_name.clone());
        Callback::from(move |()| {
            if let Some(name) = name.clone() {
                send.emit(RemoveKey { name });
            }
        })
    };
    let onkeydown = {
        let close = props.close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                close.emit(());
            }
        })
    };
    let stay = props.close.reform(|_: MouseEvent| ());
    html! {
        <div class="panel" role="group" aria-label={text::REMOVE_KEY} {onkeydown}>
            <p><b class="medium">{ text::remove_key_of(&provider.title, &place) }</b>{ " " }<span class="t2">{ text::REMOVE_KEY_FOLLOWS }</span></p>
            if let Some(problem) = &remove.problem { { notice(problem, None) } }
            <div class="btns">
                <Button label={text::REMOVE_KEY} kind={Kind::Danger} busy={remove.busy} onclick={take_away} />
                <button ref={keep} type="button" class="btn" onclick={stay}>{ text::KEEP_KEY }</button>
            </div>
        </div>
    }
}
