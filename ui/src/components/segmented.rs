//! A choice of few, all of them in view.

use yew::prelude::*;

/// What is chosen from.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is chosen.
    pub(crate) label: AttrValue,
    /// The words of each.
    pub(crate) items: Vec<AttrValue>,
    /// Which is chosen.
    pub(crate) chosen: usize,
    /// Another one is wanted.
    pub(crate) onchoose: Callback<usize>,
    /// A smaller one.
    #[prop_or_default]
    pub(crate) small: bool,
}

/// A choice of few.
#[component]
pub(crate) fn Segmented(props: &Props) -> Html {
    let item = |(place, label): (usize, &AttrValue)| {
        let onclick = props.onchoose.reform(move |_: MouseEvent| place);
        html! { <button type="button" key={place} aria-pressed={(place == props.chosen).to_string()} {onclick}>{ label.clone() }</button> }
    };
    let class = classes!("segmented", props.small.then_some("segmented--small"));
    html! { <div {class} role="group" aria-label={props.label.clone()}>{ for props.items.iter().enumerate().map(item) }</div> }
}
