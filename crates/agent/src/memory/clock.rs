//! A clock that a test moves.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use slipway_contract::Timestamp;

use super::lock;
use crate::ports::clock::Clock;

/// How often the other tasks may run before an automatic clock takes them to be waiting.
const TURNS: u32 = 64;

/// A clock that stands still until it is moved. Clones share the time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    state: Arc<Mutex<State>>,
    automatic: bool,
}

#[derive(Debug)]
struct State {
    start: Timestamp,
    elapsed: Duration,
    sleepers: BTreeMap<(Duration, u64), Option<Waker>>,
    next: u64,
}

impl ManualClock {
    /// A clock that moves only through [`Self::advance`]; it shows 2026-01-01 00:00 UTC.
    #[must_use]
    pub fn new() -> Self {
        Self::with(false)
    }

    /// A clock on which time passes as soon as nothing else is left to do: the sleeper that is
    /// due first wakes, and the clock shows its time. Timeouts fire only where the rest waits.
    #[must_use]
    pub fn automatic() -> Self {
        Self::with(true)
    }

    fn with(automatic: bool) -> Self {
        let state = State {
            start: Timestamp::constant(1_767_225_600, 0),
            elapsed: Duration::ZERO,
            sleepers: BTreeMap::new(),
            next: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            automatic,
        }
    }

    /// Lets time pass, and wakes the sleepers that are due.
    pub fn advance(&self, by: Duration) {
        let mut state = lock(&self.state);
        state.elapsed = state.elapsed.saturating_add(by);
        let now = state.elapsed;
        for waker in state
            .sleepers
            .range_mut(..=(now, u64::MAX))
            .filter_map(|(_, waker)| waker.take())
        {
            waker.wake();
        }
    }

    /// Sets the time of day, as a person or a time server does; time that passed stays as it is.
    pub fn set(&self, now: Timestamp) {
        let mut state = lock(&self.state);
        state.start = before(now, state.elapsed);
    }

    /// How many sleep.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        lock(&self.state).sleepers.len()
    }

    fn is_due(&self, key: (Duration, u64), waker: Option<&Waker>) -> bool {
        let mut state = lock(&self.state);
        let due = state.elapsed >= key.0;
        if let (false, Some(slot)) = (due, state.sleepers.get_mut(&key)) {
            *slot = waker.cloned();
        }
        due
    }

    fn is_first(&self, key: (Duration, u64)) -> bool {
        let state = lock(&self.state);
        state.sleepers.first_key_value().map(|(first, _)| *first) == Some(key)
    }

    async fn pass(&self, key: (Duration, u64)) {
        let mut turns = 0;
        while !self.is_due(key, None) {
            tokio::task::yield_now().await;
            turns = if self.is_first(key) { turns + 1 } else { 0 };
            if turns > TURNS {
                let mut state = lock(&self.state);
                state.elapsed = state.elapsed.max(key.0);
            }
        }
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        let state = lock(&self.state);
        after(state.start, state.elapsed)
    }

    fn monotonic(&self) -> Duration {
        lock(&self.state).elapsed
    }

    async fn sleep(&self, duration: Duration) {
        let sleeper = Sleeper::new(self, duration);
        if self.automatic {
            self.pass(sleeper.key).await;
        } else {
            poll_fn(
                |context| match self.is_due(sleeper.key, Some(context.waker())) {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                },
            )
            .await;
        }
    }
}

/// A sleeper's place, given back when the sleep ends or is dropped.
struct Sleeper<'a> {
    clock: &'a ManualClock,
    key: (Duration, u64),
}

impl<'a> Sleeper<'a> {
    fn new(clock: &'a ManualClock, duration: Duration) -> Self {
        let mut state = lock(&clock.state);
        state.next += 1;
        let key = (state.elapsed.saturating_add(duration), state.next);
        state.sleepers.insert(key, None);
        Self { clock, key }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        lock(&self.clock.state).sleepers.remove(&self.key);
    }
}

fn after(start: Timestamp, elapsed: Duration) -> Timestamp {
    start.checked_add(elapsed).unwrap_or(Timestamp::MAX)
}

fn before(now: Timestamp, elapsed: Duration) -> Timestamp {
    now.checked_sub(elapsed).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn an_automatic_clock_keeps_the_contract() {
        crate::memory::contract::clock::clock_contract(&ManualClock::automatic()).await;
    }

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_time_has_come() {
        let clock = ManualClock::new();
        let sleeping = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(SECOND * 2).await }
        });
        while clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance(SECOND);
        tokio::task::yield_now().await;
        assert!(!sleeping.is_finished(), "one second of two has passed");
        clock.advance(SECOND);
        sleeping.await.unwrap();
        assert_eq!(clock.sleepers(), 0);
        assert_eq!(clock.monotonic(), SECOND * 2);
    }

    #[tokio::test]
    async fn an_automatic_clock_wakes_in_the_order_of_time() {
        let clock = ManualClock::automatic();
        let woken = Mutex::new(Vec::new());
        let sleep = |seconds: u32| {
            let (clock, woken) = (&clock, &woken);
            async move {
                clock.sleep(SECOND * seconds).await;
                lock(woken).push((seconds, clock.monotonic()));
            }
        };
        tokio::join!(sleep(300), sleep(1), sleep(60));
        let expected = [1, 60, 300].map(|seconds| (seconds, SECOND * seconds));
        assert_eq!(*lock(&woken), expected);
    }

    #[tokio::test]
    async fn an_automatic_clock_lets_others_work_before_a_timeout() {
        let clock = ManualClock::automatic();
        let work = async {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = clock.sleep(SECOND) => panic!("work was left to do, so no time may pass"),
            () = work => {}
        }
        assert_eq!(clock.sleepers(), 0, "a dropped sleep gives its place back");
    }

    #[test]
    fn the_time_of_day_can_be_set_back_and_the_passed_time_not() {
        let clock = ManualClock::new();
        clock.advance(SECOND * 100);
        let earlier = Timestamp::constant(1_000_000_000, 0);
        clock.set(earlier);
        assert_eq!(clock.now(), earlier);
        assert_eq!(clock.monotonic(), SECOND * 100);
    }
}
