//! Settings: the shortcuts, as this system writes them.

use slipway_contract::shortcut::{Scope, Shortcut};
use yew::prelude::*;

use crate::shortcuts::{self, keys};
use crate::text;

/// All shortcuts.
pub(super) fn shortcuts() -> Html {
    let row = |shortcut: Shortcut| {
        let other = shortcuts::other_keys(shortcut);
        html! {
            <div class="pref" key={shortcut.id()}>
                <dt class="pref__what">{ text::shortcut(shortcut) }</dt>
                <dd><span class="visually-hidden">{ shortcuts::spoken(shortcut) }</span>{ keys(shortcut) }
                    if let Some((drawn, spoken)) = other { <span class="small t3 shortcuts__or">{ text::OR }</span><span class="visually-hidden">{ spoken }</span>{ drawn } }
                </dd>
            </div>
        }
    };
    let group = |scope: Scope| {
        html! {
            <section aria-label={text::scope(scope)}>
                <h2 class="section">{ text::scope(scope) }</h2>
                <dl class="rows">{ for shortcuts::of(scope).map(row) }</dl>
            </section>
        }
    };
    html! {
        <div class="shortcuts">
            <h1 class="head">{ text::section(crate::route::Section::Shortcuts) }</h1>
            <p class="t2 set__lead">{ text::SHORTCUTS_LEAD }</p>
            { for Scope::ALL.map(group) }
        </div>
    }
}
