//! Who belongs to an organization, and as what.

use std::rc::Rc;

use slipway_contract::cloud::member::Member;
use slipway_contract::cloud::{AccountId, OrganizationId, Permission, Role};
use slipway_contract::command::cloud::{ListMembers, RemoveMember, SetRole};
use yew::prelude::*;

use super::super::keyboard::use_rows;
use super::super::{Trouble, use_done};
use crate::bridge::{use_action, use_query};
use crate::components::{Button, Choice, Dialog, Kind, Look, Select, async_value, skeleton};
use crate::text;

/// Of which organization.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The organization, and what the person is in it.
    pub(super) of: (OrganizationId, Role),
    /// The person's own account.
    pub(super) own: AccountId,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
    /// Something changed that the rest of the page shows, too.
    pub(super) changed: Callback<()>,
}

/// What somebody of this role can make another member who has that one now; none where they cannot.
fn choices(own: Role, of: Role) -> Vec<Role> {
    if !own.may(Permission::EditMembers) || of > own {
        return Vec::new();
    }
    let within = |role: &Role| *role <= own;
    Role::ALL.iter().copied().filter(within).collect()
}

/// The members.
#[component]
pub(super) fn Members(props: &Props) -> Html {
    let (organization, own_role) = props.of;
    let members = use_query(ListMembers { organization }, props.asked);
    let all = members.state.ready();
    let section = use_rows(all.map(|all| all.iter().map(|member| member.account).collect()));
    let removing = use_state_eq(|| None::<Member>);
    let changed = use_done(text::ROLE_CHANGED, &props.changed);
    let set_role = use_action::<SetRole>(changed.reform(|_: Member| ()));
    let ask = {
        let removing = removing.clone();
        Callback::from(move |member: Option<Member>| removing.set(member))
    };
    let removed = {
        let (ask, changed) = (ask.clone(), props.changed.clone());
        Callback::from(move |()| {
            ask.emit(None);
            changed.emit(());
        })
    };
    let onrole = set_role.send.reform(move |(member, role)| SetRole {
        organization,
        member,
        role,
    });
    let row = |member: &Member| line(member, own_role, props.own, &onrole, &ask);
    html! {
        <section ref={section} class="account__part" aria-label={text::MEMBERS}>
            <h2 class="section" tabindex="-1">{ text::MEMBERS }</h2>
            if let Some(problem) = &set_role.problem { <Trouble problem={Rc::clone(problem)} /> }
            { async_value(&members, skeleton::lines(&["w-320", "w-320"]), |all| html! { <ul class="rows account__rows account__members">{ for all.iter().map(row) }</ul> }) }
            if let Some(member) = &*removing { <Remove {organization} member={member.clone()} {removed} close={ask.reform(|()| None)} /> }
        </section>
    }
}

fn line(
    member: &Member,
    own_role: Role,
    own: AccountId,
    onrole: &Callback<(AccountId, Role)>,
    ask: &Callback<Option<Member>>,
) -> Html {
    let is_own = member.account == own;
    let roles = choices(own_role, member.role);
    let (name, email) = (member.name.as_str(), member.email.as_str());
    let can_change = !roles.is_empty();
    let chosen = roles.iter().position(|role| *role == member.role);
    let items: Vec<Choice> = roles
        .iter()
        .map(|role| Choice {
            label: text::role(*role).into(),
            note: Some(text::role_may(*role).into()),
        })
        .collect();
    let onchoose = {
        let (onrole, account, present) = (onrole.clone(), member.account, member.role);
        Callback::from(move |at: usize| {
            let role = roles.get(at).copied().filter(|role| *role != present);
            if let Some(role) = role {
                onrole.emit((account, role));
            }
        })
    };
    let remove = {
        let member = member.clone();
        ask.reform(move |()| Some(member.clone()))
    };
    html! {
        <li key={member.account.to_string()} class="account__row">
            <div class="account__what">
                <div class="clip" title={name.to_owned()} dir="auto">{ name.to_owned() }if is_own { { " " }<span class="small t3">{ text::YOU }</span> }</div>
                <div class="small t3 clip selectable" title={email.to_owned()}>{ email.to_owned() }</div>
            </div>
            if can_change {
                <Select label={text::of_key(text::ROLE, name)} {items} chosen={chosen.unwrap_or_default()} look={Look::Bare} {onchoose} />
            } else {
                <span class="small t2">{ text::role(member.role) }</span>
            }
            if can_change && !is_own {
                <Button label={text::REMOVE_MEMBER_ASKS} name={text::of_key(text::REMOVE_MEMBER, name)} kind={Kind::Quiet} small=true onclick={remove} />
            }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct RemoveProps {
    organization: OrganizationId,
    member: Member,
    removed: Callback<()>,
    close: Callback<()>,
}

/// Removes a member, once that is confirmed.
#[component]
fn Remove(props: &RemoveProps) -> Html {
    let removed = use_done(text::MEMBER_REMOVED, &props.removed);
    let remove = use_action::<RemoveMember>(removed);
    let (organization, member) = (props.organization, props.member.account);
    let onclick = remove.send.reform(move |()| RemoveMember {
        organization,
        member,
    });
    let actions = html! {
        <>
            <Button label={text::KEEP_MEMBER} onclick={props.close.clone()} />
            <Button label={text::REMOVE_MEMBER} kind={Kind::Danger} busy={remove.busy} {onclick} />
        </>
    };
    html! {
        <Dialog title={text::remove_member(props.member.name.as_str())} open=true onclose={props.close.clone()} {actions}>
            <p class="t2">{ text::REMOVE_MEMBER_FOLLOWS }</p>
            if let Some(problem) = &remove.problem { <Trouble problem={Rc::clone(problem)} /> }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_acts_on_more_than_they_are() {
        assert_eq!(choices(Role::Owner, Role::Owner), Role::ALL);
        let of_admin = [Role::Viewer, Role::Member, Role::Admin];
        assert_eq!(choices(Role::Admin, Role::Viewer), of_admin);
        assert!(choices(Role::Admin, Role::Owner).is_empty());
        assert!(choices(Role::Member, Role::Viewer).is_empty());
    }
}
