//! Buttons.

use yew::prelude::*;

use super::icon::{Icon, icon};
use super::mark::{Mark, mark};
use crate::browser;

/// How much a button stands out; one primary button a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    /// The main thing.
    Primary,
    /// One of several things.
    #[default]
    Plain,
    /// Beside others.
    Quiet,
    /// Takes something away.
    Danger,
}

/// What a button shows and does.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Its words.
    pub(crate) label: AttrValue,
    /// Its name, where the words say too little without what stands beside it.
    #[prop_or_default]
    pub(crate) name: Option<AttrValue>,
    /// How much it stands out.
    #[prop_or_default]
    pub(crate) kind: Kind,
    /// An icon before the words.
    #[prop_or_default]
    pub(crate) icon: Option<Icon>,
    /// Only the icon is shown; the words are its name.
    #[prop_or_default]
    pub(crate) icon_only: bool,
    /// A smaller one.
    #[prop_or_default]
    pub(crate) small: bool,
    /// Shows the shortcut of the main thing.
    #[prop_or_default]
    pub(crate) main_shortcut: bool,
    /// What it ordered is under way.
    #[prop_or_default]
    pub(crate) busy: bool,
    /// Whether what it opens is open.
    #[prop_or_default]
    pub(crate) expanded: Option<bool>,
    /// By which the keyboard is led back to it.
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// Why it cannot be pressed now. It stays reachable, so that the reason can be read.
    #[prop_or_default]
    pub(crate) why_not: Option<AttrValue>,
    /// What follows.
    pub(crate) onclick: Callback<()>,
}

/// A button.
#[component]
pub(crate) fn Button(props: &Props) -> Html {
    let kind = match props.kind {
        Kind::Primary => Some("btn--primary"),
        Kind::Plain => None,
        Kind::Quiet => Some("btn--quiet"),
        Kind::Danger => Some("btn--danger"),
    };
    let class = classes!(
        "btn",
        kind,
        props.small.then_some("btn--small"),
        props.icon_only.then_some("btn--icon")
    );
    let onclick = {
        let (pressed, blocked) = (props.onclick.clone(), props.busy || props.why_not.is_some());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            if !blocked {
                pressed.emit(());
            }
        })
    };
    html! {
        <button
            type="button"
            id={props.id.clone()}
            {class}
            {onclick}
            title={props.why_not.clone().or_else(|| props.icon_only.then(|| props.label.clone()))}
            aria-label={props.name.clone().or_else(|| props.icon_only.then(|| props.label.clone()))}
            aria-expanded={props.expanded.map(|is_open| is_open.to_string())}
            aria-disabled={props.why_not.is_some().then_some("true")}
            aria-busy={props.busy.then_some("true")}
        >
            if props.busy { { mark(Mark::Running) } } else if let Some(shown) = props.icon { { icon(shown) } }
            if !props.icon_only { { props.label.clone() } }
            if props.main_shortcut { { main_keys() } }
        </button>
    }
}

/// The keys of the main thing, as this system names them.
fn main_keys() -> Html {
    let modifier = if browser::is_mac() { "⌘" } else { "Ctrl" };
    html! { <span class="keys" aria-hidden="true"><kbd class="kbd">{ modifier }</kbd><kbd class="kbd">{ "↵" }</kbd></span> }
}
