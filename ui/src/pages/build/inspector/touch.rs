//! What the agent asks to touch.

use std::rc::Rc;

use serde_json::json;
use slipway_contract::draft::{DraftPage, ManifestChange};
use slipway_contract::permission::Permission;
use yew::prelude::*;

use super::super::drafting::Drafting;
use super::super::field::on_enter;
use super::texts;
use crate::components::{Button, Choice, Dialog, Icon, Kind, Select, TextField};
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
}

/// Files, hosts and programs, and whether the newest version asked for them too.
#[component]
pub(super) fn TouchSection(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    let page = &props.page;
    let show = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let files = texts(page, "permissions", "files");
    let hosts = texts(page, "permissions", "network");
    let programs = page.asks.iter().flatten().filter_map(|asked| match asked {
        Permission::Command { command } => Some(command.join(" ")),
        _ => None,
    });
    let programs: Vec<String> = programs.collect();
    let list = |texts: &[String]| html! { { for texts.iter().map(|text| html! { <div class="path as-written">{ text.replacen(':', " ", 1) }</div> }) } };
    let plain = |texts: &[String]| html! { { for texts.iter().map(|text| html! { <div class="path as-written">{ text.clone() }</div> }) } };
    let version = page.draft.version.short();
    let compared = if page.asks.is_none() {
        None
    } else if page.asks_anew.is_empty() {
        Some(text::asks_nothing_new(&version))
    } else {
        Some(text::asks_anew(&version, &page.asks_anew))
    };
    html! {
        <section>
            <h2 class="section">{ text::MAY_TOUCH }<span class="spacer"></span><Button label={text::CHANGE} name={format!("{}: {}", text::MAY_TOUCH, text::CHANGE)} small=true kind={Kind::Quiet} onclick={show(true)} /></h2>
            <dl class="facts selectable">
                <dt>{ text::FILES }</dt><dd>if files.is_empty() { <span class="t2">{ text::NO_FILES }</span> } { list(&files) }</dd>
                <dt>{ text::NETWORK }</dt><dd>if hosts.is_empty() { <span class="t2">{ text::NO_HOST }</span> } { plain(&hosts) }</dd>
                if !programs.is_empty() { <dt>{ text::PROGRAMS }</dt><dd>{ plain(&programs) }</dd> }
            </dl>
            if let Some(compared) = compared { <p class="small t3 touch__compared">{ compared }</p> }
            <Dialog title={text::MAY_TOUCH} open={*open} wide=true onclose={show(false)} actions={html! { <Button label={text::DONE} onclick={show(false)} /> }}>
                <p class="t2">{ text::MAY_TOUCH_HOW }</p>
                <Files drafting={props.drafting.clone()} {files} />
                <Hosts drafting={props.drafting.clone()} {hosts} />
            </Dialog>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct FilesProps {
    drafting: Drafting,
    files: Vec<String>,
}

#[component]
fn Files(props: &FilesProps) -> Html {
    let writes = use_state_eq(|| 0_usize);
    let path = use_state_eq(String::new);
    let add = {
        let (drafting, files, writes, path) = (
            props.drafting.clone(),
            props.files.clone(),
            *writes,
            path.clone(),
        );
        Callback::from(move |()| {
            let named = path.trim();
            if !named.is_empty() {
                let access = if writes == 1 { "write" } else { "read" };
                let mut all = files.clone();
                all.push(format!("{access}:{named}"));
                drafting.change(vec![list("files", &all)]);
                path.set(String::new());
            }
        })
    };
    let oninput = {
        let path = path.clone();
        Callback::from(move |typed: String| path.set(typed))
    };
    let onchoose = {
        let writes = writes.clone();
        Callback::from(move |chosen: usize| writes.set(chosen))
    };
    html! {
        <>
            <h3 class="section">{ text::FILES }</h3>
            { entries(&props.drafting, "files", &props.files) }
            <div class="adding" onkeydown={on_enter(add.clone())}>
                <div class="field"><span class="field__label">{ text::ACCESS }</span><Select label={text::ACCESS} items={vec![Choice::new(text::READS), Choice::new(text::WRITES)]} chosen={*writes} {onchoose} /></div>
                <TextField id="touch-path" label={text::PATH} help={text::PATH_HOW} mono=true value={(*path).clone()} {oninput} />
                <Button label={text::ADD} name={format!("{}: {}", text::ADD, text::PATH)} onclick={add} />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HostsProps {
    drafting: Drafting,
    hosts: Vec<String>,
}

#[component]
fn Hosts(props: &HostsProps) -> Html {
    let host = use_state_eq(String::new);
    let add = {
        let (drafting, hosts, host) = (props.drafting.clone(), props.hosts.clone(), host.clone());
        Callback::from(move |()| {
            let named = host.trim();
            if !named.is_empty() {
                let mut all = hosts.clone();
                all.push(named.to_owned());
                drafting.change(vec![list("network", &all)]);
                host.set(String::new());
            }
        })
    };
    let oninput = {
        let host = host.clone();
        Callback::from(move |typed: String| host.set(typed))
    };
    html! {
        <>
            <h3 class="section">{ text::NETWORK }</h3>
            { entries(&props.drafting, "network", &props.hosts) }
            <div class="adding adding--one" onkeydown={on_enter(add.clone())}>
                <TextField id="touch-host" label={text::HOST} help={text::HOST_HOW} mono=true value={(*host).clone()} {oninput} />
                <Button label={text::ADD} name={format!("{}: {}", text::ADD, text::HOST)} onclick={add} />
            </div>
        </>
    }
}

fn entries(drafting: &Drafting, key: &'static str, all: &[String]) -> Html {
    let entry = |(at, shown): (usize, &String)| {
        let onclick = {
            let (drafting, mut left) = (drafting.clone(), all.to_vec());
            left.remove(at);
            Callback::from(move |()| drafting.change(vec![list(key, &left)]))
        };
        html! { <li key={shown.clone()} class="entry"><span class="path clip">{ shown.clone() }</span><Button label={text::REMOVE} name={text::remove_named(shown)} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} {onclick} /></li> }
    };
    html! { <ul class="rows selectable">{ for all.iter().enumerate().map(entry) }</ul> }
}

/// A list of `[permissions]`; an empty one goes.
fn list(key: &str, all: &[String]) -> ManifestChange {
    let at = vec!["permissions".into(), key.into()];
    if all.is_empty() {
        ManifestChange::remove(at)
    } else {
        ManifestChange::set(at, json!(all))
    }
}
