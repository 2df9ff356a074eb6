//! A page that this version does not have.

use yew::prelude::*;

use crate::components::{Icon, empty};
use crate::route::Route;
use crate::text;

/// Says so, and leads to where something is.
pub(crate) fn not_built(title: &str) -> Html {
    let action = html! { <a class="btn" href={Route::Agents.href()}>{ text::SHOW_AGENTS }</a> };
    let sentence = format!("{title}: {}", text::NOT_IN_THIS_VERSION.to_lowercase());
    html! {
        <div class="page page--centred" data-pane="" tabindex="-1">
            <h1 class="visually-hidden">{ title.to_owned() }</h1>
            { empty(Icon::Info, &sentence, Some(action)) }
        </div>
    }
}
