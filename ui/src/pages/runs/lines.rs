//! The lines of the list: days, and the runs of each. Pure.

use jiff::civil::Date;
use slipway_contract::Usd;
use slipway_contract::run::RunSummary;

use crate::components::Mark;
use crate::text;

/// Which runs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    /// All of them.
    All,
    /// Those that wait for a person.
    NeedsYou,
    /// Those at work.
    Running,
    /// Those that failed.
    Failed,
}

impl Filter {
    pub(super) const ALL: [Self; 4] = [Self::All, Self::NeedsYou, Self::Running, Self::Failed];

    /// Whether a run is shown.
    pub(super) fn shows(self, run: &RunSummary) -> bool {
        let mark = Mark::of(run);
        match self {
            Self::All => true,
            Self::NeedsYou => mark.needs_person(),
            Self::Running => matches!(mark, Mark::Queued | Mark::Running),
            Self::Failed => mark == Mark::Failed,
        }
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::All => text::ALL,
            Self::NeedsYou => text::NEEDS_YOU,
            Self::Running => text::RUNNING,
            Self::Failed => text::FAILED,
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// A day and what it came to.
    Day {
        /// The day.
        date: Date,
        /// How many runs it has.
        runs: usize,
        /// What they cost; none when a price is unknown.
        cost: Option<Usd>,
    },
    /// A run, by its place among all runs.
    Run(usize),
}

/// The lines of the list, and which of them are runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lines {
    /// All lines, from the top.
    pub(super) all: Vec<Line>,
    /// The places of runs among them.
    pub(super) runs: Vec<usize>,
}

impl Lines {
    /// The lines of the runs that a filter shows, newest first as they come; `day_of` knows the person's calendar.
    pub(super) fn of(
        runs: &[RunSummary],
        filter: Filter,
        day_of: impl Fn(&RunSummary) -> Date,
    ) -> Self {
        let shown: Vec<(Date, usize)> = runs
            .iter()
            .enumerate()
            .filter(|(_, run)| filter.shows(run))
            .map(|(place, run)| (day_of(run), place))
            .collect();
        let mut lines = Self::default();
        for day in shown.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((date, _)) = day.first() else {
                continue;
            };
            let costs = day
                .iter()
                .filter_map(|(_, place)| runs.get(*place))
                .map(|run| run.usage.cost_usd);
            let cost = costs
                .into_iter()
                .try_fold(Usd::ZERO, |sum, cost| cost.map(|cost| sum.plus(cost)));
            lines.all.push(Line::Day {
                date: *date,
                runs: day.len(),
                cost,
            });
            for (_, place) in day {
                lines.runs.push(lines.all.len());
                lines.all.push(Line::Run(*place));
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use slipway_contract::run::{RunStatus, Usage};
    use slipway_contract::{ContentHash, RunId, Timestamp};

    use super::*;

    fn run(second: i64, status: RunStatus, cost: Option<&str>) -> RunSummary {
        RunSummary {
            id: RunId::from_random([1; 10]),
            agent: "a".parse().unwrap(),
            title: "A".to_owned(),
            version: ContentHash::from_bytes([0; 32]),
            model: "local/m".to_owned(),
            parent: None,
            status,
            driven: false,
            parked: None,
            end: None,
            created_at: Timestamp::from_second(second).unwrap(),
            finished_at: None,
            input: String::new(),
            usage: Usage {
                cost_usd: cost.map(|cost| cost.parse().unwrap()),
                ..Usage::default()
            },
            budget_usd: None,
        }
    }

    fn day_of(run: &RunSummary) -> Date {
        let day = run.created_at.as_second() / 100;
        date(2025, 11, i8::try_from(day).unwrap())
    }

    #[test]
    fn runs_stand_below_their_day() {
        let runs = [
            run(305, RunStatus::Succeeded, Some("0.1")),
            run(301, RunStatus::Failed, Some("0.2")),
            run(205, RunStatus::Succeeded, None),
        ];
        let lines = Lines::of(&runs, Filter::All, day_of);
        let expected = [
            Line::Day {
                date: date(2025, 11, 3),
                runs: 2,
                cost: Some("0.3".parse().unwrap()),
            },
            Line::Run(0),
            Line::Run(1),
            Line::Day {
                date: date(2025, 11, 2),
                runs: 1,
                cost: None,
            },
            Line::Run(2),
        ];
        assert_eq!(lines.all, expected);
        assert_eq!(lines.runs, [1, 2, 4]);
    }

    #[test]
    fn a_filter_leaves_out_whole_days() {
        let runs = [
            run(305, RunStatus::Succeeded, None),
            run(205, RunStatus::Running, None),
            run(105, RunStatus::Parked, None),
        ];
        let shown = |filter| Lines::of(&runs, filter, day_of).runs.len();
        assert_eq!(shown(Filter::All), 3);
        assert_eq!(
            shown(Filter::NeedsYou),
            2,
            "a run that nobody drives needs a person too"
        );
        assert_eq!(shown(Filter::Running), 0);
        assert_eq!(Lines::of(&runs, Filter::Failed, day_of), Lines::default());
    }
}
