//! What can be expected, and the form of one expectation.

use serde_json::{Value, json};
use slipway_contract::draft::ManifestChange;
use yew::prelude::*;

use super::field::{Control, Form, Key, Kind};
use super::said::Part;
use crate::components::{Button, Choice, Icon, Kind as ButtonKind, Look, Select};
use crate::text;

/// What is expected.
struct Expectation {
    /// Its key, and what it says.
    main: Key,
    /// What may stand beside it.
    beside: &'static [Key],
    /// It looks at the answer, at a file, or at a place in either.
    of_text: bool,
}

const CASE: Key = Key::of("ignore_case", "Ignore upper and lower case", Kind::Switch);
const WITH: Key = Key::of("with", "With these arguments", Kind::Json)
    .help("A part of them, as JSON, such as {\"path\": \"out.csv\"}.");
const MENTIONS: Key = Key::of("mentions", "Mentioning", Kind::Line);

const fn text_of(main: Key, beside: &'static [Key]) -> Expectation {
    Expectation {
        main,
        beside,
        of_text: true,
    }
}

const fn run_of(main: Key, beside: &'static [Key]) -> Expectation {
    Expectation {
        main,
        beside,
        of_text: false,
    }
}

/// All of them, in the order of the list.
static ALL: [Expectation; 25] =
    [
        text_of(
            Key::of("contains", "It contains", Kind::Texts).help("Each line of these."),
            &[CASE],
        ),
        text_of(
            Key::of("contains_any", "It contains one of", Kind::Texts).help("Any of these lines."),
            &[CASE],
        ),
        text_of(Key::of("equals", "It equals", Kind::Any), &[CASE]),
        text_of(
            Key::of("matches", "It matches the pattern", Kind::Code).help("A regular expression."),
            &[],
        ),
        text_of(
            Key::of("number", "It is the number", Kind::Number),
            &[
                Key::of("tolerance", "Give or take", Kind::Number),
                Key::of(
                    "tolerance_percent",
                    "Give or take, in percent",
                    Kind::Number,
                ),
            ],
        ),
        text_of(
            Key::of("schema", "It fits the JSON Schema", Kind::Json),
            &[],
        ),
        text_of(
            Key::of("similar_to", "It is similar to", Kind::Text),
            &[
                Key::of("at_least", "At least", Kind::Number).help("Above 0, at most 1."),
                Key::of(
                    "metric",
                    "By",
                    Kind::Choice(&["levenshtein", "jaro_winkler", "words", "embeddings"]),
                ),
            ],
        ),
        text_of(
            Key::of("rubric", "A model judges it by", Kind::Text),
            &[Key::of("pass_at", "Met from", Kind::Number)
                .help("From 0 to 1; 0.7 where it is empty.")],
        ),
        text_of(
            Key::of("language", "It is in the language", Kind::Code).help("Such as de or eng."),
            &[],
        ),
        text_of(
            Key::of("min_chars", "It has letters, at least", Kind::Number),
            &[Key::of("max_chars", "At most", Kind::Number)],
        ),
        text_of(
            Key::of("max_chars", "It has letters, at most", Kind::Number),
            &[],
        ),
        text_of(
            Key::of("min_words", "It has words, at least", Kind::Number),
            &[Key::of("max_words", "At most", Kind::Number)],
        ),
        text_of(
            Key::of("max_words", "It has words, at most", Kind::Number),
            &[],
        ),
        run_of(
            Key::of("tool_called", "It calls the tool", Kind::Tool),
            &[
                WITH,
                MENTIONS,
                Key::of("times", "Times", Kind::Number),
                Key::of("at_least", "At least", Kind::Number),
                Key::of("at_most", "At most", Kind::Number),
            ],
        ),
        run_of(
            Key::of(
                "tool_not_called",
                "It does not call the tool",
                Kind::AnyTool,
            ),
            &[WITH, MENTIONS],
        ),
        run_of(
            Key::of(
                "tools_in_order",
                "It calls tools in this order",
                Kind::Texts,
            )
            .help("A tool a line; others may come between."),
            &[],
        ),
        run_of(
            Key::of("file_written", "It writes the file", Kind::Code),
            &[],
        ),
        run_of(
            Key::of("approval_asked", "It asks before the tool", Kind::Tool),
            &[],
        ),
        run_of(
            Key::of("approval_refused", "It is refused the tool", Kind::Tool),
            &[],
        ),
        run_of(
            Key::of("no_error", "It ends without an error", Kind::Fixed),
            &[],
        ),
        run_of(
            Key::of("ended", "It ends with", Kind::Texts).help("Such as answered or max_steps."),
            &[],
        ),
        run_of(
            Key::of("budget_kept", "It keeps its budget", Kind::Fixed),
            &[],
        ),
        run_of(
            Key::of("max_cost_usd", "It costs at most, in dollars", Kind::Code),
            &[],
        ),
        run_of(
            Key::of("max_latency", "It takes at most", Kind::Code).help("Such as 30s or 5m."),
            &[],
        ),
        run_of(
            Key::of("max_steps", "It makes steps, at most", Kind::Number),
            &[],
        ),
    ];

/// Where it looks.
const FILE: Key = Key::of("file", "In the file", Kind::Code).help("Empty is the answer.");
const PATH: Key = Key::of("path", "At the place", Kind::Code).help("JSONPath, such as $.total.");
const WEIGHT: Key =
    Key::of("weight", "Counts", Kind::Number).help("Beside the others; 1 where it is empty.");

fn kind_of(value: &Value) -> Option<usize> {
    ALL.iter()
        .position(|each| value.get(each.main.key).is_some())
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What the page's controls share.
    pub(super) form: Form,
    /// The expectation.
    pub(super) part: Part,
}

/// The form of an expectation.
#[component]
pub(super) fn Expect(props: &Props) -> Html {
    let part = &props.part;
    let at = kind_of(&part.value);
    let more = use_state_eq(|| false);
    let labels: Vec<Choice> = ALL
        .iter()
        .map(|each| Choice::new(each.main.label))
        .collect();
    let onchoose = {
        let (change, part) = (props.form.change.clone(), part.clone());
        Callback::from(move |to: usize| {
            if Some(to) != kind_of(&part.value) {
                change.emit(vec![ManifestChange::set(
                    part.at.clone(),
                    turned(&part.value, to),
                )]);
            }
        })
    };
    let remove = {
        let (change, at) = (props.form.change.clone(), part.at.clone());
        Callback::from(move |()| change.emit(vec![ManifestChange::remove(at.clone())]))
    };
    let is_not = part.get("not").and_then(Value::as_bool).unwrap_or(false);
    let onnot = {
        let (change, part) = (props.form.change.clone(), part.clone());
        Callback::from(move |_: MouseEvent| {
            change.emit(vec![
                part.set("not", (!is_not).then_some(Value::Bool(true))),
            ]);
        })
    };
    let control = |of: Key| html! { <Control key={of.key} form={props.form.clone()} part={part.clone()} {of} /> };
    let body = at.and_then(|at| ALL.get(at)).map(|each| {
        let main = Key {
            is_said: true,
            ..each.main
        };
        let said = |key: &Key| part.get(key.key).is_some();
        let mut beside: Vec<Key> = each.beside.to_vec();
        if each.of_text {
            beside.extend([FILE, PATH]);
        }
        beside.push(WEIGHT);
        let hidden = beside.iter().filter(|key| !said(key)).count();
        let shown = beside.into_iter().filter(|key| *more || said(key));
        let toggle = {
            let (more, is_more) = (more.clone(), *more);
            Callback::from(move |()| more.set(!is_more))
        };
        html! {
            <>
                { control(main) }
                <div class="form__grid">{ for shown.map(control) }</div>
                if hidden > 0 || *more { <div><Button label={if *more { text::LESS_OF_IT } else { text::MORE_OF_IT }} small=true kind={ButtonKind::Quiet} onclick={toggle} /></div> }
            </>
        }
    });
    html! {
        <li class="expect">
            <div class="expect__head">
                <Select label={text::EXPECTED_IS} items={labels} chosen={at.unwrap_or(usize::MAX)} {onchoose} look={Look::Bare} />
                <span class="spacer"></span>
                <button type="button" class="chip" aria-pressed={is_not.to_string()} title={text::NOT_SO_HOW} onclick={onnot}>{ text::NOT_SO }</button>
                <Button label={text::REMOVE} icon={Icon::X} icon_only=true small=true kind={ButtonKind::Quiet} onclick={remove} />
            </div>
            { match body {
                Some(body) => body,
                None => html! { <p class="small t2">{ text::EXPECTED_UNKNOWN }</p> },
            } }
        </li>
    }
}

/// The same expectation of another kind: where it looks and how much it counts stay.
fn turned(was: &Value, to: usize) -> Value {
    let Some(each) = ALL.get(to) else {
        return was.clone();
    };
    let old = kind_of(was).and_then(|at| was.get(ALL[at].main.key));
    let first = match (each.main.kind, old) {
        (Kind::Fixed, _) => Value::Bool(true),
        (Kind::Texts | Kind::Any | Kind::Text | Kind::Code, Some(Value::String(text))) => {
            text.as_str().into()
        }
        (Kind::Texts, Some(list @ Value::Array(_))) => list.clone(),
        (Kind::Number, Some(number @ Value::Number(_))) => number.clone(),
        (Kind::Number, _) => json!(1),
        (Kind::Json, _) => json!({}),
        _ => json!(""),
    };
    let mut value = serde_json::Map::new();
    value.insert(each.main.key.to_owned(), first);
    let stays = if each.of_text {
        &["file", "path", "not", "weight"][..]
    } else {
        &["not", "weight"]
    };
    for key in stays {
        if let Some(old) = was.get(*key) {
            value.insert((*key).to_owned(), old.clone());
        }
    }
    Value::Object(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(key: &str) -> usize {
        kind_of(&json!({ key: true })).unwrap_or(usize::MAX)
    }

    #[test]
    fn an_expectation_is_known_by_its_key() {
        let value = json!({ "similar_to": "a", "at_least": 0.5 });
        assert_eq!(kind_of(&value), Some(place("similar_to")));
        assert_eq!(kind_of(&json!({ "contians": "a" })), None);
        assert_eq!(kind_of(&json!({ "weight": 2 })), None);
    }

    #[test]
    fn of_another_kind_it_keeps_what_still_fits() {
        let was =
            json!({ "contains": "Total", "file": "out.md", "ignore_case": true, "not": true });
        assert_eq!(
            turned(&was, place("matches")),
            json!({ "matches": "Total", "file": "out.md", "not": true })
        );
        assert_eq!(
            turned(&was, place("no_error")),
            json!({ "no_error": true, "not": true })
        );
        assert_eq!(
            turned(&was, place("max_steps")),
            json!({ "max_steps": 1, "not": true })
        );
    }
}
