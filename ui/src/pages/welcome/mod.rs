//! The first start: what shall answer, and the first run.

mod choice;
mod here;
mod provider;
mod sheet;

use slipway_contract::agent::AgentSummary;
use slipway_contract::command::{AddExample, ListModels, ListProviders, ShowKeyStore, StartRun};
use slipway_contract::model::{ModelRef, ModelSummary, ToolCalling};
use slipway_contract::preferences::Preference;
use slipway_contract::provider::{ProviderSummary, TestFailure};
use slipway_contract::{RunId, Usd};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::choice::Choice;
use self::here::Here;
use self::provider::Provider;
use crate::app::Pulse;
use crate::bridge::{use_action, use_query, use_watched_query};
use crate::components::{Icon, Mark, icon, mark, notice};
use crate::preferences::UsePreferences;
use crate::route::Route;
use crate::shortcuts::use_page_keys;
use crate::tried::{Trial, Tried};
use crate::{browser, text};

/// The example that is run first.
const EXAMPLE: &str = "expense-report";

/// What shall answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A model of a provider.
    Provider,
    /// A model on this machine.
    Here,
    /// The recording of the example.
    Recording,
}

impl Way {
    /// In the order in which they are shown.
    const ALL: [Self; 3] = [Self::Provider, Self::Here, Self::Recording];

    const fn place(self) -> usize {
        match self {
            Self::Provider => 0,
            Self::Here => 1,
            Self::Recording => 2,
        }
    }
}

/// The first start.
#[component]
pub(crate) fn WelcomePage() -> Html {
    let pulse = use_context::<Pulse>().unwrap_or_default();
    let preferences = use_context::<UsePreferences>();
    let tried = use_context::<UseReducerHandle<Tried>>();
    let navigator = use_navigator();
    let changes = use_state(|| 0_u32);
    let asked = pulse.0.wrapping_add(*changes);
    let (providers, looking) = use_watched_query(ListProviders {}, asked);
    let store = use_query(ShowKeyStore {}, asked);
    let models = use_query(ListModels {}, asked);
    let chosen = use_state_eq(|| None::<Way>);
    let of = use_state_eq(|| None::<String>);
    let picked = use_state_eq(|| None::<ModelRef>);

    let all = providers.state.ready().cloned().unwrap_or_default();
    let known = models.state.ready().cloned().unwrap_or_default();
    let takers: Vec<ProviderSummary> = all
        .iter()
        .filter(|provider| !provider.on_this_machine && provider.key_name.is_some())
        .cloned()
        .collect();
    let provider = of
        .as_ref()
        .and_then(|id| takers.iter().find(|provider| provider.id == *id))
        .or_else(|| takers.iter().find(|provider| has_key(provider)))
        .or_else(|| takers.first())
        .cloned();
    let servers: Vec<ProviderSummary> = all
        .iter()
        .filter(|provider| provider.on_this_machine)
        .cloned()
        .collect();
    let here: Vec<ModelRef> = known
        .iter()
        .filter(|model| model.usable && model.model.provider == "local")
        .map(|model| model.model.clone())
        .collect();
    let way = chosen.unwrap_or_else(|| fitting(!here.is_empty(), takers.iter().any(has_key)));
    let default = provider
        .as_ref()
        .and_then(|provider| usual(&provider.id, &known));
    let model = match way {
        Way::Recording => None,
        Way::Here => picked
            .as_ref()
            .filter(|model| here.contains(model))
            .or_else(|| here.first())
            .cloned(),
        Way::Provider => picked
            .as_ref()
            .filter(|model| Some(&model.provider) == provider.as_ref().map(|of| &of.id))
            .cloned()
            .or(default.clone()),
    };
    let trial = provider
        .as_ref()
        .and_then(|provider| tried.as_ref()?.of(&provider.id).cloned());
    let why_not = why_not(way, provider.as_ref(), trial.as_ref(), model.is_some());

    let leave = {
        let preferences = preferences;
        Callback::from(move |()| {
            if let Some(preferences) = &preferences {
                preferences
                    .set
                    .emit((Preference::Welcome, "off".to_owned()));
            }
        })
    };
    let start = {
        let (leave, navigator) = (leave.clone(), navigator.clone());
        use_action::<StartRun>(Callback::from(move |id: RunId| {
            leave.emit(());
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Run { id });
            }
        }))
    };
    let add = {
        let (send, model) = (start.send.clone(), model.clone());
        use_action::<AddExample>(Callback::from(move |agent: AgentSummary| {
            send.emit(StartRun {
                agent: agent.name,
                input: String::new(),
                model: model.clone(),
                attachments: Vec::new(),
            });
        }))
    };
    let busy = add.busy || start.busy;
    let run = {
        let (send, blocked) = (add.send.clone(), busy || why_not.is_some());
        Callback::from(move |()| {
            if !blocked {
                send.emit(AddExample {
                    example: EXAMPLE.to_owned(),
                });
            }
        })
    };
    let empty = {
        let (leave, navigator) = (leave, navigator);
        Callback::from(move |_: MouseEvent| {
            leave.emit(());
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Agents);
            }
        })
    };
    let choose = {
        let (chosen, picked) = (chosen, picked.clone());
        Callback::from(move |way: Way| {
            picked.set(None);
            chosen.set(Some(way));
        })
    };
    let pick = {
        let picked = picked.clone();
        Callback::from(move |model: Option<ModelRef>| picked.set(model))
    };
    let choose_provider = {
        let (of, picked) = (of, picked.clone());
        Callback::from(move |id: String| {
            picked.set(None);
            of.set(Some(id));
        })
    };
    let changed = {
        let changes = changes;
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    // Wherever the keyboard is, also on nothing at all.
    use_page_keys({
        let (choose, run) = (choose.clone(), run.clone());
        Callback::from(move |event: KeyboardEvent| {
            if browser::is_main_shortcut(&event) || (event.key() == "Enter" && !is_control(&event))
            {
                event.prevent_default();
                return run.emit(());
            }
            let place = event
                .key()
                .parse::<usize>()
                .ok()
                .and_then(|key| key.checked_sub(1));
            if let Some(way) = place.and_then(|place| Way::ALL.get(place))
                && !is_field(&event)
            {
                event.prevent_default();
                choose.emit(*way);
                browser::focus_id(&choice::id(*way));
            }
        })
    });
    let sealed = store
        .state
        .ready()
        .is_some_and(|store| store.place == slipway_contract::SecretPlace::SealedFile);
    let about_key = if sealed {
        text::WELCOME_PROVIDER_SEALED
    } else {
        text::WELCOME_PROVIDER_HOW
    };
    let leaves = match (way, &provider) {
        (Way::Provider, Some(provider)) => {
            let place = provider
                .place
                .clone()
                .unwrap_or_else(|| provider.title.clone());
            text::welcome_leaves(&place)
        }
        _ => text::WELCOME_NOTHING_LEAVES.to_owned(),
    };
    html! {
        <div class="first">
            <section class="first__choose scroll" aria-label={text::WELCOME_ASKS} data-pane="" tabindex="-1">
                <img src="logo.svg" width="40" height="40" alt={text::PRODUCT} />
                <h1 class="head first__head">{ text::WELCOME_ASKS }</h1>
                <p class="read t2 first__lead">{ text::WELCOME_LEAD }</p>
                <div class="group first__ways" role="radiogroup" aria-label={text::WELCOME_ASKS}>
                    <Choice way={Way::Provider} chosen={way} name={text::WELCOME_PROVIDER} choose={choose.clone()}>
                        <p class="t2">{ about_key }</p>
                        if way == Way::Provider {
                            if let Some(provider) = provider.clone() {
                                <Provider
                                    {provider}
                                    {takers}
                                    store={store.state.ready().map(|store| (**store).clone())}
                                    {trial}
                                    models={models.clone()}
                                    usual={default}
                                    picked={(*picked).clone()}
                                    {pick}
                                    choose={choose_provider}
                                    changed={changed.clone()}
                                />
                            }
                        }
                    </Choice>
                    <Choice way={Way::Here} chosen={way} name={text::WELCOME_HERE} found={!here.is_empty()} choose={choose.clone()}>
                        <Here {servers} models={here} {model} open={way == Way::Here} {looking} known={providers.state.ready().is_some()} pick={picked_model(&picked)} look={changed} />
                    </Choice>
                    <Choice way={Way::Recording} chosen={way} name={text::WELCOME_RECORDING} {choose}>
                        <p class="t2">{ text::WELCOME_RECORDING_HOW }</p>
                    </Choice>
                </div>
                if let Some(problem) = add.problem.as_ref().or(start.problem.as_ref()) { <div class="first__problem">{ notice(problem, None) }</div> }
                <div class="btns first__go">
                    <button
                        type="button"
                        class="btn btn--primary btn--large"
                        title={why_not}
                        aria-disabled={why_not.is_some().then_some("true")}
                        aria-busy={busy.then_some("true")}
                        onclick={run.reform(|_: MouseEvent| ())}
                    >
                        if busy { { mark(Mark::Running) } }
                        { text::RUN_EXAMPLE }
                        <span class="keys" aria-hidden="true"><kbd class="kbd">{ "↵" }</kbd></span>
                    </button>
                    <button type="button" class="btn btn--quiet btn--large" onclick={empty}>{ text::START_EMPTY }</button>
                </div>
                <p class="small t3 first__example">{ why_not.unwrap_or(text::WELCOME_EXAMPLE) }</p>
                <span class="spacer"></span>
                <p class="small t3 first__leaves">{ icon(Icon::Shield) }<span>{ leaves }</span></p>
            </section>
            { sheet::sheet() }
        </div>
    }
}

fn picked_model(picked: &UseStateHandle<Option<ModelRef>>) -> Callback<ModelRef> {
    let picked = picked.clone();
    Callback::from(move |model| picked.set(Some(model)))
}

/// Whether a provider can be asked with the key that is there.
fn has_key(provider: &ProviderSummary) -> bool {
    provider.key.is_some() && provider.unusable.is_none()
}

/// What is chosen until the person chooses.
const fn fitting(model_here: bool, key: bool) -> Way {
    match (model_here, key) {
        (true, _) => Way::Here,
        (false, true) => Way::Provider,
        (false, false) => Way::Recording,
    }
}

/// The model of a provider that is taken until the person picks one: the cheapest that calls tools
/// and has a known price.
fn usual(provider: &str, models: &[ModelSummary]) -> Option<ModelRef> {
    let mut of = models
        .iter()
        .filter(|model| model.usable && model.model.provider == provider)
        .peekable();
    let first = of.peek().map(|model| model.model.clone());
    let priced = of.filter_map(|model| {
        let price: Usd = model.price.as_ref()?.output;
        (model.abilities.tools == ToolCalling::Native && price > Usd::ZERO)
            .then_some((price, &model.model))
    });
    let cheapest = priced.min_by_key(|(price, _)| *price);
    cheapest.map(|(_, model)| model.clone()).or(first)
}

/// Why the example cannot be run now.
fn why_not(
    way: Way,
    provider: Option<&ProviderSummary>,
    trial: Option<&Trial>,
    has_model: bool,
) -> Option<&'static str> {
    match way {
        Way::Recording => None,
        Way::Here => (!has_model).then_some(text::WELCOME_START_SERVER),
        Way::Provider => match (provider, trial) {
            (Some(provider), _) if provider.unusable.is_some() => Some(text::WELCOME_PASTE_FIRST),
            (None, _) => Some(text::WELCOME_PASTE_FIRST),
            (_, Some(Trial::Testing)) => Some(text::WELCOME_TESTING),
            (_, Some(Trial::Over(test))) if !test.works => Some(match test.failure {
                Some(TestFailure::KeyRefused) => text::WELCOME_TEST_FAILED,
                _ => text::WELCOME_NOT_TESTED,
            }),
            (_, Some(Trial::NotMade(_))) => Some(text::WELCOME_NOT_TESTED),
            _ => (!has_model).then_some(text::WELCOME_NO_MODEL),
        },
    }
}

fn target(event: &KeyboardEvent) -> Option<HtmlElement> {
    event.target()?.dyn_into().ok()
}

/// Whether Enter does something of its own where the keyboard is.
fn is_control(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| {
        ["BUTTON", "A", "INPUT", "TEXTAREA"].contains(&element.tag_name().as_str())
    })
}

/// Whether a digit is typed where the keyboard is.
fn is_field(event: &KeyboardEvent) -> bool {
    target(event)
        .is_some_and(|element| ["INPUT", "TEXTAREA"].contains(&element.tag_name().as_str()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::rc::Rc;

    use slipway_contract::model::Unusable;
    use slipway_contract::provider::ProviderTest;

    use super::*;

    fn provider(unusable: Option<Unusable>) -> ProviderSummary {
        ProviderSummary {
            id: "openai".to_owned(),
            title: "OpenAI".to_owned(),
            on_this_machine: false,
            key_name: Some("OPENAI_API_KEY".to_owned()),
            key: None,
            keys_page: None,
            place: Some("api.openai.com".to_owned()),
            unusable,
            note: String::new(),
            models: 3,
        }
    }

    fn over(failure: Option<TestFailure>) -> Trial {
        Trial::Over(Rc::new(ProviderTest {
            provider: "openai".to_owned(),
            works: failure.is_none(),
            took_ms: 400,
            models: 3,
            failure,
            problem: None,
        }))
    }

    #[test]
    fn what_is_there_is_offered_first() {
        assert_eq!(fitting(true, true), Way::Here);
        assert_eq!(fitting(false, true), Way::Provider);
        assert_eq!(fitting(false, false), Way::Recording);
        for (place, way) in Way::ALL.into_iter().enumerate() {
            assert_eq!(way.place(), place);
        }
    }

    #[test]
    fn the_recording_always_runs_and_a_model_only_with_what_it_needs() {
        assert_eq!(why_not(Way::Recording, None, None, false), None);
        assert!(why_not(Way::Here, None, None, false).is_some());
        assert_eq!(why_not(Way::Here, None, None, true), None);
        let (without, with) = (provider(Some(Unusable::NoKey)), provider(None));
        let asked = |of: &ProviderSummary, trial: Option<Trial>| {
            why_not(Way::Provider, Some(of), trial.as_ref(), true)
        };
        assert_eq!(asked(&without, None), Some(text::WELCOME_PASTE_FIRST));
        assert_eq!(asked(&with, None), None);
        assert_eq!(
            asked(&with, Some(Trial::Testing)),
            Some(text::WELCOME_TESTING)
        );
        assert_eq!(
            asked(&with, Some(over(Some(TestFailure::KeyRefused)))),
            Some(text::WELCOME_TEST_FAILED)
        );
        assert_eq!(
            asked(&with, Some(over(Some(TestFailure::Unreachable)))),
            Some(text::WELCOME_NOT_TESTED)
        );
        assert_eq!(asked(&with, Some(over(None))), None);
    }
}
