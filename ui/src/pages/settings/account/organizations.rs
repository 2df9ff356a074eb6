//! The organizations that the person belongs to; making one, and answering an invitation.

use slipway_contract::cloud::organization::Organization;
use slipway_contract::command::cloud::{CreateOrganization, ListOrganizations};
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use super::name_form::NameForm;
use super::offer::{self, AnswerInvitation};
use crate::bridge::{use_action, use_query};
use crate::components::{Button, Icon, Kind, async_value, icon, skeleton};
use crate::route::Route;
use crate::text;

const NEW: &str = "new-organization";
/// So much of the end of an id tells two organizations of one name apart.
const ID_END: usize = 8;

/// When to ask anew.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// What is open below the heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    New,
    Answer,
}

/// The organizations.
#[component]
pub(super) fn Organizations(props: &Props) -> Html {
    let organizations = use_query(ListOrganizations {}, props.asked);
    let open = use_state_eq(|| None::<Open>);
    let navigator = use_navigator();
    let show = Callback::from(move |made: Organization| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Organization {
                organization: made.id,
            });
        }
    });
    let create = use_action::<CreateOrganization>(show.clone());
    let toggle = |to: Open| {
        let open = open.clone();
        Callback::from(move |()| open.set((*open != Some(to)).then_some(to)))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    html! {
        <section class="account__part" aria-label={text::ORGANIZATIONS}>
            <h2 class="section">
                { text::ORGANIZATIONS }<span class="spacer"></span>
                <Button id={offer::OPENER} label={text::ANSWER_INVITATION} kind={Kind::Quiet} small=true expanded={*open == Some(Open::Answer)} onclick={toggle(Open::Answer)} />
                <Button id={NEW} label={text::NEW_ORGANIZATION} icon={Icon::Plus} kind={Kind::Quiet} small=true expanded={*open == Some(Open::New)} onclick={toggle(Open::New)} />
            </h2>
            { match *open {
                Some(Open::New) => html! {
                    <NameForm id="organization-name" opener={NEW} label={text::ORGANIZATION_NAME} send={text::MAKE_IT} busy={create.busy} problem={create.problem.clone()}
                        onsend={create.send.reform(|name| CreateOrganization { name })} give_up={close} />
                },
                Some(Open::Answer) => html! { <AnswerInvitation joined={show} {close} /> },
                None => Html::default(),
            } }
            { async_value(&organizations, skeleton::lines(&["w-320", "w-240"]), |all| list(all)) }
        </section>
    }
}

fn list(all: &[Organization]) -> Html {
    if all.is_empty() {
        return html! { <p class="small t3 account__none">{ text::NO_ORGANIZATION }</p> };
    }
    let row = |each: &Organization| {
        let to = Route::Organization {
            organization: each.id,
        };
        let id = each.id.to_string();
        let others = all.iter().filter(|other| other.name == each.name);
        let is_one_of_several = others.count() > 1;
        html! {
            <li key={id.clone()}>
                <a class="account__row account__link" href={to.href()}>
                    <span class="account__what clip" title={each.name.as_str().to_owned()} dir="auto">{ each.name.as_str().to_owned() }</span>
                    if is_one_of_several { <span class="path t3" title={id.clone()}>{ format!("…{}", &id[id.len() - ID_END..]) }</span> }
                    if let Some(role) = each.role { <span class="small t2">{ text::role(role) }</span> }
                    { icon(Icon::Right) }
                </a>
            </li>
        }
    };
    html! { <ul class="rows account__rows">{ for all.iter().map(row) }</ul> }
}
