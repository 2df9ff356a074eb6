//! While the person signs in elsewhere.

use std::rc::Rc;

use slipway_contract::Problem;
use slipway_contract::account::{BegunSignIn, SignInCode, Who};
use slipway_contract::command::OpenLink;
use slipway_contract::command::cloud::{AwaitSignIn, BeginSignIn, StopSignIn};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::browser;
use crate::components::{Button, Copy, Dialog, Kind, Mark, mark, notice};
use crate::text;

/// What is waited for.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The sign-in.
    pub(super) begun: BegunSignIn,
    /// Begins in the other way.
    pub(super) begin: Callback<BeginSignIn>,
    /// The server is being asked for the other way.
    pub(super) busy: bool,
    /// Why the other way did not begin.
    pub(super) problem: Option<Rc<Problem>>,
    /// It stands over the page of who is signed in already.
    pub(super) over: bool,
    /// It is over: signed in, or not.
    pub(super) ended: Callback<Option<Who>>,
}

/// The panel.
#[component]
pub(super) fn Waiting(props: &Props) -> Html {
    let head = use_node_ref();
    let is_here = use_mut_ref(|| true);
    let over = {
        let (is_here, ended) = (is_here.clone(), props.ended.clone());
        // Whoever left the page asks anew when they come back.
        Callback::from(move |who| {
            if *is_here.borrow() {
                ended.emit(Some(who));
            }
        })
    };
    let wait = use_action::<AwaitSignIn>(over);
    let stop = use_action::<StopSignIn>(Callback::noop());
    {
        let (send, head) = (wait.send.clone(), head.clone());
        use_effect_with((), move |()| {
            browser::focus(&head);
            send.emit(AwaitSignIn {});
            move || *is_here.borrow_mut() = false
        });
    }
    let cancel = {
        let (stop, ended) = (stop.send, props.ended.clone());
        Callback::from(move |()| {
            stop.emit(StopSignIn {});
            ended.emit(None);
        })
    };
    let is_code = props.begun.code.is_some();
    // While another way is asked for, that this one is over is nothing to tell.
    let switching = use_state_eq(|| false);
    let is_given_up = props.busy && *switching;
    let failed = wait.problem.as_ref().filter(|_| !is_given_up);
    let begin = |with_code: bool| {
        let server = props.begun.server.clone();
        props.begin.reform(move |()| BeginSignIn {
            server: Some(server.clone()),
            with_code,
        })
    };
    let (title, how) = match (failed, is_code) {
        (Some(_), _) => (text::NOT_SIGNED_IN, None),
        (None, false) => (
            text::WAITING_FOR_BROWSER,
            Some(text::WAITING_FOR_BROWSER_HOW),
        ),
        (None, true) => (text::TYPE_CODE, Some(text::TYPE_CODE_HOW)),
    };
    let other_way = if is_code {
        text::WITH_BROWSER
    } else {
        text::WITH_CODE
    };
    let on_other = {
        let (begin, is_under_way) = (begin(!is_code), failed.is_none());
        Callback::from(move |()| {
            switching.set(is_under_way);
            begin.emit(());
        })
    };
    let other = html! { <Button label={other_way} kind={Kind::Quiet} busy={props.busy} onclick={on_other} /> };
    let shown = html! {
        <>
            if let Some(problem) = failed {
                { notice(problem, None) }
            } else {
                if let Some(problem) = &props.begun.problem { { notice(problem, None) } }
                if let Some(code) = &props.begun.code { <Code code={code.clone()} /> }
                <p class="account__waits" role="status">{ mark(Mark::Running) }<span>{ text::WAITING }</span><span class="path t3 clip">{ props.begun.server.clone() }</span></p>
                if let Some(url) = &props.begun.url { <Address url={url.clone()} /> }
            }
            if let Some(problem) = &props.problem { { notice(problem, None) } }
        </>
    };
    let actions = match failed {
        Some(_) => html! {
            <>
                <Button label={text::TRY_AGAIN} kind={Kind::Primary} busy={props.busy} onclick={begin(is_code)} />
                { other }
                <Button label={text::BACK} kind={Kind::Quiet} onclick={cancel.clone()} />
            </>
        },
        None => html! { <>{ other }<Button label={text::CANCEL} onclick={cancel.clone()} /></> },
    };
    if props.over {
        return html! {
            <Dialog {title} open=true stays=true onclose={cancel} {actions}>
                if let Some(how) = how { <p class="t2">{ how }</p> }
                { shown }
            </Dialog>
        };
    }
    html! {
        <section class="account__wait" aria-label={title}>
            <h1 ref={head} class="head" tabindex="-1">{ title }</h1>
            if let Some(how) = how { <p class="t2 set__lead">{ how }</p> }
            <div class="panel">
                { shown }
                <div class="btns">{ actions }</div>
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct AddressProps {
    url: String,
}

/// For who closed the page that the browser was sent to, or whose browser is another one.
#[component]
fn Address(props: &AddressProps) -> Html {
    let open = use_action::<OpenLink>(Callback::noop());
    let url = props.url.clone();
    let onclick = open.send.reform(move |()| OpenLink { url: url.clone() });
    html! {
        <>
            <div class="btns">
                <Button label={text::OPEN_BROWSER_AGAIN} small=true busy={open.busy} {onclick} />
                <Copy label={text::COPY_ADDRESS} text={props.url.clone()} />
            </div>
            if let Some(problem) = &open.problem { { notice(problem, None) } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CodeProps {
    code: SignInCode,
}

/// The code, and where it is typed.
#[component]
fn Code(props: &CodeProps) -> Html {
    let open = use_action::<OpenLink>(Callback::noop());
    let code = &props.code;
    let url = code
        .complete_url
        .clone()
        .unwrap_or_else(|| code.url.clone());
    let onclick = open.send.reform(move |()| OpenLink { url: url.clone() });
    html! {
        <>
            <p class="account__code selectable" aria-label={text::CODE}>{ code.code.clone() }</p>
            <p class="path selectable as-written">{ code.url.clone() }</p>
            <div class="btns">
                <Copy label={text::COPY_CODE} text={code.code.clone()} />
                <Copy label={text::COPY_ADDRESS} text={code.url.clone()} />
                <Button label={text::OPEN_ADDRESS} small=true kind={Kind::Quiet} {onclick} />
            </div>
            if let Some(problem) = &open.problem { { notice(problem, None) } }
        </>
    }
}
