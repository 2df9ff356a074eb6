//! What a clock promises.

use std::time::Duration;

use crate::ports::clock::Clock;

/// Time that passed never goes back, a sleep lasts at least as long as it says, and the time of
/// day is in whole milliseconds, as a journal keeps it. The clock must move by itself.
pub async fn clock_contract(clock: &dyn Clock) {
    let nap = Duration::from_millis(2);
    let before = clock.monotonic();
    clock.sleep(nap).await;
    let after = clock.monotonic();
    assert!(
        after - before >= nap,
        "{before:?} to {after:?} is no {nap:?}"
    );
    clock.sleep(Duration::ZERO).await;
    assert!(clock.monotonic() >= after, "passed time went back");
    let now = clock.now();
    assert_eq!(
        now.as_nanosecond() % 1_000_000,
        0,
        "{now} is finer than the journal keeps it: a folded state would differ after a restart"
    );
}
