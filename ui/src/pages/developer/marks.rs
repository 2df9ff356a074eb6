//! Marks, tags, rows and icons.

use slipway_contract::shortcut::Shortcut;
use yew::prelude::*;

use crate::components::skeleton::{self, Cell};
use crate::components::{Icon, Mark, icon, run_mark, run_status};
use crate::shortcuts::keys;
use crate::text;

const MARKS: [Mark; 7] = [
    Mark::Queued,
    Mark::Running,
    Mark::Parked,
    Mark::CutOff,
    Mark::Succeeded,
    Mark::Failed,
    Mark::Cancelled,
];

/// The states of a run, with their words and alone.
pub(super) fn states() -> Html {
    html! {
        <>
            <div class="specimen__states">{ for MARKS.map(run_status) }</div>
            <div class="btns specimen__line">{ for MARKS.map(run_mark) }</div>
        </>
    }
}

/// Tags, counts and keys.
pub(super) fn tags() -> Html {
    let tag = |(class, word): (&'static str, &'static str)| html! { <span class={classes!("tag", class)}>{ word }</span> };
    let tags = [
        ("", text::SPECIMEN_NAME),
        ("tag--accent", text::RUNNING),
        ("tag--parked", text::NEEDS_YOU),
        ("tag--failed", text::FAILED),
        ("tag--succeeded", text::status(Mark::Succeeded)),
    ];
    html! {
        <div class="btns specimen__line">
            { for tags.map(tag) }
            <b class="count count--parked">{ 2 }</b>
            { for [Shortcut::Palette, Shortcut::Redo, Shortcut::Main, Shortcut::Close].map(keys) }
        </div>
    }
}

/// A table's rows at rest, under the pointer, chosen, focused and waited for.
pub(super) fn rows() -> Html {
    let row = |(place, state): (usize, &'static str)| {
        let mark = MARKS[place + 1];
        html! {
            <tr class={if place == 3 { "is-focus" } else { "" }} aria-selected={(place == 2).then_some("true")} key={place}>
                <td>{ run_status(mark) }</td><td class="medium">{ text::SPECIMEN_NAME }</td><td class="t2">{ state }</td><td class="r">{ "$0.0785" }</td>
            </tr>
        }
    };
    let states = text::SPECIMEN_ROW_STATES.into_iter().enumerate();
    html! {
        <table class="table">
            <thead><tr><th>{ text::STATUS }</th><th>{ text::AGENT }</th><th aria-sort="descending">{ icon(Icon::Down) }{ text::SPECIMEN_STATE }</th><th class="r">{ text::COST }</th></tr></thead>
            <tbody>
                { for states.map(row) }
                { skeleton::rows(2, &[Cell::Text("w-72"), Cell::Text("w-96"), Cell::Text("w-120"), Cell::Figure("w-44")]) }
            </tbody>
        </table>
    }
}

/// All icons.
pub(super) fn icons() -> Html {
    let each = |shown: &Icon| html! { <li title={shown.id()}>{ icon(*shown) }<span class="visually-hidden">{ shown.id() }</span></li> };
    html! { <ul class="specimen__icons">{ for Icon::ALL.iter().map(each) }</ul> }
}
