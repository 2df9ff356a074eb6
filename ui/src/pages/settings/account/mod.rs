//! Settings: who one is in the cloud, and what one belongs to there.

mod activity;
mod api_key_form;
mod api_keys;
mod factor;
mod keyboard;
mod locked;
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

use self::locked::Locked;
use self::organization::OrganizationPage;
use self::person::Person;
use self::sign_in::SignIn;
use self::waiting::Waiting;
use crate::bridge::{use_action, use_query, use_watched_query};
use crate::browser::{self, local};
use crate::components::{Button, Icon, Toasts, icon, notice, skeleton};
use crate::{format, text};

/// What is looked at.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// One organization; without it, the account.
    pub(super) organization: Option<OrganizationId>,
}

/// Signs in again at the same server. A context of the page.
#[derive(Clone, PartialEq)]
struct SignInAgain {
    begin: Callback<()>,
    busy: bool,
}

/// The account, or one organization of it; before that, signing in.
#[component]
pub(super) fn Account(props: &Props) -> Html {
    let toasts = use_context::<Toasts>();
    let changes = use_state(|| 0_u32);
    let begun = use_state_eq(|| None::<BegunSignIn>);
    let latest = use_state_eq(|| None::<Rc<Who>>);
    let untold = use_state_eq(|| None::<AttrValue>);
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
        let (begun, latest, changes) = (begun.clone(), latest.clone(), changes.clone());
        let (untold, toasts) = (untold.clone(), toasts.clone());
        Callback::from(move |who: Option<Who>| {
            begun.set(None);
            if let Some(who) = who {
                untold.set(None);
                latest.set(Some(Rc::new(who)));
                if let Some(toasts) = &toasts {
                    toasts.say(text::SIGNED_IN);
                }
                changes.set(changes.wrapping_add(1));
            }
        })
    };
    let signed_out = {
        let (latest, changes, untold) = (latest.clone(), changes.clone(), untold.clone());
        Callback::from(move |done: SignedOut| {
            let not_told = text::untold(&done).map(AttrValue::from);
            // What has to be read does not pass.
            if let Some(toasts) = toasts.as_ref().filter(|_| not_told.is_none()) {
                toasts.say(text::SIGNED_OUT);
            }
            untold.set(not_told);
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
    // Whoever gave up knows it.
    let problem = begin
        .problem
        .filter(|problem| problem.code != ErrorCode::WrongState);
    let waiting = |begun: &BegunSignIn, over: bool| {
        // Another one waits anew.
        let code = begun.code.as_ref().map(|code| code.code.clone());
        let key = code.or_else(|| begun.url.clone()).unwrap_or_default();
        html! { <Waiting {key} {over} begun={begun.clone()} begin={begin.send.clone()} busy={begin.busy} problem={problem.clone()} ended={ended.clone()} /> }
    };
    let who = latest.as_ref();
    let content = match (who.filter(|who| who.person.is_some()), who, &*begun) {
        // What the person was at stays as it is, while they sign in again over it.
        (Some(who), _, begun) => html! {
            <>
                if let Some(problem) = problem.as_ref().filter(|_| begun.is_none()) { { notice(problem, None) } }
                { signed_in(props.organization, who, asking, *changes, &fresh.again, &signed_out) }
                if let Some(begun) = begun { { waiting(begun, true) } }
            </>
        },
        (None, _, Some(begun)) => waiting(begun, false),
        (None, Some(who), None) => {
            html! { <SignIn who={Rc::clone(who)} untold={(*untold).clone()} begin={begin.send.clone()} busy={begin.busy} {problem} /> }
        }
        (None, None, None) => {
            html! { <div class="waiting" role="status" aria-label={text::LOADING}>{ skeleton::lines(&["w-320", "w-240", "w-320"]) }</div> }
        }
    };
    let context = SignInAgain {
        begin: again,
        busy: begin.busy,
    };
    html! { <ContextProvider<SignInAgain> {context}>{ content }</ContextProvider<SignInAgain>> }
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
            // Another person's page is another one.
            let key = person.account.to_string();
            html! { <Person {key} who={Rc::clone(who)} {person} {asked} {offline} signed_out={signed_out.clone()} /> }
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
            if let Some(problem) = &who.problem {
                { match problem.code {
                    ErrorCode::Unreachable => unreachable(problem, again),
                    // What keeps the sign-in wants something of the person.
                    ErrorCode::InvalidInput => html! { <Locked problem={Rc::new(problem.clone())} again={again.clone()} /> },
                    _ => html! { <Trouble problem={Rc::new(problem.clone())} again={again.clone()} /> },
                } }
            }
        </>
    }
}

/// That the server is away, which is nothing that went wrong here.
fn unreachable(problem: &Problem, again: &Callback<()>) -> Html {
    html! {
        <div class="notice selectable account__then" role="status">
            { icon(Icon::Info) }
            <div>{ text::sentence(&problem.message) }if let Some(help) = &problem.help { { " " }{ text::sentence(help) } }</div>
            <Button label={text::TRY_AGAIN} small=true onclick={again.clone()} />
        </div>
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
            { notice(&props.problem, props.again.clone()) }
            if let Some(SignInAgain { begin, busy }) = sign_in.filter(|_| wants_sign_in) {
                <Button label={text::SIGN_IN_AGAIN} {busy} onclick={begin} />
            }
        </div>
    }
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
