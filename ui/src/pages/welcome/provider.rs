//! A model of a provider: its key, tested at once, and which of its models.

use slipway_contract::SecretPlace;
use slipway_contract::model::{ModelRef, ModelSummary};
use slipway_contract::provider::ProviderSummary;
use slipway_contract::secret::{KeyKept, KeyStore};
use yew::prelude::*;

use super::has_key;
use crate::bridge::UseQuery;
use crate::components::{Button, Choice, Mark, ModelPicker, Select, mark};
use crate::pages::settings::KeyForm;
use crate::text;
use crate::tried::{Trial, Tried, test};

/// Which provider, and how it stands.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The provider that is chosen.
    pub(super) provider: ProviderSummary,
    /// Those that take a key.
    pub(super) takers: Vec<ProviderSummary>,
    /// Where keys are kept now.
    pub(super) store: Option<KeyStore>,
    /// What its newest test said.
    pub(super) trial: Option<Trial>,
    /// The models that are known.
    pub(super) models: UseQuery<Vec<ModelSummary>>,
    /// The model that is taken until one is picked.
    pub(super) usual: Option<ModelRef>,
    /// The model that was picked.
    pub(super) picked: Option<ModelRef>,
    /// Another model is taken.
    pub(super) pick: Callback<Option<ModelRef>>,
    /// Another provider is taken.
    pub(super) choose: Callback<String>,
    /// There is another key.
    pub(super) changed: Callback<()>,
}

/// The provider, its key, and the choice among its models.
#[component]
pub(super) fn Provider(props: &Props) -> Html {
    let replacing = use_state_eq(|| false);
    let tried = use_context::<UseReducerHandle<Tried>>();
    let provider = &props.provider;
    let items: Vec<Choice> = props
        .takers
        .iter()
        .map(|taker| Choice::new(taker.title.clone()))
        .collect();
    let chosen = props
        .takers
        .iter()
        .position(|taker| taker.id == provider.id);
    let onchoose = {
        let (choose, replacing) = (props.choose.clone(), replacing.clone());
        let ids: Vec<String> = props.takers.iter().map(|taker| taker.id.clone()).collect();
        Callback::from(move |place: usize| {
            replacing.set(false);
            if let Some(id) = ids.get(place) {
                choose.emit(id.clone());
            }
        })
    };
    let done = {
        let (replacing, changed, tried) = (replacing.clone(), props.changed.clone(), tried.clone());
        let id = provider.id.clone();
        Callback::from(move |_: KeyKept| {
            replacing.set(false);
            changed.emit(());
            if let Some(tried) = &tried {
                test(tried, id.clone());
            }
        })
    };
    let replace = |to: bool| {
        let replacing = replacing.clone();
        Callback::from(move |()| replacing.set(to))
    };
    let on_test = {
        let (tried, id) = (tried, provider.id.clone());
        Callback::from(move |()| {
            if let Some(tried) = &tried {
                test(tried, id.clone());
            }
        })
    };
    let is_asked = !has_key(provider) || *replacing;
    let own = props.usual.as_ref().map(ToString::to_string);
    html! {
        <div class="choice__more">
            <div class="choice__row">
                <span class="choice__model"><Select label={text::WHICH_PROVIDER} {items} chosen={chosen.unwrap_or_default()} {onchoose} /></span>
                <span class="small num" role="status">{ stands(props.trial.as_ref(), provider) }</span>
                if !is_asked && failed(props.trial.as_ref()).is_some() {
                    <Button label={text::TEST} small=true onclick={on_test} />
                }
                if !is_asked && provider.key != Some(SecretPlace::Environment) {
                    <Button label={text::REPLACE_KEY} small=true onclick={replace(true)} />
                }
            </div>
            if let Some(why) = failed(props.trial.as_ref()) { <p class="small selectable choice__why">{ why }</p> }
            if is_asked {
                <KeyForm key={provider.id.clone()} provider={provider.clone()} store={props.store.clone()} {done} give_up={replace(false)} />
            } else if let Some(own) = own {
                <div class="choice__row"><ModelPicker {own} models={props.models.clone()} chosen={props.picked.clone()} on_choose={props.pick.clone()} /></div>
            } else if props.models.state.ready().is_none() {
                <p class="small t3">{ text::WELCOME_MODEL_WAITS }</p>
            }
        </div>
    }
}

fn stands(trial: Option<&Trial>, provider: &ProviderSummary) -> Html {
    let status = |class: &'static str, shown: Mark, words: String| html! { <span class={classes!("status", class)}>{ mark(shown) }{ words }</span> };
    match trial {
        Some(Trial::Testing) => status("status--running", Mark::Running, text::TESTING.to_owned()),
        Some(Trial::Over(test)) if test.works => {
            status("status--succeeded", Mark::Succeeded, text::test_works(test))
        }
        Some(Trial::Over(test)) => status(
            "status--failed",
            Mark::Failed,
            text::test_failed(test.failure).to_owned(),
        ),
        Some(Trial::NotMade(_)) => status(
            "status--failed",
            Mark::Failed,
            text::test_failed(None).to_owned(),
        ),
        None => {
            let named = provider
                .key_name
                .as_ref()
                .filter(|_| provider.key == Some(SecretPlace::Environment));
            html! { <span class="t3">{ text::key_stands(provider) }if let Some(name) = named { <code>{ name.clone() }</code> }</span> }
        }
    }
}

/// Why the newest test failed, in full.
fn failed(trial: Option<&Trial>) -> Option<String> {
    let problem = match trial? {
        Trial::Over(test) if !test.works => test.problem.clone()?,
        Trial::NotMade(problem) => (**problem).clone(),
        _ => return None,
    };
    let help = problem
        .help
        .map(|help| format!(" {help}"))
        .unwrap_or_default();
    Some(format!("{}{help}", text::sentence(&problem.message)))
}
