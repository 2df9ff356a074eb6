//! A provider: how its key stands, what its test said, and what can be done.

use std::rc::Rc;

use slipway_contract::SecretPlace;
use slipway_contract::provider::ProviderSummary;
use slipway_contract::secret::{KeyKept, KeyStore};
use yew::prelude::*;

use super::key_form::KeyForm;
use super::panel::{self, Panel, Remove};
use super::standing::{Next, is_kept, is_locked, next};
use crate::browser;
use crate::components::{Button, Icon, Mark, MenuItem, More, mark, small_icon};
use crate::text;
use crate::tried::{Happened, Trial, Tried, test};

/// Which provider, and what is open of it.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The provider.
    pub(super) provider: ProviderSummary,
    /// Where keys are kept now.
    pub(super) store: Option<KeyStore>,
    /// What is open below it.
    pub(super) panel: Option<Panel>,
    /// Opens something below it, or closes what is open.
    pub(super) open: Callback<Option<Panel>>,
    /// A key was kept or removed.
    pub(super) changed: Callback<()>,
    /// Asks for the sealed file's passphrase.
    pub(super) unlock: Callback<()>,
}

/// The provider's line, and what is open below it.
#[component]
pub(super) fn Provider(props: &Props) -> Html {
    let Some(tried) = use_context::<UseReducerHandle<Tried>>() else {
        return Html::default();
    };
    let provider = &props.provider;
    let trial = tried.of(&provider.id).cloned();
    let close = {
        let (open, id) = (props.open.clone(), main_id(&provider.id));
        Callback::from(move |()| {
            open.emit(None);
            // The keyboard goes back to where the person came from.
            browser::focus_id(&id);
        })
    };
    let try_it = {
        let (tried, id, open) = (tried.clone(), provider.id.clone(), props.open.clone());
        Callback::from(move |()| {
            open.emit(None);
            test(&tried, id.clone());
        })
    };
    let done = {
        let (tried, id, close) = (tried.clone(), provider.id.clone(), close.clone());
        let (open, changed) = (props.open.clone(), props.changed.clone());
        let expected = props.store.as_ref().map(|store| store.place);
        Callback::from(move |kept: KeyKept| {
            close.emit(());
            if is_news(&kept, expected) {
                open.emit(Some(Panel::Kept(Rc::new(kept))));
            }
            changed.emit(());
            test(&tried, id.clone());
        })
    };
    let removed = {
        let (id, close, changed) = (provider.id.clone(), close.clone(), props.changed.clone());
        Callback::from(move |()| {
            close.emit(());
            tried.dispatch(Happened::Forgotten(id.clone()));
            changed.emit(());
        })
    };
    let below = match &props.panel {
        None => Html::default(),
        Some(Panel::Key) => {
            html! { <KeyForm provider={provider.clone()} store={props.store.clone()} {done} give_up={close} /> }
        }
        Some(Panel::Remove) => {
            html! { <Remove provider={provider.clone()} {removed} {close} /> }
        }
        Some(Panel::Why) => panel::why(provider, trial.as_ref(), close),
        Some(Panel::GetKey) => {
            let address = provider.keys_page.as_deref().unwrap_or_default();
            panel::get_key(provider, address, close)
        }
        Some(Panel::Kept(kept)) => panel::kept(kept, close),
    };
    let line = use_node_ref();
    {
        let line = line.clone();
        let is_open = props.panel.is_some();
        use_effect_with((is_open, trial.clone()), move |(is_open, _)| {
            if *is_open {
                browser::reveal(&line);
            }
        });
    }
    html! {
        <div ref={line} class="prov__all">
            <div class="prov">
                <span class={classes!("prov__name", "clip", provider.unusable.is_none().then_some("medium"))} title={provider.title.clone()}>{ provider.title.clone() }</span>
                { stands(provider, props.store.as_ref()) }
                <span class="prov__trial small num" role="status">{ said(trial.as_ref(), &props.panel, &props.open) }</span>
                <span class="prov__act">
                    { main_button(props, trial.as_ref(), try_it.clone()) }
                    <More label={text::more_for(&provider.title)} items={items(props, trial.as_ref(), try_it)} />
                </span>
            </div>
            { below }
        </div>
    }
}

fn main_id(provider: &str) -> String {
    format!("provider-{provider}")
}

/// Whether there is something to say of where a key went that the page does not say already.
fn is_news(kept: &KeyKept, expected: Option<SecretPlace>) -> bool {
    // In the file there is always the note that says why.
    let usual = usize::from(kept.place == SecretPlace::SealedFile);
    !kept.notes.is_empty() && (Some(kept.place) != expected || kept.notes.len() > usual)
}

/// How its key stands, and where it is asked.
fn stands(provider: &ProviderSummary, store: Option<&KeyStore>) -> Html {
    let words = if is_locked(provider, store) {
        text::KEY_LOCKED
    } else {
        text::key_stands(provider)
    };
    let is_usable = provider.unusable.is_none();
    let variable = provider
        .key_name
        .as_ref()
        .filter(|_| provider.key == Some(SecretPlace::Environment) && is_usable);
    let place = provider.place.as_ref().filter(|_| is_usable);
    let title = [Some(&provider.note).filter(|note| !note.is_empty()), place]
        .into_iter()
        .flatten()
        .next()
        .cloned();
    html! {
        <span class={classes!("prov__key", if is_usable { "t2" } else { "t3" })} {title}>
            <span class="clip">{ words }if let Some(variable) = variable { <span class="path">{ variable.clone() }</span> }</span>
            if let Some(place) = place { <span class="clip path t3">{ place.clone() }</span> }
        </span>
    }
}

/// What the newest test said; why it failed opens below.
fn said(trial: Option<&Trial>, panel: &Option<Panel>, open: &Callback<Option<Panel>>) -> Html {
    let failed = |words: &'static str| {
        let is_open = *panel == Some(Panel::Why);
        let onclick = open.reform(move |_: MouseEvent| (!is_open).then_some(Panel::Why));
        html! {
            <button type="button" class="status status--failed prov__why" aria-expanded={is_open.to_string()} {onclick}>
                { mark(Mark::Failed) }<span class="clip">{ words }</span>{ small_icon(Icon::Down) }
            </button>
        }
    };
    match trial {
        None => Html::default(),
        Some(Trial::Testing) => {
            html! { <span class="status status--running">{ mark(Mark::Running) }{ text::TESTING }</span> }
        }
        Some(Trial::NotMade(_)) => failed(text::test_failed(None)),
        Some(Trial::Over(test)) if test.works => {
            html! { <span class="status status--succeeded">{ mark(Mark::Succeeded) }{ text::test_works(test) }</span> }
        }
        Some(Trial::Over(test)) => failed(text::test_failed(test.failure)),
    }
}

fn main_button(props: &Props, trial: Option<&Trial>, try_it: Callback<()>) -> Html {
    let to_key = || {
        let is_open = props.panel == Some(Panel::Key);
        props
            .open
            .reform(move |()| (!is_open).then_some(Panel::Key))
    };
    let (label, onclick) = match next(&props.provider, props.store.as_ref(), trial) {
        Next::Test => (text::TEST, try_it),
        Next::AddKey => (text::ADD_KEY, to_key()),
        Next::ReplaceKey => (text::REPLACE_KEY, to_key()),
        Next::Unlock => (text::UNLOCK, props.unlock.clone()),
        Next::Explain => (text::WHAT_TO_DO, props.open.reform(|()| Some(Panel::Why))),
    };
    let busy = trial == Some(&Trial::Testing) && label == text::TEST;
    let name = text::for_provider(label, &props.provider.title);
    html! { <Button id={main_id(&props.provider.id)} {label} {name} small=true {busy} {onclick} /> }
}

fn items(props: &Props, trial: Option<&Trial>, try_it: Callback<()>) -> Vec<MenuItem> {
    let provider = &props.provider;
    let main = next(provider, props.store.as_ref(), trial);
    let opening = |panel: Panel| props.open.reform(move |()| Some(panel.clone()));
    let item = |label: &'static str, icon, chosen| MenuItem {
        label: AttrValue::Static(label),
        icon,
        is_danger: false,
        why_not: None,
        chosen,
    };
    let mut items = Vec::new();
    if main != Next::Test && provider.unusable.is_none() {
        items.push(item(text::TEST, Icon::Play, try_it));
    }
    if provider.key_name.is_some() {
        let label = match provider.key {
            None => text::ADD_KEY,
            Some(_) => text::REPLACE_KEY,
        };
        let in_environment = provider.key == Some(SecretPlace::Environment);
        items.push(MenuItem {
            why_not: in_environment.then_some(AttrValue::Static(text::SET_ELSEWHERE)),
            ..item(label, Icon::Key, opening(Panel::Key))
        });
    }
    if provider.keys_page.is_some() {
        items.push(item(text::GET_KEY, Icon::External, opening(Panel::GetKey)));
    }
    if is_kept(provider) {
        items.push(MenuItem {
            is_danger: true,
            ..item(text::REMOVE_KEY_ASKS, Icon::Trash, opening(Panel::Remove))
        });
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_says_already_is_not_said_again() {
        let kept = |place, notes: &[&str]| KeyKept {
            name: "LAB_KEY".to_owned(),
            place,
            notes: notes.iter().map(|&note| note.to_owned()).collect(),
        };
        let (file, keychain) = (SecretPlace::SealedFile, SecretPlace::Keychain);
        assert!(!is_news(&kept(keychain, &[]), Some(keychain)));
        assert!(!is_news(&kept(file, &["why"]), Some(file)));
        assert!(
            is_news(&kept(file, &["why"]), Some(keychain)),
            "the keychain was locked meanwhile"
        );
        assert!(is_news(&kept(file, &["why", "left over"]), Some(file)));
        assert!(is_news(&kept(keychain, &["another wins"]), Some(keychain)));
    }
}
