//! What leases promise.

use std::time::Duration;

use futures::future::join_all;

use super::sample::run_id;
use crate::memory::clock::ManualClock;
use crate::ports::lease::{LEASE, LeaseError, Leases};

const MOMENT: Duration = Duration::from_millis(1);

/// `make` gives an empty place each time, with the clock that it goes by.
pub async fn lease_contract<L: Leases>(make: impl AsyncFn() -> (L, ManualClock)) {
    let (leases, _clock) = make().await;
    one_owner_at_a_time(&leases).await;
    let (leases, clock) = make().await;
    a_lease_ends(&leases, &clock).await;
    let (leases, clock) = make().await;
    a_renewed_lease_goes_on(&leases, &clock).await;
    let (leases, _clock) = make().await;
    one_of_many_gets_it(&leases).await;
    let (leases, _clock) = make().await;
    a_holder_can_be_asked_to_cancel(&leases).await;
}

async fn one_owner_at_a_time(leases: &impl Leases) {
    let run = run_id(1);
    let first = leases.acquire(run).await.unwrap();
    assert_eq!(first.run, run);
    match leases.acquire(run).await {
        Err(LeaseError::Held { owner }) => assert!(!owner.is_empty(), "an owner has a name"),
        other => panic!("a held lease was given away: {other:?}"),
    }
    leases
        .acquire(run_id(2))
        .await
        .expect("another run is free");
    leases.release(&first).await.unwrap();
    leases
        .release(&first)
        .await
        .expect("a second release is no error");
    let second = leases
        .acquire(run)
        .await
        .expect("a released lease is free at once");
    assert!(
        second.token > first.token,
        "{second:?} must fence {first:?}"
    );
    assert_eq!(leases.renew(&first).await, Err(LeaseError::Lost));
    leases.release(&first).await.unwrap();
    assert!(
        leases.acquire(run).await.is_err(),
        "the old owner let go of the new owner's lease"
    );
    assert_eq!(leases.renew(&second).await, Ok(()));
}

async fn a_lease_ends(leases: &impl Leases, clock: &ManualClock) {
    let run = run_id(1);
    let first = leases.acquire(run).await.unwrap();
    clock.advance(LEASE - MOMENT);
    assert!(leases.acquire(run).await.is_err(), "it holds to its end");
    clock.advance(MOMENT);
    let second = leases.acquire(run).await.expect("it has ended");
    assert!(second.token > first.token);
    assert_eq!(leases.renew(&first).await, Err(LeaseError::Lost));
}

async fn a_renewed_lease_goes_on(leases: &impl Leases, clock: &ManualClock) {
    let run = run_id(1);
    let lease = leases.acquire(run).await.unwrap();
    for _ in 0..5 {
        clock.advance(LEASE - MOMENT);
        leases.renew(&lease).await.unwrap();
    }
    clock.advance(LEASE - MOMENT);
    assert!(leases.acquire(run).await.is_err(), "it was renewed");
    clock.advance(LEASE * 10);
    leases
        .renew(&lease)
        .await
        .expect("a lease that nobody else took can be renewed late");
    assert!(leases.acquire(run).await.is_err(), "it was renewed late");
}

async fn a_holder_can_be_asked_to_cancel(leases: &impl Leases) {
    leases
        .ask_to_cancel(run_id(3))
        .await
        .expect("nobody drives it, and that is no error");
    let run = run_id(1);
    let first = leases.acquire(run).await.unwrap();
    let other = leases.acquire(run_id(2)).await.unwrap();
    assert_eq!(leases.is_asked_to_cancel(&first).await, Ok(false));
    leases.ask_to_cancel(run).await.unwrap();
    leases.renew(&first).await.unwrap();
    assert_eq!(
        leases.is_asked_to_cancel(&first).await,
        Ok(true),
        "it stays asked"
    );
    assert_eq!(leases.is_asked_to_cancel(&other).await, Ok(false));
    leases.release(&first).await.unwrap();
    let second = leases.acquire(run).await.unwrap();
    assert_eq!(
        leases.is_asked_to_cancel(&second).await,
        Ok(false),
        "the next owner was not asked"
    );
    leases.ask_to_cancel(run).await.unwrap();
    assert_eq!(
        leases.is_asked_to_cancel(&first).await,
        Ok(false),
        "a former owner is not asked"
    );
}

async fn one_of_many_gets_it(leases: &impl Leases) {
    let run = run_id(1);
    let attempts = join_all((0..16).map(|_| leases.acquire(run))).await;
    assert_eq!(attempts.iter().filter(|attempt| attempt.is_ok()).count(), 1);
}
