//! Input and output: their schemas as fields, and as JSON beside.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use serde_json::{Map, Value, json};
use slipway_contract::draft::{DraftPage, ManifestChange, Step};
use yew::prelude::*;

use super::drafting::{Drafting, MANIFEST};
use super::field::Line;
use super::texts::place_of;
use super::unsaved;
use crate::components::{Button, Choice, Icon, Kind, Look, Segmented, Select, small_icon};
use crate::editor::{Editor, Language, Place};
use crate::text;

/// The types that a field can have.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// JSON is taken over when nothing was typed for so long.
const QUIET_MS: u32 = 600;

/// The most bytes of a schema that is written as JSON.
const MOST_BYTES: usize = 128 << 10;

/// Of which draft.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
    pub(super) go_to: Callback<(String, Place)>,
}

/// The schemas of input and output.
#[component]
pub(super) fn SchemaTab(props: &Props) -> Html {
    let side = use_state_eq(|| 0_usize);
    let key = if *side == 0 { "input" } else { "output" };
    let Some(values) = &props.page.values else {
        return html! { <p class="build__empty t2">{ text::NOT_TOML_FORMS }</p> };
    };
    let schema = values.get(key).cloned();
    let onchoose = {
        let side = side.clone();
        Callback::from(move |chosen: usize| side.set(chosen))
    };
    let findings = props.page.draft.findings.iter();
    let findings = findings.filter(|finding| {
        finding
            .key
            .as_deref()
            .is_some_and(|at| at == key || at.starts_with(&format!("{key}.")))
    });
    let wrong = |finding: &slipway_contract::error::Finding| {
        let go = place_of(finding).zip(finding.line).map(|(place, line)| {
            let onclick = props
                .go_to
                .reform(move |_: MouseEvent| (MANIFEST.to_owned(), place));
            html! { <button type="button" class="link" {onclick}>{ text::see_line(line) }</button> }
        });
        html! { <div class="field__error" role="alert">{ small_icon(Icon::Alert) }<span>{ text::finding_message(finding) }{ " " }{ for go }</span></div> }
    };
    html! {
        <div class="schema">
            <div class="schema__form scroll">
                <div class="schema__head"><Segmented label={text::INPUT_AND_OUTPUT} items={vec![text::INPUT.into(), text::OUTPUT.into()]} chosen={*side} {onchoose} /><span class="small t3">{ if *side == 0 { text::INPUT_HOW } else { text::OUTPUT_HOW } }</span></div>
                { for findings.map(wrong) }
                <Fields key={key} drafting={props.drafting.clone()} side={key} schema={schema.clone()} />
            </div>
            <Raw key={key} drafting={props.drafting.clone()} side={key} {schema} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SideProps {
    drafting: Drafting,
    side: &'static str,
    schema: Option<Value>,
}

/// A field of a schema, as the form shows it.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    name: String,
    kind: Option<usize>,
    required: bool,
    description: String,
    value: Value,
}

/// The fields of a schema; none where it is more than fields.
fn fields(schema: Option<&Value>) -> Option<Vec<Field>> {
    let Some(schema) = schema else {
        return Some(Vec::new());
    };
    let is_object = schema.get("type").is_none_or(|kind| kind == "object");
    let properties = match schema.get("properties") {
        None => Map::new(),
        Some(properties) => properties.as_object()?.clone(),
    };
    if !is_object
        || ["anyOf", "oneOf", "allOf", "$ref"]
            .iter()
            .any(|key| schema.get(key).is_some())
    {
        return None;
    }
    let required = required(schema);
    let field = |(name, value): (String, Value)| {
        let kind = value.get("type").and_then(Value::as_str);
        Field {
            kind: kind.and_then(|kind| TYPES.iter().position(|known| *known == kind)),
            required: required.contains(&name),
            description: value
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            name,
            value,
        }
    };
    Some(properties.into_iter().map(field).collect())
}

fn required(schema: &Value) -> Vec<String> {
    let list = schema.get("required").and_then(Value::as_array);
    let names = list.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

fn at(side: &str, rest: &[&str]) -> Vec<Step> {
    std::iter::once(side)
        .chain(rest.iter().copied())
        .map(Step::from)
        .collect()
}

/// The list of required fields with one of them in it, or not; an empty list goes.
fn require(side: &str, schema: &Value, name: &str, is_required: bool) -> ManifestChange {
    let mut names = required(schema);
    names.retain(|other| other != name);
    if is_required {
        names.push(name.to_owned());
    }
    if names.is_empty() {
        ManifestChange::remove(at(side, &["required"]))
    } else {
        ManifestChange::set(at(side, &["required"]), json!(names))
    }
}

/// Another name for a field: what it is goes with it.
fn rename(side: &str, schema: &Value, field: &Field, to: &str) -> Vec<ManifestChange> {
    let mut changes = vec![
        ManifestChange::remove(at(side, &["properties", &field.name])),
        ManifestChange::set(at(side, &["properties", to]), field.value.clone()),
    ];
    if field.required {
        let mut names = required(schema);
        names
            .iter_mut()
            .filter(|name| **name == field.name)
            .for_each(|name| to.clone_into(name));
        changes.push(ManifestChange::set(at(side, &["required"]), json!(names)));
    }
    changes
}

/// A new field, with a name that none has.
fn add(side: &str, schema: Option<&Value>, fields: &[Field]) -> Vec<ManifestChange> {
    let name = (1..)
        .map(|number| format!("field_{number}"))
        .find(|name| !fields.iter().any(|field| field.name == *name));
    let name = name.unwrap_or_default();
    let mut changes = Vec::new();
    if schema.and_then(|schema| schema.get("type")).is_none() {
        changes.push(ManifestChange::set(at(side, &["type"]), "object"));
    }
    changes.push(ManifestChange::set(
        at(side, &["properties", &name, "type"]),
        "string",
    ));
    changes
}

#[component]
fn Fields(props: &SideProps) -> Html {
    let taken = use_state_eq(|| None::<String>);
    let (drafting, side) = (&props.drafting, props.side);
    let Some(fields) = fields(props.schema.as_ref()) else {
        return html! { <p class="t2">{ text::SCHEMA_NO_OBJECT }</p> };
    };
    let schema = props.schema.clone().unwrap_or_else(|| json!({}));
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let on_add = {
        let (drafting, schema, fields) = (drafting.clone(), props.schema.clone(), fields.clone());
        Callback::from(move |()| drafting.change(add(side, schema.as_ref(), &fields)))
    };
    let row = |field: &Field| {
        let named = |what: &str| text::field_named(&field.name, what);
        let onname = {
            let (drafting, schema, field, names, taken) = (
                drafting.clone(),
                schema.clone(),
                field.clone(),
                names.clone(),
                taken.clone(),
            );
            Callback::from(move |to: String| {
                let to = to.trim();
                if to.is_empty() || names.iter().any(|name| name == to) {
                    taken.set(Some(to.to_owned()));
                } else {
                    taken.set(None);
                    drafting.change(rename(side, &schema, &field, to));
                }
            })
        };
        let ontype = {
            let (drafting, name) = (drafting.clone(), field.name.clone());
            Callback::from(move |chosen: usize| {
                if let Some(kind) = TYPES.get(chosen) {
                    drafting.change(vec![ManifestChange::set(
                        at(side, &["properties", &name, "type"]),
                        *kind,
                    )]);
                }
            })
        };
        let onrequired = {
            let (drafting, schema, name, is_required) = (
                drafting.clone(),
                schema.clone(),
                field.name.clone(),
                field.required,
            );
            Callback::from(move |_: MouseEvent| {
                drafting.change(vec![require(side, &schema, &name, !is_required)]);
            })
        };
        let ondescription = {
            let (drafting, name) = (drafting.clone(), field.name.clone());
            Callback::from(move |said: String| {
                let place = at(side, &["properties", &name, "description"]);
                let said = said.trim();
                drafting.change(vec![if said.is_empty() {
                    ManifestChange::remove(place)
                } else {
                    ManifestChange::set(place, said)
                }]);
            })
        };
        let onremove = {
            let (drafting, schema, name, is_required, is_last) = (
                drafting.clone(),
                schema.clone(),
                field.name.clone(),
                field.required,
                names.len() == 1,
            );
            Callback::from(move |()| {
                let mut changes = vec![ManifestChange::remove(at(side, &["properties", &name]))];
                if is_required {
                    changes.push(require(side, &schema, &name, false));
                }
                if is_last
                    && schema.as_object().is_some_and(|schema| {
                        schema
                            .keys()
                            .all(|key| ["type", "properties", "required"].contains(&key.as_str()))
                    })
                {
                    changes = vec![ManifestChange::remove(at(side, &[]))];
                }
                drafting.change(changes);
            })
        };
        let items: Vec<Choice> = TYPES.iter().map(|kind| Choice::new(*kind)).collect();
        let kind_name = if field.kind.is_some() {
            named(text::FIELD_TYPE)
        } else {
            text::TYPE_AS_WRITTEN.to_owned()
        };
        html! {
            <li key={field.name.clone()} class="schema__field">
                <Line value={field.name.clone()} label={named(text::FIELD_NAME)} mono=true onchange={onname} />
                <Select label={kind_name} {items} chosen={field.kind.unwrap_or(usize::MAX)} onchoose={ontype} look={Look::Field} />
                <button type="button" class="check" role="checkbox" aria-checked={field.required.to_string()} aria-label={named(text::FIELD_REQUIRED)} onclick={onrequired}><i></i>{ text::FIELD_REQUIRED }</button>
                <Button label={text::REMOVE} name={text::remove_named(&field.name)} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={onremove} />
                <div class="schema__said"><Line value={field.description.clone()} label={named(text::FIELD_DESCRIPTION)} placeholder={text::FIELD_DESCRIPTION} onchange={ondescription} /></div>
            </li>
        }
    };
    html! {
        <>
            if fields.is_empty() { <p class="small t3">{ text::NO_FIELDS }</p> }
            <ul class="schema__fields">{ for fields.iter().map(row) }</ul>
            if let Some(name) = &*taken { <div class="field__error" role="alert">{ small_icon(Icon::Alert) }<span>{ text::taken_field(name) }</span></div> }
            <div class="btns"><Button label={text::ADD_FIELD} icon={Icon::Plus} small=true onclick={on_add} /></div>
        </>
    }
}

/// The same as JSON.
#[component]
fn Raw(props: &SideProps) -> Html {
    let part = format!("{MANIFEST}#{}", props.side);
    let agent = props.drafting.agent().clone();
    let typed = {
        let (agent, part) = (agent.clone(), part.clone());
        use_state_eq(move || {
            let unfinished = unsaved::unfinished(&agent, &part);
            let shown = unfinished.unwrap_or_else(|| pretty(props.schema.as_ref()));
            Rc::<str>::from(shown)
        })
    };
    let revision = use_state_eq(|| 0_u32);
    let wrong = {
        let typed = typed.clone();
        use_state_eq(move || parsed(&typed).err())
    };
    let timer = use_mut_ref(|| None::<Timeout>);
    {
        let (typed, revision) = (typed.clone(), revision.clone());
        use_effect_with(props.schema.clone(), move |schema| {
            // What is written here stays as it is written, as long as it says the same, or is not finished.
            if parsed(&typed).is_ok_and(|said| said != *schema) {
                typed.set(Rc::from(pretty(schema.as_ref())));
                revision.set(*revision + 1);
            }
        });
    }
    let discard = {
        let (typed, revision, wrong) = (typed.clone(), revision.clone(), wrong.clone());
        let (agent, part, schema) = (agent.clone(), part.clone(), props.schema.clone());
        Callback::from(move |_: MouseEvent| {
            unsaved::forget(&agent, &part);
            typed.set(Rc::from(pretty(schema.as_ref())));
            wrong.set(None);
            revision.set(*revision + 1);
        })
    };
    let oninput = {
        let (typed, wrong, drafting, side, timer) = (
            typed.clone(),
            wrong.clone(),
            props.drafting.clone(),
            props.side,
            timer,
        );
        Callback::from(move |source: Rc<str>| {
            typed.set(Rc::clone(&source));
            let (wrong, drafting) = (wrong.clone(), drafting.clone());
            if parsed(&source).is_ok() {
                unsaved::forget(&agent, &part);
            } else {
                unsaved::keep_unfinished(&agent, &part, &source);
            }
            *timer.borrow_mut() = Some(Timeout::new(QUIET_MS, move || match parsed(&source) {
                Ok(schema) => {
                    wrong.set(None);
                    let place = at(side, &[]);
                    drafting.change(vec![match schema {
                        Some(schema) => ManifestChange::set(place, schema),
                        None => ManifestChange::remove(place),
                    }]);
                }
                Err(place) => wrong.set(Some(place)),
            }));
        })
    };
    let marks = wrong.map(|(line, column)| vec![(Place { line, column }, AttrValue::default())]);
    html! {
        <div class="schema__raw">
            <div class="schema__rawhead"><b class="strong">{ text::SCHEMA }</b><span class="small t3 clip">{ text::SCHEMA_HOW }</span></div>
            if let Some((line, column)) = *wrong { <div class="field__error schema__wrong" role="alert">{ small_icon(Icon::Alert) }<span>{ text::not_json(line, column) }{ " " }<button type="button" class="link" onclick={discard}>{ text::DISCARD_UNFINISHED }</button></span></div> }
            <Editor id="editor-schema" label={text::SCHEMA} text={Rc::clone(&typed)} revision={*revision} language={Language::Plain} most_bytes={MOST_BYTES} wrong={marks.unwrap_or_default()} {oninput} />
        </div>
    }
}

fn pretty(schema: Option<&Value>) -> String {
    schema
        .and_then(|schema| serde_json::to_string_pretty(schema).ok())
        .unwrap_or_default()
}

/// A schema from its JSON, none from nothing; or the line and character where it is no JSON.
fn parsed(source: &str) -> Result<Option<Value>, (usize, usize)> {
    if source.trim().is_empty() {
        return Ok(None);
    }
    match serde_json::from_slice::<Map<String, Value>>(source.as_bytes()) {
        Ok(schema) => Ok(Some(Value::Object(schema))),
        Err(error) => Err((error.line().max(1), error.column().max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["month"],
            "properties": { "month": { "type": "string", "description": "which" }, "n": { "enum": [1, 2] } },
        })
    }

    #[test]
    fn a_schema_of_fields_is_shown_as_fields_in_their_order() {
        let fields = fields(Some(&schema())).unwrap();
        let shown: Vec<_> = fields
            .iter()
            .map(|field| (field.name.as_str(), field.kind, field.required))
            .collect();
        assert_eq!(shown, [("month", Some(0), true), ("n", None, false)]);
        assert_eq!(fields[0].description, "which");
        assert_eq!(super::fields(None), Some(Vec::new()));
        assert_eq!(super::fields(Some(&json!({ "type": "array" }))), None);
        assert_eq!(super::fields(Some(&json!({ "oneOf": [] }))), None);
    }

    #[test]
    fn a_field_takes_what_it_is_to_its_new_name() {
        let schema = schema();
        let fields = fields(Some(&schema)).unwrap();
        let changes = rename("input", &schema, &fields[0], "period");
        assert_eq!(
            changes[0],
            ManifestChange::remove(at("input", &["properties", "month"]))
        );
        assert_eq!(
            changes[1].value,
            Some(json!({ "type": "string", "description": "which" }))
        );
        assert_eq!(changes[2].value, Some(json!(["period"])));
        assert_eq!(
            rename("input", &schema, &fields[1], "m").len(),
            2,
            "it is not required"
        );
    }

    #[test]
    fn the_list_of_required_fields_goes_with_the_last_of_them() {
        let schema = schema();
        assert_eq!(
            require("input", &schema, "n", true).value,
            Some(json!(["month", "n"]))
        );
        assert_eq!(
            require("input", &schema, "month", true).value,
            Some(json!(["month"]))
        );
        assert_eq!(require("input", &schema, "month", false).value, None);
    }

    #[test]
    fn a_new_field_has_a_name_of_its_own() {
        let changes = add("output", None, &[]);
        assert_eq!(changes.len(), 2, "the schema is one of an object");
        let one = Field {
            name: "field_1".to_owned(),
            kind: None,
            required: false,
            description: String::new(),
            value: json!({}),
        };
        let changes = add("output", Some(&schema()), &[one]);
        assert_eq!(
            changes,
            [ManifestChange::set(
                at("output", &["properties", "field_2", "type"]),
                "string"
            )]
        );
    }

    #[test]
    fn what_is_no_json_says_where() {
        assert_eq!(parsed("  "), Ok(None));
        assert_eq!(
            parsed("{\"type\": \"object\"}"),
            Ok(Some(json!({ "type": "object" })))
        );
        assert_eq!(parsed("{\n  \"a\": ]\n}"), Err((2, 8)));
        assert!(parsed("[]").is_err());
    }
}
