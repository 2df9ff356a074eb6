//! What the list is narrowed to: the chips above it, and the filter that they make.

use std::cell::RefCell;

use jiff::civil::Time;
use slipway_contract::history::{RunFilter, RunOrder};
use slipway_contract::run::RunState;
use slipway_contract::{AgentName, Timestamp, Usd};

use crate::format::Local;
use crate::text;

/// Runs of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    NeedsYou,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl Status {
    pub(super) const ALL: [Self; 5] = [
        Self::NeedsYou,
        Self::Running,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
    ];

    fn states(self) -> Vec<RunState> {
        match self {
            Self::NeedsYou => vec![RunState::Parked, RunState::CutOff],
            Self::Running => vec![RunState::Queued, RunState::Running],
            Self::Succeeded => vec![RunState::Succeeded],
            Self::Failed => vec![RunState::Failed],
            Self::Cancelled => vec![RunState::Cancelled],
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NeedsYou => text::NEEDS_YOU,
            Self::Running => text::RUNNING,
            Self::Succeeded => text::SUCCEEDED,
            Self::Failed => text::FAILED,
            Self::Cancelled => text::CANCELLED,
        }
    }
}

/// A range of cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cost {
    Nothing,
    /// At most so many cents.
    UpTo(u32),
    /// At least so many cents.
    From(u32),
}

impl Cost {
    pub(super) const ALL: [Self; 6] = [
        Self::Nothing,
        Self::UpTo(1),
        Self::UpTo(10),
        Self::From(10),
        Self::From(100),
        Self::From(1_000),
    ];

    fn range(self) -> (Option<Usd>, Option<Usd>) {
        match self {
            Self::Nothing => (None, Some(Usd::ZERO)),
            Self::UpTo(cents) => (None, Some(dollars(cents))),
            Self::From(cents) => (Some(dollars(cents)), None),
        }
    }

    pub(super) fn name(self) -> String {
        let (min, max) = self.range();
        text::cost_range(
            min.map(crate::format::usd_period).as_deref(),
            max.map(crate::format::usd_period).as_deref(),
        )
    }
}

fn dollars(cents: u32) -> Usd {
    // Digits and a point are always an amount.
    format!("{}.{:02}", cents / 100, cents % 100)
        .parse()
        .unwrap_or_default()
}

/// When runs were started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    Today,
    /// In the last so many days, today among them.
    Days(i8),
    ThisMonth,
}

impl Started {
    pub(super) const ALL: [Self; 4] = [Self::Today, Self::Days(7), Self::Days(30), Self::ThisMonth];

    /// The midnight from which on, on the person's clock.
    fn since(self, now: Local) -> Local {
        let today = now.date();
        let day = match self {
            Self::Today => today,
            Self::Days(days) => today.saturating_sub(jiff::Span::new().days(i64::from(days) - 1)),
            Self::ThisMonth => today.first_of_month(),
        };
        day.to_datetime(Time::midnight())
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Today => text::TODAY.to_owned(),
            Self::Days(days) => text::last_days(days),
            Self::ThisMonth => text::THIS_MONTH.to_owned(),
        }
    }
}

/// Everything that narrows the list, and its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Narrow {
    pub(super) status: Option<Status>,
    pub(super) agent: Option<(AgentName, String)>,
    pub(super) model: Option<String>,
    pub(super) cost: Option<Cost>,
    pub(super) started: Option<Started>,
    pub(super) words: String,
    pub(super) order: RunOrder,
}

thread_local! {
    /// Whoever comes back to the list finds it as it was.
    static KEPT: RefCell<Narrow> = RefCell::default();
}

impl Narrow {
    /// As it was left.
    pub(super) fn kept() -> Self {
        KEPT.with_borrow(Clone::clone)
    }

    /// Keeps it for as long as the window is there.
    pub(super) fn keep(&self) {
        KEPT.set(self.clone());
    }

    /// Nothing left out, in the same order.
    pub(super) fn cleared(&self) -> Self {
        Self {
            order: self.order,
            ..Self::default()
        }
    }

    /// The filter; `now` and `local` say the same instant, here and on the person's clock.
    pub(super) fn filter(&self, now: Timestamp, local: Local) -> RunFilter {
        let words = self.words.trim();
        let (min_cost_usd, max_cost_usd) = self.cost.map_or((None, None), Cost::range);
        let since = self.started.map(|started| {
            let ago = local.duration_since(started.since(local));
            now.checked_sub(ago).unwrap_or(Timestamp::MIN)
        });
        RunFilter {
            states: self.status.map(Status::states).unwrap_or_default(),
            agents: self.agent.iter().map(|(name, _)| name.clone()).collect(),
            models: self.model.iter().cloned().collect(),
            min_cost_usd,
            max_cost_usd,
            since,
            until: None,
            text: (!words.is_empty()).then(|| words.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_make_the_filter() {
        let now: Timestamp = "2026-11-22T09:40:30Z".parse().unwrap_or_default();
        let local = jiff::civil::date(2026, 11, 22).at(10, 40, 30, 0);
        let narrow = Narrow {
            status: Some(Status::NeedsYou),
            agent: Some((
                "clerk".parse().unwrap_or_else(|_| unreachable!()),
                String::new(),
            )),
            cost: Some(Cost::From(10)),
            started: Some(Started::Days(7)),
            words: "  tax ".to_owned(),
            ..Narrow::default()
        };
        let filter = narrow.filter(now, local);
        assert_eq!(filter.states, [RunState::Parked, RunState::CutOff]);
        assert_eq!(filter.since, "2026-11-15T23:00:00Z".parse().ok());
        assert_eq!(filter.min_cost_usd, "0.10".parse().ok());
        assert_eq!((filter.max_cost_usd, filter.until), (None, None));
        assert_eq!(filter.text.as_deref(), Some("tax"));
        assert!(narrow.cleared().filter(now, local).is_empty());
    }

    #[test]
    fn a_day_begins_at_midnight_here() {
        let now: Timestamp = "2026-11-22T09:40:30Z".parse().unwrap_or_default();
        let local = jiff::civil::date(2026, 11, 22).at(10, 40, 30, 0);
        for (started, since) in [
            (Started::Today, "2026-11-21T23:00:00Z"),
            (Started::ThisMonth, "2026-10-31T23:00:00Z"),
        ] {
            let narrow = Narrow {
                started: Some(started),
                ..Narrow::default()
            };
            assert_eq!(narrow.filter(now, local).since, since.parse().ok());
        }
    }
}
