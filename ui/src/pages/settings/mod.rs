//! The settings: a column that names the pages there are, and the page beside it.

mod about;
mod account;
mod appearance;
mod budget_limit;
mod budgets;
mod data;
mod key_form;
mod key_store;
mod models;
mod notifications;
mod panel;
mod passphrase;
mod privacy;
mod provider;
mod secret_field;
mod servers;
mod shortcuts;
mod standing;
mod unlock_form;

use slipway_contract::cloud::OrganizationId;
use yew::prelude::*;

use crate::components::{Icon, icon};
use crate::route::{Route, Section};
use crate::text;
pub(crate) use key_form::KeyForm;

/// Which page, and what is opened with it.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The page.
    pub(crate) section: Section,
    /// The provider that is to be given a key.
    #[prop_or_default]
    pub(crate) adding: Option<AttrValue>,
    /// The organization that is looked at.
    #[prop_or_default]
    pub(crate) organization: Option<OrganizationId>,
}

/// The pages that there are.
pub(crate) const SHOWN_SECTIONS: &[Section] = &[
    Section::Models,
    Section::Budgets,
    Section::Appearance,
    Section::Notifications,
    Section::Privacy,
    Section::Account,
    Section::Data,
    Section::Shortcuts,
    Section::About,
];

/// The column, with a page of the settings beside it.
#[component]
pub(crate) fn SettingsPage(props: &Props) -> Html {
    let page = match props.section {
        Section::Models => html! { <models::ModelsPage adding={props.adding.clone()} /> },
        Section::Budgets => html! { <budgets::Budgets /> },
        Section::Account => {
            html! { <account::Account organization={props.organization} /> }
        }
        Section::Data => html! { <data::Data /> },
        Section::Appearance => html! { <appearance::Appearance /> },
        Section::Notifications => html! { <notifications::Notifications /> },
        Section::Privacy => html! { <privacy::Privacy /> },
        Section::About => html! { <about::AboutPage /> },
        Section::Shortcuts => shortcuts::shortcuts(),
    };
    let item = |section: &Section| {
        let to = Route::Settings { section: *section };
        html! {
            <a class="nav__item" href={to.href()} aria-current={(*section == props.section).then_some("page")}>
                { icon(section_icon(*section)) }<span>{ text::section(*section) }</span>
            </a>
        }
    };
    html! {
        <div class="body settings">
            <nav class="pane setnav" aria-label={text::SETTINGS} data-pane="" tabindex="-1">
                <div class="setnav__head">{ text::SETTINGS }</div>
                <div class="nav">{ for SHOWN_SECTIONS.iter().map(item) }</div>
            </nav>
            <div class="pane set scroll" data-pane="" tabindex="-1">{ page }</div>
        </div>
    }
}

/// The icon of a page of the settings.
pub(crate) const fn section_icon(section: Section) -> Icon {
    match section {
        Section::Models => Icon::Key,
        Section::Budgets => Icon::Gauge,
        Section::Appearance => Icon::Contrast,
        Section::Notifications => Icon::Bell,
        Section::Privacy => Icon::Shield,
        Section::Account => Icon::User,
        Section::Data => Icon::Database,
        Section::Shortcuts => Icon::Keyboard,
        Section::About => Icon::Info,
    }
}
