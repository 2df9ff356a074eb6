//! Two texts of one file, and the choice between them.

use slipway_contract::draft::Keep;
use yew::prelude::*;

use super::drafting::Drafting;
use super::sheet::Standing;
use crate::components::{Button, Dialog, Icon, icon};
use crate::text;

/// Of which file.
#[derive(Properties, PartialEq)]
pub(in crate::pages) struct Props {
    pub(in crate::pages) drafting: Drafting,
    pub(in crate::pages) path: AttrValue,
}

/// Says that somebody else saved the file, and asks which text stays.
#[component]
pub(in crate::pages) fn ConflictBar(props: &Props) -> Html {
    let comparing = use_state_eq(|| false);
    let Some(sheet) = props.drafting.sheet(&props.path) else {
        return Html::default();
    };
    let Standing::Conflict(theirs) = &sheet.standing else {
        return Html::default();
    };
    let settle = |keep: Keep| {
        let (drafting, path) = (props.drafting.clone(), props.path.clone());
        Callback::from(move |()| drafting.settle(&path, keep))
    };
    let compare = |to: bool| {
        let comparing = comparing.clone();
        Callback::from(move |()| comparing.set(to))
    };
    let side = |label: &'static str, content: String| {
        html! {
            <section aria-label={label}><h3 class="section">{ label }</h3><pre class="code well code--wrap selectable scroll">{ content }</pre></section>
        }
    };
    html! {
        <div class="notice build__notice" role="alert">
            { icon(Icon::Alert) }
            <div><b>{ text::conflict(&props.path) }</b>{ " " }{ text::CONFLICT_HOW }</div>
            <div class="btns">
                <Button label={text::COMPARE_BOTH} small=true onclick={compare(true)} />
                <Button label={text::TAKE_THEIRS} small=true onclick={settle(Keep::Theirs)} />
                <Button label={text::KEEP_MINE} small=true onclick={settle(Keep::Mine)} />
            </div>
            <Dialog title={props.path.clone()} open={*comparing} wide=true onclose={compare(false)} actions={html! { <Button label={text::CLOSE} onclick={compare(false)} /> }}>
                <div class="sides">{ side(text::MINE, sheet.text.to_string()) }{ side(text::THEIRS, theirs.text.clone().unwrap_or_default()) }</div>
            </Dialog>
        </div>
    }
}
