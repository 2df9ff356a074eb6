//! The wheel: outcomes in, one append, effects out.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use slipway_contract::event::RunEvent;
use slipway_contract::run::{End, EndReason, RunStatus};
use slipway_contract::{RunId, StepId, Timestamp};

use super::prepare::Next;
use super::{Control, DriveError, Outcome, Ports, expiry, model_call, money, prepare, tool_call};
use crate::event::{Event, Recorded};
use crate::machine::{State, Verdicts, Work, decide};
use crate::ports::journal::Append;
use crate::ports::lease::{ASKED, LEASE, Lease, LeaseError};
use crate::ports::ledger::{Seen, Settlement};
use crate::projection::project;
use crate::spec::RunSpec;

/// Events on their way into the journal, and the state after them.
pub(super) struct Batch<'a> {
    ports: &'a Ports,
    run: RunId,
    pub(super) state: State,
    pub(super) events: Vec<(Recorded, Option<RunEvent>)>,
    /// What these events settle.
    settled: Vec<Settlement>,
    /// What follows waits for money that calls under way hold.
    pub(super) waits: Option<Seen>,
}

impl<'a> Batch<'a> {
    pub(super) const fn new(ports: &'a Ports, run: RunId, state: State) -> Self {
        Self {
            ports,
            run,
            state,
            events: Vec::new(),
            settled: Vec::new(),
            waits: None,
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
        let at = self.ports.clock.now();
        if let Event::ApprovalResolved { step, .. } = &event
            && expiry::is_late(&self.state, *step, at)
        {
            // It changes nothing: the question stays open, and ends the run.
            return Ok(());
        }
        let event = match event {
            Event::Finished(end) => Event::Finished(self.state.with_what_is_open(end)),
            event => judged(&self.state, event),
        };
        let settled = money::settlement(self.run, &self.state, &event);
        let overbilled = money::overbilled(&self.state, &event);
        let recorded = Recorded {
            seq: self.state.last_seq() + 1,
            at,
            event,
        };
        self.state.apply(&recorded)?;
        let public = project(self.run, &recorded, &self.state);
        self.events.push((recorded, public));
        self.settled.extend(settled);
        match overbilled {
            Some(report) => self.record(report),
            None => Ok(()),
        }
    }

    async fn follow(&mut self) -> Result<(), DriveError> {
        loop {
            let effects = decide(&self.state);
            if effects.is_empty() {
                return Ok(());
            }
            // What follows is decided anew after each effect: the first may have settled the run's
            // fate, and then no other may begin.
            if let Some(effect) = effects.into_iter().next() {
                match prepare::intents(self.ports, self.run, &self.state, effect).await? {
                    Next::Intents(events) => {
                        for event in events {
                            self.record(event)?;
                        }
                    }
                    Next::Wait(seen) => {
                        self.waits = Some(seen);
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// What schemas say of an answer, and who is asked after a failure, is journalled with it and
/// never found out again.
fn judged(state: &State, mut event: Event) -> Event {
    match &mut event {
        Event::ModelResponded {
            content, verdicts, ..
        } => *verdicts = state.spec().map(|spec| Verdicts::of(spec, content)),
        Event::ModelFailed {
            kind,
            retry_in_ms: None,
            next,
            ..
        } => *next = state.falls_back(*kind).cloned(),
        _ => {}
    }
    event
}

/// What came of a piece of work.
enum Came {
    Event(Box<Event>),
    /// Nobody was there to answer the question of this step.
    Unanswered(StepId),
}

impl Came {
    fn of(event: Event) -> Self {
        Self::Event(Box::new(event))
    }
}

/// What a piece of work is known by, so that it is started once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Model(StepId, u32),
    Wait(StepId),
    Tool(StepId, u32),
    Reconcile(StepId, u32),
    Ask(StepId),
}

/// An instant by both clocks: the one does not count the machine's sleep, the other can be set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    monotonic: Duration,
    wall: Timestamp,
}

impl Moment {
    pub(super) fn now(ports: &Ports) -> Self {
        Self {
            monotonic: ports.clock.monotonic(),
            wall: ports.clock.now(),
        }
    }

    /// The longer of the two times since then.
    fn since(&self, then: &Self) -> Duration {
        let slept = self.wall.duration_since(then.wall).unsigned_abs();
        self.monotonic.saturating_sub(then.monotonic).max(slept)
    }
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
    /// When the lease was last known to be ours.
    owned_at: Moment,
    /// What follows waits for money that calls under way hold.
    waits: Option<Seen>,
}

impl<'a> Wheel<'a> {
    /// `owned_at` is from before the lease was had.
    pub(super) fn new(ports: &'a Ports, lease: Lease, state: State, owned_at: Moment) -> Self {
        Self {
            ports,
            lease,
            state,
            spec: None,
            work: FuturesUnordered::new(),
            started: HashSet::new(),
            unanswered: HashSet::new(),
            turned_at: ports.clock.monotonic(),
            owned_at,
            waits: None,
        }
    }

    /// The same, where what follows waits for money.
    pub(super) fn waiting(self, waits: Option<Seen>) -> Self {
        Self { waits, ..self }
    }

    /// One turn: folds the outcomes, follows what they lead to, journals all of it in one
    /// append, and only then shows it. After an error the wheel must not turn again.
    pub(super) async fn turn(&mut self, outcomes: Vec<Event>) -> Result<(), DriveError> {
        let mut batch = Batch::new(self.ports, self.lease.run, std::mem::take(&mut self.state));
        for event in outcomes {
            batch.record(event)?;
        }
        batch.follow().await?;
        self.append(batch, false).await
    }

    /// Journals what is in the batch, and only then shows it.
    async fn append(&mut self, batch: Batch<'_>, let_go: bool) -> Result<(), DriveError> {
        let Batch {
            state,
            events,
            settled,
            waits,
            ..
        } = batch;
        self.waits = waits;
        if events.is_empty() {
            self.state = state;
            return Ok(());
        }
        let (events, public): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        let release = let_go
            || state.end().is_some()
            || matches!(
                events.last(),
                Some(Recorded {
                    event: Event::Parked { .. },
                    ..
                })
            );
        if events
            .iter()
            .any(|recorded| matches!(recorded.event, Event::ApprovalResolved { .. }))
        {
            // Grants may have changed.
            self.spec = None;
        }
        let append = Append {
            run: self.lease.run,
            token: self.lease.token,
            events,
            head: state.head(),
            settled,
            announced: state
                .end()
                .map(|_| money::announced(self.lease.run, &state)),
            release,
        };
        // From before: a process that is stopped after its append owns nothing since then.
        let before = Moment::now(self.ports);
        self.ports.journal.append(append).await?;
        self.state = state;
        self.turned_at = self.ports.clock.monotonic();
        self.owned_at = before;
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
        let mut look = self.ports.clock.sleep(ASKED);
        loop {
            if let Some(end) = self.state.end() {
                return Ok(Outcome::Ended(end.clone()));
            }
            self.make_sure_of_the_lease().await?;
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
                () = control.detach.cancelled() => return self.let_go(Vec::new()).await,
                () = control.cancel.cancelled() => self.ended_by(cancelled()),
                // Before the work: an answer that is late already would come again and again.
                end = expiry::comes(self.ports, &self.state) => self.ended_by(end),
                came = self.work.next(), if !self.work.is_empty() => self.drain(came),
                () = time_left(self.ports, &self.state, self.turned_at) => self.ended_by(out_of_time(&self.state)),
                () = money::freed(self.ports, self.waits) => {
                    self.turn(Vec::new()).await?;
                    Vec::new()
                }
                () = &mut look => {
                    look = self.ports.clock.sleep(ASKED);
                    match self.ports.leases.is_asked_to_cancel(&self.lease).await {
                        Ok(true) => self.ended_by(cancelled()),
                        Ok(false) => Vec::new(),
                        Err(error) => {
                            tracing::warn!(%error, "whether the run shall end could not be read");
                            Vec::new()
                        }
                    }
                }
                () = &mut renewal => {
                    let before = Moment::now(self.ports);
                    match self.ports.leases.renew(&self.lease).await {
                        // Every append is fenced, so a busy disk need not end the run.
                        Err(error @ LeaseError::Storage(_)) => tracing::warn!(%error, "the lease could not be renewed"),
                        other => {
                            other?;
                            self.owned_at = before;
                        }
                    }
                    renewal = self.ports.clock.sleep(LEASE / 3);
                    Vec::new()
                }
            };
            if control.detach.is_cancelled() {
                return self.let_go(outcomes).await;
            }
            if !outcomes.is_empty() {
                self.turn(outcomes).await?;
            }
        }
    }

    /// A process that slept in the middle of a turn may own the run no more. Its appends are
    /// fenced anyway; this keeps it from starting what it had journalled before.
    async fn make_sure_of_the_lease(&mut self) -> Result<(), LeaseError> {
        let now = Moment::now(self.ports);
        if now.since(&self.owned_at) > LEASE / 2 {
            self.ports.leases.renew(&self.lease).await?;
            self.owned_at = now;
        }
        Ok(())
    }

    /// Ends the run by this, starting nothing, and says how it ended then.
    pub(super) async fn stop(mut self, end: End) -> Result<End, DriveError> {
        self.turn(vec![Event::Finished(end.clone())]).await?;
        Ok(self.state.end().cloned().unwrap_or(end))
    }

    /// Lets go of the run, to be resumed. What is done by now is journalled, so that it is not
    /// done again; the rest is dropped before another process may take the run up.
    async fn let_go(mut self, mut ready: Vec<Event>) -> Result<Outcome, DriveError> {
        ready.extend(self.ready());
        self.work.clear();
        if ready.is_empty() {
            self.ports.leases.release(&self.lease).await?;
            return Ok(Outcome::Detached);
        }
        let mut batch = Batch::new(self.ports, self.lease.run, std::mem::take(&mut self.state));
        for event in ready {
            batch.record(event)?;
        }
        self.append(batch, true).await?;
        Ok(Outcome::Detached)
    }

    /// The run's end, after what is done by now.
    fn ended_by(&mut self, end: End) -> Vec<Event> {
        let mut events = self.ready();
        self.work.clear();
        events.push(Event::Finished(end));
        events
    }

    fn ready(&mut self) -> Vec<Event> {
        let first = self.work.next().now_or_never().flatten();
        self.drain(first)
    }

    /// Everything that is done by now goes into one append.
    fn drain(&mut self, first: Option<(Key, Came)>) -> Vec<Event> {
        let mut events = Vec::new();
        let mut next = first;
        while let Some((key, came)) = next {
            self.started.remove(&key);
            match came {
                Came::Event(event) => events.push(*event),
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
                Work::Reconcile { step, attempt } => Key::Reconcile(*step, *attempt),
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
                let price = money::price_of(&ports, &self.state);
                let since = self.state.model_call()?.since;
                let attempt = (step, attempt);
                async move {
                    Came::of(model_call::attempt(ports, run, attempt, since, request, price).await)
                }
                .boxed()
            }
            Work::Wait { step, ms } => async move {
                ports.clock.sleep(Duration::from_millis(ms)).await;
                Came::of(Event::WaitEnded { step })
            }
            .boxed(),
            Work::Tool { step, .. } => {
                let call = self.state.call(step)?.clone();
                let spec = self.spec()?;
                async move { Came::of(tool_call::attempt(ports, run, spec, call).await) }.boxed()
            }
            Work::Reconcile { step, .. } => {
                let call = self.state.call(step)?.clone();
                let spec = self.spec()?;
                async move { Came::of(tool_call::reconcile(ports, run, spec, call).await) }.boxed()
            }
            Work::Ask(approval) => async move {
                match ports.approvals.ask(run, &approval).await {
                    None => Came::Unanswered(approval.step),
                    Some((answer, by)) => Came::of(Event::ApprovalResolved {
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
        if self.spec.is_none() {
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

/// The end of a run that a person does not want any more.
pub(super) fn cancelled() -> End {
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
