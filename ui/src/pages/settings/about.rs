//! Settings: Slipway itself, and the licences of what ships with it.

use std::rc::Rc;

use slipway_contract::about::{About, ShippedPackage};
use slipway_contract::command::{ShowAbout, ShowLicence};
use yew::prelude::*;

use crate::bridge::use_query;
use crate::components::{async_value, skeleton};
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
            <section class="licences" aria-label={text::LICENCES}>
                <h2 class="section">{ text::LICENCES }<span class="t3 num">{ about.packages.len() }</span></h2>
                <p class="small t3">{ text::LICENCES_WHAT }</p>
                { for about.packages.iter().map(|package| html! { <Package key={format!("{} {}", package.name, package.version)} package={package.clone()} /> }) }
            </section>
        </>
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
