//! What a person decides about a case, and the way to the next one that differs.

use std::cell::Cell;
use std::rc::Rc;

use slipway_contract::command::{AcceptBehaviour, CallRegression};
use slipway_contract::test::{AcceptedBehaviour, CasePage, Outcome};
use slipway_contract::{AgentName, ReportId};
use yew::prelude::*;

use crate::bridge::use_action;
use crate::browser::{self, local};
use crate::components::{Button, Dialog, Icon, Kind, notice};
use crate::{format, text};

/// The id of the button that leads to the next case.
const NEXT: &str = "case-next";

/// A case's place among those that differ.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Step {
    /// Its place, from 1; none for a case that does not differ.
    pub(super) at: Option<usize>,
    /// All of them.
    pub(super) of: usize,
    /// To the one before or after it.
    pub(super) go: Callback<isize>,
    /// A person is on the way there, and has the keyboard on the button for it.
    pub(super) on_the_way: Rc<Cell<bool>>,
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The agent.
    pub(super) agent: AgentName,
    /// The report.
    pub(super) report: ReportId,
    /// The case in it.
    pub(super) case: Rc<CasePage>,
    /// Titles of the other cases that play its recording.
    pub(super) also: Vec<String>,
    /// Its place among those that differ.
    pub(super) step: Step,
    /// Plays cases.
    pub(super) onrun: Callback<Vec<String>>,
    /// Something is being run.
    pub(super) busy: bool,
    /// Something was decided.
    pub(super) changed: Callback<()>,
}

/// Where accepting stands.
#[derive(Clone, PartialEq)]
enum Accepting {
    No,
    Asks,
    Done(Rc<AcceptedBehaviour>),
}

/// The foot of the panel.
#[component]
pub(super) fn Decide(props: &Props) -> Html {
    let accepting = use_state_eq(|| Accepting::No);
    // Who steps through the cases with the keyboard finds it on the same button for the next.
    let on_the_way = Rc::clone(&props.step.on_the_way);
    use_effect_with((), move |()| {
        if on_the_way.take() && browser::lost_keyboard() {
            browser::focus_id(NEXT);
        }
    });
    let call = use_action::<CallRegression>(props.changed.clone());
    let accept = {
        let (accepting, changed) = (accepting.clone(), props.changed.clone());
        use_action::<AcceptBehaviour>(Callback::from(move |accepted: AcceptedBehaviour| {
            accepting.set(Accepting::Done(Rc::new(accepted)));
            changed.emit(());
        }))
    };
    let case = &props.case;
    let differs = case
        .shown
        .as_ref()
        .is_some_and(|shown| shown.mismatch.is_some());
    let not_passed = case
        .attempts
        .iter()
        .any(|attempt| attempt.outcome != Outcome::Passed);
    let regression = |is: bool| {
        let (report, case) = (props.report, case.case.clone());
        call.send.reform(move |()| CallRegression {
            report,
            case: case.clone(),
            is,
        })
    };
    let set = |to: Accepting| {
        let accepting = accepting.clone();
        Callback::from(move |()| accepting.set(to.clone()))
    };
    let onaccept = {
        let (agent, case) = (props.agent.clone(), case.case.clone());
        accept.send.reform(move |()| AcceptBehaviour {
            agent: agent.clone(),
            case: case.clone(),
        })
    };
    let called = case
        .regression
        .map(|at| format::moment(local(at), local(browser::now())));
    if !not_passed && props.step.of == 0 {
        return Html::default();
    }
    let dialog = match &*accepting {
        Accepting::No => Html::default(),
        Accepting::Asks => html! {
            <Dialog title={text::ACCEPT_ASKS} open=true onclose={set(Accepting::No)} actions={html! { <><Button label={text::CANCEL} onclick={set(Accepting::No)} /><Button label={text::ACCEPT} kind={Kind::Primary} busy={accept.busy} onclick={onaccept} /></> }}>
                <p class="t2">{ text::accept_how(case.recorded.as_ref().map(|recorded| recorded.name.as_str())) }</p>
                { also(text::ALSO_PLAY, &props.also) }
                { for accept.problem.as_ref().map(|problem| notice(problem, None)) }
            </Dialog>
        },
        Accepting::Done(accepted) => {
            let again = {
                let (onrun, close, case) =
                    (props.onrun.clone(), set(Accepting::No), case.case.clone());
                Callback::from(move |()| {
                    close.emit(());
                    onrun.emit(vec![case.clone()]);
                })
            };
            html! {
                <Dialog title={text::ACCEPTED} open=true onclose={set(Accepting::No)} actions={html! { <><Button label={text::CLOSE} onclick={set(Accepting::No)} /><Button label={text::RUN_CASE} icon={Icon::Play} kind={Kind::Primary} busy={props.busy} onclick={again} /></> }}>
                    <p class="t2">{ text::accepted_in(&accepted.recording) }</p>
                    <ul class="bullets">{ for accepted.changes.iter().map(|change| html! { <li>{ text::sentence(change) }</li> }) }</ul>
                    { also(text::ALSO_PLAYED, &accepted.also) }
                </Dialog>
            }
        }
    };
    html! {
        <div class="decide">
            if not_passed {
                if let Some(at) = called {
                    <span class="tag tag--failed" title={text::called_regression(&at)}>{ text::REGRESSION }</span>
                    <Button label={text::TAKE_BACK} kind={Kind::Quiet} small=true busy={call.busy} onclick={regression(false)} />
                } else {
                    <Button label={text::THIS_IS_REGRESSION} busy={call.busy} onclick={regression(true)} />
                }
                if differs { <Button label={text::ACCEPT_BEHAVIOUR} onclick={set(Accepting::Asks)} /> }
            }
            if props.step.of > 0 { { steps(&props.step) } }
            { dialog }
            if let Some(problem) = &call.problem { <div class="floating">{ notice(problem, None) }</div> }
        </div>
    }
}

fn steps(step: &Step) -> Html {
    let words = text::case_of(step.at, step.of);
    if step.of == 1 && step.at.is_some() {
        return html! { <span class="decide__steps small t3 num">{ words }</span> };
    }
    let go = |by: isize| step.go.reform(move |()| by);
    html! {
        <span class="decide__steps" role="group" aria-label={text::CASES_THAT_DIFFER}>
            <span class="small t3 num">{ words }</span>
            <span class="decide__back"><Button label={text::PREVIOUS_CASE} icon={Icon::Right} icon_only=true small=true kind={Kind::Quiet} onclick={go(-1)} /></span>
            <Button id={NEXT} label={text::NEXT_CASE} icon={Icon::Right} icon_only=true small=true kind={Kind::Quiet} onclick={go(1)} />
        </span>
    }
}

/// Other cases that it concerns.
fn also(words: &'static str, titles: &[String]) -> Html {
    if titles.is_empty() {
        return Html::default();
    }
    const SHOWN: usize = 8;
    let more = titles.len().saturating_sub(SHOWN);
    html! {
        <>
            <p class="t2">{ words }</p>
            <ul class="bullets">
                { for titles.iter().take(SHOWN).map(|title| html! { <li>{ title.clone() }</li> }) }
                if more > 0 { <li class="t3">{ text::and_more(more) }</li> }
            </ul>
        </>
    }
}
