//! One run: what is true of it, what was said, what was done, and what it asks.

mod actions;
mod ask;
mod watch;

pub(crate) use ask::AskPage;

use std::rc::Rc;

use slipway_contract::command::{CancelRun, ContinueRun, ListModels, ResumeRun};
use slipway_contract::model::ModelRef;
use slipway_contract::{RunId, StepId};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::actions::{Copied, SaveOutput};
use self::watch::use_run;
use crate::bridge::{use_action, use_query};
use crate::components::{
    AgentHead, AgentTab, Button, Composer, Conversation, Icon, Kind, ModelPicker, RunBar, SaveTest,
    TracePane, Written, async_value, notice,
};
use crate::route::Route;
use crate::run_state::{RunState, Utterance};
use crate::text;

/// Which run.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The run.
    pub(crate) id: RunId,
}

/// One run.
#[component]
pub(crate) fn RunPage(props: &Props) -> Html {
    let run = use_run(props.id);
    html! { { async_value(&run, skeleton(), |state| html! { <Loaded state={Rc::clone(state)} /> }) } }
}

#[derive(Properties, PartialEq)]
struct LoadedProps {
    state: Rc<RunState>,
}

#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let state = &props.state;
    let run = state.run;
    let cancel = use_action::<CancelRun>(Callback::noop());
    let resume = use_action::<ResumeRun>(Callback::noop());
    let navigator = use_navigator();
    let further = use_action::<ContinueRun>(Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    }));
    let models = use_query(ListModels {}, 0);
    let chosen = use_state_eq(|| None::<ModelRef>);
    let wanted = use_state_eq(|| None::<(StepId, u32)>);
    let on_step = {
        let wanted = wanted.clone();
        Callback::from(move |step: StepId| {
            let times = wanted.map_or(0, |(_, times)| times);
            wanted.set(Some((step, times + 1)));
        })
    };
    let on_cancel = cancel.send.reform(move |()| CancelRun { run });
    let on_resume = resume.send.reform(move |()| ResumeRun { run });
    let on_send = {
        let (send, model) = (further.send.clone(), (*chosen).clone());
        Callback::from(move |Written { input, files }: Written| {
            send.emit(ContinueRun {
                run,
                input,
                model: model.clone(),
                attachments: files,
            });
        })
    };
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |model| chosen.set(model))
    };
    let ended = state.status.is_end();
    let asked = state
        .talk
        .iter()
        .rev()
        .find_map(|said| match said.as_ref() {
            Utterance::Person { text, .. } => Some(text.clone()),
            _ => None,
        });
    let asked = asked.unwrap_or_default();
    let actions = html! {
        <>
            <SaveTest {run} agent={state.agent.clone()} asked={asked} why_not={(!ended).then_some(AttrValue::Static(text::NOT_ENDED_YET))} />
            <Copied {run} />
            if state.end.as_ref().is_some_and(|end| end.output.is_some()) { <SaveOutput {run} /> }
            if state.is_cut_off() { <Button label={text::RESUME} icon={Icon::Play} kind={Kind::Primary} busy={resume.busy} onclick={on_resume} /> }
            if ended {
                <a class="btn" href={Route::Ask { name: state.agent.clone() }.href()}>{ text::ASK_ANEW }</a>
            } else {
                <Button label={text::CANCEL_RUN} busy={cancel.busy} onclick={on_cancel} />
            }
        </>
    };
    let problem = [&cancel.problem, &resume.problem, &further.problem]
        .into_iter()
        .flatten()
        .next()
        .cloned();
    html! {
        <>
            <AgentHead name={state.agent.clone()} title={state.title.clone()} tab={AgentTab::Run} note={html! { { text::model_name(&state.model) } }} {actions} />
            <RunBar state={Rc::clone(state)} />
            if let Some(problem) = problem { <div class="page__notice">{ notice(&problem, None) }</div> }
            <div class="body">
                <section class="pane talk" aria-label={text::CONVERSATION} data-pane="" tabindex="-1">
                    <Conversation state={Rc::clone(state)} {on_step} />
                    <Composer
                        placeholder={text::FURTHER_MESSAGE_MAKES_A_RUN}
                        busy={further.busy}
                        why_not={(!ended).then_some(AttrValue::Static(text::NOT_ENDED_YET))}
                        {on_send}
                    >
                        if ended { <ModelPicker own={state.model.clone()} models={models} chosen={(*chosen).clone()} {on_choose} /> }
                    </Composer>
                </section>
                <section class="pane trace-pane" aria-label={text::TRACE} data-pane="" tabindex="-1">
                    <TracePane state={Rc::clone(state)} wanted={*wanted} />
                </section>
            </div>
        </>
    }
}

fn skeleton() -> Html {
    html! {
        <div aria-hidden="true">
            <div class="topbar"><span class="skeleton w-120"></span></div>
            <div class="runbar"><span class="skeleton w-240"></span></div>
            <div class="body">
                <div class="pane talk"><div class="talk__body"><span class="skeleton w-240"></span><span class="skeleton w-320"></span><span class="skeleton w-240"></span></div></div>
                <div class="pane trace-pane"><div class="steps"><span class="skeleton w-320"></span><span class="skeleton w-240"></span><span class="skeleton w-320"></span></div></div>
            </div>
        </div>
    }
}
