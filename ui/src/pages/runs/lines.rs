//! The lines of the list: days, and below each its runs. Which runs they are is not needed for it. Pure.

use slipway_contract::history::{DaySum, RunTotals};

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// A day and what it came to.
    Day(DaySum),
    /// A run, by its place among all of them.
    Run(usize),
}

/// The lines of the list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Lines {
    /// The lines of days, each with its place; none where runs are not listed by day.
    days: Vec<(usize, DaySum)>,
    runs: usize,
}

impl Lines {
    /// The lines of so many runs; by day where they are sorted by time.
    pub(super) fn of(totals: &RunTotals, by_day: bool, ascending: bool) -> Self {
        let mut sums: Vec<DaySum> = if by_day {
            totals.days.clone()
        } else {
            Vec::new()
        };
        if ascending {
            sums.reverse();
        }
        let mut place = 0;
        let days = sums.into_iter().map(|day| {
            let at = place;
            place += 1 + usize::try_from(day.sum.runs).unwrap_or(usize::MAX);
            (at, day)
        });
        Self {
            days: days.collect(),
            runs: usize::try_from(totals.all.runs).unwrap_or(usize::MAX),
        }
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.runs + self.days.len()
    }

    /// How many of them are runs.
    pub(super) const fn runs(&self) -> usize {
        self.runs
    }

    /// What stands on a line.
    pub(super) fn at(&self, place: usize) -> Option<Line> {
        if place >= self.len() {
            return None;
        }
        let before = self.days.partition_point(|(at, _)| *at <= place);
        match before.checked_sub(1).and_then(|last| self.days.get(last)) {
            Some((at, day)) if *at == place => Some(Line::Day(*day)),
            _ => Some(Line::Run(place - before)),
        }
    }

    /// The line of a run.
    pub(super) fn of_run(&self, run: usize) -> usize {
        let mut days = self.days.iter().enumerate();
        // So many runs stand before a day as lines that are no days.
        let after = days.find(|(number, (at, _))| at - number > run);
        run + after.map_or(self.days.len(), |(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use slipway_contract::history::RunSum;

    use super::*;

    fn totals(days: &[(i8, u64)]) -> RunTotals {
        let sum = |runs| RunSum {
            runs,
            ..RunSum::default()
        };
        RunTotals {
            all: sum(days.iter().map(|(_, runs)| runs).sum()),
            days: days
                .iter()
                .map(|(day, runs)| DaySum {
                    day: date(2026, 11, *day),
                    sum: sum(*runs),
                })
                .collect(),
        }
    }

    fn told(lines: &Lines) -> Vec<String> {
        let line = |place| match lines.at(place) {
            Some(Line::Day(day)) => format!("day {}", day.day.day()),
            Some(Line::Run(run)) => {
                assert_eq!(lines.of_run(run), place, "and back");
                format!("run {run}")
            }
            None => "nothing".to_owned(),
        };
        (0..=lines.len()).map(line).collect()
    }

    #[test]
    fn runs_stand_below_their_day() {
        let lines = Lines::of(&totals(&[(22, 2), (20, 1)]), true, false);
        let expected = ["day 22", "run 0", "run 1", "day 20", "run 2", "nothing"];
        assert_eq!(told(&lines), expected);
        let lines = Lines::of(&totals(&[(22, 2), (20, 1)]), true, true);
        let expected = ["day 20", "run 0", "day 22", "run 1", "run 2", "nothing"];
        assert_eq!(told(&lines), expected, "the oldest first");
    }

    #[test]
    fn what_is_sorted_otherwise_has_no_days() {
        let lines = Lines::of(&totals(&[(22, 2), (20, 1)]), false, false);
        assert_eq!(told(&lines), ["run 0", "run 1", "run 2", "nothing"]);
        assert_eq!(told(&Lines::of(&totals(&[]), true, false)), ["nothing"]);
    }

    #[test]
    fn very_many_are_found_at_once() {
        let days: Vec<(i8, u64)> = (1..=30).rev().map(|day| (day, 334)).collect();
        let lines = Lines::of(&totals(&days), true, false);
        assert_eq!(lines.len(), 30 * 335);
        assert_eq!(lines.at(335 * 29 + 334), Some(Line::Run(10_019)));
        assert_eq!(lines.of_run(10_019), 335 * 29 + 334);
    }
}
