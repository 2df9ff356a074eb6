//! Parting from an organization: leaving it, giving it away, deleting it. Each is confirmed by typing its name.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::cloud::member::Member;
use slipway_contract::cloud::organization::Organization;
use slipway_contract::cloud::{AccountId, Permission, Role};
use slipway_contract::command::cloud::{
    DeleteOrganization, LeaveOrganization, ListMembers, TransferOrganization,
};
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use super::super::{Trouble, use_done};
use crate::bridge::{use_action, use_query};
use crate::components::{Button, Choice, Dialog, Kind, Select, TextField};
use crate::route::{Route, Section};
use crate::text;

/// From which one.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The organization.
    pub(super) shown: Organization,
    /// What the person is in it.
    pub(super) role: Role,
    /// The person's own account.
    pub(super) own: AccountId,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
    /// It has another owner.
    pub(super) changed: Callback<()>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Leave,
    Transfer,
    Delete,
}

impl What {
    /// Its words: in the row, on the button that asks, and how it is explained.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Leave => (text::LEAVE, text::LEAVE_ASKS, text::LEAVE_HOW),
            Self::Transfer => (text::TRANSFER, text::TRANSFER_ASKS, text::TRANSFER_HOW),
            Self::Delete => (
                text::DELETE_ORGANIZATION,
                text::DELETE_ORGANIZATION_ASKS,
                text::DELETE_ORGANIZATION_HOW,
            ),
        }
    }

    /// What leaves everything as it is.
    const fn stays(self) -> &'static str {
        match self {
            Self::Leave => text::STAY_IN_IT,
            Self::Transfer | Self::Delete => text::KEEP_ORGANIZATION,
        }
    }

    const fn permission(self) -> Permission {
        match self {
            Self::Leave => Permission::LeaveOrganization,
            Self::Transfer => Permission::TransferOrganization,
            Self::Delete => Permission::DeleteOrganization,
        }
    }
}

/// Why it cannot be done now, by who belongs to the organization.
fn why_not(what: What, own: AccountId, members: &[Member]) -> Option<&'static str> {
    let mut others = members.iter().filter(|member| member.account != own);
    let is_owner = members
        .iter()
        .any(|member| member.account == own && member.role == Role::Owner);
    match what {
        What::Leave if is_owner && others.all(|other| other.role != Role::Owner) => {
            Some(text::ONLY_OWNER)
        }
        What::Transfer if others.next().is_none() => Some(text::NOBODY_ELSE),
        _ => None,
    }
}

/// The rows.
#[component]
pub(super) fn Ending(props: &Props) -> Html {
    let asking = use_state_eq(|| None::<What>);
    let navigator = use_navigator();
    let close = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(None))
    };
    let gone = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Settings {
                section: Section::Account,
            });
        }
    });
    let given = {
        let (close, changed) = (close.clone(), props.changed.clone());
        Callback::from(move |()| {
            close.emit(());
            changed.emit(());
        })
    };
    let organization = props.shown.id;
    let left = use_done(text::LEFT_ORGANIZATION, &gone);
    let deleted = use_done(text::ORGANIZATION_DELETED, &gone);
    let transferred = use_done(text::TRANSFERRED, &given);
    let leave = use_action::<LeaveOrganization>(left);
    let delete = use_action::<DeleteOrganization>(deleted);
    let transfer = use_action::<TransferOrganization>(transferred.reform(|_: Organization| ()));
    let members = use_query(ListMembers { organization }, props.asked);
    let members = members.state.ready().cloned();
    let row = |what: What| {
        let (label, asks, how) = what.words();
        let why_not = members
            .as_deref()
            .and_then(|members| why_not(what, props.own, members));
        let onclick = {
            let asking = asking.clone();
            Callback::from(move |()| asking.set(Some(what)))
        };
        let kind = match what {
            What::Delete => Kind::Danger,
            _ => Kind::Plain,
        };
        html! {
            <div class="pref" key={label}>
                <div class="pref__what"><div class="medium">{ label }</div><div class="small t3">{ why_not.unwrap_or(how) }</div></div>
                <Button label={asks} name={label} {kind} small=true why_not={why_not.map(AttrValue::Static)} {onclick} />
            </div>
        }
    };
    let may = |what: &What| props.role.may(what.permission());
    let shown = [What::Leave, What::Transfer, What::Delete];
    let title = if may(&What::Delete) {
        text::LEAVE_OR_END
    } else {
        text::OWN_MEMBERSHIP
    };
    html! {
        <section aria-label={title}>
            <h2 class="section">{ title }</h2>
            <div class="rows prefs">{ for shown.into_iter().filter(may).map(row) }</div>
            { match *asking {
                Some(What::Leave) => html! {
                    <Confirm what={What::Leave} name={props.shown.name.as_str().to_owned()} busy={leave.busy} problem={leave.problem.clone()}
                        onsend={leave.send.reform(move |()| LeaveOrganization { organization })} {close} />
                },
                Some(What::Delete) => html! {
                    <Confirm what={What::Delete} name={props.shown.name.as_str().to_owned()} busy={delete.busy} problem={delete.problem.clone()}
                        onsend={delete.send.reform(move |()| DeleteOrganization { organization })} {close} />
                },
                Some(What::Transfer) => html! {
                    <Transfer shown={props.shown.clone()} own={props.own} asked={props.asked} busy={transfer.busy} problem={transfer.problem.clone()}
                        onsend={transfer.send.reform(move |to| TransferOrganization { organization, to })} {close} />
                },
                None => Html::default(),
            } }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ConfirmProps {
    what: What,
    name: String,
    busy: bool,
    problem: Option<Rc<Problem>>,
    onsend: Callback<()>,
    close: Callback<()>,
    /// Something else is missing.
    #[prop_or_default]
    missing: Option<&'static str>,
    #[prop_or_default]
    children: Html,
}

/// Asks for the organization's name, which nobody types by mistake.
#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let typed = use_state_eq(String::new);
    let (label, _, how) = props.what.words();
    let is_typed = typed.trim() == props.name;
    let why_not = props
        .missing
        .or((!is_typed).then_some(text::TYPE_ITS_NAME_FIRST));
    let kind = match props.what {
        What::Transfer => Kind::Primary,
        _ => Kind::Danger,
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    let actions = html! {
        <>
            <Button label={props.what.stays()} onclick={props.close.clone()} />
            <Button {label} {kind} busy={props.busy} why_not={why_not.filter(|_| !props.busy).map(AttrValue::Static)} onclick={props.onsend.clone()} />
        </>
    };
    html! {
        <Dialog title={text::end_question(label, &props.name)} open=true onclose={props.close.clone()} {actions}>
            <p class="t2">{ how }</p>
            { props.children.clone() }
            <TextField id="organization-words" label={text::type_to_confirm(&props.name)} value={(*typed).clone()} {oninput} disabled={props.busy} />
            if let Some(problem) = &props.problem { <Trouble problem={Rc::clone(problem)} /> }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct TransferProps {
    shown: Organization,
    own: AccountId,
    asked: u32,
    busy: bool,
    problem: Option<Rc<Problem>>,
    onsend: Callback<AccountId>,
    close: Callback<()>,
}

/// Chooses the new owner.
#[component]
fn Transfer(props: &TransferProps) -> Html {
    let organization = props.shown.id;
    let members = use_query(ListMembers { organization }, props.asked);
    let chosen = use_state_eq(|| 0_usize);
    let all = members.state.ready().cloned().unwrap_or_default();
    let others: Vec<&Member> = all
        .iter()
        .filter(|member| member.account != props.own)
        .collect();
    let items: Vec<Choice> = others
        .iter()
        .map(|member| Choice {
            label: member.name.as_str().to_owned().into(),
            note: Some(member.email.as_str().to_owned().into()),
        })
        .collect();
    let to = others.get(*chosen).map(|member| member.account);
    let onsend = {
        let onsend = props.onsend.clone();
        Callback::from(move |()| {
            if let Some(to) = to {
                onsend.emit(to);
            }
        })
    };
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |at| chosen.set(at))
    };
    let missing = to.is_none().then_some(text::NOBODY_ELSE);
    let why_not = missing.map(AttrValue::Static);
    html! {
        <Confirm what={What::Transfer} name={props.shown.name.as_str().to_owned()} busy={props.busy} problem={props.problem.clone()} {onsend} close={props.close.clone()} {missing}>
            <div class="field"><span class="field__label">{ text::TRANSFER_TO }</span><Select label={text::TRANSFER_TO} {items} chosen={*chosen} {onchoose} {why_not} /></div>
        </Confirm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(number: u8, role: Role) -> Member {
        let account = format!("01890000-0000-7000-8000-00000000000{number}");
        Member {
            account: account.parse().unwrap(),
            name: "Anna".parse().unwrap(),
            email: "anna@example.com".parse().unwrap(),
            role,
            joined_at: slipway_contract::Timestamp::from_second(0).unwrap(),
        }
    }

    #[test]
    fn the_only_owner_stays_and_nobody_gives_to_nobody() {
        let (one, other) = (member(1, Role::Owner), member(2, Role::Owner));
        let viewer = member(3, Role::Viewer);
        let of = |what, own: &Member, members: &[&Member]| {
            let members: Vec<_> = members.iter().map(|member| (*member).clone()).collect();
            why_not(what, own.account, &members)
        };
        let (leave, transfer) = (What::Leave, What::Transfer);
        assert_eq!(of(leave, &one, &[&one, &viewer]), Some(text::ONLY_OWNER));
        assert_eq!(of(leave, &one, &[&one, &other]), None);
        assert_eq!(of(leave, &viewer, &[&one, &viewer]), None);
        assert_eq!(of(transfer, &one, &[&one]), Some(text::NOBODY_ELSE));
        assert_eq!(of(transfer, &one, &[&one, &viewer]), None);
        assert_eq!(of(What::Delete, &one, &[&one]), None);
    }
}
