//! Answering the letter of an invitation: what it offers is seen before it is answered.

use std::rc::Rc;

use slipway_contract::cloud::invitation::Offer;
use slipway_contract::cloud::organization::Organization;
use slipway_contract::command::cloud::{AcceptInvitation, DeclineInvitation, ShowOffer};
use yew::prelude::*;

use super::keyboard::use_keyboard_back;
use super::{Trouble, use_done};
use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Kind, TextField, Toasts};
use crate::pages::settings::secret_field::form_keys;
use crate::text;

/// The id of what opens it.
pub(super) const OPENER: &str = "answer-invitation";

/// What follows.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The person joined this.
    pub(super) joined: Callback<Organization>,
    /// It is over.
    pub(super) close: Callback<()>,
}

/// The form.
#[component]
pub(super) fn AnswerInvitation(props: &Props) -> Html {
    let toasts = use_context::<Toasts>();
    let link = use_state_eq(String::new);
    let offer = use_state_eq(|| None::<Offer>);
    let look = {
        let offer = offer.clone();
        use_action::<ShowOffer>(Callback::from(move |found| offer.set(Some(found))))
    };
    let accept = {
        let joined = props.joined.clone();
        use_action::<AcceptInvitation>(Callback::from(move |into: Organization| {
            if let Some(toasts) = &toasts {
                toasts.say(text::joined(into.name.as_str()));
            }
            joined.emit(into);
        }))
    };
    let declined = use_done(text::DECLINED, &props.close);
    let decline = use_action::<DeclineInvitation>(declined);
    use_keyboard_back(OPENER);
    use_effect_with((), |()| {
        browser::focus_id("invitation-link");
    });
    let oninput = {
        let (link, offer) = (link.clone(), offer.clone());
        Callback::from(move |typed| {
            // What was found is of another link.
            offer.set(None);
            link.set(typed);
        })
    };
    let is_empty = link.trim().is_empty();
    let why_not = is_empty.then_some(AttrValue::Static(text::PASTE_LINK_FIRST));
    let given = || (*link).clone();
    let on_look = {
        let link = given();
        let look = look.send.clone();
        Callback::from(move |()| {
            if !is_empty {
                look.emit(ShowOffer { link: link.clone() });
            }
        })
    };
    let (to_accept, to_decline) = (given(), given());
    let on_accept = accept.send.reform(move |()| AcceptInvitation {
        link: to_accept.clone(),
    });
    let on_decline = decline.send.reform(move |()| DeclineInvitation {
        link: to_decline.clone(),
    });
    let problem = [&look.problem, &accept.problem, &decline.problem];
    let problem = problem.into_iter().find_map(Option::as_ref);
    let enter = if offer.is_some() {
        Callback::noop()
    } else {
        on_look.clone()
    };
    html! {
        <div class="panel" role="group" aria-label={text::ANSWER_INVITATION} onkeydown={form_keys(enter, props.close.clone())}>
            <TextField id="invitation-link" label={text::INVITATION_LINK} help={text::INVITATION_LINK_HELP} mono=true value={(*link).clone()} {oninput} />
            if let Some(problem) = problem { <Trouble problem={Rc::clone(problem)} /> }
            if let Some(offer) = &*offer {
                <p role="status" dir="auto">{ text::offered(offer) }</p>
                <div class="btns">
                    <Button label={text::ACCEPT} kind={Kind::Primary} busy={accept.busy} onclick={on_accept} />
                    <Button label={text::DECLINE} busy={decline.busy} onclick={on_decline} />
                    <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.close.clone()} />
                </div>
            } else {
                <div class="btns">
                    <Button label={text::LOOK_AT_IT} kind={Kind::Primary} busy={look.busy} {why_not} onclick={on_look} />
                    <Button label={text::CANCEL} kind={Kind::Quiet} onclick={props.close.clone()} />
                </div>
            }
        </div>
    }
}
