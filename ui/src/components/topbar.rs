//! The bar at the top of a page.

use yew::prelude::*;

/// The page's title, a note beside it and what can be done at the right.
pub(crate) fn topbar(title: &str, note: Html, actions: Html) -> Html {
    html! {
        <header class="topbar">
            <h1 class="topbar__title clip" title={title.to_owned()}>{ title.to_owned() }</h1>
            <span class="topbar__note num clip">{ note }</span>
            <span class="spacer"></span>
            { actions }
        </header>
    }
}
