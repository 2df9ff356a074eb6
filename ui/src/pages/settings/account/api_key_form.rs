//! A new API key: what it is for, what it may do, and for how long.

use std::rc::Rc;

use slipway_contract::cloud::key::MadeApiKey;
use slipway_contract::cloud::{OrganizationId, Role, Scope};
use slipway_contract::command::cloud::CreateApiKey;
use yew::prelude::*;

use super::Trouble;
use super::keyboard::use_keyboard_back;
use super::name_form;
use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Choice, Kind, Select, TextField};
use crate::pages::settings::secret_field::form_keys;
use crate::text;

/// The id of what opens it.
pub(super) const OPENER: &str = "new-api-key";
/// For how long a key can be made; the first is proposed.
const DAYS: [Option<u16>; 4] = [Some(90), Some(30), Some(365), None];

/// Whose key, and what follows.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The organization, and what the person is in it; without it, the person's own.
    pub(super) of: Option<(OrganizationId, Role)>,
    /// It is made.
    pub(super) made: Callback<MadeApiKey>,
    /// The person gives up.
    pub(super) give_up: Callback<()>,
}

/// The scopes that a key can have: none that its maker has not, and of an organization none of a person.
fn offered(of: Option<Role>) -> Vec<Scope> {
    let can = |scope: &Scope| match of {
        None => true,
        Some(role) => *scope != Scope::ReadAccount && scope.is_within(role),
    };
    Scope::ALL.iter().copied().filter(can).collect()
}

/// The form.
#[component]
pub(super) fn ApiKeyForm(props: &Props) -> Html {
    let name = use_state_eq(String::new);
    let scopes = use_state_eq(Vec::<Scope>::new);
    let days = use_state_eq(|| 0_usize);
    let create = use_action::<CreateApiKey>(props.made.clone());
    use_keyboard_back(OPENER);
    use_effect_with((), |()| {
        browser::focus_id("api-key-name");
    });
    let (read, error) = name_form::read(&name);
    let without_scope = scopes
        .is_empty()
        .then_some(AttrValue::Static(text::CHOOSE_SCOPE_FIRST));
    let why_not = name_form::why_not(read.as_ref(), error.as_ref()).or(without_scope);
    let send = {
        let (send, name, scopes) = (create.send.clone(), read, (*scopes).clone());
        let (of, blocked) = (props.of, create.busy || why_not.is_some());
        let days = DAYS.get(*days).copied().flatten();
        Callback::from(move |()| {
            if let Some(name) = name.clone().filter(|_| !blocked) {
                send.emit(CreateApiKey {
                    organization: of.map(|(organization, _)| organization),
                    name,
                    scopes: scopes.clone(),
                    days,
                });
            }
        })
    };
    let oninput = {
        let name = name.clone();
        Callback::from(move |typed| name.set(typed))
    };
    let onchoose = {
        let days = days.clone();
        Callback::from(move |chosen| days.set(chosen))
    };
    let check = |scope: Scope| {
        let is_on = scopes.contains(&scope);
        let onclick = {
            let scopes = scopes.clone();
            Callback::from(move |_: MouseEvent| {
                let mut now = (*scopes).clone();
                now.retain(|each| *each != scope);
                if !is_on {
                    now.push(scope);
                }
                scopes.set(now);
            })
        };
        html! {
            <button type="button" class="check account__scope" role="checkbox" key={scope.as_str()} aria-checked={is_on.to_string()} {onclick}>
                <i></i><span>{ scope.what() }</span><span class="path t3">{ scope.as_str() }</span>
            </button>
        }
    };
    let lasting: Vec<Choice> = DAYS.map(|days| Choice::new(text::days(days))).to_vec();
    html! {
        <div class="panel" role="group" aria-label={text::NEW_API_KEY} onkeydown={form_keys(send.clone(), props.give_up.clone())}>
            <TextField id="api-key-name" label={text::KEY_FOR} placeholder={text::KEY_FOR_EXAMPLE} {error} value={(*name).clone()} {oninput} disabled={create.busy} />
            <fieldset class="account__scopes">
                <legend class="field__label">{ text::KEY_MAY }</legend>
                { for offered(props.of.map(|(_, role)| role)).into_iter().map(check) }
            </fieldset>
            <div class="field"><span class="field__label">{ text::KEY_LASTS }</span><Select label={text::KEY_LASTS} items={lasting} chosen={*days} {onchoose} /></div>
            if let Some(problem) = &create.problem { <Trouble problem={Rc::clone(problem)} /> }
            <div class="btns">
                <Button label={text::MAKE_API_KEY} kind={Kind::Primary} busy={create.busy} why_not={why_not.filter(|_| !create.busy)} onclick={send} />
                <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.give_up.clone()} />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_offered_what_its_maker_may() {
        assert_eq!(offered(None), Scope::ALL);
        let of_member = offered(Some(Role::Member));
        assert!(of_member.contains(&Scope::WriteAgents));
        assert!(!of_member.contains(&Scope::DeleteAgents));
        assert!(!offered(Some(Role::Owner)).contains(&Scope::ReadAccount));
    }
}
