//! Who is signed in, and all that is theirs.

use std::rc::Rc;

use slipway_contract::account::{KnownPerson, SignedOut, Who};
use slipway_contract::cloud::account::Account;
use slipway_contract::command::cloud::{OpenAccountPage, RenameAccount, SignOut};
use yew::prelude::*;

use super::activity::PersonActivity;
use super::api_keys::ApiKeys;
use super::factor::Factor;
use super::keyboard::use_head;
use super::name_form::NameForm;
use super::organizations::Organizations;
use super::sessions::Sessions;
use crate::bridge::use_action;
use crate::components::{Button, Dialog, Icon, Kind, Toasts, icon, notice};
use crate::text;

const RENAME: &str = "rename-account";

/// Who, and what follows.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Who is signed in, and whether that is from now.
    pub(super) who: Rc<Who>,
    /// The person.
    pub(super) person: KnownPerson,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
    /// What stands in the place of the lists while the server cannot be asked.
    pub(super) offline: Option<Html>,
    /// They signed out.
    pub(super) signed_out: Callback<SignedOut>,
}

/// The account.
#[component]
pub(super) fn Person(props: &Props) -> Html {
    let head = use_head(props.offline.is_none());
    let name = use_state_eq(|| None::<String>);
    let naming = use_state_eq(|| false);
    let toasts = use_context::<Toasts>();
    let rename = {
        let (name, naming) = (name.clone(), naming.clone());
        use_action::<RenameAccount>(Callback::from(move |account: Account| {
            naming.set(false);
            name.set(Some(account.name.into_string()));
            if let Some(toasts) = &toasts {
                toasts.say(text::RENAMED);
            }
        }))
    };
    let toggle = |to: bool| {
        let naming = naming.clone();
        Callback::from(move |()| naming.set(to))
    };
    let shown = name
        .as_deref()
        .unwrap_or_else(|| props.person.name.as_str())
        .to_owned();
    let server = props.who.server.clone().unwrap_or_default();
    let is_online = props.offline.is_none();
    html! {
        <>
            <h1 ref={head} class="head" tabindex="-1">{ text::ACCOUNT }</h1>
            <div class="account__who">
                { icon(Icon::User) }
                <div class="account__name">
                    <div class="title clip" title={shown.clone()} dir="auto">{ shown.clone() }</div>
                    <div class="t2 clip selectable" title={props.person.email.as_str().to_owned()}>{ props.person.email.as_str().to_owned() }</div>
                    <div class="small t3 clip" title={server.clone()}>{ text::at_server(&server) }</div>
                </div>
                <div class="account__act">
                    if is_online { <Button id={RENAME} label={text::RENAME} kind={Kind::Quiet} small=true expanded={*naming} onclick={toggle(!*naming)} /> }
                    <Out {server} signed_out={props.signed_out.clone()} />
                </div>
            </div>
            if *naming {
                <NameForm id="account-name" opener={RENAME} label={text::NAME} help={text::OWN_NAME_HELP} name={shown} send={text::SAVE} busy={rename.busy} problem={rename.problem.clone()}
                    onsend={rename.send.reform(|name| RenameAccount { name })} give_up={toggle(false)} />
            }
            if let Some(offline) = &props.offline { { offline.clone() } } else {
                <Organizations asked={props.asked} />
                <ApiKeys asked={props.asked} />
                <Sessions asked={props.asked} />
                <Factor asked={props.asked} />
                <PersonActivity own={props.person.account} asked={props.asked} />
            }
            <Page />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OutProps {
    server: String,
    signed_out: Callback<SignedOut>,
}

/// Signs out, once that is confirmed.
#[component]
fn Out(props: &OutProps) -> Html {
    let asking = use_state_eq(|| false);
    let out = use_action::<SignOut>(props.signed_out.clone());
    let open = |to: bool| {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(to))
    };
    let actions = html! {
        <>
            <Button label={text::STAY_SIGNED_IN} onclick={open(false)} />
            <Button label={text::SIGN_OUT} kind={Kind::Primary} busy={out.busy} onclick={out.send.reform(|()| SignOut {})} />
        </>
    };
    html! {
        <>
            <Button id="sign-out" label={text::SIGN_OUT_ASKS} small=true onclick={open(true)} />
            <Dialog title={text::sign_out_of(&props.server)} open={*asking} onclose={open(false)} {actions}>
                <p class="t2">{ text::SIGN_OUT_FOLLOWS }</p>
                if let Some(problem) = &out.problem { { notice(problem, None) } }
            </Dialog>
        </>
    }
}

/// Leads to the page of the account, for what only a browser can do.
#[component]
fn Page() -> Html {
    let open = use_action::<OpenAccountPage>(Callback::noop());
    html! {
        <p class="account__page">
            <Button label={text::OPEN_SERVER_PAGE} icon={Icon::External} kind={Kind::Quiet} busy={open.busy} onclick={open.send.reform(|()| OpenAccountPage {})} />
            if let Some(problem) = &open.problem { { notice(problem, None) } }
        </p>
    }
}
