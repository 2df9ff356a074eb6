//! An address that names no page.

use yew::prelude::*;

use crate::components::{Icon, icon};
use crate::route::Route;
use crate::text;

/// An address that names no page.
#[component]
pub(crate) fn NotFoundPage() -> Html {
    html! {
        <div class="page page--centred">
            <div class="empty">
                { icon(Icon::Search) }
                <h1 class="strong">{ text::NO_SUCH_PAGE }</h1>
                <div class="btns"><a class="btn" href={Route::Agents.href()}>{ text::SHOW_AGENTS }</a></div>
            </div>
        </div>
    }
}
