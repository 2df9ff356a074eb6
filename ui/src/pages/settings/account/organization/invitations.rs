//! Who is invited into an organization, and inviting somebody.

use std::rc::Rc;

use slipway_contract::cloud::invitation::Invitation;
use slipway_contract::cloud::{Email, InvitationId, OrganizationId, Role};
use slipway_contract::command::cloud::{
    ListInvitations, ResendInvitation, RevokeInvitation, SendInvitation,
};
use yew::prelude::*;

use super::super::keyboard::{use_keyboard_back, use_rows};
use super::super::{Trouble, date, use_done};
use crate::bridge::{use_action, use_query};
use crate::browser;
use crate::components::{Button, Choice, Icon, Kind, Select, TextField, async_value, skeleton};
use crate::pages::settings::secret_field::form_keys;
use crate::text;

const INVITE: &str = "invite-somebody";

/// Of which organization.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The organization, and what the person is in it.
    pub(super) of: (OrganizationId, Role),
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// The invitations.
#[component]
pub(super) fn Invitations(props: &Props) -> Html {
    let (organization, _) = props.of;
    let invitations = use_query(ListInvitations { organization }, props.asked);
    let all = invitations.state.ready();
    let section = use_rows(all.map(|all| all.iter().map(|invitation| invitation.id).collect()));
    let adding = use_state_eq(|| false);
    let acting = use_state_eq(|| None::<InvitationId>);
    let again = &invitations.again;
    let sent_again = use_done(text::INVITED, again);
    let taken_back = use_done(text::TAKEN_BACK, again);
    let resend = use_action::<ResendInvitation>(sent_again.reform(|_: Invitation| ()));
    let revoke = use_action::<RevokeInvitation>(taken_back);
    let toggle = |to: bool| {
        let adding = adding.clone();
        Callback::from(move |()| adding.set(to))
    };
    let sent = {
        let (close, again) = (toggle(false), again.clone());
        Callback::from(move |()| {
            close.emit(());
            again.emit(());
        })
    };
    let on = |send: Callback<InvitationId>| {
        let acting = acting.clone();
        Callback::from(move |invitation: InvitationId| {
            acting.set(Some(invitation));
            send.emit(invitation);
        })
    };
    let on_resend = on(resend.send.reform(move |invitation| ResendInvitation {
        organization,
        invitation,
    }));
    let on_revoke = on(revoke.send.reform(move |invitation| RevokeInvitation {
        organization,
        invitation,
    }));
    let row = |invitation: &Invitation| {
        let id = invitation.id;
        let is_it = *acting == Some(id);
        let email = invitation.email.as_str();
        html! {
            <li key={id.to_string()} class="account__row">
                <div class="account__what">
                    <div class="clip selectable" title={email.to_owned()}>{ email.to_owned() }</div>
                    <div class="small t3 clip">{ text::invited_as(text::role(invitation.role), &date(invitation.expires_at)) }</div>
                </div>
                <Button label={text::SEND_AGAIN} name={text::of_key(text::SEND_AGAIN, email)} kind={Kind::Quiet} small=true busy={resend.busy && is_it} onclick={on_resend.reform(move |()| id)} />
                <Button label={text::TAKE_BACK} name={text::of_key(text::TAKE_BACK, email)} small=true busy={revoke.busy && is_it} onclick={on_revoke.reform(move |()| id)} />
            </li>
        }
    };
    let list = |all: &[Invitation]| match all {
        [] => html! { <p class="small t3 account__none">{ text::NO_INVITATION }</p> },
        all => html! { <ul class="rows account__rows">{ for all.iter().map(row) }</ul> },
    };
    html! {
        <section ref={section} class="account__part" aria-label={text::INVITATIONS}>
            <h2 class="section" tabindex="-1">
                { text::INVITATIONS }<span class="spacer"></span>
                <Button id={INVITE} label={text::INVITE_SOMEBODY} icon={Icon::Plus} kind={Kind::Quiet} small=true expanded={*adding} onclick={toggle(!*adding)} />
            </h2>
            if *adding { <Invite of={props.of} {sent} give_up={toggle(false)} /> }
            if let Some(problem) = resend.problem.as_ref().or(revoke.problem.as_ref()) { <Trouble problem={Rc::clone(problem)} /> }
            { async_value(&invitations, skeleton::lines(&["w-320"]), |all| list(all)) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct InviteProps {
    of: (OrganizationId, Role),
    sent: Callback<()>,
    give_up: Callback<()>,
}

/// As what somebody of this role can invite: no more than they are. The first is proposed.
fn roles(own: Role) -> Vec<Role> {
    let others = Role::ALL.iter().copied();
    let others = others.filter(|role| *role <= own && *role != Role::Member);
    std::iter::once(Role::Member).chain(others).collect()
}

/// The form.
#[component]
fn Invite(props: &InviteProps) -> Html {
    let (organization, own) = props.of;
    let typed = use_state_eq(String::new);
    let is_done = use_state_eq(|| false);
    let chosen = use_state_eq(|| 0_usize);
    let sent = use_done(text::INVITED, &props.sent);
    let send = use_action::<SendInvitation>(sent.reform(|_: Invitation| ()));
    use_keyboard_back(INVITE);
    use_effect_with((), |()| {
        browser::focus_id("invited-email");
    });
    let email = typed.trim().parse::<Email>().ok();
    // Nobody is told that they are wrong while they still write.
    let is_whole = *is_done || (typed.contains('@') && typed.contains('.'));
    let is_wrong = email.is_none() && is_whole && !typed.trim().is_empty();
    let error = is_wrong.then_some(AttrValue::Static(text::NOT_AN_EMAIL));
    let why_not = email.is_none().then_some(match typed.trim() {
        "" => AttrValue::Static(text::TYPE_EMAIL_FIRST),
        _ => AttrValue::Static(text::NOT_AN_EMAIL),
    });
    let roles = roles(own);
    let items: Vec<Choice> = roles
        .iter()
        .map(|role| Choice {
            label: text::role(*role).into(),
            note: Some(text::role_may(*role).into()),
        })
        .collect();
    let written = {
        let is_done = is_done.clone();
        Callback::from(move |()| is_done.set(true))
    };
    let onclick = {
        let (order, role, busy) = (
            send.send.clone(),
            roles.get(*chosen).copied().unwrap_or(Role::Viewer),
            send.busy,
        );
        let written = written.clone();
        Callback::from(move |()| {
            written.emit(());
            if let Some(email) = email.clone().filter(|_| !busy) {
                order.emit(SendInvitation {
                    organization,
                    email,
                    role,
                });
            }
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| {
            is_done.set(false);
            typed.set(text);
        })
    };
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |at| chosen.set(at))
    };
    html! {
        <div class="panel" role="group" aria-label={text::INVITE_SOMEBODY} onkeydown={form_keys(onclick.clone(), props.give_up.clone())}>
            <TextField id="invited-email" label={text::EMAIL} help={text::EMAIL_HELP} {error} value={(*typed).clone()} {oninput} onleave={written} disabled={send.busy} />
            <div class="field"><span class="field__label">{ text::ROLE }</span><Select label={text::ROLE} {items} chosen={*chosen} {onchoose} /></div>
            if let Some(problem) = &send.problem { <Trouble problem={Rc::clone(problem)} /> }
            <div class="btns">
                <Button label={text::INVITE} kind={Kind::Primary} busy={send.busy} why_not={why_not.filter(|_| !send.busy)} {onclick} />
                <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.give_up.clone()} />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_invites_as_more_than_they_are() {
        assert_eq!(
            roles(Role::Admin),
            [Role::Member, Role::Viewer, Role::Admin]
        );
        assert_eq!(roles(Role::Owner).len(), Role::ALL.len());
    }
}
