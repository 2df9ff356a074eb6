//! How long a run was at work, by its events.

use slipway_contract::Timestamp;
use slipway_contract::event::{EventKind, RunEvent};

/// Time at work: not what passed while the run was parked, cut off, or waited for an answer.
#[derive(Debug, Default)]
pub(super) struct Worked {
    last: Option<Timestamp>,
    ms: u64,
}

impl Worked {
    pub(super) fn follow(&mut self, event: &RunEvent) {
        match event.kind {
            EventKind::RunStarted { .. }
            | EventKind::RunContinued { .. }
            | EventKind::RunForked { .. } => self.ms = 0,
            EventKind::RunResumed {} | EventKind::ApprovalResolved { .. } => {}
            _ => {
                let since = self
                    .last
                    .map_or(0, |last| event.at.duration_since(last).as_millis());
                self.ms += u64::try_from(since).unwrap_or_default();
            }
        }
        self.last = Some(event.at);
    }

    pub(super) const fn ms(&self) -> u64 {
        self.ms
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::RunId;
    use slipway_contract::run::ParkReason;

    use super::*;

    #[test]
    fn waiting_is_no_work() {
        let mut worked = Worked::default();
        let parked = EventKind::RunParked {
            reason: ParkReason::Grant,
        };
        for (second, kind) in [
            (0, EventKind::RunResumed {}),
            (2, parked.clone()),
            (1_000, EventKind::RunResumed {}),
            (1_003, parked),
        ] {
            let at = Timestamp::from_second(second).unwrap();
            worked.follow(&RunEvent {
                run_id: RunId::from_random([0; 10]),
                at,
                seq: None,
                kind,
            });
        }
        assert_eq!(worked.ms(), 5_000);
    }
}
