//! A run that is looked at: loaded once, then kept up to date by its events.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use serde_json::value::RawValue;
use slipway_contract::command::ShowRun;
use slipway_contract::event::RunEvent;
use slipway_contract::run::RunDetail;
use slipway_contract::{ErrorCode, Problem, RunId};
use yew::prelude::*;

use crate::bridge::{self, Heard, Query, UseQuery, use_events};
use crate::run_state::RunState;

/// Milliseconds to wait before asking again for a run that was just ordered and is not in the journal yet.
const PATIENCE: [u32; 4] = [50, 100, 200, 400];

/// Events that are taken in before the window has its turn again.
const PIECE: usize = 500;

/// Loads a run and follows it. Listening begins before loading, so that nothing is missed between them; what came
/// twice is taken in once.
#[hook]
pub(super) fn use_run(run: RunId) -> UseQuery<RunState> {
    let watched = use_reducer(Watched::default);
    let load = {
        let watched = watched.dispatcher();
        use_callback(run, move |(), run| {
            let (watched, run) = (watched.clone(), *run);
            watched.dispatch(Change::Ask);
            wasm_bindgen_futures::spawn_local(async move {
                let begun = |state| watched.dispatch(Change::Begun(Box::new(state)));
                let answer = read(run, begun).await.map(Box::new);
                watched.dispatch(Change::Answered(answer));
            });
        })
    };
    {
        let (watched, load) = (watched.dispatcher(), load.clone());
        use_events(Callback::from(move |heard: Heard| match heard {
            Heard::Missed => load.emit(()),
            Heard::Elsewhere(runs) if runs.contains(&run) => load.emit(()),
            Heard::Elsewhere(_) | Heard::Tests(_) => {}
            Heard::Events(events) => {
                let own: Vec<_> = events
                    .iter()
                    .filter(|event| event.run_id == run)
                    .cloned()
                    .collect();
                if !own.is_empty() {
                    watched.dispatch(Change::Happened(own));
                }
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

/// Reads a run: a long one in two parts, of which the first is given away as soon as it is there, and the second is
/// taken in piece by piece, so that the window can be used meanwhile.
async fn read(run: RunId, begun: impl Fn(RunState)) -> Result<RunState, Problem> {
    let first = show(run).await?;
    let mut state = RunState::begin(&first.summary);
    first.events.iter().for_each(|event| state.apply(event));
    if !first.more {
        state.settle(&first);
        return Ok(state);
    }
    let mut head = state.clone();
    head.settle(&first);
    begun(head);
    let from = first.events.len();
    let rest: RunDetail<Box<RawValue>> = bridge::call_as(&ShowRun { run, from }).await?;
    for piece in rest.events.chunks(PIECE) {
        TimeoutFuture::new(0).await;
        for event in piece {
            let event = serde_json::from_slice::<RunEvent>(event.get().as_bytes());
            state.apply(&event.map_err(|error| bridge::unreadable::<ShowRun>(&error))?);
        }
    }
    state.settle(&rest);
    Ok(state)
}

async fn show(run: RunId) -> Result<RunDetail, Problem> {
    let first = ShowRun { run, from: 0 };
    for wait in PATIENCE {
        match bridge::call(&first).await {
            Err(problem) if problem.code == ErrorCode::NotFound => TimeoutFuture::new(wait).await,
            answer => return answer,
        }
    }
    bridge::call(&first).await
}

/// A run as it is while it is looked at.
#[derive(Clone, PartialEq)]
struct Watched {
    state: Query<RunState>,
    /// What is shown is the first part of the run.
    is_part: bool,
    /// How often the host was asked and has not answered yet.
    asked: u32,
    /// What came meanwhile: its answers may be older.
    early: Vec<RunEvent>,
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            state: Query::Pending,
            is_part: false,
            asked: 0,
            early: Vec::new(),
        }
    }
}

enum Change {
    Ask,
    Begun(Box<RunState>),
    Answered(Result<Box<RunState>, Problem>),
    Happened(Vec<RunEvent>),
}

impl Watched {
    /// One question less is open.
    fn is_answered(&mut self) {
        self.asked = self.asked.saturating_sub(1);
        if self.asked == 0 {
            self.early.clear();
        }
    }
}

impl Reducible for Watched {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut watched = Rc::unwrap_or_clone(self);
        match change {
            Change::Ask => {
                watched.asked += 1;
                if matches!(watched.state, Query::Failed(_)) {
                    watched.state = Query::Pending;
                }
            }
            Change::Begun(state) => {
                if watched.state.ready().is_none() {
                    watched.state = Query::Ready(state.into());
                    watched.is_part = true;
                }
            }
            Change::Answered(Ok(mut state)) => {
                if let Query::Ready(shown) = &watched.state
                    && shown.run == state.run
                {
                    state.keep_pieces(shown);
                }
                watched.early.iter().for_each(|event| state.apply(event));
                watched.state = Query::Ready(state.into());
                watched.is_part = false;
                watched.is_answered();
            }
            Change::Answered(Err(problem)) => {
                watched.state = Query::Failed(problem);
                watched.is_answered();
            }
            Change::Happened(events) => {
                if !watched.is_part
                    && let Query::Ready(state) = &mut watched.state
                {
                    let state = Rc::make_mut(state);
                    events.iter().for_each(|event| state.apply(event));
                }
                if watched.asked > 0 {
                    watched.early.extend(events);
                }
            }
        }
        Rc::new(watched)
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::event::EventKind;
    use slipway_contract::run::{EndReason, RunStatus, RunSummary, Usage};
    use slipway_contract::{ContentHash, Timestamp};

    use super::*;

    const RUN: RunId = RunId::from_random([1; 10]);

    fn snapshot() -> Box<RunState> {
        let summary = RunSummary {
            id: RUN,
            agent: "a".parse().unwrap(),
            title: "A".to_owned(),
            version: ContentHash::from_bytes([0; 32]),
            model: "local/m".to_owned(),
            parent: None,
            status: RunStatus::Running,
            driven: true,
            parked: None,
            end: None,
            created_at: Timestamp::UNIX_EPOCH,
            finished_at: None,
            input: String::new(),
            usage: Usage::default(),
            budget_usd: None,
        };
        Box::new(RunState::load(&RunDetail {
            workdir: String::new(),
            summary,
            approvals: Vec::new(),
            events: Vec::new(),
            more: false,
        }))
    }

    fn finished() -> Vec<RunEvent> {
        let kind = EventKind::RunFinished {
            status: RunStatus::Succeeded,
            reason: EndReason::Answered,
            message: String::new(),
            output: None,
            usage: Usage::default(),
        };
        vec![RunEvent {
            run_id: RUN,
            at: Timestamp::UNIX_EPOCH,
            seq: Some(9),
            kind,
        }]
    }

    fn after(changes: Vec<Change>) -> Rc<Watched> {
        changes
            .into_iter()
            .fold(Rc::new(Watched::default()), Watched::reduce)
    }

    fn status(watched: &Watched) -> Option<RunStatus> {
        watched.state.ready().map(|state| state.status)
    }

    #[test]
    fn what_happens_while_the_run_is_loaded_is_not_lost() {
        let watched = after(vec![
            Change::Ask,
            Change::Happened(finished()),
            Change::Answered(Ok(snapshot())),
        ]);
        assert_eq!(status(&watched), Some(RunStatus::Succeeded));
    }

    #[test]
    fn an_older_answer_does_not_undo_what_happened() {
        let watched = after(vec![
            Change::Ask,
            Change::Answered(Ok(snapshot())),
            Change::Ask,
            Change::Happened(finished()),
            Change::Answered(Ok(snapshot())),
        ]);
        assert_eq!(status(&watched), Some(RunStatus::Succeeded));
    }

    #[test]
    fn what_happens_between_two_answers_is_not_lost() {
        let watched = after(vec![
            Change::Ask,
            Change::Ask,
            Change::Answered(Ok(snapshot())),
            Change::Happened(finished()),
            Change::Answered(Ok(snapshot())),
        ]);
        assert_eq!(status(&watched), Some(RunStatus::Succeeded));
    }

    #[test]
    fn the_first_part_of_a_run_takes_no_later_event_and_replaces_nothing() {
        let part = after(vec![
            Change::Ask,
            Change::Begun(snapshot()),
            Change::Happened(finished()),
        ]);
        assert_eq!(status(&part), Some(RunStatus::Running));
        let whole = part.reduce(Change::Answered(Ok(snapshot())));
        assert_eq!(status(&whole), Some(RunStatus::Succeeded));
        let again = whole.reduce(Change::Ask).reduce(Change::Begun(snapshot()));
        assert_eq!(status(&again), Some(RunStatus::Succeeded));
    }

    #[test]
    fn a_failure_can_be_tried_again() {
        let problem = Problem::new(ErrorCode::Storage, "disk I/O error");
        let failed = after(vec![Change::Ask, Change::Answered(Err(problem.clone()))]);
        assert_eq!(failed.state, Query::Failed(problem));
        let again = failed
            .reduce(Change::Ask)
            .reduce(Change::Answered(Ok(snapshot())));
        assert_eq!(status(&again), Some(RunStatus::Running));
    }
}
