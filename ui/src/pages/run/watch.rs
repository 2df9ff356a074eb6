//! A run that is looked at: loaded once, then kept up to date by its events.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use slipway_contract::command::ShowRun;
use slipway_contract::event::RunEvent;
use slipway_contract::run::RunDetail;
use slipway_contract::{ErrorCode, Problem, RunId};
use yew::prelude::*;

use crate::bridge::{self, Heard, Query, UseQuery, use_events};
use crate::run_state::RunState;

/// Milliseconds to wait before asking again for a run that was just ordered and is not in the journal yet.
const PATIENCE: [u32; 4] = [50, 100, 200, 400];

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
                let answer = show(run)
                    .await
                    .map(|detail| Box::new(RunState::load(&detail)));
                watched.dispatch(Change::Answered(answer));
            });
        })
    };
    {
        let (watched, load) = (watched.dispatcher(), load.clone());
        use_events(Callback::from(move |heard: Heard| match heard {
            Heard::Missed => load.emit(()),
            Heard::Elsewhere(runs) if runs.contains(&run) => load.emit(()),
            Heard::Elsewhere(_) => {}
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

async fn show(run: RunId) -> Result<RunDetail, Problem> {
    for wait in PATIENCE {
        match bridge::call(&ShowRun { run }).await {
            Err(problem) if problem.code == ErrorCode::NotFound => TimeoutFuture::new(wait).await,
            answer => return answer,
        }
    }
    bridge::call(&ShowRun { run }).await
}

/// A run as it is while it is looked at.
#[derive(Clone, PartialEq)]
struct Watched {
    state: Query<RunState>,
    /// What came while the host was asked: its answer may be older.
    early: Option<Vec<RunEvent>>,
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            state: Query::Pending,
            early: None,
        }
    }
}

enum Change {
    Ask,
    Answered(Result<Box<RunState>, Problem>),
    Happened(Vec<RunEvent>),
}

impl Reducible for Watched {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut watched = Rc::unwrap_or_clone(self);
        match change {
            Change::Ask => {
                watched.early.get_or_insert_default();
                if matches!(watched.state, Query::Failed(_)) {
                    watched.state = Query::Pending;
                }
            }
            Change::Answered(Ok(mut state)) => {
                if let Query::Ready(shown) = &watched.state
                    && shown.run == state.run
                {
                    state.keep_pieces(shown);
                }
                watched
                    .early
                    .take()
                    .unwrap_or_default()
                    .iter()
                    .for_each(|event| state.apply(event));
                watched.state = Query::Ready(state.into());
            }
            Change::Answered(Err(problem)) => {
                watched.early = None;
                watched.state = Query::Failed(problem);
            }
            Change::Happened(events) => {
                if let Query::Ready(state) = &mut watched.state {
                    let state = Rc::make_mut(state);
                    events.iter().for_each(|event| state.apply(event));
                }
                if let Some(early) = &mut watched.early {
                    early.extend(events);
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
