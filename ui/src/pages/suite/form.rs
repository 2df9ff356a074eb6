//! The forms of a suite and of a case.

use std::rc::Rc;

use serde_json::{Value, json};
use slipway_contract::draft::ManifestChange;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::expect::Expect;
use super::field::{Control, Form, Key, rows};
use super::keys;
use super::said::Part;
use crate::components::{Button, Choice, Icon, Kind, Select};
use crate::pages::build::field::Line;
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What the page's controls share.
    pub(super) form: Form,
    /// The suite, the defaults or the case.
    pub(super) part: Part,
}

/// What holds for the whole suite.
#[component]
pub(super) fn SuiteForm(props: &Props) -> Html {
    let (form, part) = (&props.form, &props.part);
    let matrix = part.part("matrix");
    html! {
        <>
            <section class="form__part">
                <h3 class="section">{ text::SUITE }</h3>
                <div class="form__grid">{ for keys::SUITE.map(|key| control(form, part, key)) }</div>
            </section>
            <section class="form__part">
                <h3 class="section">{ text::MATRIX }<span class="t3 small">{ text::MATRIX_HOW }</span></h3>
                <div class="form__grid">{ for keys::MATRIX.map(|key| control(form, &matrix, key)) }</div>
            </section>
            <h3 class="form__defaults">{ text::DEFAULTS }<span class="small t3">{ text::DEFAULTS_HOW }</span></h3>
            <Parts form={form.clone()} part={part.part("defaults")} />
        </>
    }
}

/// A case.
#[component]
pub(super) fn CaseForm(props: &Props) -> Html {
    let (form, part) = (&props.form, &props.part);
    html! {
        <>
            <section class="form__part">
                { control(form, part, keys::NAME) }
                <Input form={form.clone()} part={part.clone()} />
                { control(form, part, keys::TAGS) }
            </section>
            <Parts form={form.clone()} part={part.clone()} />
            <section class="form__part">{ control(form, part, keys::TABLE) }</section>
        </>
    }
}

/// What a case and the defaults have alike.
#[component]
fn Parts(props: &Props) -> Html {
    let (form, part) = (&props.form, &props.part);
    let add_expect = append(form, part, "expect", json!({ "contains": "" }));
    html! {
        <>
            <section class="form__part">
                <h3 class="section">{ text::EXPECTED_IS }<span class="spacer"></span><Button label={text::ADD_EXPECTATION} icon={Icon::Plus} small=true kind={Kind::Quiet} onclick={add_expect} /></h3>
                <ul class="form__list">{ for part.list("expect").into_iter().enumerate().map(|(at, expect)| html! { <Expect key={at} form={form.clone()} part={expect} /> }) }</ul>
            </section>
            <section class="form__part">
                <h3 class="section">{ text::WHO_ANSWERS }</h3>
                <div class="form__grid">{ for keys::ANSWERS.map(|key| control(form, part, key)) }</div>
                { elements(form, part, "mock", text::MOCKS, text::ADD_MOCK, json!({ "tool": "", "returns": "" }), &keys::MOCK) }
                <Pairs form={form.clone()} part={part.part("approvals")} title={text::APPROVALS} add={text::ADD_APPROVAL} initial="allow" choices={&["allow", "deny"][..]} candidates={form.tools.clone()} help={text::APPROVALS_HOW} />
            </section>
            <section class="form__part">
                <h3 class="section">{ text::GIVEN }</h3>
                <Pairs form={form.clone()} part={part.part("variables")} title={text::VARIABLES} add={text::ADD_VARIABLE} initial="" help={text::VARIABLES_HOW} />
                { elements(form, part, "files", text::FILES, text::ADD_FILE_THERE, json!({ "path": "", "text": "" }), &keys::FILE) }
                { control(form, part, keys::ATTACHMENTS) }
            </section>
            <section class="form__part">
                <h3 class="section">{ text::BOUNDS }</h3>
                <div class="form__grid">{ for keys::BOUNDS.map(|key| control(form, part, key)) }</div>
            </section>
        </>
    }
}

fn control(form: &Form, part: &Part, of: Key) -> Html {
    html! { <Control key={of.key} form={form.clone()} part={part.clone()} {of} /> }
}

fn append(form: &Form, part: &Part, key: &'static str, value: Value) -> Callback<()> {
    let (change, part) = (form.change.clone(), part.clone());
    Callback::from(move |()| change.emit(vec![part.append(key, value.clone())]))
}

/// A list of tables, each with the same keys.
fn elements(
    form: &Form,
    part: &Part,
    key: &'static str,
    title: &'static str,
    add: &'static str,
    new: Value,
    keys: &'static [Key],
) -> Html {
    let element = |(at, element): (usize, Part)| {
        let remove = {
            let (change, at) = (form.change.clone(), element.at.clone());
            Callback::from(move |()| change.emit(vec![ManifestChange::remove(at.clone())]))
        };
        html! {
            <li class="expect" key={at}>
                <div class="expect__head"><span class="small t3 num">{ at + 1 }</span><span class="spacer"></span><Button label={text::REMOVE} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={remove} /></div>
                { for keys.iter().map(|key| control(form, &element, *key)) }
            </li>
        }
    };
    let all = part.list(key);
    html! {
        <div class="form__sub">
            <h4 class="form__subhead">{ title }<span class="spacer"></span><Button label={add} icon={Icon::Plus} small=true kind={Kind::Quiet} onclick={append(form, part, key, new)} /></h4>
            if !all.is_empty() { <ul class="form__list">{ for all.into_iter().enumerate().map(element) }</ul> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PairsProps {
    form: Form,
    part: Part,
    title: &'static str,
    add: &'static str,
    initial: &'static str,
    help: &'static str,
    /// What the values can be; empty is any text.
    #[prop_or_default]
    choices: &'static [&'static str],
    /// Names that are likely.
    #[prop_or_default]
    candidates: Rc<[String]>,
}

/// Names with values.
#[component]
fn Pairs(props: &PairsProps) -> Html {
    let part = &props.part;
    let pairs: Vec<(String, Value)> = part
        .value
        .as_object()
        .map(|table| {
            table
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
        .unwrap_or_default();
    let add = {
        let (change, part, initial) = (props.form.change.clone(), part.clone(), props.initial);
        let free = free_name(&pairs, &props.candidates);
        Callback::from(move |()| {
            let mut at = part.at.clone();
            at.push(free.as_str().into());
            change.emit(vec![ManifestChange::set(at, initial)]);
        })
    };
    let row = |(name, value): &(String, Value)| {
        let way = |name: &str| {
            let mut at = part.at.clone();
            at.push(name.into());
            at
        };
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let rename = {
            let (change, old, value, part) = (
                props.form.change.clone(),
                way(name),
                value.clone(),
                part.clone(),
            );
            Callback::from(move |typed: String| {
                let typed = typed.trim();
                if !typed.is_empty() {
                    let mut at = part.at.clone();
                    at.push(typed.into());
                    change.emit(vec![
                        ManifestChange::remove(old.clone()),
                        ManifestChange::set(at, value.clone()),
                    ]);
                }
            })
        };
        let set = {
            let (change, at, is_text) = (props.form.change.clone(), way(name), value.is_string());
            Callback::from(move |typed: String| {
                let read = (!is_text)
                    .then(|| serde_json::from_slice::<Value>(typed.as_bytes()).ok())
                    .flatten();
                change.emit(vec![ManifestChange::set(
                    at.clone(),
                    read.unwrap_or_else(|| typed.into()),
                )]);
            })
        };
        let remove = {
            let (change, at) = (props.form.change.clone(), way(name));
            Callback::from(move |()| change.emit(vec![ManifestChange::remove(at.clone())]))
        };
        html! {
            <li class="pair" key={name.clone()}>
                <Line value={name.clone()} label={text::FIELD_NAME} mono=true onchange={rename} />
                { value_of(name, shown, props.choices, set) }
                <Button label={text::remove_named(name)} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={remove} />
            </li>
        }
    };
    html! {
        <div class="form__sub">
            <h4 class="form__subhead">{ props.title }<span class="spacer"></span><Button label={props.add} icon={Icon::Plus} small=true kind={Kind::Quiet} onclick={add} /></h4>
            if pairs.is_empty() { <p class="field__hint">{ props.help }</p> } else { <ul class="form__pairs">{ for pairs.iter().map(row) }</ul> }
        </div>
    }
}

/// The value of a name: one of few, or any text.
fn value_of(
    name: &str,
    shown: String,
    choices: &'static [&'static str],
    set: Callback<String>,
) -> Html {
    let label = text::value_of(name);
    if choices.is_empty() {
        return html! { <Line value={shown} {label} onchange={set} /> };
    }
    let chosen = choices.iter().position(|choice| *choice == shown);
    let items: Vec<Choice> = choices
        .iter()
        .map(|choice| Choice::new(text::suite_word(choice)))
        .collect();
    let onchoose =
        set.reform(move |at: usize| choices.get(at).copied().unwrap_or_default().to_owned());
    html! { <Select {label} {items} chosen={chosen.unwrap_or(usize::MAX)} {onchoose} /> }
}

/// A name that is not among them yet.
fn free_name(pairs: &[(String, Value)], candidates: &[String]) -> String {
    let taken = |name: &str| pairs.iter().any(|(other, _)| other == name);
    if let Some(free) = candidates.iter().find(|name| !taken(name)) {
        return free.clone();
    }
    let mut number = 1;
    loop {
        let name = format!("name{number}");
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

/// What the agent is given, a text for each turn.
#[component]
fn Input(props: &Props) -> Html {
    let part = &props.part;
    let turns: Vec<String> = match part.get("input") {
        Some(Value::Array(list)) => list
            .iter()
            .map(|turn| {
                turn.as_str()
                    .map_or_else(|| turn.to_string(), str::to_owned)
            })
            .collect(),
        Some(Value::String(text)) => vec![text.clone()],
        Some(other) => vec![other.to_string()],
        None => vec![String::new()],
    };
    let put = {
        let (change, part) = (props.form.change.clone(), part.clone());
        Callback::from(move |turns: Vec<String>| {
            let value: Value = match turns.as_slice() {
                [one] => one.as_str().into(),
                _ => turns.into(),
            };
            change.emit(vec![part.set("input", Some(value))]);
        })
    };
    let count = turns.len();
    let turn = |(at, text): (usize, &String)| {
        let set = {
            let (put, turns) = (put.clone(), turns.clone());
            Callback::from(move |event: Event| {
                if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                    let mut turns = turns.clone();
                    turns[at] = area.value();
                    put.emit(turns);
                }
            })
        };
        let remove = {
            let (put, turns) = (put.clone(), turns.clone());
            Callback::from(move |()| {
                let mut turns = turns.clone();
                turns.remove(at);
                put.emit(turns);
            })
        };
        let rows = rows(text, 2);
        let label = text::turn(at + 1, count);
        html! {
            <div class="turn-field" key={at}>
                if count > 1 { <div class="expect__head"><span class="small t3">{ label.clone() }</span><span class="spacer"></span><Button label={text::REMOVE} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={remove} /></div> }
                <textarea class="textarea form__area" aria-label={label} {rows} value={text.clone()} spellcheck="false" onchange={set} />
            </div>
        }
    };
    let add = {
        let (put, turns) = (put.clone(), turns.clone());
        Callback::from(move |()| {
            let mut turns = turns.clone();
            turns.push(String::new());
            put.emit(turns);
        })
    };
    html! {
        <div class="field">
            <span class="field__label form__subhead">{ text::INPUT }<span class="spacer"></span><Button label={text::ADD_TURN} icon={Icon::Plus} small=true kind={Kind::Quiet} onclick={add} /></span>
            { for turns.iter().enumerate().map(turn) }
        </div>
    }
}
