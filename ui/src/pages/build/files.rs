//! The files of the package: looked at, written, added, renamed, taken away.

use std::rc::Rc;

use slipway_contract::command::{RemoveDraftFile, RenameDraftFile, SaveDraftFile};
use slipway_contract::draft::{DraftPage, NewContent};
use slipway_contract::version::DraftFile;
use wasm_bindgen::prelude::*;
use web_sys::{FileReader, HtmlInputElement};
use yew::prelude::*;

use super::drafting::{Drafting, INSTRUCTIONS, MANIFEST};
use super::field::on_enter;
use super::texts::TextTab;
use crate::bridge::use_action;
use crate::components::{
    Button, Dialog, Icon, Kind, MenuItem, More, TextField, Toasts, empty, icon, notice,
};
use crate::{browser, format, text};

/// The most bytes of a file that is added through the window.
const MOST_BYTES: f64 = 32.0 * 1024.0 * 1024.0;

/// Of which draft.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) drafting: Drafting,
    pub(super) page: Rc<DraftPage>,
}

/// What a dialog asks for.
#[derive(Clone, PartialEq)]
enum Asking {
    New,
    Rename(DraftFile),
}

/// The files, and the one that is looked at.
#[component]
pub(super) fn FilesTab(props: &Props) -> Html {
    let chosen = use_state_eq(|| None::<String>);
    let asking = use_state_eq(|| None::<Asking>);
    let failed = use_state_eq(|| None::<&'static str>);
    let toasts = use_context::<Toasts>();
    let picker = use_node_ref();
    let drafting = &props.drafting;
    let shown = {
        let drafting = drafting.clone();
        Callback::from(move |page: DraftPage| drafting.shown(page))
    };
    let remove = {
        let (shown, toasts, chosen) = (shown.clone(), toasts.clone(), chosen.clone());
        use_action::<RemoveDraftFile>(Callback::from(move |page| {
            chosen.set(None);
            shown.emit(page);
            if let Some(toasts) = &toasts {
                toasts.say(text::FILE_REMOVED);
            }
        }))
    };
    let rename = {
        let (shown, asking, chosen) = (shown.clone(), asking.clone(), chosen.clone());
        use_action::<RenameDraftFile>(Callback::from(move |page| {
            asking.set(None);
            chosen.set(None);
            shown.emit(page);
        }))
    };
    let save = {
        let (shown, asking) = (shown, asking.clone());
        use_action::<SaveDraftFile>(Callback::from(move |page| {
            asking.set(None);
            shown.emit(page);
        }))
    };
    let choose = {
        let (chosen, drafting) = (chosen.clone(), drafting.clone());
        Callback::from(move |path: String| {
            drafting.open(&path);
            chosen.set(Some(path));
        })
    };
    let on_picked = {
        let (save, drafting, failed, toasts) =
            (save.send.clone(), drafting.clone(), failed.clone(), toasts);
        Callback::from(move |event: Event| {
            let Some(field) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            let file = field.files().and_then(|files| files.get(0));
            let Some(file) = file else { return };
            if file.size() > MOST_BYTES {
                return failed.set(Some(text::FILE_TOO_LARGE));
            }
            failed.set(None);
            let path = path_for(&file.name());
            let (save, agent, failed, toasts) = (
                save.clone(),
                drafting.agent().clone(),
                failed.clone(),
                toasts.clone(),
            );
            read_base64(&file, move |content| match content {
                Some(content) => {
                    if let Some(toasts) = &toasts {
                        toasts.announce(text::file_added(&path));
                    }
                    save.emit(SaveDraftFile {
                        agent,
                        path,
                        content: NewContent::Base64(content),
                        seen: None,
                    });
                }
                None => failed.set(Some(text::FILE_UNREADABLE)),
            });
            // The same file can be chosen again.
            field.set_value("");
        })
    };
    let pick = {
        let picker = picker.clone();
        Callback::from(move |()| {
            if let Some(picker) = browser::element(&picker) {
                picker.click();
            }
        })
    };
    let ask = |what: Option<Asking>| {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(what.clone()))
    };
    let row = |file: &DraftFile| {
        let here = chosen.as_deref() == Some(file.path.as_str());
        let onclick = {
            let (choose, path) = (choose.clone(), file.path.clone());
            Callback::from(move |_: MouseEvent| choose.emit(path.clone()))
        };
        let on_remove = {
            let (send, agent, file) = (remove.send.clone(), drafting.agent().clone(), file.clone());
            Callback::from(move |()| {
                send.emit(RemoveDraftFile {
                    agent: agent.clone(),
                    path: file.path.clone(),
                    seen: file.content,
                });
            })
        };
        let is_fixed = [INSTRUCTIONS, MANIFEST].contains(&file.path.as_str());
        let items = vec![
            MenuItem {
                label: text::RENAME.into(),
                icon: Icon::Pen,
                is_danger: false,
                why_not: None,
                chosen: ask(Some(Asking::Rename(file.clone()))),
            },
            MenuItem {
                label: text::REMOVE.into(),
                icon: Icon::Trash,
                is_danger: true,
                why_not: None,
                chosen: on_remove,
            },
        ];
        let size = usize::try_from(file.size).unwrap_or(usize::MAX);
        html! {
            <li key={file.path.clone()} class={classes!("file", here.then_some("is-selected"))}>
                <button type="button" class="file__open" aria-current={here.then_some("true")} {onclick}>{ icon(Icon::File) }<span class="path clip" title={file.path.clone()}>{ file.path.clone() }</span><span class="small t3 num">{ format::bytes(size) }</span></button>
                if !is_fixed { <More label={format!("{}: {}", text::MORE_FOR, file.path)} {items} /> }
            </li>
        }
    };
    let problem = remove
        .problem
        .clone()
        .or_else(|| save.problem.clone().filter(|_| asking.is_none()));
    let dialog = asking.as_ref().map(|asked| {
        let (title, was, action) = match asked {
            Asking::New => (text::NEW_FILE, "files/".to_owned(), text::CREATE),
            Asking::Rename(file) => (text::RENAME, file.path.clone(), text::RENAME),
        };
        let onname = {
            let (asked, agent, rename, save) = (asked.clone(), drafting.agent().clone(), rename.send.clone(), save.send.clone());
            Callback::from(move |path: String| match &asked {
                Asking::New => save.emit(SaveDraftFile { agent: agent.clone(), path, content: NewContent::Text(String::new()), seen: None }),
                Asking::Rename(file) => rename.emit(RenameDraftFile { agent: agent.clone(), path: file.path.clone(), to: path, seen: file.content }),
            })
        };
        let said = match asked {
            Asking::New => save.problem.clone(),
            Asking::Rename(_) => rename.problem.clone(),
        };
        html! { <NameDialog key={was} {title} was={was.clone()} {action} busy={save.busy || rename.busy} problem={said} {onname} onclose={ask(None)} /> }
    });
    let view = match chosen.as_ref().filter(|path| {
        props
            .page
            .draft
            .files
            .iter()
            .any(|file| file.path == **path)
    }) {
        Some(path) => {
            html! { <TextTab key={path.clone()} drafting={drafting.clone()} path={path.clone()} label={path.clone()} findings={props.page.draft.findings.clone()} /> }
        }
        None => empty(Icon::File, text::CHOOSE_FILE, None),
    };
    html! {
        <div class="filestab">
            <div class="filestab__list scroll">
                <div class="filestab__head">
                    <Button label={text::NEW_FILE} icon={Icon::Plus} small=true onclick={ask(Some(Asking::New))} />
                    <Button label={text::ADD_FROM_DISK} icon={Icon::Import} small=true busy={save.busy} onclick={pick} />
                    <input ref={picker} type="file" class="visually-hidden" tabindex="-1" aria-label={text::ADD_FROM_DISK} onchange={on_picked} />
                </div>
                if let Some(said) = *failed { <div class="notice notice--failed" role="alert">{ icon(Icon::Alert) }<div>{ said }</div></div> }
                if let Some(problem) = problem { { notice(&problem, None) } }
                <ul aria-label={text::FILES_OF_PACKAGE}>{ for props.page.draft.files.iter().map(row) }</ul>
            </div>
            <div class="filestab__view">{ view }</div>
            { for dialog }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NameProps {
    title: &'static str,
    was: String,
    action: &'static str,
    busy: bool,
    problem: Option<Rc<slipway_contract::Problem>>,
    onname: Callback<String>,
    onclose: Callback<()>,
}

#[component]
fn NameDialog(props: &NameProps) -> Html {
    let path = use_state_eq(|| props.was.clone());
    let oninput = {
        let path = path.clone();
        Callback::from(move |typed: String| path.set(typed))
    };
    let done = {
        let (path, onname) = (path.clone(), props.onname.clone());
        Callback::from(move |()| onname.emit(path.trim().to_owned()))
    };
    let error = props
        .problem
        .as_ref()
        .map(|problem| AttrValue::from(text::sentence(&problem.message)));
    html! {
        <Dialog title={props.title} open=true onclose={props.onclose.clone()} actions={html! { <><Button label={text::CANCEL} onclick={props.onclose.clone()} /><Button label={props.action} kind={Kind::Primary} busy={props.busy} onclick={done.clone()} /></> }}>
            <div onkeydown={on_enter(done)}><TextField id="file-path" label={text::PATH} help={text::FILE_PATH_HOW} {error} mono=true value={(*path).clone()} {oninput} /></div>
        </Dialog>
    }
}

/// Where a file of the disk goes in the package.
fn path_for(name: &str) -> String {
    if name == "README.md" {
        name.to_owned()
    } else {
        format!("files/{name}")
    }
}

/// Reads a file that the person chose, as Base64; none where it cannot be read.
fn read_base64(file: &web_sys::File, then: impl FnOnce(Option<String>) + 'static) {
    let Ok(reader) = FileReader::new() else {
        return then(None);
    };
    let onload = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            let url = reader.result().ok().and_then(|result| result.as_string());
            // An empty file has a URL without content.
            then(url.map(|url| {
                url.split_once(',')
                    .map(|(_, content)| content.to_owned())
                    .unwrap_or_default()
            }));
        })
    };
    reader.set_onloadend(Some(onload.unchecked_ref()));
    if reader.read_as_data_url(file).is_err() {
        browser::warn("a file could not be read");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_disk_goes_where_tools_find_it() {
        assert_eq!(path_for("rates.csv"), "files/rates.csv");
        assert_eq!(path_for("README.md"), "README.md");
    }
}
