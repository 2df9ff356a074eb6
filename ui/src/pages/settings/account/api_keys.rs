//! API keys: the person's own, or an organization's.

use std::rc::Rc;

use slipway_contract::Timestamp;
use slipway_contract::cloud::key::{ApiKey, MadeApiKey};
use slipway_contract::cloud::{OrganizationId, Role};
use slipway_contract::command::cloud::{ListApiKeys, RevokeApiKey, RotateApiKey};
use yew::prelude::*;

use super::api_key_form::{self, ApiKeyForm};
use super::keyboard::use_rows;
use super::made_key::MadeKey;
use super::{Trouble, moment, use_done};
use crate::bridge::{use_action, use_query};
use crate::browser;
use crate::components::{
    Button, Dialog, Icon, Kind, MenuItem, More, Segmented, async_value, skeleton,
};
use crate::text;

/// For how many hours an old key can go on; the first is proposed.
const HOURS: [u8; 3] = [24, 1, 0];

/// Whose keys.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The organization, and what the person is in it; without it, the person's own.
    #[prop_or_default]
    pub(super) of: Option<(OrganizationId, Role)>,
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// What is asked once more.
#[derive(Clone, PartialEq)]
enum Asking {
    Rotate(ApiKey),
    Revoke(ApiKey),
}

/// The keys.
#[component]
pub(super) fn ApiKeys(props: &Props) -> Html {
    let organization = props.of.map(|(organization, _)| organization);
    let keys = use_query(ListApiKeys { organization }, props.asked);
    let all = keys.state.ready();
    let now = browser::now();
    // One that is void stays, with nothing to press.
    let section =
        use_rows(all.map(|all| all.iter().map(|key| (key.id, is_live(key, now))).collect()));
    let adding = use_state_eq(|| false);
    let made = use_state_eq(|| None::<MadeApiKey>);
    let asking = use_state_eq(|| None::<Asking>);
    let open_form = |to: bool| {
        let (adding, made) = (adding.clone(), made.clone());
        Callback::from(move |()| {
            made.set(None);
            adding.set(to);
        })
    };
    let on_made = {
        let (adding, made, asking) = (adding.clone(), made.clone(), asking.clone());
        let again = keys.again.clone();
        Callback::from(move |key: MadeApiKey| {
            adding.set(false);
            asking.set(None);
            made.set(Some(key));
            again.emit(());
        })
    };
    let has_it = {
        let made = made.clone();
        Callback::from(move |()| made.set(None))
    };
    let ask = {
        let asking = asking.clone();
        Callback::from(move |what: Option<Asking>| asking.set(what))
    };
    let revoked = {
        let (ask, again) = (ask.clone(), keys.again.clone());
        Callback::from(move |()| {
            ask.emit(None);
            again.emit(());
        })
    };
    let how = match props.of {
        None => text::OWN_KEYS_HOW,
        Some(_) => text::ORGANIZATION_KEYS_HOW,
    };
    html! {
        <section ref={section} class="account__part" aria-label={text::API_KEYS}>
            <h2 class="section" tabindex="-1">
                { text::API_KEYS }<span class="spacer"></span>
                <Button id={api_key_form::OPENER} label={text::NEW_API_KEY} icon={Icon::Plus} kind={Kind::Quiet} small=true expanded={*adding} onclick={open_form(!*adding)} />
            </h2>
            <p class="small t3">{ how }</p>
            if *adding { <ApiKeyForm of={props.of} made={on_made.clone()} give_up={open_form(false)} /> }
            if let Some(made) = &*made { <MadeKey made={made.clone()} close={has_it} /> }
            { async_value(&keys, skeleton::lines(&["w-320", "w-320"]), |all| list(all, &ask)) }
            { match &*asking {
                Some(Asking::Rotate(key)) => html! { <Rotate {organization} key_={key.clone()} rotated={on_made} close={ask.reform(|()| None)} /> },
                Some(Asking::Revoke(key)) => html! { <Revoke {organization} key_={key.clone()} {revoked} close={ask.reform(|()| None)} /> },
                None => Html::default(),
            } }
        </section>
    }
}

fn list(all: &[ApiKey], ask: &Callback<Option<Asking>>) -> Html {
    if all.is_empty() {
        return html! { <p class="small t3 account__none">{ text::NO_API_KEY }</p> };
    }
    html! { <ul class="rows account__rows">{ for all.iter().map(|key| line(key, ask)) }</ul> }
}

fn is_live(key: &ApiKey, now: Timestamp) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|end| now < end)
}

fn line(key: &ApiKey, ask: &Callback<Option<Asking>>) -> Html {
    let now = browser::now();
    let is_live = is_live(key, now);
    let name = key.name.as_str();
    let item = |label: &'static str, icon: Icon, is_danger: bool, asks: Asking| MenuItem {
        label: label.into(),
        icon,
        is_danger,
        why_not: None,
        chosen: ask.reform(move |()| Some(asks.clone())),
    };
    let items = vec![
        item(
            text::ROTATE,
            Icon::Retry,
            false,
            Asking::Rotate(key.clone()),
        ),
        item(
            text::REVOKE_ASKS,
            Icon::Trash,
            true,
            Asking::Revoke(key.clone()),
        ),
    ];
    let may = text::scopes(&key.scopes);
    html! {
        <li key={key.id.to_string()} class="account__row">
            <div class="account__what">
                <div class={classes!("account__named", (!is_live).then_some("t3"))}><span class="clip" title={name.to_owned()} dir="auto">{ name.to_owned() }</span><span class="path t3">{ key.start.clone() }{ "…" }</span></div>
                <div class="small t3 clip" title={may.clone()}>{ may }</div>
            </div>
            <span class="small t2 account__end">{ text::key_stands_in_cloud(key, moment, now) }</span>
            if is_live { <More label={text::more_for(&format!("{name} {}…", key.start))} {items} /> }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct RevokeProps {
    organization: Option<OrganizationId>,
    key_: ApiKey,
    revoked: Callback<()>,
    close: Callback<()>,
}

/// Makes a key void, once that is confirmed.
#[component]
fn Revoke(props: &RevokeProps) -> Html {
    let revoked = use_done(text::KEY_REVOKED, &props.revoked);
    let revoke = use_action::<RevokeApiKey>(revoked);
    let (organization, key) = (props.organization, props.key_.id);
    let onclick = revoke
        .send
        .reform(move |()| RevokeApiKey { organization, key });
    let actions = html! {
        <>
            <Button label={text::KEEP_THE_KEY} onclick={props.close.clone()} />
            <Button label={text::REVOKE} kind={Kind::Danger} busy={revoke.busy} {onclick} />
        </>
    };
    html! {
        <Dialog title={text::revoke_key(props.key_.name.as_str())} open=true onclose={props.close.clone()} {actions}>
            <p class="t2">{ text::REVOKE_FOLLOWS }</p>
            if let Some(problem) = &revoke.problem { <Trouble problem={Rc::clone(problem)} /> }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct RotateProps {
    organization: Option<OrganizationId>,
    key_: ApiKey,
    rotated: Callback<MadeApiKey>,
    close: Callback<()>,
}

/// Gives a key another secret.
#[component]
fn Rotate(props: &RotateProps) -> Html {
    let chosen = use_state_eq(|| 0_usize);
    let rotate = use_action::<RotateApiKey>(props.rotated.clone());
    let (organization, key) = (props.organization, props.key_.id);
    let grace_hours = HOURS.get(*chosen).copied().unwrap_or_default();
    let onclick = rotate.send.reform(move |()| RotateApiKey {
        organization,
        key,
        grace_hours,
    });
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |at| chosen.set(at))
    };
    let hours = HOURS
        .map(|hours| AttrValue::Static(text::hours(hours)))
        .to_vec();
    let actions = html! {
        <>
            <Button label={text::CANCEL} onclick={props.close.clone()} />
            <Button label={text::ROTATE_IT} kind={Kind::Primary} busy={rotate.busy} {onclick} />
        </>
    };
    html! {
        <Dialog title={text::of_key(text::ROTATE_IT, props.key_.name.as_str())} open=true onclose={props.close.clone()} {actions}>
            <p class="t2">{ text::ROTATE_HOW }</p>
            <div class="field"><span class="field__label">{ text::OLD_GOES_ON }</span><Segmented label={text::OLD_GOES_ON} items={hours} chosen={*chosen} {onchoose} /></div>
            if let Some(problem) = &rotate.problem { <Trouble problem={Rc::clone(problem)} /> }
        </Dialog>
    }
}
