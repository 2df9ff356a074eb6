//! Settings: who one is in the cloud, and what one belongs to there.

mod api_key_form;
mod api_keys;
mod factor;
mod made_key;
mod name_form;
mod offer;
mod organization;
mod organizations;
mod person;
mod sessions;
mod sign_in;
mod waiting;

use std::rc::Rc;

use slipway_contract::account::{BegunSignIn, KnownPerson, SignedOut, Who};
use slipway_contract::cloud::OrganizationId;
use slipway_contract::command::cloud::{BeginSignIn, ShowSignIn, ShowWho};
use slipway_contract::{ErrorCode, Problem, Timestamp};
use yew::prelude::*;

use self::organization::OrganizationPage;
use self::person::Person;
use self::sign_in::SignIn;
use self::waiting::Waiting;
use crate::bridge::{use_action, use_query, use_watched_query};
use crate::browser::{self, local};
use crate::components::{Button, Toasts, notice, skeleton};
use crate::{format, text};

/// What is looked at.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// One organization; without it, the account.
    pub(super) organization: Option<OrganizationId>,
}

/// Signs in again at the same server. A context of the page.
#[derive(Clone, PartialEq)]
struct SignInAgain(Callback<()>);

/// The account, or one organization of it; before that, signing in.
#[component]
pub(super) fn Account(props: &Props) -> Html {
    let toasts = use_context::<Toasts>();
    let changes = use_state(|| 0_u32);
    let begun = use_state_eq(|| None::<BegunSignIn>);
    let latest = use_state_eq(|| None::<Rc<Who>>);
    let known = use_query(ShowWho { now: false }, *changes);
    let (fresh, asking) = use_watched_query(ShowWho { now: true }, *changes);
    let under_way = use_query(ShowSignIn {}, 0);
    {
        let latest = latest.clone();
        use_effect_with(known.state, move |known| {
            if let (None, Some(who)) = (&*latest, known.ready()) {
                latest.set(Some(Rc::clone(who)));
            }
        });
    }
    {
        let latest = latest.clone();
        use_effect_with(fresh.state.clone(), move |fresh| {
            if let Some(who) = fresh.ready() {
                latest.set(Some(Rc::clone(who)));
            }
        });
    }
    {
        // One that was begun before the person looked at another page.
        let begun = begun.clone();
        use_effect_with(under_way.state, move |under_way| {
            if let Some(Some(there)) = under_way.ready().map(|there| &**there) {
                begun.set(Some(there.clone()));
            }
        });
    }
    let begin = {
        let begun = begun.clone();
        use_action::<BeginSignIn>(Callback::from(move |there| begun.set(Some(there))))
    };
    let ended = {
        let (begun, latest, changes, toasts) = (
            begun.clone(),
            latest.clone(),
            changes.clone(),
            toasts.clone(),
        );
        Callback::from(move |who: Option<Who>| {
            begun.set(None);
            if let Some(who) = who {
                latest.set(Some(Rc::new(who)));
                if let Some(toasts) = &toasts {
                    toasts.say(text::SIGNED_IN);
                }
                changes.set(changes.wrapping_add(1));
            }
        })
    };
    let signed_out = {
        let (latest, changes) = (latest.clone(), changes.clone());
        Callback::from(move |done: SignedOut| {
            if let Some(toasts) = &toasts {
                toasts.say(text::signed_out(&done));
            }
            latest.set(Some(Rc::new(Who {
                server: done.server,
                person: None,
                from_now: false,
                problem: None,
            })));
            changes.set(changes.wrapping_add(1));
        })
    };
    let again = begin.send.reform(|()| BeginSignIn {
        server: None,
        with_code: false,
    });
    let content = match (&*begun, &*latest) {
        (Some(begun), _) => {
            // Another one waits anew.
            let code = begun.code.as_ref().map(|code| code.code.clone());
            let key = code.or_else(|| begun.url.clone()).unwrap_or_default();
            html! { <Waiting {key} begun={begun.clone()} begin={begin.send.clone()} busy={begin.busy} problem={begin.problem} {ended} /> }
        }
        (None, None) => {
            html! { <div class="waiting" role="status" aria-label={text::LOADING}>{ skeleton::lines(&["w-320", "w-240", "w-320"]) }</div> }
        }
        (None, Some(who)) => match &who.person {
            None => {
                html! { <SignIn who={Rc::clone(who)} begin={begin.send.clone()} busy={begin.busy} problem={begin.problem} /> }
            }
            Some(_) => html! {
                <>
                    if let Some(problem) = &begin.problem { { notice(problem, None) } }
                    { signed_in(props.organization, who, asking, *changes, &fresh.again, &signed_out) }
                </>
            },
        },
    };
    html! { <ContextProvider<SignInAgain> context={SignInAgain(again)}>{ content }</ContextProvider<SignInAgain>> }
}

/// What there is for who is signed in. While the server cannot be asked, what is known, and since when.
fn signed_in(
    organization: Option<OrganizationId>,
    who: &Rc<Who>,
    asking: bool,
    asked: u32,
    again: &Callback<()>,
    signed_out: &Callback<SignedOut>,
) -> Html {
    let Some(person) = who.person.clone() else {
        return Html::default();
    };
    match organization {
        Some(organization) if who.from_now => {
            html! { <OrganizationPage {organization} own={person.account} {asked} /> }
        }
        _ => {
            let offline = (!who.from_now).then(|| away(who, &person, asking, again));
            html! { <Person who={Rc::clone(who)} {person} {asked} {offline} signed_out={signed_out.clone()} /> }
        }
    }
}

/// That the server could not be asked, or is being asked.
fn away(who: &Who, person: &KnownPerson, asking: bool, again: &Callback<()>) -> Html {
    if asking {
        return html! { <div class="waiting" role="status" aria-label={text::LOADING}>{ skeleton::lines(&["w-320", "w-240", "w-320"]) }</div> };
    }
    html! {
        <>
            <p class="t2 account__then">{ text::as_of(&moment(person.seen_at)) }</p>
            if let Some(problem) = &who.problem { <Trouble problem={Rc::new(problem.clone())} again={again.clone()} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct TroubleProps {
    problem: Rc<Problem>,
    #[prop_or_default]
    again: Option<Callback<()>>,
}

/// What went wrong with the cloud; with the way to sign in again where that is what is missing.
#[component]
fn Trouble(props: &TroubleProps) -> Html {
    let sign_in = use_context::<SignInAgain>();
    let wants_sign_in = matches!(
        props.problem.code,
        ErrorCode::NotSignedIn | ErrorCode::SignInTooOld
    );
    html! {
        <div class="account__trouble">
            { beside_sign_in(&props.problem, props.again.clone()) }
            if let Some(SignInAgain(onclick)) = sign_in.filter(|_| wants_sign_in) {
                <Button label={text::SIGN_IN_AGAIN} {onclick} />
            }
        </div>
    }
}

/// The notice, beside what signs in: that nobody is signed in needs no other way out.
fn beside_sign_in(problem: &Problem, again: Option<Callback<()>>) -> Html {
    if problem.code != ErrorCode::NotSignedIn {
        return notice(problem, again);
    }
    let shown = Problem {
        help: None,
        ..problem.clone()
    };
    notice(&shown, again)
}

/// A moment as it stands in a list.
fn moment(at: Timestamp) -> String {
    format::moment(local(at), local(browser::now()))
}

/// A day that may be of any year.
fn date(at: Timestamp) -> String {
    format::date(local(at).date())
}

/// A callback that says this in passing, and lets what is shown be asked for again.
#[hook]
fn use_done(words: &'static str, changed: &Callback<()>) -> Callback<()> {
    let toasts = use_context::<Toasts>();
    let changed = changed.clone();
    Callback::from(move |()| {
        if let Some(toasts) = &toasts {
            toasts.say(words);
        }
        changed.emit(());
    })
}
