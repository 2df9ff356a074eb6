//! Where the person is signed in.

use std::rc::Rc;

use slipway_contract::cloud::factor::Session;
use slipway_contract::cloud::{SessionId, session as names};
use slipway_contract::command::cloud::{EndOtherSessions, EndSession, ListSessions};
use yew::prelude::*;

use super::keyboard::use_rows;
use super::{Trouble, moment, use_done};
use crate::bridge::{use_action, use_query};
use crate::components::{Button, Kind, async_value, exact, skeleton};
use crate::text;

/// When to ask anew.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Changes when all is to be asked for again.
    pub(super) asked: u32,
}

/// The sessions, this one marked.
#[component]
pub(super) fn Sessions(props: &Props) -> Html {
    let sessions = use_query(ListSessions {}, props.asked);
    let all = sessions.state.ready();
    let section = use_rows(all.map(|all| all.iter().map(|session| session.id).collect()));
    let one_ended = use_done(text::SESSION_ENDED, &sessions.again);
    let others_ended = use_done(text::OTHERS_ENDED, &sessions.again);
    let end = use_action::<EndSession>(one_ended);
    let others = use_action::<EndOtherSessions>(others_ended);
    let ending = use_state_eq(|| None::<SessionId>);
    let on_end = {
        let (send, ending) = (end.send.clone(), ending.clone());
        Callback::from(move |session: SessionId| {
            ending.set(Some(session));
            send.emit(EndSession { session });
        })
    };
    let has_others = sessions
        .state
        .ready()
        .is_some_and(|all| all.iter().any(|session| !session.current));
    let why_not = (!has_others).then_some(AttrValue::Static(text::NO_OTHER_SESSION));
    let row = |session: &Session| {
        let busy = end.busy && *ending == Some(session.id);
        line(session, busy, &on_end)
    };
    html! {
        <section ref={section} class="account__part" aria-label={text::SESSIONS}>
            <h2 class="section" tabindex="-1">
                { text::SESSIONS }<span class="spacer"></span>
                <Button label={text::END_OTHERS} kind={Kind::Quiet} small=true busy={others.busy} {why_not} onclick={others.send.reform(|()| EndOtherSessions {})} />
            </h2>
            <p class="small t3">{ text::SESSIONS_HOW }</p>
            if let Some(problem) = end.problem.as_ref().or(others.problem.as_ref()) { <Trouble problem={Rc::clone(problem)} /> }
            { async_value(&sessions, skeleton::lines(&["w-320", "w-320"]), |all| html! { <ul class="rows account__rows">{ for all.iter().map(row) }</ul> }) }
        </section>
    }
}

fn line(session: &Session, busy: bool, end: &Callback<SessionId>) -> Html {
    let (id, program) = (session.id, names::program(&session.client));
    let device = names::device(&session.client, &session.device);
    html! {
        <li key={id.to_string()} class="account__row">
            <div class="account__what">
                <div class="clip" title={session.device.clone()} dir="auto">{ exact(&device) }</div>
                <div class="small t3 clip">{ program.to_owned() }{ " · " }{ text::session_used(&session.address, &moment(session.last_used_at)) }</div>
            </div>
            if session.current {
                <span class="small t2">{ text::THIS_MACHINE }</span>
            } else {
                <Button label={text::END_SESSION} name={text::end_session_of(&device)} small=true {busy} onclick={end.reform(move |()| id)} />
            }
        </li>
    }
}
