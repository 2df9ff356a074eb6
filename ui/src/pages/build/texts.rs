//! A part that is one text: the instructions, or `agent.toml` as it is written.

use std::rc::Rc;

use slipway_contract::error::Finding;
use yew::prelude::*;

use super::drafting::{Drafting, INSTRUCTIONS, MANIFEST, Open};
use super::sheet::Sheet;
use crate::components::{notice, skeleton};
use crate::editor::{Editor, Language, Place, Target};
use crate::{format, text};

/// What the format allows of each, and what is shown of others.
const MOST_MANIFEST: usize = 256 << 10;
const MOST_TEXT: usize = 1 << 20;

/// Which text.
#[derive(Properties, PartialEq)]
pub(in crate::pages) struct Props {
    /// The draft.
    pub(in crate::pages) drafting: Drafting,
    /// The file's path in the package.
    pub(in crate::pages) path: AttrValue,
    /// Its name.
    pub(in crate::pages) label: AttrValue,
    /// Where the cursor is to go.
    #[prop_or_default]
    pub(in crate::pages) target: Option<Target>,
    /// What is wrong in the package.
    #[prop_or_default]
    pub(in crate::pages) findings: Vec<Finding>,
}

/// The text in the editor.
#[component]
pub(in crate::pages) fn TextTab(props: &Props) -> Html {
    let (drafting, path) = (&props.drafting, props.path.clone());
    match drafting.file(&path) {
        None | Some(Open::Reading) => html! {
            <div class="build__waiting" role="status" aria-label={text::LOADING}>{ skeleton::lines(&["w-240", "w-320"]) }</div>
        },
        Some(Open::Failed(problem)) => {
            html! { <div class="failed">{ notice(&problem, None) }</div> }
        }
        Some(Open::Closed(size)) => {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            html! { <p class="build__empty t2">{ text::no_text(&format::bytes(size)) }</p> }
        }
        Some(Open::Sheet(sheet)) => {
            let oninput = {
                let (drafting, path) = (drafting.clone(), path.clone());
                Callback::from(move |typed: Rc<str>| drafting.type_in(&path, typed))
            };
            html! {
                <Editor
                    id={editor_id(&path)}
                    label={props.label.clone()}
                    text={Rc::clone(&sheet.text)}
                    revision={sheet.revision}
                    language={Language::of(&path)}
                    base={sheet.base.clone()}
                    wrong={wrong(&sheet, &path, &props.findings)}
                    most_bytes={if &*path == MANIFEST { MOST_MANIFEST } else { MOST_TEXT }}
                    target={props.target}
                    {oninput}
                />
            }
        }
    }
}

/// The editor's id in the page.
fn editor_id(path: &str) -> &'static str {
    match path {
        INSTRUCTIONS => "editor-instructions",
        MANIFEST => "editor-manifest",
        _ => "editor-file",
    }
}

/// What is wrong in this text, once the host has seen all of it.
fn wrong(sheet: &Sheet, path: &str, findings: &[Finding]) -> Vec<(Place, AttrValue)> {
    if !sheet.is_clean() {
        return Vec::new();
    }
    let here = findings.iter().filter(|finding| finding.file == path);
    here.filter_map(|finding| {
        let place = place_of(finding)?;
        let found = finding.fix.as_ref().map(|fix| fix.found.clone());
        Some((place, found.unwrap_or_default().into()))
    })
    .collect()
}

/// Where a finding is.
pub(in crate::pages) fn place_of(finding: &Finding) -> Option<Place> {
    Some(Place {
        line: finding.line? as usize,
        column: finding.column.unwrap_or(1) as usize,
    })
}
