//! Which model a run is to use: the agent's own or another, with why some cannot be used now.

use std::rc::Rc;

use slipway_contract::model::{ModelRef, ModelSummary};
use yew::prelude::*;

use super::icon::{Icon, icon, small_icon};
use crate::browser;
use crate::run_state::is_recording;
use crate::text;

/// What the picker shows and does.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The model that the agent asks for.
    pub(crate) own: AttrValue,
    /// The models that this machine knows.
    pub(crate) models: Rc<Vec<ModelSummary>>,
    /// Another model than the agent's own.
    pub(crate) chosen: Option<ModelRef>,
    /// Takes the choice; none is the agent's own.
    pub(crate) on_choose: Callback<Option<ModelRef>>,
}

/// One line of the list.
struct Choice {
    model: Option<ModelRef>,
    name: String,
    note: String,
    usable: bool,
}

/// A button that opens the list of models.
#[component]
pub(crate) fn ModelPicker(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let active = use_state_eq(|| 0_usize);
    let button = use_node_ref();
    let list = use_node_ref();
    let choices = choices(&props.own, &props.models);
    let current = choices
        .iter()
        .position(|choice| choice.usable && choice.model == props.chosen)
        .unwrap_or(0);
    {
        let list = list.clone();
        use_effect_with(*open, move |open| {
            if *open {
                browser::focus(&list);
            }
        });
    }
    let toggle = {
        let (open, active) = (open.clone(), active.clone());
        Callback::from(move |_: MouseEvent| {
            active.set(current);
            open.set(!*open);
        })
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            browser::focus(&button);
        })
    };
    let choose = {
        let (close, on_choose) = (close.clone(), props.on_choose.clone());
        let models: Vec<_> = choices
            .iter()
            .map(|choice| (choice.usable, choice.model.clone()))
            .collect();
        Callback::from(move |place: usize| {
            if let Some((true, model)) = models.get(place) {
                on_choose.emit(model.clone());
                close.emit(());
            }
        })
    };
    let onkeydown = {
        let (active, choose, close, last) = (
            active.clone(),
            choose.clone(),
            close,
            choices.len().saturating_sub(1),
        );
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => active.set((*active + 1).min(last)),
                "ArrowUp" => active.set(active.saturating_sub(1)),
                "Home" => active.set(0),
                "End" => active.set(last),
                "Enter" | " " => choose.emit(*active),
                "Escape" | "Tab" => close.emit(()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onblur = {
        let open = open.clone();
        Callback::from(move |_: FocusEvent| open.set(false))
    };
    let shown = choices
        .get(current)
        .map_or_else(|| props.own.to_string(), |choice| choice.name.clone());
    html! {
        <div class="picker">
            <button ref={button} type="button" class="select select--bare" aria-haspopup="listbox" aria-expanded={open.to_string()} aria-label={text::model_is(&shown)} onclick={toggle}>
                { icon(model_icon(&shown)) }<span>{ shown }</span>{ small_icon(Icon::UpDown) }
            </button>
            if *open {
                <div ref={list} class="menu picker__menu scroll" role="listbox" tabindex="-1" aria-label={text::MODELS} aria-activedescendant={format!("model-{}", *active)} {onkeydown} {onblur}>
                    { for choices.iter().enumerate().map(|(place, choice)| line(place, choice, place == current, place == *active, &choose)) }
                </div>
            }
        </div>
    }
}

fn line(
    place: usize,
    choice: &Choice,
    current: bool,
    active: bool,
    choose: &Callback<usize>,
) -> Html {
    let onmousedown = {
        let choose = choose.clone();
        Callback::from(move |event: MouseEvent| {
            // The list keeps the keyboard until the choice is made.
            event.prevent_default();
            choose.emit(place);
        })
    };
    let class = classes!("picker__item", active.then_some("is-hover"));
    html! {
        <div {class} id={format!("model-{place}")} role="option" aria-selected={current.to_string()} aria-disabled={(!choice.usable).then_some("true")} {onmousedown}>
            { icon(model_icon(&choice.name)) }
            <div class="clip">
                <div class="clip">{ choice.name.clone() }</div>
                <div class="small t3 picker__note">{ choice.note.clone() }</div>
            </div>
            if current { { icon(Icon::Check) } }
        </div>
    }
}

fn choices(own: &str, models: &[ModelSummary]) -> Vec<Choice> {
    let known = models.iter().find(|model| model.model.to_string() == own);
    let note = known.map_or_else(
        || text::AGENTS_OWN_MODEL.to_owned(),
        |model| text::agents_own_model(&model.note),
    );
    // The host has the last word on whether the agent's own model can serve.
    let first = Choice {
        model: None,
        name: own.to_owned(),
        note,
        usable: true,
    };
    let (usable, others): (Vec<_>, Vec<_>) = models
        .iter()
        .filter(|model| model.model.to_string() != own)
        .partition(|model| model.usable);
    let usable = usable.into_iter().map(|model| Choice {
        model: Some(model.model.clone()),
        name: model.model.to_string(),
        note: text::model_note(model),
        usable: true,
    });
    std::iter::once(first)
        .chain(usable)
        .chain(unusable(&others))
        .collect()
}

/// Models that cannot be used, those of one provider that want the same thing on one line.
fn unusable(models: &[&ModelSummary]) -> Vec<Choice> {
    let mut wants: Vec<(&str, &str, usize)> = Vec::new();
    for model in models {
        let (provider, note) = (model.model.provider.as_str(), model.note.as_str());
        match wants
            .iter_mut()
            .find(|(other, why, _)| (*other, *why) == (provider, note))
        {
            Some((_, _, count)) => *count += 1,
            None => wants.push((provider, note, 1)),
        }
    }
    let line = |(provider, note, count): (&str, &str, usize)| Choice {
        model: None,
        name: text::models_of(provider, count),
        note: note.to_owned(),
        usable: false,
    };
    wants.into_iter().map(line).collect()
}

/// The icon of where a model answers.
pub(crate) fn model_icon(model: &str) -> Icon {
    if is_recording(model) {
        Icon::Recording
    } else if model.starts_with("local/") {
        Icon::Laptop
    } else {
        Icon::Cloud
    }
}
