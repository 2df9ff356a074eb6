//! A value of a suite in a form, by what kind of value it is.

use std::rc::Rc;

use serde_json::Value;
use slipway_contract::draft::ManifestChange;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::said::{Part, key_of};
use crate::components::{Choice, Icon, Segmented, Select, Switch, small_icon};
use crate::pages::build::field::Line;
use crate::text;

/// What kind of value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A line of text.
    Line,
    /// The same, of a path, a pattern or an amount.
    Code,
    /// A text of several lines.
    Text,
    /// A text, or a list of them, one a line.
    Texts,
    /// Words with commas between them.
    Words,
    /// A number.
    Number,
    /// On, or absent.
    Switch,
    /// A text, or any other value as JSON.
    Any,
    /// Any value as JSON.
    Json,
    /// One of these; the first is what holds where it is absent.
    Choice(&'static [&'static str]),
    /// One of these, beside each other.
    Few(&'static [&'static str]),
    /// A tool of the agent.
    Tool,
    /// The same, or any of them.
    AnyTool,
    /// A recording of the package.
    Recording,
    /// Nothing to fill in: it is so.
    Fixed,
}

/// A key of a suite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Key {
    /// Its name in the file.
    pub(super) key: &'static str,
    /// Its name in the form.
    pub(super) label: &'static str,
    /// Whether what stands above says it already, so that only who hears the page is told.
    pub(super) is_said: bool,
    /// What kind of value it has.
    pub(super) kind: Kind,
    /// What helps to fill it in.
    pub(super) help: &'static str,
}

impl Key {
    /// A key whose name says enough.
    pub(super) const fn of(key: &'static str, label: &'static str, kind: Kind) -> Self {
        Self {
            key,
            label,
            is_said: false,
            kind,
            help: "",
        }
    }

    /// The same, with what helps to fill it in.
    pub(super) const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }
}

impl Kind {
    /// What the form shows of a value.
    pub(super) fn shown(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::Null) => String::new(),
            (Self::Json, value) => serde_json::to_string_pretty(value).unwrap_or_default(),
            (Self::Texts, Value::Array(list)) => texts(list).join("\n"),
            (Self::Words, Value::Array(list)) => texts(list).join(", "),
            (_, Value::String(text)) => text.clone(),
            (_, value) => value.to_string(),
        }
    }

    /// What the file is to say for what was typed in the place of what it says; none takes it away. What is no such
    /// value is written as it is, and the host says what is wrong with it.
    ///
    /// # Errors
    /// It is no JSON, of which nothing can be written.
    pub(super) fn written(self, typed: &str, was: &Value) -> Result<Option<Value>, ()> {
        let trimmed = typed.trim();
        if trimmed.is_empty() {
            return Ok(None);
        }
        let lines = || {
            let lines = typed.lines().map(str::trim_end);
            lines
                .filter(|line| !line.is_empty())
                .map(Value::from)
                .collect::<Vec<_>>()
        };
        Ok(Some(match self {
            Self::Words => {
                let words = trimmed.split(',').map(str::trim);
                words
                    .filter(|word| !word.is_empty())
                    .map(Value::from)
                    .collect()
            }
            Self::Texts => match lines().as_slice() {
                [one] if !was.is_array() => one.clone(),
                lines => lines.to_vec().into(),
            },
            Self::Number => match trimmed.parse::<i64>() {
                Ok(whole) => whole.into(),
                Err(_) => trimmed
                    .parse::<f64>()
                    .map_or_else(|_| trimmed.into(), Value::from),
            },
            Self::Json => serde_json::from_slice(trimmed.as_bytes()).map_err(|_| ())?,
            Self::Any if !was.is_string() && !was.is_null() => {
                serde_json::from_slice(trimmed.as_bytes()).unwrap_or_else(|_| typed.into())
            }
            Self::Any | Self::Text => typed.trim_end_matches('\n').into(),
            _ => trimmed.into(),
        }))
    }
}

fn texts(list: &[Value]) -> Vec<String> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    list.iter().map(text).collect()
}

/// What all controls of a page share.
#[derive(Clone, PartialEq)]
pub(super) struct Form {
    /// Changes the suite.
    pub(super) change: Callback<Vec<ManifestChange>>,
    /// The agent's tools.
    pub(super) tools: Rc<[String]>,
    /// The package's recordings.
    pub(super) recordings: Rc<[String]>,
    /// The keys that are wrong, as findings name them, with what is wrong.
    pub(super) wrong: Rc<[(String, String)]>,
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What the page's controls share.
    pub(super) form: Form,
    /// The part that has the key.
    pub(super) part: Part,
    /// The key.
    pub(super) of: Key,
}

/// The control with its label, and what is wrong with the value.
#[component]
pub(super) fn Control(props: &Props) -> Html {
    let Key {
        key,
        label,
        is_said,
        kind,
        help,
    } = props.of;
    let unread = use_state_eq(|| false);
    let value = props.part.get(key).cloned().unwrap_or(Value::Null);
    let name = key_of(&props.part.way(key));
    let wrong = props.form.wrong.iter().find(|(other, _)| *other == name);
    let set = {
        let (change, part, unread) = (
            props.form.change.clone(),
            props.part.clone(),
            unread.setter(),
        );
        let was = value.clone();
        Callback::from(move |typed: String| match kind.written(&typed, &was) {
            Ok(value) => {
                unread.set(false);
                change.emit(vec![part.set(key, value)]);
            }
            Err(()) => unread.set(true),
        })
    };
    let put = {
        let (change, part) = (props.form.change.clone(), props.part.clone());
        Callback::from(move |value: Option<Value>| change.emit(vec![part.set(key, value)]))
    };
    let shown = kind.shown(&value);
    let invalid = wrong.is_some();
    let id = format!("field-{}", name.replace(['[', ']', '.'], "-"));
    let control = match kind {
        Kind::Fixed => return Html::default(),
        Kind::Switch => {
            let on = value.as_bool().unwrap_or(false);
            let onchange = put.reform(|on: bool| on.then_some(Value::Bool(true)));
            return html! { <div class="form__switch"><Switch {label} {on} {onchange} /><span class="small">{ label }</span></div> };
        }
        Kind::Line | Kind::Number => {
            html! { <Line id={id.clone()} value={shown} {label} num={kind == Kind::Number} {invalid} onchange={set} /> }
        }
        Kind::Code | Kind::Words => {
            html! { <Line id={id.clone()} value={shown} {label} mono={kind == Kind::Code} {invalid} onchange={set} /> }
        }
        Kind::Text | Kind::Texts | Kind::Any | Kind::Json => {
            html! { <Area id={id.clone()} value={shown} {label} mono={matches!(kind, Kind::Json)} invalid={invalid || *unread} onchange={set} /> }
        }
        Kind::Few(all) => {
            let chosen = all.iter().position(|each| *each == shown).unwrap_or(0);
            let items = all
                .iter()
                .map(|each| AttrValue::from(text::suite_word(each)))
                .collect::<Vec<_>>();
            let onchoose = put.reform(move |at: usize| {
                all.get(at)
                    .filter(|_| at > 0)
                    .map(|each| Value::from(*each))
            });
            html! { <Segmented {label} {items} {chosen} {onchoose} /> }
        }
        Kind::Choice(all) => {
            let names = all.iter().map(|each| (*each).to_owned()).collect();
            one_of(label, names, &shown, &put)
        }
        Kind::Tool => one_of(label, props.form.tools.to_vec(), &shown, &put),
        Kind::AnyTool => {
            let tools = props.form.tools.iter().cloned();
            let all = std::iter::once("*".to_owned()).chain(tools).collect();
            one_of(label, all, &shown, &put)
        }
        Kind::Recording => one_of(label, props.form.recordings.to_vec(), &shown, &put),
    };
    let problem = match (*unread, wrong) {
        (true, _) => Some(text::NO_JSON.to_owned()),
        (false, Some((_, message))) => Some(text::sentence(message)),
        (false, None) => None,
    };
    html! {
        <div class={classes!("field", is_long(kind).then_some("form__long"))}>
            if !is_said { <label class="field__label" for={id}>{ label }</label> }
            { control }
            if let Some(problem) = problem {
                <div class="field__error" role="alert">{ small_icon(Icon::Alert) }<span>{ problem }</span></div>
            } else if !help.is_empty() {
                <div class="field__hint">{ help }</div>
            }
        </div>
    }
}

/// Whether it takes the width of the form.
const fn is_long(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Texts | Kind::Any | Kind::Json)
}

/// One of several names, or none; one that is not among them stays what it is.
fn one_of(
    label: &'static str,
    mut names: Vec<String>,
    shown: &str,
    put: &Callback<Option<Value>>,
) -> Html {
    if !shown.is_empty() && !names.iter().any(|name| name == shown) {
        names.insert(0, shown.to_owned());
    }
    let chosen = names
        .iter()
        .position(|name| name == shown)
        .map_or(0, |at| at + 1);
    let mut items = vec![Choice::new(text::NOT_SAID)];
    items.extend(names.iter().map(|name| Choice::new(text::suite_word(name))));
    let onchoose = put.reform(move |at: usize| {
        let name = at.checked_sub(1).and_then(|at| names.get(at));
        name.map(|name| Value::from(name.as_str()))
    });
    html! { <Select {label} {items} {chosen} {onchoose} /> }
}

/// The letters of a line in the form, about.
const LETTERS: usize = 46;

/// How many rows show a text, at least so many.
pub(super) fn rows(text: &str, least: usize) -> String {
    let lines = text
        .lines()
        .map(|line| line.chars().count().div_ceil(LETTERS).max(1));
    lines.sum::<usize>().clamp(least, 10).to_string()
}

#[derive(Properties, PartialEq)]
struct AreaProps {
    id: String,
    value: String,
    label: &'static str,
    mono: bool,
    invalid: bool,
    onchange: Callback<String>,
}

/// Lines of text, taken over when the person is done with them.
#[component]
fn Area(props: &AreaProps) -> Html {
    let area = use_node_ref();
    {
        // Typing is the area's own; only another value from outside is put there.
        let area = area.clone();
        use_effect_with(props.value.clone(), move |value| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                area.set_value(value);
            }
        });
    }
    let onchange = {
        let (onchange, was) = (props.onchange.clone(), props.value.clone());
        Callback::from(move |event: Event| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                let typed = area.value();
                if typed != was {
                    onchange.emit(typed);
                }
            }
        })
    };
    let rows = rows(&props.value, 1);
    let class = classes!("textarea", "form__area", props.mono.then_some("code"));
    html! { <textarea ref={area} {class} id={props.id.clone()} aria-label={props.label} aria-invalid={props.invalid.then_some("true")} {rows} spellcheck="false" {onchange} /> }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_and_typed_again_is_the_same() {
        for (kind, value) in [
            (Kind::Line, json!("Receipts")),
            (Kind::Words, json!(["sums", "dates"])),
            (Kind::Texts, json!(["Total", "4,218.60"])),
            (Kind::Texts, json!("one alone")),
            (Kind::Texts, json!(["one alone"])),
            (Kind::Number, json!(12)),
            (Kind::Number, json!(0.5)),
            (Kind::Any, json!({ "total": 1 })),
            (Kind::Any, json!("42")),
            (Kind::Any, json!(42)),
            (Kind::Json, json!({ "path": "rates.csv" })),
        ] {
            assert_eq!(kind.written(&kind.shown(&value), &value), Ok(Some(value)));
        }
    }

    #[test]
    fn what_is_wrong_is_left_to_the_host_and_nothing_takes_it_away() {
        let none = Value::Null;
        assert_eq!(Kind::Number.written("many", &none), Ok(Some(json!("many"))));
        assert_eq!(Kind::Number.written("  ", &none), Ok(None));
        assert_eq!(Kind::Json.written("{", &none), Err(()));
        assert_eq!(
            Kind::Texts.written("a\nb", &none),
            Ok(Some(json!(["a", "b"])))
        );
    }
}
