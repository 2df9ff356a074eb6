//! When what happened in a run, and how long it worked.

use slipway_contract::Timestamp;

/// When what happened in a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clock {
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// When it began to wait for a person.
    pub(crate) parked_at: Option<Timestamp>,
    /// When it ended.
    pub(crate) finished_at: Option<Timestamp>,
    /// The newest journalled event.
    pub(crate) last_at: Timestamp,
    working_since: Option<Timestamp>,
    worked_ms: i64,
}

impl Clock {
    pub(super) fn new(created_at: Timestamp) -> Self {
        Self {
            started_at: created_at,
            parked_at: None,
            finished_at: None,
            last_at: created_at,
            working_since: None,
            worked_ms: 0,
        }
    }

    pub(super) fn start(&mut self, at: Timestamp) {
        self.started_at = at;
        self.working_since = Some(at);
    }

    pub(super) fn work(&mut self, at: Timestamp) {
        self.parked_at = None;
        self.working_since.get_or_insert(at);
    }

    /// The run goes on after it was cut off: what it worked until its last word counts, the gap does not.
    pub(super) fn resume(&mut self, at: Timestamp) {
        self.stop(self.last_at);
        self.work(at);
    }

    pub(super) fn park(&mut self, at: Timestamp) {
        self.stop(at);
        self.parked_at = Some(at);
    }

    pub(super) fn finish(&mut self, at: Timestamp) {
        self.stop(at);
        self.parked_at = None;
        self.finished_at = Some(at);
    }

    fn stop(&mut self, at: Timestamp) {
        if let Some(since) = self.working_since.take() {
            self.worked_ms += millis_between(since, at);
        }
    }

    /// Milliseconds of work, until `now` for a run that is at work, else until its last word.
    pub(crate) fn worked_ms(&self, now: Option<Timestamp>) -> i64 {
        let running = self.working_since.map_or(0, |since| {
            millis_between(since, now.unwrap_or(self.last_at))
        });
        self.worked_ms + running
    }
}

/// Milliseconds from one moment to a later one; none when the clock went back.
pub(crate) fn millis_between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millisecond()
        .saturating_sub(from.as_millisecond())
        .max(0)
}
