//! One organization: who belongs to it, who is invited, its keys, and how one parts from it.

mod ending;
mod invitations;
mod members;

use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{AccountId, OrganizationId, Permission, Role};
use slipway_contract::command::cloud::{RenameOrganization, ShowOrganization};
use yew::prelude::*;

use self::ending::Ending;
use self::invitations::Invitations;
use self::members::Members;
use super::activity::OrganizationActivity;
use super::api_keys::ApiKeys;
use super::name_form::NameForm;
use super::use_done;
use crate::bridge::{use_action, use_query};
use crate::components::{Button, Kind, async_value, skeleton};
use crate::route::{Route, Section};
use crate::text;

const RENAME: &str = "rename-organization";

/// Which.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The organization.
    pub(super) organization: OrganizationId,
    /// The person's own account.
    pub(super) own: AccountId,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// The organization.
#[component]
pub(super) fn OrganizationPage(props: &Props) -> Html {
    let changes = use_state(|| 0_u32);
    let asked = props.asked.wrapping_add(*changes);
    let organization = props.organization;
    let shown = use_query(ShowOrganization { organization }, asked);
    let changed = {
        let changes = changes;
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    let account = Route::Settings {
        section: Section::Account,
    };
    let own = props.own;
    html! {
        <>
            <nav class="account__up" aria-label={text::ACCOUNT}><a href={account.href()}>{ text::ALL_ORGANIZATIONS }</a></nav>
            { async_value(&shown, skeleton::lines(&["w-240", "w-320", "w-320"]), |shown| {
                let role = shown.role.unwrap_or(Role::Viewer);
                let of = (organization, role);
                html! {
                    <>
                        <Head shown={(**shown).clone()} {role} changed={changed.clone()} />
                        <Members {of} {own} {asked} changed={changed.clone()} />
                        if role.may(Permission::Invite) { <Invitations {of} {asked} /> }
                        if role.may(Permission::ManageKeys) { <ApiKeys of={Some(of)} {asked} /> }
                        if role.may(Permission::ReadAudit) { <OrganizationActivity {organization} {own} {asked} /> }
                        <Ending shown={(**shown).clone()} {role} {own} {asked} changed={changed.clone()} />
                    </>
                }
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HeadProps {
    shown: Organization,
    role: Role,
    changed: Callback<()>,
}

/// Its name, and what the person is in it.
#[component]
fn Head(props: &HeadProps) -> Html {
    let naming = use_state_eq(|| false);
    let toggle = |to: bool| {
        let naming = naming.clone();
        Callback::from(move |()| naming.set(to))
    };
    let renamed = use_done(text::RENAMED, &props.changed);
    let rename = {
        let close = toggle(false);
        use_action::<RenameOrganization>(Callback::from(move |_: Organization| {
            close.emit(());
            renamed.emit(());
        }))
    };
    let organization = props.shown.id;
    let name = props.shown.name.as_str().to_owned();
    html! {
        <>
            <div class="account__head">
                <h1 class="head clip" dir="auto" title={name.clone()}>{ name.clone() }</h1>
                if props.role.may(Permission::EditOrganization) {
                    <Button id={RENAME} label={text::RENAME} kind={Kind::Quiet} small=true expanded={*naming} onclick={toggle(!*naming)} />
                }
            </div>
            <p class="t2 set__lead">{ text::role_and_may(props.role) }</p>
            if *naming {
                <NameForm id="organization-name" opener={RENAME} label={text::ORGANIZATION_NAME} {name} send={text::SAVE} busy={rename.busy} problem={rename.problem.clone()}
                    onsend={rename.send.reform(move |name| RenameOrganization { organization, name })} give_up={toggle(false)} />
            }
        </>
    }
}
