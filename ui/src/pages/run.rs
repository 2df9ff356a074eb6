//! One run: what is true of it, what was said, what was done, and what it asks.

use std::rc::Rc;

use slipway_contract::command::{CancelRun, ContinueRun, ResumeRun, ShowRun};
use slipway_contract::event::RunEvent;
use slipway_contract::{Problem, RunId, StepId};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::bridge::{self, Heard, Query, UseQuery, use_action, use_events};
use crate::components::{
    Button, Composer, Conversation, Icon, Kind, RunBar, TracePane, async_value, notice, topbar,
};
use crate::route::Route;
use crate::run_state::RunState;
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
    html! { { async_value(&run, skeleton(), |state| html! { <Loaded state={Rc::clone(state)} again={run.again.clone()} /> }) } }
}

/// A run as it is while it is looked at.
#[derive(Clone, PartialEq)]
struct Watched {
    state: Query<RunState>,
    /// What came while the host was asked.
    early: Vec<RunEvent>,
}

enum Change {
    Asked(Result<Box<RunState>, Problem>),
    Happened(Vec<RunEvent>),
    AskAgain,
}

impl Reducible for Watched {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut watched = Rc::unwrap_or_clone(self);
        match change {
            Change::Asked(Ok(mut state)) => {
                for event in watched.early.drain(..) {
                    state.apply(&event);
                }
                watched.state = Query::Ready(state.into());
            }
            Change::Asked(Err(problem)) => watched.state = Query::Failed(problem),
            Change::Happened(events) => match &mut watched.state {
                Query::Ready(state) => {
                    let state = Rc::make_mut(state);
                    for event in &events {
                        state.apply(event);
                    }
                }
                Query::Pending | Query::Failed(_) => watched.early.extend(events),
            },
            Change::AskAgain => {
                if matches!(watched.state, Query::Failed(_)) {
                    watched.state = Query::Pending;
                }
            }
        }
        Rc::new(watched)
    }
}

/// Loads a run and follows it. Listening begins before loading, so that nothing is missed between them; what came
/// twice is taken in once.
#[hook]
fn use_run(run: RunId) -> UseQuery<RunState> {
    let watched = use_reducer(|| Watched {
        state: Query::Pending,
        early: Vec::new(),
    });
    let load = {
        let watched = watched.dispatcher();
        use_callback(run, move |(), run| {
            let (watched, run) = (watched.clone(), *run);
            watched.dispatch(Change::AskAgain);
            wasm_bindgen_futures::spawn_local(async move {
                let answer = bridge::call(&ShowRun { run }).await;
                watched.dispatch(Change::Asked(
                    answer.map(|detail| Box::new(RunState::load(&detail))),
                ));
            });
        })
    };
    {
        let (watched, load) = (watched.clone(), load.clone());
        use_events(Callback::from(move |heard: Heard| {
            let Heard::Events(events) = heard else {
                return load.emit(());
            };
            let own: Vec<_> = events
                .iter()
                .filter(|event| event.run_id == run)
                .cloned()
                .collect();
            if own.is_empty() {
                return;
            }
            // A run that was just ordered may be asked about before it is in the journal.
            let unknown = matches!(watched.state, Query::Failed(_));
            watched.dispatch(Change::Happened(own));
            if unknown {
                load.emit(());
            }
        }));
    }
    {
        let load = load.clone();
        use_effect_with(run, move |_| load.emit(()));
    }
    UseQuery {
        state: watched.state.clone(),
        again: load,
    }
}

#[derive(Properties, PartialEq)]
struct LoadedProps {
    state: Rc<RunState>,
    again: Callback<()>,
}

#[component]
fn Loaded(props: &LoadedProps) -> Html {
    let state = &props.state;
    let run = state.run;
    let cancel = use_action::<CancelRun>(Callback::noop());
    let resume = use_action::<ResumeRun>(Callback::from({
        let again = props.again.clone();
        move |()| again.emit(())
    }));
    let navigator = use_navigator();
    let further = use_action::<ContinueRun>(Callback::from(move |id: RunId| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Run { id });
        }
    }));
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
    let on_send = further
        .send
        .reform(move |input: String| ContinueRun { run, input });
    let agent = Route::Agent {
        name: state.agent.clone(),
    };
    let ended = state.status.is_end();
    let actions = html! {
        <>
            <a class="btn btn--quiet" href={agent.href()}>{ text::SHOW_AGENT }</a>
            if state.is_cut_off() { <Button label={text::RESUME} icon={Icon::Play} kind={Kind::Primary} busy={resume.busy} onclick={on_resume} /> }
            if !ended { <Button label={text::CANCEL_RUN} busy={cancel.busy} onclick={on_cancel} /> }
        </>
    };
    let problem = [&cancel.problem, &resume.problem, &further.problem]
        .into_iter()
        .flatten()
        .next()
        .cloned();
    html! {
        <>
            { topbar(&state.title, html! { { text::model_name(&state.model) } }, actions) }
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
                    />
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
