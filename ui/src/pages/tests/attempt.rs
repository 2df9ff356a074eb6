//! What happened in an attempt: the page of its run where that is kept, else its trace in a sheet.

use std::rc::Rc;

use slipway_contract::command::ShowAttempt;
use slipway_contract::event::RunEvent;
use slipway_contract::{AgentName, ReportId, RunId};
use yew::prelude::*;

use crate::bridge::use_query;
use crate::components::{Button, Icon, Kept, Kind, TracePane, async_value, skeleton, use_modal};
use crate::route::Route;
use crate::run_state::RunState;
use crate::text;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The report.
    pub(super) report: ReportId,
    /// The case.
    pub(super) case: String,
    /// What people call it.
    pub(super) title: String,
    /// The agent.
    pub(super) agent: AgentName,
    /// The attempt, from 1.
    pub(super) attempt: u32,
    /// Its run, where it is kept among the runs.
    pub(super) run: Option<RunId>,
    /// Whether its events are kept.
    pub(super) traced: bool,
}

/// The way to it.
#[component]
pub(super) fn AttemptTrace(props: &Props) -> Html {
    let open = use_state_eq(|| false);
    if let Some(id) = props.run {
        return html! { <a class="btn btn--small btn--quiet case__trace" href={Route::Run { id }.href()}>{ text::OPEN_TRACE }</a> };
    }
    if !props.traced {
        return Html::default();
    }
    let set = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    html! {
        <span class="case__trace">
            <Button label={text::OPEN_TRACE} small=true kind={Kind::Quiet} onclick={set(true)} />
            if *open { <Sheet report={props.report} case={props.case.clone()} title={props.title.clone()} agent={props.agent.clone()} attempt={props.attempt} onclose={set(false)} /> }
        </span>
    }
}

#[derive(Properties, PartialEq)]
struct SheetProps {
    report: ReportId,
    case: String,
    title: String,
    agent: AgentName,
    attempt: u32,
    onclose: Callback<()>,
}

#[component]
fn Sheet(props: &SheetProps) -> Html {
    let dialog = use_modal();
    let events = use_query(
        ShowAttempt {
            report: props.report,
            case: props.case.clone(),
            attempt: props.attempt,
        },
        0,
    );
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let label = text::trace_of(&props.title, props.attempt);
    html! {
        <dialog ref={dialog} class="dialog dialog--sheet" aria-label={label.clone()} {oncancel}>
            <div class="sheet__head"><h2 class="title clip">{ label }</h2><span class="spacer"></span><Button label={text::CLOSE} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={props.onclose.clone()} /></div>
            <div class="sheet__body trace-pane">
                { async_value(&events, html! { <div class="case__waiting">{ skeleton::lines(&["w-320", "w-240", "w-320"]) }</div> }, |events: &Rc<Vec<RunEvent>>| {
                    let state = Rc::new(RunState::of_attempt(props.agent.clone(), &props.title, events));
                    html! { <ContextProvider<Kept> context={Kept::Attempt}><TracePane {state} wanted={None} /></ContextProvider<Kept>> }
                }) }
            </div>
        </dialog>
    }
}
