//! The settings: a column that names the pages there are, and the page beside it.

mod key_form;
mod key_store;
mod models;
mod panel;
mod provider;
mod secret_field;
mod servers;
mod standing;

use yew::prelude::*;

use crate::components::{Icon, icon};
use crate::route::Route;
use crate::text;

pub(crate) use models::ModelsPage;

/// The column, with a page of the settings beside it.
fn settings(page: Html) -> Html {
    html! {
        <div class="body settings">
            <nav class="pane setnav" aria-label={text::SETTINGS} data-pane="" tabindex="-1">
                <div class="setnav__head">{ text::SETTINGS }</div>
                <div class="nav">
                    <a class="nav__item" href={Route::Models.href()} aria-current="page">{ icon(Icon::Key) }<span>{ text::MODELS_AND_KEYS }</span></a>
                </div>
            </nav>
            <div class="pane set scroll" data-pane="" tabindex="-1">{ page }</div>
        </div>
    }
}
