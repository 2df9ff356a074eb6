//! Settings: Slipway itself, and the licences of what ships with it.

use std::rc::Rc;

use slipway_contract::about::{About, ShippedPackage};
use slipway_contract::command::{CheckUpdate, InstallUpdate, ShowAbout, ShowLicence, ShowPrivacy};
use slipway_contract::shell::Update;
use yew::prelude::*;

use crate::bridge::{use_action, use_query};
use crate::components::{Button, Kind, async_value, exact, notice, skeleton};
use crate::text;

/// Slipway itself.
#[component]
pub(super) fn AboutPage() -> Html {
    let about = use_query(ShowAbout {}, 0);
    html! {
        <>
            <h1 class="head">{ text::section(crate::route::Section::About) }</h1>
            { async_value(&about, skeleton::lines(&["w-240", "w-320"]), shown) }
        </>
    }
}

fn shown(about: &Rc<About>) -> Html {
    html! {
        <>
            <div class="about">
                <img src="logo.svg" width="40" height="40" alt="" />
                <div>
                    <div class="strong">{ text::PRODUCT }{ " " }<span class="num selectable">{ about.version.clone() }</span></div>
                    <div class="small t2">{ text::OWN_LICENCE }</div>
                </div>
            </div>
            <Updates />
            <section class="licences" aria-label={text::LICENCES}>
                <h2 class="section">{ text::LICENCES }<span class="t3 num">{ about.packages.len() }</span></h2>
                <p class="small t3">{ text::LICENCES_WHAT }</p>
                { for about.packages.iter().map(|package| html! { <Package key={format!("{} {}", package.name, package.version)} package={package.clone()} /> }) }
            </section>
        </>
    }
}

/// Asks for a newer version when the person wants it; not there in a build that asks nobody.
#[component]
fn Updates() -> Html {
    let leaving = use_query(ShowPrivacy {}, 0);
    let found = use_state_eq(|| None::<Update>);
    let check = {
        let found = found.clone();
        use_action::<CheckUpdate>(Callback::from(move |update| found.set(Some(update))))
    };
    let install = use_action::<InstallUpdate>(Callback::noop());
    let Some(host) = leaving
        .state
        .ready()
        .and_then(|leaving| leaving.updates.clone())
    else {
        return Html::default();
    };
    let onclick = check.send.reform(|()| CheckUpdate {});
    let newer = |version: &str, notes: Option<&String>| {
        let order = InstallUpdate {
            version: version.to_owned(),
        };
        let onclick = install.send.reform(move |()| order.clone());
        html! {
            <>
                <p class="medium">{ exact(&text::newer_version(version)) }</p>
                if let Some(notes) = notes { <pre class="well link__what small selectable" dir="auto">{ exact(notes) }</pre> }
                <p class="small t3">{ text::INSTALL_UPDATE_HOW }</p>
                <Button label={text::INSTALL_UPDATE} kind={Kind::Primary} busy={install.busy} {onclick} />
            </>
        }
    };
    html! {
        <section aria-label={text::UPDATES}>
            <h2 class="section">{ text::UPDATES }</h2>
            <p class="small t3">{ text::asks_for_update(&host) }</p>
            { match &*found {
                Some(Update::Newer { version, notes }) => newer(version, notes.as_ref()),
                Some(Update::Newest) => html! { <p role="status">{ text::NEWEST_VERSION }</p> },
                None => html! { <Button label={text::LOOK_FOR_UPDATE} busy={check.busy} {onclick} /> },
            } }
            if let Some(problem) = check.problem.as_ref().or(install.problem.as_ref()) { { notice(problem, None) } }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct PackageProps {
    package: ShippedPackage,
}

/// A package; its texts are asked for when it is opened.
#[component]
fn Package(props: &PackageProps) -> Html {
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: Event| open.set(true))
    };
    let package = &props.package;
    html! {
        <details {ontoggle}>
            <summary>
                <span class="medium">{ package.name.clone() }</span>
                <span class="small t3 num">{ package.version.clone() }</span>
                <span class="spacer"></span>
                <span class="small t2">{ package.licence.clone() }</span>
            </summary>
            if *open {
                if package.texts.is_empty() { <p class="small t2">{ text::LICENCE_IS_USUAL }</p> }
                { for package.texts.iter().map(|text| html! { <LicenceText key={*text} number={*text} /> }) }
            }
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct TextProps {
    number: u32,
}

#[component]
fn LicenceText(props: &TextProps) -> Html {
    let text = use_query(ShowLicence { text: props.number }, 0);
    async_value(&text, skeleton::lines(&["w-320", "w-240"]), |text| {
        html! { <pre class="well code selectable" tabindex="0">{ text.as_str() }</pre> }
    })
}
