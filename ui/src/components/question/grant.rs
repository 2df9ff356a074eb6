//! May this version have what its package asks for?

use slipway_contract::ContentHash;
use slipway_contract::approval::Answer;
use slipway_contract::permission::Permission;
use yew::prelude::*;

use super::{PathsStart, bound};
use crate::components::{Button, Icon, Kind, exact, icon};
use crate::text;

/// What is asked for.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is asked for and not yet granted.
    pub(crate) permissions: Vec<Permission>,
    /// The behaviour that the grant is for.
    pub(crate) behaviour: ContentHash,
    /// What the answer is bound to.
    pub(crate) binding: ContentHash,
    /// An answer is under way.
    pub(crate) busy: bool,
    /// Takes the answer.
    pub(crate) answer: Callback<Answer>,
}

/// What is asked for, and the answers.
#[component]
pub(crate) fn Grant(props: &Props) -> Html {
    let approve = props.answer.reform(|()| Answer::Approve);
    let deny = props.answer.reform(|()| Answer::Deny {
        reason: String::new(),
    });
    html! {
        <>
            <div class="approval__body">
                <ul class="asks selectable">{ for props.permissions.iter().map(permission) }</ul>
                if props.permissions.iter().any(has_path) { <PathsStart /> }
                { bound(props.binding, text::GRANT_IS_FOR_THIS_BEHAVIOUR) }
            </div>
            <div class="approval__foot">
                <Button label={text::GRANT} kind={Kind::Primary} busy={props.busy} onclick={approve} />
                <Button label={text::DO_NOT_GRANT} busy={props.busy} onclick={deny} />
            </div>
        </>
    }
}

const fn has_path(permission: &Permission) -> bool {
    matches!(
        permission,
        Permission::ReadFiles { .. } | Permission::WriteFiles { .. }
    )
}

/// One thing that is asked for: what it would do, and the package's own words for it.
pub(crate) fn permission(permission: &Permission) -> Html {
    let (shown, words, what) = match permission {
        Permission::ReadFiles { path } => (Icon::Folder, text::READ_FILES, path.clone()),
        Permission::WriteFiles { path } => (Icon::Pen, text::WRITE_FILES, path.clone()),
        Permission::Network { host } => (Icon::Globe, text::CONNECT_TO, host.clone()),
        Permission::Command { command } => (Icon::Terminal, text::START_PROGRAM, command.join(" ")),
        Permission::Unasked { tool } => (Icon::Tool, text::NOT_ASK_BEFORE, tool.clone()),
    };
    html! { <li>{ icon(shown) }<span>{ words }{ " " }<span class="path">{ exact(&what) }</span></span></li> }
}
