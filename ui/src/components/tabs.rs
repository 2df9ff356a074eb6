//! Parts of a page of which one is shown.

use yew::prelude::*;

use crate::browser;

/// A tab.
#[derive(Clone, PartialEq)]
pub(crate) struct Tab {
    /// Its words.
    pub(crate) label: AttrValue,
    /// What stands behind them, such as a mark.
    pub(crate) mark: Option<Html>,
}

impl Tab {
    /// A tab with nothing but words.
    pub(crate) fn new(label: impl Into<AttrValue>) -> Self {
        Self {
            label: label.into(),
            mark: None,
        }
    }
}

/// What the tabs show and do.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What the parts have in common.
    pub(crate) label: AttrValue,
    /// The tabs.
    pub(crate) tabs: Vec<Tab>,
    /// Which part is shown.
    pub(crate) chosen: usize,
    /// The id of the element with `role="tabpanel"` that holds the part; tabs are named after it.
    pub(crate) panel: AttrValue,
    /// Another one is wanted.
    pub(crate) onchoose: Callback<usize>,
    /// Smaller, below a bar.
    #[prop_or_default]
    pub(crate) small: bool,
}

/// The id of a tab, for the `aria-labelledby` of its panel.
pub(crate) fn tab_id(panel: &str, tab: usize) -> String {
    format!("{panel}-tab-{tab}")
}

/// Tabs; arrows move between them.
#[component]
pub(crate) fn Tabs(props: &Props) -> Html {
    let onkeydown = {
        let (chosen, count) = (props.chosen, props.tabs.len());
        let (onchoose, panel) = (props.onchoose.clone(), props.panel.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = count.saturating_sub(1);
            let to = match event.key().as_str() {
                "ArrowRight" if chosen == last => 0,
                "ArrowRight" => chosen + 1,
                "ArrowLeft" => chosen.checked_sub(1).unwrap_or(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            onchoose.emit(to);
            browser::focus_id(&tab_id(&panel, to));
        })
    };
    let tab = |(place, tab): (usize, &Tab)| {
        let chosen = place == props.chosen;
        let onclick = props.onchoose.reform(move |_: MouseEvent| place);
        html! {
            <button
                type="button"
                role="tab"
                id={tab_id(&props.panel, place)}
                key={place}
                aria-selected={chosen.to_string()}
                aria-controls={props.panel.clone()}
                tabindex={if chosen { "0" } else { "-1" }}
                {onclick}
            >{ tab.label.clone() }{ for tab.mark.clone() }</button>
        }
    };
    let class = classes!("tabs", props.small.then_some("tabs--small"));
    html! {
        <div {class} role="tablist" aria-label={props.label.clone()} {onkeydown}>{ for props.tabs.iter().enumerate().map(tab) }</div>
    }
}
