//! The driver: carries out what the machine decides, through ports.
//!
//! One turn of the wheel: outcomes are folded, what follows is decided and prepared until
//! nothing more follows, all of it goes to the journal in one append, and only then is it shown
//! and started. A driver that stops anywhere leaves a journal from which another goes on.

mod expiry;
mod model_call;
mod money;
mod prepare;
mod retry;
mod tool_call;
mod wheel;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use slipway_contract::approval::{Answer, AnsweredBy};
use slipway_contract::run::{End, ParkReason};
use slipway_contract::{ContentHash, RunId, StepId};
use tokio_util::sync::CancellationToken;

use crate::event::{Event, Recorded};
use crate::machine::{Edit, Illegal, NoFork, State, Verdicts, fold, fork_point};
use crate::ports::approvals::Approvals;
use crate::ports::clock::Clock;
use crate::ports::journal::{Fork, Journal, JournalError, NewRun};
use crate::ports::lease::{Lease, LeaseError, Leases};
use crate::ports::ledger::{BudgetLedger, LedgerError, Seen};
use crate::ports::model::Model;
use crate::ports::observer::Observer;
use crate::ports::prices::{Prices, TokenCounter};
use crate::ports::random::Random;
use crate::ports::tool::Tool;
use crate::ports::wire::WireLog;
use crate::spec::RunSpec;

/// The world, as one run sees it.
#[derive(Clone)]
pub struct Ports {
    /// The model.
    pub model: Arc<dyn Model>,
    /// The tools, found by their definition's name.
    pub tools: Arc<[Arc<dyn Tool>]>,
    /// Who is asked.
    pub approvals: Arc<dyn Approvals>,
    /// The journal.
    pub journal: Arc<dyn Journal>,
    /// The leases, of the same store as the journal.
    pub leases: Arc<dyn Leases>,
    /// The money.
    pub ledger: Arc<dyn BudgetLedger>,
    /// The prices.
    pub prices: Arc<dyn Prices>,
    /// The token counter.
    pub tokens: Arc<dyn TokenCounter>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
    /// Who keeps what goes over the wire.
    pub wire: Arc<dyn WireLog>,
}

/// How a run is stopped from outside.
#[derive(Debug, Clone, Default)]
pub struct Control {
    /// The person wants the run to end: it ends as cancelled.
    pub cancel: CancellationToken,
    /// The process must stop: the run is let go of as it is, to be resumed.
    pub detach: CancellationToken,
}

/// How a driver let go of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The run has ended.
    Ended(End),
    /// The run waits for a person.
    Parked(ParkReason),
    /// The process had to stop; the run can be resumed.
    Detached,
}

/// An answer of a person to what a parked run asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// The step that asks.
    pub step: StepId,
    /// What the person saw.
    pub binding: ContentHash,
    /// The answer.
    pub answer: Answer,
    /// Who answered.
    pub by: AnsweredBy,
}

/// Why a run could not be driven on. Its journal is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The journal refused or failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Another process drives the run.
    #[error(transparent)]
    Lease(#[from] LeaseError),
    /// The money could not be counted.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The journal breaks a rule of the machine, or an answer does not fit what was asked.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// The run cannot be forked there.
    #[error(transparent)]
    NoFork(#[from] NoFork),
    /// The run has ended already.
    #[error("the run has ended already")]
    Ended,
    /// The answer came too late: the run has ended, as it says.
    #[error("the answer came too late and changes nothing. {0}")]
    Expired(String),
}

/// Starts a new run.
///
/// # Errors
/// See [`DriveError`].
pub async fn start(
    ports: &Ports,
    run: RunId,
    spec: RunSpec,
    control: &Control,
) -> Result<Outcome, DriveError> {
    begin(
        ports,
        run,
        None,
        State::default(),
        Event::Started {
            spec: Box::new(spec),
        },
        control,
    )
    .await
}

/// Continues an ended run's conversation in a new run, which shares the parent's journal.
///
/// # Errors
/// See [`DriveError`]; [`DriveError::Illegal`] when the parent has not ended.
pub async fn converse(
    ports: &Ports,
    run: RunId,
    parent: RunId,
    spec: RunSpec,
    control: &Control,
) -> Result<Outcome, DriveError> {
    let events = ports.journal.read(parent).await?;
    let state = fold(&events)?;
    let fork = Fork {
        run: parent,
        seq: state.last_seq(),
    };
    begin(
        ports,
        run,
        Some(fork),
        state,
        Event::Continued {
            parent,
            spec: Box::new(spec),
        },
        control,
    )
    .await
}

/// Makes a step of a run again, or goes on from an edited one, in a new run that shares the
/// parent's journal up to there. The parent may be in any state, and stays as it is.
///
/// # Errors
/// See [`DriveError`]; [`DriveError::NoFork`] when there is no such step or the edit does not fit it.
pub async fn fork(
    ports: &Ports,
    run: RunId,
    parent: RunId,
    (step, edit): (StepId, Option<Edit>),
    spec: RunSpec,
    control: &Control,
) -> Result<Outcome, DriveError> {
    let events = ports.journal.read(parent).await?;
    let point = fork_point(&events, step, edit)?;
    let verdicts = match &point.answer {
        Some(content) => Verdicts::of(&spec, content),
        None => point.state.verdicts_of_calls(&spec),
    };
    let event = Event::Forked {
        parent,
        verdicts: Some(verdicts),
        spec: Box::new(spec),
        from: step,
        settled: point.settled,
        unknown: point.unknown,
        answer: point.answer,
    };
    let fork = Fork {
        run: parent,
        seq: point.state.last_seq(),
    };
    begin(ports, run, Some(fork), point.state, event, control).await
}

async fn begin(
    ports: &Ports,
    run: RunId,
    parent: Option<Fork>,
    state: State,
    event: Event,
    control: &Control,
) -> Result<Outcome, DriveError> {
    let owned_at = wheel::Moment::now(ports);
    let made = match make(ports, run, parent, state, event).await {
        Ok(made) => made,
        Err(error) => {
            // What its first call was to cost holds nobody else up.
            if let Err(error) = ports.ledger.forget(run).await {
                tracing::warn!(%run, %error, "what was reserved could not be let go of");
            }
            return Err(error);
        }
    };
    let Made {
        lease,
        state,
        waits,
    } = made;
    let driven = wheel::Wheel::new(ports, lease, state, owned_at)
        .waiting(waits)
        .turn_until_still(control)
        .await;
    give_back_after_failure(ports, lease, driven).await
}

/// A run that was made just now.
struct Made {
    lease: Lease,
    state: State,
    waits: Option<Seen>,
}

/// Makes the run with all that follows from its first event, and shows that.
async fn make(
    ports: &Ports,
    run: RunId,
    parent: Option<Fork>,
    mut state: State,
    event: Event,
) -> Result<Made, DriveError> {
    let (Event::Started { spec } | Event::Continued { spec, .. } | Event::Forked { spec, .. }) =
        &event
    else {
        return Err(DriveError::Ended);
    };
    let at = ports.clock.now();
    let (agent, title, version) = (spec.agent.clone(), spec.title.clone(), spec.version);
    let (model, budget_usd) = (spec.model.clone(), spec.limits.most());
    let input = spec.input.chars().take(200).collect();
    let first = Recorded {
        seq: state.last_seq() + 1,
        at,
        event,
    };
    state.apply(&first)?;
    let batch = wheel::Batch::new(ports, run, state)
        .and_follow(vec![first])
        .await?;
    let (state, events, waits) = (batch.state, batch.events, batch.waits);
    let new = NewRun {
        run,
        parent,
        created_at: at,
        agent,
        title,
        version,
        model,
        input,
        budget_usd,
        head: state.head(),
        events: events
            .iter()
            .map(|(recorded, _)| recorded.clone())
            .collect(),
        reserved: money::announced(run, &state),
    };
    let lease = ports.journal.create(new).await?;
    for (_, public) in events.iter() {
        public.iter().for_each(|event| ports.observer.event(event));
    }
    Ok(Made {
        lease,
        state,
        waits,
    })
}

/// Takes up a run that was cut off or is parked, with the answer to what it asks, if there is one.
///
/// # Errors
/// See [`DriveError`]; [`DriveError::Illegal`] when the answer is to another question.
pub async fn resume(
    ports: &Ports,
    run: RunId,
    resolution: Option<Resolution>,
    control: &Control,
) -> Result<Outcome, DriveError> {
    let owned_at = wheel::Moment::now(ports);
    let lease = ports.leases.acquire(run).await?;
    let resumed = take_up(ports, (lease, owned_at), resolution, control).await;
    give_back_after_failure(ports, lease, resumed).await
}

/// Ends a run that nobody drives as cancelled.
///
/// # Errors
/// See [`DriveError`]; [`DriveError::Lease`] when a process drives it.
pub async fn cancel(ports: &Ports, run: RunId) -> Result<Outcome, DriveError> {
    let owned_at = wheel::Moment::now(ports);
    let lease = ports.leases.acquire(run).await?;
    let cancelled = stop(ports, lease, owned_at).await;
    give_back_after_failure(ports, lease, cancelled).await
}

/// Ends a run that nobody drives if a question of it has expired, and says how it ended then.
///
/// # Errors
/// See [`DriveError`]; [`DriveError::Lease`] when a process drives it, which ends it itself.
pub async fn expire(ports: &Ports, run: RunId) -> Result<Option<End>, DriveError> {
    let owned_at = wheel::Moment::now(ports);
    let lease = ports.leases.acquire(run).await?;
    let expired = end_if_due(ports, lease, owned_at).await;
    if !matches!(expired, Ok(Some(_)))
        && let Err(error) = ports.leases.release(&lease).await
    {
        tracing::debug!(%error, "a lease could not be given back");
    }
    expired
}

async fn end_if_due(
    ports: &Ports,
    lease: Lease,
    owned_at: wheel::Moment,
) -> Result<Option<End>, DriveError> {
    let state = fold(&ports.journal.read(lease.run).await?)?;
    if state.end().is_some() {
        return Ok(None);
    }
    let Some(end) = expiry::due(&state, ports.clock.now()) else {
        return Ok(None);
    };
    let wheel = wheel::Wheel::new(ports, lease, state, owned_at);
    Ok(Some(wheel.stop(end).await?))
}

/// The lease runs out by itself where it cannot be given back.
async fn give_back_after_failure(
    ports: &Ports,
    lease: Lease,
    driven: Result<Outcome, DriveError>,
) -> Result<Outcome, DriveError> {
    if driven.is_err()
        && let Err(error) = ports.leases.release(&lease).await
    {
        tracing::debug!(%error, "a lease could not be given back");
    }
    driven
}

async fn stop(ports: &Ports, lease: Lease, owned_at: wheel::Moment) -> Result<Outcome, DriveError> {
    let state = fold(&ports.journal.read(lease.run).await?)?;
    if state.end().is_some() {
        return Err(DriveError::Ended);
    }
    let wheel = wheel::Wheel::new(ports, lease, state, owned_at);
    Ok(Outcome::Ended(wheel.stop(wheel::cancelled()).await?))
}

async fn take_up(
    ports: &Ports,
    (lease, owned_at): (Lease, wheel::Moment),
    resolution: Option<Resolution>,
    control: &Control,
) -> Result<Outcome, DriveError> {
    let state = fold(&ports.journal.read(lease.run).await?)?;
    if state.end().is_some() {
        return Err(DriveError::Ended);
    }
    if let Some(end) = expiry::due(&state, ports.clock.now()) {
        let wheel = wheel::Wheel::new(ports, lease, state, owned_at);
        let end = wheel.stop(end).await?;
        return match resolution {
            Some(_) => Err(DriveError::Expired(end.message)),
            None => Ok(Outcome::Ended(end)),
        };
    }
    let resolution = resolution.or_else(|| money::priced_by_now(ports, &state));
    let mut outcomes = vec![Event::Resumed];
    outcomes.extend(resolution.map(
        |Resolution {
             step,
             binding,
             answer,
             by,
         }| Event::ApprovalResolved {
            step,
            binding,
            answer,
            by,
        },
    ));
    let mut wheel = wheel::Wheel::new(ports, lease, state, owned_at);
    wheel.turn(outcomes).await?;
    wheel.turn_until_still(control).await
}
