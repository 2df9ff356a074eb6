//! Several processes on one file.

use futures::future::join_all;
use slipway_agent::memory::contract::sample;
use slipway_agent::ports::journal::{Journal, JournalError};
use slipway_agent::ports::lease::{LEASE, LeaseError, Leases};
use slipway_store::{Options, Store};

use crate::place::{Place, append, run_with};

#[tokio::test]
async fn a_run_goes_from_one_process_to_another() {
    let place = Place::new();
    let (one, other) = (place.open().await, place.open().await);
    let lease = run_with(&one, 1, 2).await;
    assert_eq!(other.read(lease.run).await.unwrap(), sample::events(1, 2));
    let held = other.acquire(lease.run).await;
    assert!(
        matches!(&held, Err(LeaseError::Held { owner }) if owner.contains(&std::process::id().to_string())),
        "{held:?} names who drives the run"
    );
    assert!(other.run(lease.run).await.unwrap().unwrap().driven);

    place.clock.advance(LEASE);
    let taken = other.acquire(lease.run).await.unwrap();
    let late = one.append(append(lease, 3, 1)).await;
    assert_eq!(late, Err(JournalError::Fenced(lease.run)));
    assert_eq!(one.renew(&lease).await, Err(LeaseError::Lost));
    other.append(append(taken, 3, 1)).await.unwrap();
    assert_eq!(one.read(lease.run).await.unwrap(), sample::events(1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_write_at_once() {
    let place = Place::new();
    let stores = [place.open().await, place.open().await];
    let drive = |number: u64| {
        let store = stores[usize::from(number.is_multiple_of(2))].clone();
        tokio::spawn(async move {
            let lease = run_with(&store, number, 1).await;
            for seq in 2..=40 {
                store.append(append(lease, seq, 1)).await.unwrap();
            }
        })
    };
    for run in join_all((0..8).map(drive)).await {
        run.unwrap();
    }
    for number in 0..8 {
        let read = stores[0].read(sample::run_id(number)).await.unwrap();
        assert_eq!(read, sample::events(1, 40));
    }
    place.assert_intact();
}

#[tokio::test(flavor = "multi_thread")]
async fn all_may_open_a_new_database_at_once() {
    let place = Place::new();
    let opening = (0..8).map(|_| {
        let (path, options) = (place.path(), place.options());
        tokio::spawn(async move { Store::open(&path, options).await })
    });
    for (number, store) in join_all(opening).await.into_iter().enumerate() {
        let store = store.unwrap().unwrap();
        run_with(&store, number as u64, 1).await;
    }
    place.assert_intact();
}

#[tokio::test]
async fn a_locked_database_is_an_error_and_not_the_end() {
    let place = Place::new();
    let options = Options {
        busy_timeout: std::time::Duration::from_millis(20),
        ..place.options()
    };
    let store = Store::open(&place.path(), options).await.unwrap();
    let lease = run_with(&store, 1, 1).await;
    let other = place.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let appends = [append(lease, 2, 1), append(lease, 2, 2)].map(|append| store.append(append));
    for result in join_all(appends).await {
        assert!(
            matches!(result, Err(JournalError::Storage(_))),
            "{result:?}"
        );
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.read(lease.run).await.unwrap(), sample::events(1, 1));
    store.append(append(lease, 2, 1)).await.unwrap();
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let place = Place::new();
    let store = place.open().await;
    let lease = run_with(&store, 1, 1).await;
    let other = store.clone();
    store.close().await;
    let late = other.append(append(lease, 2, 1)).await;
    assert!(matches!(late, Err(JournalError::Storage(_))), "{late:?}");
    let wal = place.path().with_file_name("slipway.db-wal");
    assert!(!wal.exists(), "the log was folded into the database");
    assert_eq!(
        place.open().await.read(lease.run).await.unwrap(),
        sample::events(1, 1)
    );
}
