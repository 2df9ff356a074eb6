//! The wheel: outcomes in, one append, effects out.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use slipway_contract::event::RunEvent;
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{RunId, StepId};

use super::{Control, DriveError, Outcome, Ports, model_call, prepare, tool_call};
use crate::event::{Event, Recorded};
use crate::machine::{State, Work, decide};
use crate::ports::journal::Append;
use crate::ports::lease::{LEASE, Lease};
use crate::projection::project;
use crate::spec::RunSpec;

/// Events on their way into the journal, and the state after them.
pub(super) struct Batch<'a> {
    ports: &'a Ports,
    run: RunId,
    pub(super) state: State,
    pub(super) events: Vec<(Recorded, Option<RunEvent>)>,
}

impl<'a> Batch<'a> {
    pub(super) const fn new(ports: &'a Ports, run: RunId, state: State) -> Self {
        Self {
            ports,
            run,
            state,
            events: Vec::new(),
        }
    }

    /// Takes in events that the state has seen, and all that follows from them.
    pub(super) async fn and_follow(mut self, seen: Vec<Recorded>) -> Result<Self, DriveError> {
        for recorded in seen {
            let public = project(self.run, &recorded, &self.state);
            self.events.push((recorded, public));
        }
        self.follow().await?;
        Ok(self)
    }

    fn record(&mut self, event: Event) -> Result<(), DriveError> {
        let recorded = Recorded {
            seq: self.state.last_seq() + 1,
            at: self.ports.clock.now(),
            event,
        };
        self.state.apply(&recorded)?;
        let public = project(self.run, &recorded, &self.state);
        self.events.push((recorded, public));
        Ok(())
    }

    async fn follow(&mut self) -> Result<(), DriveError> {
        loop {
            let effects = decide(&self.state);
            if effects.is_empty() {
                return Ok(());
            }
            for effect in effects {
                for event in prepare::intents(self.ports, self.run, &self.state, effect).await? {
                    self.record(event)?;
                }
            }
        }
    }
}

/// What came of a piece of work.
enum Came {
    Event(Event),
    /// Nobody was there to answer the question of this step.
    Unanswered(StepId),
}

/// What a piece of work is known by, so that it is started once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Model(StepId, u32),
    Wait(StepId),
    Tool(StepId, u32),
    Ask(StepId),
}

pub(super) struct Wheel<'a> {
    ports: &'a Ports,
    lease: Lease,
    state: State,
    spec: Option<Arc<RunSpec>>,
    work: FuturesUnordered<BoxFuture<'static, (Key, Came)>>,
    started: HashSet<Key>,
    unanswered: HashSet<StepId>,
    turned_at: Duration,
}

impl<'a> Wheel<'a> {
    pub(super) fn new(ports: &'a Ports, lease: Lease, state: State) -> Self {
        Self {
            ports,
            lease,
            state,
            spec: None,
            work: FuturesUnordered::new(),
            started: HashSet::new(),
            unanswered: HashSet::new(),
            turned_at: ports.clock.monotonic(),
        }
    }

    /// One turn: folds the outcomes, follows what they lead to, journals all of it in one
    /// append, and only then shows it. After an error the wheel must not turn again.
    pub(super) async fn turn(&mut self, outcomes: Vec<Event>) -> Result<(), DriveError> {
        let mut batch = Batch::new(self.ports, self.lease.run, std::mem::take(&mut self.state));
        for event in outcomes {
            batch.record(event)?;
        }
        batch.follow().await?;
        let Batch { state, events, .. } = batch;
        if events.is_empty() {
            return Ok(());
        }
        let (events, public): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        let release = state.end().is_some()
            || matches!(
                events.last(),
                Some(Recorded {
                    event: Event::Parked { .. },
                    ..
                })
            );
        let append = Append {
            run: self.lease.run,
            token: self.lease.token,
            events,
            head: state.head(),
            release,
        };
        self.ports.journal.append(append).await?;
        self.state = state;
        public
            .iter()
            .flatten()
            .for_each(|event| self.ports.observer.event(event));
        Ok(())
    }

    /// Turns until the run has ended, waits for a person who is not here, or must be let go of.
    pub(super) async fn turn_until_still(
        mut self,
        control: &Control,
    ) -> Result<Outcome, DriveError> {
        let mut renewal = self.ports.clock.sleep(LEASE / 3);
        loop {
            if let Some(end) = self.state.end() {
                return Ok(Outcome::Ended(end.clone()));
            }
            self.start_what_is_under_way();
            if let Some(reason) = self.state.parked()
                && self
                    .state
                    .questions()
                    .iter()
                    .all(|question| self.unanswered.contains(&question.step))
            {
                self.turn(vec![Event::Parked { reason }]).await?;
                return Ok(Outcome::Parked(reason));
            }
            let outcomes = tokio::select! {
                biased;
                () = control.detach.cancelled() => {
                    self.ports.leases.release(&self.lease).await?;
                    return Ok(Outcome::Detached);
                }
                () = control.cancel.cancelled() => vec![Event::Finished(cancelled())],
                came = self.work.next() => self.drain(came),
                () = time_left(self.ports, &self.state, self.turned_at) => vec![Event::Finished(out_of_time(&self.state))],
                () = &mut renewal => {
                    self.ports.leases.renew(&self.lease).await?;
                    renewal = self.ports.clock.sleep(LEASE / 3);
                    Vec::new()
                }
            };
            if !outcomes.is_empty() {
                self.turn(outcomes).await?;
            }
        }
    }

    /// Ends the run as it is, starting nothing.
    pub(super) async fn stop(mut self) -> Result<Outcome, DriveError> {
        self.turn(vec![Event::Finished(cancelled())]).await?;
        Ok(Outcome::Ended(cancelled()))
    }

    /// Everything that is done by now goes into one append.
    fn drain(&mut self, first: Option<(Key, Came)>) -> Vec<Event> {
        let mut events = Vec::new();
        let mut next = first;
        while let Some((key, came)) = next {
            self.started.remove(&key);
            match came {
                Came::Event(event) => events.push(event),
                Came::Unanswered(step) => {
                    self.started.insert(key);
                    self.unanswered.insert(step);
                }
            }
            next = self.work.next().now_or_never().flatten();
        }
        events
    }

    fn start_what_is_under_way(&mut self) {
        for work in self.state.under_way() {
            let key = match &work {
                Work::Model { step, attempt } => Key::Model(*step, *attempt),
                Work::Wait { step, .. } => Key::Wait(*step),
                Work::Tool { step, attempt } => Key::Tool(*step, *attempt),
                Work::Ask(approval) => Key::Ask(approval.step),
            };
            if self.started.contains(&key) {
                continue;
            }
            if let Some(future) = self.begin(work) {
                self.started.insert(key);
                self.work.push(async move { (key, future.await) }.boxed());
            }
        }
    }

    fn begin(&mut self, work: Work) -> Option<BoxFuture<'static, Came>> {
        let (ports, run) = (self.ports.clone(), self.lease.run);
        Some(match work {
            Work::Model { step, attempt } => {
                let request = prepare::request(&self.state, self.state.answer_limit())?;
                async move { Came::Event(model_call::attempt(ports, run, step, attempt, request).await) }.boxed()
            }
            Work::Wait { step, ms } => async move {
                ports.clock.sleep(Duration::from_millis(ms)).await;
                Came::Event(Event::WaitEnded { step })
            }
            .boxed(),
            Work::Tool { step, .. } => {
                let call = self.state.call(step)?.clone();
                let spec = self.spec()?;
                async move { Came::Event(tool_call::attempt(ports, run, spec, call).await) }.boxed()
            }
            Work::Ask(approval) => async move {
                match ports.approvals.ask(run, &approval).await {
                    None => Came::Unanswered(approval.step),
                    Some((answer, by)) => Came::Event(Event::ApprovalResolved {
                        step: approval.step,
                        binding: approval.binding,
                        answer,
                        by,
                    }),
                }
            }
            .boxed(),
        })
    }

    fn spec(&mut self) -> Option<Arc<RunSpec>> {
        // Grants change when a person answers, so the shared copy is made anew then.
        if self.spec.as_deref() != self.state.spec() {
            self.spec = self.state.spec().cloned().map(Arc::new);
        }
        self.spec.clone()
    }
}

/// Returns when the run's time is up; never while it waits for a person.
async fn time_left(ports: &Ports, state: &State, turned_at: Duration) {
    let limit = state.spec().and_then(|spec| spec.limits.timeout_ms);
    match limit {
        Some(limit) if state.parked().is_none() => {
            let left = Duration::from_millis(limit.saturating_sub(state.worked_ms()));
            let since = ports.clock.monotonic().saturating_sub(turned_at);
            ports.clock.sleep(left.saturating_sub(since)).await;
        }
        _ => std::future::pending().await,
    }
}

fn cancelled() -> End {
    End {
        status: RunStatus::Cancelled,
        reason: EndReason::CancelledByPerson,
        message: "Cancelled.".to_owned(),
        output: None,
    }
}

fn out_of_time(state: &State) -> End {
    let limit = state
        .spec()
        .and_then(|spec| spec.limits.timeout_ms)
        .unwrap_or_default();
    End {
        status: RunStatus::Failed,
        reason: EndReason::Timeout,
        message: format!(
            "The run took longer than its limit of {} seconds (limits.timeout).",
            limit / 1000
        ),
        output: None,
    }
}
