//! Models and keys.

use std::rc::Rc;

use slipway_contract::SecretPlace;
use slipway_contract::command::{ListProviders, ShowKeyStore};
use slipway_contract::provider::ProviderSummary;
use slipway_contract::secret::KeyStore;
use yew::prelude::*;

use super::key_store::Store;
use super::panel::Panel;
use super::provider::Provider;
use super::servers::servers;
use super::standing::in_order;
use crate::app::Pulse;
use crate::bridge::{UseQuery, use_watched_query};
use crate::components::{Button, Icon, Kind, async_value};
use crate::text;

/// What is opened with the page.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The provider that is to be given a key.
    #[prop_or_default]
    pub(crate) adding: Option<AttrValue>,
}

/// What is open below one of the providers.
type Open = Option<(String, Panel)>;

/// Models and keys.
#[component]
pub(crate) fn ModelsPage(props: &Props) -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let changes = use_state(|| 0_u32);
    let asked = pulse.0.wrapping_add(*changes);
    let (store, checking) = use_watched_query(ShowKeyStore {}, asked);
    let (providers, looking) = use_watched_query(ListProviders {}, asked);
    let open = {
        let adding = props.adding.clone();
        use_state_eq(move || adding.map(|provider| (provider.to_string(), Panel::Key)))
    };
    let unlocking = use_state_eq(|| false);
    let changed = {
        let (changes, unlocking) = (changes, unlocking.clone());
        Callback::from(move |()| {
            unlocking.set(false);
            changes.set(changes.wrapping_add(1));
        })
    };
    let unlock = {
        let (open, unlocking) = (open.clone(), unlocking.clone());
        Callback::from(move |wanted: bool| {
            open.set(None);
            unlocking.set(wanted);
        })
    };
    let known = store.state.ready().map(|store| (**store).clone());
    let list = |all: &Rc<Vec<ProviderSummary>>| {
        let row = |provider: &ProviderSummary| {
            let id = provider.id.clone();
            let panel = opened(&open, provider);
            let open = {
                let (open, unlocking, id) = (open.clone(), unlocking.clone(), id.clone());
                Callback::from(move |panel: Option<Panel>| {
                    unlocking.set(false);
                    open.set(panel.map(|panel| (id.clone(), panel)));
                })
            };
            let unlock = unlock.reform(|()| true);
            html! {
                <li key={id}>
                    <Provider provider={provider.clone()} store={known.clone()} {panel} {open} changed={changed.clone()} {unlock} />
                </li>
            }
        };
        html! { <ul class="rows prov__list">{ for in_order(all).into_iter().map(row) }</ul> }
    };
    html! {
        <>
            <h1 class="head">{ text::MODELS_AND_KEYS }</h1>
            <p class="t2 set__lead">{ text::key_lives(known.as_ref().map(|store| store.place)) }</p>
            { async_value(&store, html! { <span class="skeleton w-320"></span> }, |shown: &Rc<KeyStore>| html! {
                <Store store={(**shown).clone()} {checking} check={store.again.clone()} unlocking={*unlocking} unlock={unlock.clone()} unlocked={changed.clone()} />
            }) }
            <section aria-label={text::PROVIDERS}>
                <h2 class="section">{ text::PROVIDERS }</h2>
                { async_value(&providers, skeleton(6), list) }
            </section>
            <section aria-label={text::SERVERS_HERE}>
                <h2 class="section">
                    { text::SERVERS_HERE }<span class="spacer"></span>
                    <Button label={text::LOOK_AGAIN} icon={Icon::Retry} kind={Kind::Quiet} small=true busy={looking && providers.state.ready().is_some()} onclick={providers.again.clone()} />
                </h2>
                { here(&providers) }
            </section>
        </>
    }
}

/// What is open below this provider. A key is not added where the environment has one, which wins.
fn opened(open: &Open, provider: &ProviderSummary) -> Option<Panel> {
    let (of, panel) = open.as_ref()?;
    let takes_key = provider.key_name.is_some() && provider.key != Some(SecretPlace::Environment);
    (*of == provider.id && (*panel != Panel::Key || takes_key)).then(|| panel.clone())
}

/// The servers of this machine; a failure is told above, with the providers.
fn here(providers: &UseQuery<Vec<ProviderSummary>>) -> Html {
    match providers.state.ready() {
        Some(all) => servers(all),
        None => html! { <div class="waiting" aria-hidden="true">{ skeleton(1) }</div> },
    }
}

fn skeleton(lines: usize) -> Html {
    let line = |place: usize| {
        html! {
            <li key={place} class="prov">
                <span class="prov__name"><span class="skeleton w-72"></span></span>
                <span class="prov__key"><span class="skeleton w-120"></span></span>
                <span class="prov__trial"></span>
                <span class="prov__act"><span class="skeleton w-44"></span></span>
            </li>
        }
    };
    html! { <ul class="rows prov__list">{ for (0..lines).map(line) }</ul> }
}
