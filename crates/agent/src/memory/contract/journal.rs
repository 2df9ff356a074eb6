//! What a journal promises.

use futures::future::join;
use serde_json::json;
use slipway_contract::run::{ParkReason, RunStatus};
use slipway_contract::{RunId, Timestamp};

use super::sample::{events, moment, new_run, returned, run_id, running, started, succeeded};
use crate::event::Recorded;
use crate::ports::journal::{Append, Fork, Head, Journal, JournalError};
use crate::ports::lease::{FencingToken, Lease, LeaseError, Leases};

/// `make` gives an empty journal each time, with the leases that it goes by.
pub async fn journal_contract<J: Journal, L: Leases>(make: impl AsyncFn() -> (J, L)) {
    let (journal, _leases) = make().await;
    what_was_appended_is_read(&journal).await;
    runs_are_made_once(&journal).await;
    unknown_runs_are_refused(&journal).await;
    order_is_kept(&journal).await;
    an_append_is_whole_or_nothing(&journal).await;
    prefixes_are_shared(&journal).await;
    an_end_is_the_end(&journal).await;
    rows_agree_with_themselves(&journal).await;
    payloads_of_any_size_are_kept(&journal).await;
    one_of_two_appends_wins(&journal).await;
    let (journal, leases) = make().await;
    a_new_run_is_leased(&journal, &leases).await;
    old_owners_are_fenced(&journal, &leases).await;
    an_append_can_let_go(&journal, &leases).await;
}

fn append(lease: Lease, events: Vec<Recorded>) -> Append {
    Append {
        run: lease.run,
        token: lease.token,
        events,
        head: running(),
        settled: Vec::new(),
        announced: None,
        release: false,
    }
}

async fn make_run(journal: &impl Journal, number: u64, events: Vec<Recorded>) -> Lease {
    let new = new_run(run_id(number), None, events);
    journal.create(new).await.unwrap()
}

fn seqs(events: &[Recorded]) -> Vec<u64> {
    events.iter().map(|event| event.seq).collect()
}

async fn what_was_appended_is_read(journal: &impl Journal) {
    let lease = make_run(journal, 1, vec![started(1)]).await;
    assert_eq!(lease.run, run_id(1));
    let mut expected = vec![started(1)];
    for (first, count) in [(2, 1), (3, 4), (7, 0), (7, 9)] {
        let events = events(first, count);
        expected.extend(events.clone());
        journal.append(append(lease, events)).await.unwrap();
        assert_eq!(journal.read(lease.run).await.unwrap(), expected);
    }
    let mut fine = returned(16, json!(null));
    fine.at = Timestamp::from_nanosecond(moment(5).as_nanosecond() + 999_999).unwrap();
    journal.append(append(lease, vec![fine])).await.unwrap();
    let read = journal.read(lease.run).await.unwrap();
    assert_eq!(read[15].at, moment(5), "times are kept to the millisecond");
    let empty = make_run(journal, 2, Vec::new()).await;
    assert_eq!(journal.read(empty.run).await, Ok(Vec::new()));
}

async fn runs_are_made_once(journal: &impl Journal) {
    let lease = make_run(journal, 10, vec![started(1)]).await;
    let again = new_run(lease.run, None, events(1, 3));
    assert_eq!(
        journal.create(again).await,
        Err(JournalError::Exists(lease.run))
    );
    assert_eq!(journal.read(lease.run).await, Ok(vec![started(1)]));
    journal
        .append(append(lease, events(2, 1)))
        .await
        .expect("the first owner keeps the run");
    assert_eq!(
        journal
            .create(new_run(run_id(11), None, events(2, 1)))
            .await,
        Err(JournalError::OutOfOrder {
            run: run_id(11),
            last: 0,
            first: 2
        })
    );
    assert_eq!(
        journal.read(run_id(11)).await,
        Err(JournalError::Unknown(run_id(11))),
        "a refused run is not there"
    );
}

async fn unknown_runs_are_refused(journal: &impl Journal) {
    let unknown = run_id(20);
    let error = Err(JournalError::Unknown(unknown));
    assert_eq!(
        journal.read(unknown).await,
        Err(JournalError::Unknown(unknown))
    );
    let lease = Lease {
        run: unknown,
        token: FencingToken(1),
    };
    assert_eq!(journal.append(append(lease, events(1, 1))).await, error);
    let fork = Fork {
        run: unknown,
        seq: 1,
    };
    let child = new_run(run_id(21), Some(fork), events(2, 1));
    assert_eq!(
        journal.create(child).await,
        Err(JournalError::Unknown(unknown))
    );
}

async fn order_is_kept(journal: &impl Journal) {
    let lease = make_run(journal, 30, events(1, 2)).await;
    for first in [0, 1, 2, 4, u64::MAX] {
        let event = returned(first.min(1_000), json!(first));
        let event = Recorded {
            seq: first,
            ..event
        };
        assert_eq!(
            journal.append(append(lease, vec![event])).await,
            Err(JournalError::OutOfOrder {
                run: lease.run,
                last: 2,
                first
            })
        );
    }
    assert_eq!(seqs(&journal.read(lease.run).await.unwrap()), [1, 2]);
}

async fn an_append_is_whole_or_nothing(journal: &impl Journal) {
    let lease = make_run(journal, 40, events(1, 1)).await;
    let mut gap = events(2, 3);
    gap[2].seq = 5;
    let refused = journal.append(append(lease, gap)).await;
    assert!(
        matches!(refused, Err(JournalError::OutOfOrder { first: 5, .. })),
        "{refused:?}"
    );
    assert_eq!(journal.read(lease.run).await, Ok(events(1, 1)));
}

async fn prefixes_are_shared(journal: &impl Journal) {
    let parent = make_run(journal, 50, events(1, 5)).await;
    let fork = |run: RunId, seq| Some(Fork { run, seq });
    let child = new_run(run_id(51), fork(parent.run, 5), vec![started(6)]);
    let child = journal.create(child).await.unwrap();
    journal.append(append(parent, events(6, 4))).await.unwrap();
    journal.append(append(child, events(7, 2))).await.unwrap();
    let read = journal.read(child.run).await.unwrap();
    assert_eq!(seqs(&read), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(
        read[..5],
        events(1, 5),
        "the parent's events up to the fork"
    );
    assert_eq!(read[5], started(6), "and then its own");
    assert_eq!(journal.read(parent.run).await, Ok(events(1, 9)));

    let cousin = new_run(run_id(52), fork(child.run, 3), vec![started(4)]);
    let cousin = journal.create(cousin).await.unwrap();
    let read = journal.read(cousin.run).await.unwrap();
    assert_eq!(read[..3], events(1, 3), "a fork inside the shared prefix");
    assert_eq!(read[3..], [started(4)]);

    let bare = new_run(run_id(53), fork(child.run, 7), Vec::new());
    let bare = journal.create(bare).await.unwrap();
    assert_eq!(seqs(&journal.read(bare.run).await.unwrap()).len(), 7);
    journal.append(append(bare, events(8, 1))).await.unwrap();

    let far = new_run(run_id(54), fork(child.run, 9), events(10, 1));
    assert_eq!(
        journal.create(far).await,
        Err(JournalError::OutOfOrder {
            run: child.run,
            last: 8,
            first: 10
        })
    );
    let gap = new_run(run_id(54), fork(child.run, 8), events(1, 1));
    assert!(
        matches!(
            journal.create(gap).await,
            Err(JournalError::OutOfOrder {
                last: 8,
                first: 1,
                ..
            })
        ),
        "a continued run counts on from its prefix"
    );
}

async fn an_end_is_the_end(journal: &impl Journal) {
    let lease = make_run(journal, 60, events(1, 1)).await;
    let end = Append {
        head: succeeded(json!("done")),
        ..append(lease, events(2, 1))
    };
    journal.append(end).await.unwrap();
    assert_eq!(
        journal.append(append(lease, events(3, 1))).await,
        Err(JournalError::Ended(lease.run))
    );
    assert_eq!(seqs(&journal.read(lease.run).await.unwrap()), [1, 2]);
}

async fn rows_agree_with_themselves(journal: &impl Journal) {
    let lease = make_run(journal, 70, events(1, 1)).await;
    let without_end = Head {
        status: RunStatus::Succeeded,
        ..running()
    };
    let with_end = Head {
        status: RunStatus::Running,
        ..succeeded(json!("done"))
    };
    let without_reason = Head {
        status: RunStatus::Parked,
        ..running()
    };
    let with_reason = Head {
        parked: Some(ParkReason::Approval),
        ..running()
    };
    let other_end = Head {
        status: RunStatus::Failed,
        ..succeeded(json!("done"))
    };
    for head in [
        without_end,
        with_end,
        without_reason,
        with_reason,
        other_end,
    ] {
        let contradiction = Append {
            head,
            ..append(lease, events(2, 1))
        };
        let result = journal.append(contradiction.clone()).await;
        assert!(
            matches!(result, Err(JournalError::Storage(_))),
            "{:?} was taken: {result:?}",
            contradiction.head
        );
    }
    assert_eq!(seqs(&journal.read(lease.run).await.unwrap()), [1]);
}

async fn payloads_of_any_size_are_kept(journal: &impl Journal) {
    let lease = make_run(journal, 80, vec![started(1)]).await;
    let sizes = [0, 1, 60_000, 64 * 1024, 70_000, 3_000_000];
    let large: Vec<_> = (2..)
        .zip(sizes)
        .map(|(seq, size)| returned(seq, json!("é".repeat(size / 2))))
        .collect();
    journal.append(append(lease, large.clone())).await.unwrap();
    let twice = returned(8, json!("é".repeat(35_000)));
    journal
        .append(append(lease, vec![twice.clone()]))
        .await
        .unwrap();
    let read = journal.read(lease.run).await.unwrap();
    assert!(read[1..7] == large[..], "a payload changed");
    assert!(read[7] == twice, "a payload that was kept before changed");
}

async fn one_of_two_appends_wins(journal: &impl Journal) {
    let lease = make_run(journal, 90, events(1, 1)).await;
    let one = journal.append(append(lease, events(2, 2)));
    let other = journal.append(append(lease, events(2, 1)));
    let (one, other) = join(one, other).await;
    assert!(one.is_ok() != other.is_ok(), "{one:?} and {other:?}");
    let count = if one.is_ok() { 3 } else { 2 };
    assert_eq!(journal.read(lease.run).await, Ok(events(1, count)));
}

async fn a_new_run_is_leased(journal: &impl Journal, leases: &impl Leases) {
    let lease = make_run(journal, 1, events(1, 1)).await;
    assert!(
        matches!(
            leases.acquire(lease.run).await,
            Err(LeaseError::Held { .. })
        ),
        "the maker of a run drives it"
    );
    leases
        .renew(&lease)
        .await
        .expect("the lease is the maker's");
    let held = leases.acquire(run_id(2)).await.unwrap();
    let taken = journal.create(new_run(held.run, None, Vec::new())).await;
    assert!(
        matches!(taken, Err(JournalError::Lease(LeaseError::Held { .. }))),
        "{taken:?}"
    );
    assert_eq!(
        journal.read(held.run).await,
        Err(JournalError::Unknown(held.run)),
        "a run that could not be leased is not made"
    );
}

async fn old_owners_are_fenced(journal: &impl Journal, leases: &impl Leases) {
    let old = make_run(journal, 10, events(1, 1)).await;
    leases.release(&old).await.unwrap();
    let new = leases.acquire(old.run).await.unwrap();
    let fenced = Err(JournalError::Fenced(old.run));
    assert_eq!(journal.append(append(old, events(2, 1))).await, fenced);
    let future = Lease {
        token: FencingToken(new.token.0 + 1),
        ..new
    };
    assert_eq!(journal.append(append(future, events(2, 1))).await, fenced);
    assert_eq!(journal.read(old.run).await, Ok(events(1, 1)));
    journal.append(append(new, events(2, 1))).await.unwrap();
    assert_eq!(journal.read(old.run).await, Ok(events(1, 2)));
}

async fn an_append_can_let_go(journal: &impl Journal, leases: &impl Leases) {
    let lease = make_run(journal, 20, events(1, 1)).await;
    let refused = Append {
        release: true,
        ..append(lease, events(5, 1))
    };
    journal.append(refused).await.unwrap_err();
    assert!(
        leases.acquire(lease.run).await.is_err(),
        "a refused append lets go of nothing"
    );
    let last = Append {
        release: true,
        ..append(lease, events(2, 1))
    };
    journal.append(last).await.unwrap();
    let next = leases.acquire(lease.run).await.expect("it was let go");
    assert!(next.token > lease.token);
}
