//! The list: a field that finds, the models in view, and what is to be known of the one that is looked at.

use std::rc::Rc;

use slipway_contract::model::{ModelRef, ModelSummary, Price};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::super::icon::{Icon, icon};
use super::super::problem::notice;
use super::super::virtual_rows::use_viewport;
use super::choices::{Choices, HEAD, Line, Lines, OPTION};
use super::model_icon;
use crate::bridge::{Query, UseQuery};
use crate::browser::{self, use_style};
use crate::route::Route;
use crate::text;

/// How many models a page of the list has, for the keys that turn it.
const PAGE: usize = 6;

/// What the list's parts are called in the page.
const LIST_ID: &str = "models";
const OPTION_ID: &str = "model-";
const FOOT_ID: &str = "models-foot";

/// As [`super::Props`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) own: AttrValue,
    pub(super) models: UseQuery<Vec<ModelSummary>>,
    pub(super) chosen: Option<ModelRef>,
    pub(super) on_choose: Callback<Option<ModelRef>>,
    pub(super) on_close: Callback<()>,
}

/// Models as they came from the host: equal only to themselves.
#[derive(Clone)]
struct Same(Rc<Vec<ModelSummary>>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The list. The keyboard stays in the field; the model that is looked at is named to screen readers.
#[component]
pub(super) fn List(props: &Props) -> Html {
    let field = use_node_ref();
    let scroller = use_node_ref();
    let typed = use_state_eq(String::new);
    let navigator = use_navigator();
    let (viewport, onscroll) = use_viewport(scroller.clone());
    let none = use_memo((), |()| Vec::new());
    let models = props.models.state.ready().map_or(none, Rc::clone);
    let choices = use_memo(
        (Same(Rc::clone(&models)), props.own.clone()),
        |(models, own)| Choices::of(own, &models.0),
    );
    let lines = use_memo(
        (
            Same(Rc::clone(&models)),
            props.own.clone(),
            (*typed).clone(),
        ),
        |(_, _, typed)| choices.lines(typed),
    );
    let current = current(&lines, &models, props.chosen.as_ref());
    // Which of the options is looked at; none as long as the person did not move.
    let moved = use_state_eq(|| None::<usize>);
    let begins = current.filter(|_| typed.is_empty()).unwrap_or(0);
    let active = moved
        .unwrap_or(begins)
        .min(lines.options.len().saturating_sub(1));
    let active_line = lines.options.get(active).copied();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            browser::focus(&field);
        });
    }
    {
        let (scroller, lines) = (scroller.clone(), Rc::clone(&lines));
        use_effect_with((active_line, (*typed).clone()), move |(line, _)| {
            if let Some(line) = *line {
                bring_into_view(&scroller, &lines, line);
            }
        });
    }
    let choose = {
        let (lines, models) = (Rc::clone(&lines), Rc::clone(&models));
        let (on_choose, on_close) = (props.on_choose.clone(), props.on_close.clone());
        Callback::from(move |line: usize| match lines.all.get(line) {
            Some(Line::Own(_)) => on_choose.emit(None),
            Some(Line::Named(model)) => on_choose.emit(Some(model.clone())),
            Some(Line::Model(place)) => {
                if let Some(model) = models.get(*place).filter(|model| model.usable) {
                    on_choose.emit(Some(model.model.clone()));
                }
            }
            Some(Line::AddKey(head)) => {
                on_close.emit(());
                if let Some(navigator) = &navigator {
                    let provider = head.provider.clone();
                    navigator.push(&Route::AddKey { provider });
                }
            }
            Some(Line::Head(_)) | None => {}
        })
    };
    let onkeydown = {
        let (moved, choose, on_close) = (moved.clone(), choose.clone(), props.on_close.clone());
        let last = lines.options.len().saturating_sub(1);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => moved.set(Some((active + 1).min(last))),
                "ArrowUp" => moved.set(Some(active.saturating_sub(1))),
                "PageDown" => moved.set(Some((active + PAGE).min(last))),
                "PageUp" => moved.set(Some(active.saturating_sub(PAGE))),
                "Enter" => {
                    if let Some(line) = active_line {
                        choose.emit(line);
                    }
                }
                "Tab" => on_close.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let oninput = {
        let (typed, moved) = (typed.clone(), moved);
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                moved.set(None);
                typed.set(field.value());
            }
        })
    };
    let rows = viewport.rows(lines.all.iter().map(Line::height));
    let before = use_style("height", format!("{}px", rows.before));
    let after = use_style("height", format!("{}px", rows.after));
    let drawn = Drawn {
        lines: &lines,
        models: &models,
        own: &props.own,
        current: current.and_then(|option| lines.options.get(option).copied()),
        active: active_line,
        choose: &choose,
    };
    let is_empty = lines.all.is_empty();
    html! {
        <>
            <div class="picker__query">
                { icon(Icon::Search) }
                <input
                    ref={field}
                    type="text"
                    role="combobox"
                    aria-label={text::FIND_MODEL}
                    placeholder={text::FIND_MODEL}
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls={LIST_ID}
                    aria-describedby={FOOT_ID}
                    aria-activedescendant={active_line.map(id)}
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    value={(*typed).clone()}
                    {oninput}
                    {onkeydown}
                />
            </div>
            <div ref={scroller} {onscroll} id={LIST_ID} class="picker__list scroll" role="listbox" aria-label={text::MODELS}>
                <div key="before" ref={before} aria-hidden="true"></div>
                { for (rows.first..rows.end).map(|line| drawn.line(line)) }
                <div key="after" ref={after} aria-hidden="true"></div>
            </div>
            if is_empty && props.models.state.ready().is_some() {
                <div class="picker__none" role="status"><p>{ text::NO_SUCH_MODEL }</p><p class="small t3">{ text::NO_SUCH_MODEL_HOW }</p></div>
            }
            { state(&props.models) }
            <p id={FOOT_ID} class="picker__foot small t3">{ drawn.foot() }</p>
        </>
    }
}

/// What stands instead of the list while there is none.
fn state(models: &UseQuery<Vec<ModelSummary>>) -> Html {
    match &models.state {
        Query::Ready(_) => Html::default(),
        Query::Pending => html! {
            <div class="waiting picker__waiting" role="status" aria-label={text::LOADING}>
                <span class="skeleton w-96"></span><span class="skeleton w-240"></span><span class="skeleton w-240"></span>
            </div>
        },
        Query::Failed(problem) => {
            html! { <div class="picker__waiting">{ notice(problem, Some(models.again.clone())) }</div> }
        }
    }
}

/// What is needed to draw a line.
struct Drawn<'a> {
    lines: &'a Lines,
    models: &'a [ModelSummary],
    own: &'a str,
    current: Option<usize>,
    active: Option<usize>,
    choose: &'a Callback<usize>,
}

impl Drawn<'_> {
    fn line(&self, line: usize) -> Html {
        match self.lines.all.get(line) {
            None => Html::default(),
            Some(Line::Head(head)) => html! {
                <div key={line} class="picker__head" role="presentation">
                    <span class="clip">{ text::upper_first(&head.title) }</span>
                    if let Some(why) = head.unusable { <span class="t3">{ text::unusable(why) }</span> }
                </div>
            },
            Some(Line::Own(place)) => {
                let facts = place.and_then(|place| self.models.get(place));
                let note = match facts {
                    Some(model) => text::own_with_facts(model),
                    None => text::AGENTS_OWN_MODEL.to_owned(),
                };
                // The host has the last word on whether the agent's own model can serve.
                self.option(line, model_icon(self.own), self.own, &note, true)
            }
            Some(Line::Model(place)) => match self.models.get(*place) {
                None => Html::default(),
                Some(model) => {
                    let name = model.model.to_string();
                    let facts = text::model_facts(model);
                    self.option(line, model_icon(&name), &name, &facts, model.usable)
                }
            },
            Some(Line::AddKey(head)) => {
                let title = text::add_key_for(&head.title);
                self.option(line, Icon::Key, &title, text::ADD_KEY_LEADS, true)
            }
            Some(Line::Named(model)) => {
                let name = model.to_string();
                let title = text::use_named(&name);
                self.option(line, model_icon(&name), &title, text::NOT_LISTED, true)
            }
        }
    }

    fn option(&self, line: usize, shown: Icon, name: &str, facts: &str, usable: bool) -> Html {
        let onmousedown = {
            let choose = self.choose.clone();
            Callback::from(move |event: MouseEvent| {
                // The field keeps the keyboard until the choice is made.
                event.prevent_default();
                choose.emit(line);
            })
        };
        let is_current = self.current == Some(line);
        let is_active = self.active == Some(line);
        let place = self.lines.options.partition_point(|option| *option < line);
        html! {
            <div
                key={line}
                id={id(line)}
                class={classes!("picker__item", is_active.then_some("is-hover"))}
                role="option"
                aria-selected={is_current.to_string()}
                aria-disabled={(!usable).then_some("true")}
                aria-setsize={self.lines.options.len().to_string()}
                aria-posinset={(place + 1).to_string()}
                {onmousedown}
            >
                { icon(shown) }
                <div class="clip">
                    <div class="clip" title={name.to_owned()}>{ name.to_owned() }</div>
                    <div class="small t3 clip num" title={facts.to_owned()}>{ facts.to_owned() }</div>
                </div>
                if is_current { { icon(Icon::Check) } }
            </div>
        }
    }

    /// What is to be known of the line that is looked at.
    fn foot(&self) -> Html {
        let line = self.active.and_then(|line| self.lines.all.get(line));
        let model = match line {
            Some(Line::Own(Some(place)) | Line::Model(place)) => self.models.get(*place),
            Some(Line::Named(_)) => return html! { { text::UNLISTED_MODEL } },
            _ => None,
        };
        let note = model.map_or("", |model| model.note.as_str());
        let is_free = model.is_some_and(|model| model.price == Some(Price::FREE));
        html! {
            <>
                if !note.is_empty() { <span class="picker__said">{ text::sentence(note) }</span> }
                if !is_free || note.is_empty() { <span class="picker__said">{ text::prices_are(model.and_then(|model| model.price_checked)) }</span> }
            </>
        }
    }
}

fn id(line: usize) -> String {
    format!("{OPTION_ID}{line}")
}

/// The option that is chosen now, where it is among the lines.
fn current(lines: &Lines, models: &[ModelSummary], chosen: Option<&ModelRef>) -> Option<usize> {
    let is_chosen = |line: &usize| match (lines.all.get(*line), chosen) {
        (Some(Line::Own(_)), None) => true,
        (Some(Line::Model(place)), Some(chosen)) => models
            .get(*place)
            .is_some_and(|model| model.model == *chosen),
        (Some(Line::Named(model)), Some(chosen)) => model == chosen,
        _ => false,
    };
    lines.options.iter().position(is_chosen)
}

fn bring_into_view(scroller: &NodeRef, lines: &Lines, line: usize) {
    let Some(scroller) = browser::element(scroller) else {
        return;
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a list is far shorter than 2^31 pixels"
    )]
    let (top, option, head) = (lines.top(line) as i32, OPTION as i32, HEAD as i32);
    let (scrolled, height) = (scroller.scroll_top(), scroller.client_height());
    if top < scrolled + head {
        // With the provider's line, which stands above the first of its models.
        scroller.set_scroll_top((top - head).max(0));
    } else if top + option > scrolled + height {
        scroller.set_scroll_top(top + option - height);
    }
}
