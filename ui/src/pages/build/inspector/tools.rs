//! The tools, and whether they are asked about.

use std::rc::Rc;

use serde_json::{Value, json};
use slipway_contract::command::ListTools;
use slipway_contract::draft::{DraftPage, ManifestChange};
use slipway_contract::tool::{ApprovalPolicy, ToolSummary};
use yew::prelude::*;

use super::super::drafting::{Drafting, MANIFEST};
use super::super::texts::place_of;
use super::texts;
use crate::bridge::use_query;
use crate::components::{Button, Choice, Icon, Kind, Look, Select, icon, tool_icon};
use crate::editor::Place;
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
    pub(super) go_to: Callback<(String, Place)>,
}

/// What a person can decide, and how `agent.toml` says it.
const POLICIES: [(ApprovalPolicy, &str); 3] = [
    (ApprovalPolicy::Allow, "allow"),
    (ApprovalPolicy::Ask, "ask"),
    (ApprovalPolicy::Deny, "deny"),
];

/// The tools.
#[component]
pub(super) fn ToolsSection(props: &Props) -> Html {
    let known = use_query(ListTools {}, 0);
    let none = use_memo((), |()| Vec::new());
    let known = known.state.ready().map_or(none, Rc::clone);
    let entries = props
        .page
        .values
        .as_ref()
        .and_then(|values| values.get("tools"))
        .and_then(Value::as_array);
    let entries: Vec<&Value> = entries.into_iter().flatten().collect();
    let used: Vec<&str> = entries
        .iter()
        .filter_map(|entry| entry.get("use")?.as_str())
        .collect();
    let free: Vec<ToolSummary> = known
        .iter()
        .filter(|tool| !used.contains(&tool.definition.name.as_str()))
        .cloned()
        .collect();
    let items = free.iter().map(|tool| Choice {
        label: tool.definition.name.clone().into(),
        note: Some(first_sentence(&tool.definition.description).into()),
    });
    let items: Vec<Choice> = items.collect();
    let onchoose = {
        let (drafting, count) = (props.drafting.clone(), entries.len());
        Callback::from(move |at: usize| {
            if let Some(tool) = free.get(at) {
                let entry = json!({ "use": tool.definition.name });
                drafting.change(vec![ManifestChange::set(
                    vec!["tools".into(), count.into()],
                    entry,
                )]);
            }
        })
    };
    html! {
        <section>
            <h2 class="section">{ text::TOOLS }<span class="t3 num">{ entries.len() }</span><span class="spacer"></span>
                if !items.is_empty() { <Select label={text::ADD_TOOL} chosen={items.len()} {items} {onchoose} look={Look::Bare} icon={Icon::Plus} /> }
            </h2>
            if entries.is_empty() { <p class="small t3">{ text::NO_TOOLS }</p> }
            <ul class="tools">{ for entries.iter().enumerate().map(|(at, entry)| tool(props, &known, at, entry)) }</ul>
        </section>
    }
}

fn tool(props: &Props, known: &[ToolSummary], at: usize, entry: &Value) -> Html {
    let name = entry
        .get("use")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let found = known.iter().find(|tool| tool.definition.name == name);
    let approval = entry.get("approval").and_then(Value::as_str);
    let chosen = match approval {
        None => 0,
        Some(word) => POLICIES
            .iter()
            .position(|(_, known)| *known == word)
            .map_or(usize::MAX, |at| at + 1),
    };
    let usual = Choice {
        label: text::APPROVAL_DEFAULT.into(),
        note: Some(text::default_policy(found.map(|tool| &tool.definition.effect)).into()),
    };
    let items: Vec<Choice> = std::iter::once(usual)
        .chain(
            POLICIES
                .iter()
                .map(|(policy, _)| Choice::new(text::policy(*policy))),
        )
        .collect();
    let onchoose = {
        let drafting = props.drafting.clone();
        Callback::from(move |chosen: usize| {
            let place = vec!["tools".into(), at.into(), "approval".into()];
            drafting.change(vec![
                match chosen.checked_sub(1).and_then(|at| POLICIES.get(at)) {
                    Some((_, word)) => ManifestChange::set(place, *word),
                    None => ManifestChange::remove(place),
                },
            ]);
        })
    };
    let onremove = {
        let drafting = props.drafting.clone();
        Callback::from(move |()| {
            drafting.change(vec![ManifestChange::remove(vec![
                "tools".into(),
                at.into(),
            ])]);
        })
    };
    let prefix = format!("tools[{at}]");
    let wrong = props.page.draft.findings.iter().find(|finding| {
        finding
            .key
            .as_deref()
            .is_some_and(|key| key == prefix || key.starts_with(&format!("{prefix}.")))
    });
    let see = wrong.and_then(|finding| {
        let (line, place) = (finding.line?, place_of(finding)?);
        let go_to = props.go_to.clone();
        let onclick = Callback::from(move |_: MouseEvent| go_to.emit((MANIFEST.to_owned(), place)));
        Some(html! { <>{ ", " }<button type="button" class="link status--failed" {onclick}>{ text::see_line(line) }</button></> })
    });
    html! {
        <li class="tool tool--roomy" key={format!("{at}-{name}")}>
            { icon(tool_icon(&name)) }
            <div class="tool__what"><div class="mono clip" title={name.clone()}>{ name.clone() }</div><div class="small t3 clip">{ reach(&props.page, &name, found) }{ for see }</div></div>
            <div class="tool__act">
                <Button label={text::REMOVE} name={text::remove_named(&name)} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={onremove} />
                <Select label={text::approval_of(&name)} {items} {chosen} {onchoose} look={Look::Bare} />
            </div>
        </li>
    }
}

/// What a tool reaches of what the agent may touch.
fn reach(page: &DraftPage, name: &str, found: Option<&ToolSummary>) -> String {
    let files = texts(page, "permissions", "files");
    let of = |access: &str| {
        let paths = files.iter().filter_map(|file| file.strip_prefix(access));
        paths.map(str::to_owned).collect::<Vec<_>>().join(", ")
    };
    let or = |places: String, none: &str, say: fn(&str) -> String| {
        if places.is_empty() {
            none.to_owned()
        } else {
            say(&places)
        }
    };
    match name {
        "list_files" | "read_file" | "search_files" | "read_table" => {
            let places = [of("read:"), of("write:")];
            let places: Vec<String> = places
                .into_iter()
                .filter(|places| !places.is_empty())
                .collect();
            or(places.join(", "), text::NO_PLACE_YET, text::reads_in)
        }
        "write_file" | "edit_file" | "save_table" | "render_template" => {
            or(of("write:"), text::NO_PLACE_YET, text::writes_in)
        }
        "http_request" => or(
            texts(page, "permissions", "network").join(", "),
            text::NO_HOST_YET,
            text::reaches,
        ),
        _ if name.starts_with("mcp:") => text::TOUCHES_BY_SERVER.to_owned(),
        _ => match found {
            Some(tool) if tool.needs.is_none() => text::TOUCHES_NOTHING.to_owned(),
            Some(tool) => tool.needs.clone().unwrap_or_default(),
            None => String::new(),
        },
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => line.to_owned(),
    }
}
