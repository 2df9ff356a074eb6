//! Importing a package: what it is and asks for is shown first, and exactly that is imported.

use slipway_contract::AgentName;
use slipway_contract::agent::{AgentSummary, PackageName, PackagePreview};
use slipway_contract::command::{ImportPackage, PickPackage, PreviewPackage};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::components::{Button, Icon, Kind, TextField, exact, notice, permission};
use crate::doorstep::Brought;
use crate::place::Place;
use crate::{format, text};

/// Where it leads.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The agent was imported.
    pub(super) made: Callback<AgentSummary>,
}

/// The choice of a package, and what is shown of it.
#[component]
pub(super) fn Import(props: &Props) -> Html {
    let path = use_state_eq(String::new);
    let shown = use_state_eq(|| None::<PackagePreview>);
    let preview = {
        let shown = shown.clone();
        use_action::<PreviewPackage>(Callback::from(move |found| shown.set(Some(found))))
    };
    let look = {
        let (shown, send) = (shown.clone(), preview.send.clone());
        Callback::from(move |path: String| {
            shown.set(None);
            let path = path.trim().to_owned();
            if !path.is_empty() {
                send.emit(PreviewPackage { path });
            }
        })
    };
    let brought = use_context::<UseStateHandle<Brought>>();
    {
        let package = brought.as_ref().and_then(|brought| brought.package.clone());
        let (path, look) = (path.clone(), look.clone());
        use_effect_with(package, move |package| {
            if let (Some(package), Some(brought)) = (package, brought) {
                path.set(package.clone());
                look.emit(package.clone());
                brought.set(Brought::default());
            }
        });
    }
    let pick = {
        let (path, look) = (path.clone(), look.clone());
        use_action::<PickPackage>(Callback::from(move |picked: Option<String>| {
            if let Some(picked) = picked {
                path.set(picked.clone());
                look.emit(picked);
            }
        }))
    };
    let oninput = {
        let (path, shown) = (path.clone(), shown.clone());
        Callback::from(move |text| {
            path.set(text);
            shown.set(None);
        })
    };
    let again = {
        let (look, path) = (look, (*path).clone());
        Callback::from(move |()| look.emit(path.clone()))
    };
    let onsubmit = {
        let again = again.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            again.emit(());
        })
    };
    let choose = |folder: bool| pick.send.reform(move |()| PickPackage { folder });
    html! {
        <section>
            <h2 class="section">{ text::IMPORT_PACKAGE }</h2>
            <p class="small t2">{ text::IMPORT_HOW }</p>
            <form class="form" {onsubmit}>
                <TextField id={Place::Package.id()} label={text::PACKAGE_PATH} mono=true value={(*path).clone()} {oninput} />
                <div class="btns">
                    <Button label={text::CHOOSE_ARCHIVE} icon={Icon::File} busy={pick.busy} onclick={choose(false)} />
                    <Button label={text::CHOOSE_FOLDER} icon={Icon::Folder} busy={pick.busy} onclick={choose(true)} />
                    if !path.trim().is_empty() { <Button label={text::LOOK_AT_IT} icon={Icon::Eye} kind={Kind::Quiet} busy={preview.busy} onclick={again} /> }
                </div>
            </form>
            if let Some(problem) = &pick.problem { { notice(problem, None) } }
            if let Some(problem) = &preview.problem { { notice(problem, None) } }
            if let Some(package) = &*shown { <Shown key={package.hash.to_string()} package={package.clone()} made={props.made.clone()} /> }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ShownProps {
    package: PackagePreview,
    made: Callback<AgentSummary>,
}

/// What a package says of itself is text of somebody else: it is shown as written.
#[component]
fn Shown(props: &ShownProps) -> Html {
    let package = &props.package;
    let import = use_action::<ImportPackage>(props.made.clone());
    let send = |replace: bool, name: Option<AgentName>| {
        let order = ImportPackage {
            path: package.path.clone(),
            hash: package.hash,
            replace,
            name,
        };
        import.send.reform(move |()| order.clone())
    };
    let button = |label: String, kind: Kind, onclick: Callback<()>| html! { <Button {label} {kind} busy={import.busy} {onclick} /> };
    let (standing, buttons) = match &package.standing {
        PackageName::Free => (
            None,
            button(text::IMPORT_IT.to_owned(), Kind::Primary, send(false, None)),
        ),
        PackageName::Same => (
            Some(text::SAME_HERE.to_owned()),
            button(text::OPEN.to_owned(), Kind::Plain, send(false, None)),
        ),
        PackageName::Taken {
            title,
            version,
            free,
            ..
        } => (
            Some(text::name_is_taken(title, &version.short())),
            html! {
                <>
                    { button(text::import_as(free.as_str()), Kind::Primary, send(false, Some(free.clone()))) }
                    { button(text::IMPORT_AS_VERSION.to_owned(), Kind::Plain, send(true, None)) }
                </>
            },
        ),
    };
    let or_nobody = |text: String| match text.as_str() {
        "" => html! { <span class="t3">{ text::NOBODY_SAYS }</span> },
        text => exact(text),
    };
    let fact = |label: &'static str, value: Html| html! { <><dt>{ label }</dt><dd class="selectable">{ value }</dd></> };
    let size = usize::try_from(package.size).unwrap_or(usize::MAX);
    let tools = package.tools.iter().map(|tool| {
        html! { <li><span class="path">{ exact(&tool.name) }</span>{ " " }<span class="small t3">{ text::asked_approval(tool.approval) }</span></li> }
    });
    html! {
        <div class="group package">
            <div class="package__head">
                <div class="strong" dir="auto">{ exact(&package.title) }</div>
                <div class="small t3 path">{ package.name.to_string() }</div>
                if !package.description.is_empty() { <p class="t2" dir="auto">{ exact(&package.description) }</p> }
            </div>
            <div class="package__body">
                <dl class="facts">
                    { fact(text::WRITTEN_BY, html! { <>{ or_nobody(package.authors.join(", ")) }if !package.authors.is_empty() { <span class="t3">{ ", " }{ text::NOT_CHECKED }</span> }</> }) }
                    { fact(text::LICENCE, or_nobody(package.license.clone().unwrap_or_default())) }
                    { fact(text::PACKAGE_MODEL, exact(&package.models.join(", "))) }
                    { fact(text::PACKAGE_SIZE, html! { { text::files_and_size(package.files, &format::bytes(size)) } }) }
                    { fact(text::CONTENT_HASH, html! { <span class="path package__hash">{ package.hash.to_string() }</span> }) }
                </dl>
            </div>
            <div class="package__body">
                <h3 class="small medium">{ text::USES_TOOLS }</h3>
                if package.tools.is_empty() { <p class="small t3">{ text::NO_TOOLS }</p> } else { <ul class="package__tools">{ for tools }</ul> }
                <h3 class="small medium">{ text::IT_ASKS_TO }</h3>
                if package.permissions.is_empty() { <p class="small t3">{ text::ASKS_NOTHING }</p> } else { <ul class="asks selectable">{ for package.permissions.iter().map(permission) }</ul> }
                { for package.notes.iter().map(|note| html! { <p class="small t2">{ exact(note) }</p> }) }
            </div>
            <div class="package__foot">
                if let Some(standing) = standing { <p class="small t2">{ exact(&standing) }</p> }
                if let Some(problem) = &import.problem { { notice(problem, None) } }
                <div class="btns">{ buttons }</div>
                <p class="small t3">{ text::GRANTS_NOTHING }</p>
            </div>
        </div>
    }
}
