//! Tests that are being run, here or in another process, and those that were cut off.

use std::rc::Rc;

use slipway_contract::command::StopTests;
use slipway_contract::test::{Mode, TestProgress};
use slipway_contract::{AgentName, ReportId};
use yew::prelude::*;

use crate::bridge::{Heard, use_action, use_events};
use crate::browser::use_style;
use crate::components::{Button, Icon, Kind, notice, small_icon};
use crate::{format, text};

/// How far the agent's tests are, and the newest report of which it was heard that it is over.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Progress {
    /// What goes on.
    pub(super) now: Option<Rc<TestProgress>>,
    /// What is over.
    pub(super) over: Option<ReportId>,
}

/// How far the agent's tests are, as far as it was heard since the page was opened; `over` is called when they end.
#[hook]
pub(super) fn use_progress(agent: &AgentName, over: Callback<()>) -> Progress {
    let heard = use_state_eq(Progress::default);
    let (agent, set) = (agent.clone(), heard.setter());
    let known = use_mut_ref(Progress::default);
    use_events(Callback::from(move |event: Heard| {
        let Heard::Tests(progress) = event else {
            return;
        };
        if progress.agent != agent {
            return;
        }
        let mut known = known.borrow_mut();
        if progress.over {
            known.over = Some(progress.report);
            known.now = None;
            over.emit(());
        } else {
            known.now = Some(progress);
        }
        set.set(known.clone());
    }));
    (*heard).clone()
}

/// What is under way.
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// How far it is.
    pub(super) progress: Rc<TestProgress>,
}

/// The line below the bar while tests are run.
#[component]
pub(super) fn Running(props: &Props) -> Html {
    let progress = &props.progress;
    let stop = use_action::<StopTests>(Callback::noop());
    let report = progress.report;
    let onstop = stop.send.reform(move |()| StopTests { report });
    let share = f64::from(progress.done) / f64::from(progress.of.max(1)) * 100.0;
    let bar = use_style("width", format!("{share:.1}%"));
    let cost = (progress.mode != Mode::Replay).then(|| format::usd_run(progress.cost_usd));
    html! {
        <>
            <div class="running">
                <div class="running__bar" role="progressbar" aria-label={text::TESTS_RUN} aria-valuemin="0" aria-valuemax={progress.of.to_string()} aria-valuenow={progress.done.to_string()}><i ref={bar}></i></div>
                <span class="running__count num"><b class="strong">{ text::done_of(progress.done, progress.of) }</b>
                    if progress.failed > 0 { <span class="status--failed">{ text::not_passed_so_far(progress.failed) }</span> }
                    { for cost.map(|cost| html! { <span class="t3">{ cost }</span> }) }
                </span>
                <span class="running__now small t3 clip" title={progress.now.join(", ")}>{ progress.now.join(", ") }</span>
                <Button label={text::STOP} icon={Icon::Stop} small=true busy={stop.busy} onclick={onstop} />
            </div>
            if let Some(problem) = &stop.problem { <div class="page__notice">{ notice(problem, None) }</div> }
        </>
    }
}

/// What was cut off.
#[derive(Properties, PartialEq)]
pub(super) struct CutOffProps {
    /// How far it came.
    pub(super) progress: Rc<TestProgress>,
    /// Goes on with it.
    pub(super) ongo: Callback<()>,
    /// It is ordered.
    pub(super) busy: bool,
}

/// The line below the bar for a report that was cut off.
#[component]
pub(super) fn CutOff(props: &CutOffProps) -> Html {
    let progress = &props.progress;
    html! {
        <div class="running running--cut" role="status">
            { small_icon(Icon::Power) }
            <span class="clip running__now"><b class="strong">{ text::CUT_OFF_AT }{ text::done_of(progress.done, progress.of) }</b>{ " " }<span class="t2">{ progress.stopped.as_deref().map(text::sentence).unwrap_or_default() }{ " " }{ text::REPORT_CUT_OFF_HOW }</span></span>
            <Button label={text::GO_ON} icon={Icon::Play} small=true kind={Kind::Plain} busy={props.busy} onclick={props.ongo.clone()} />
        </div>
    }
}
