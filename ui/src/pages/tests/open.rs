//! Which case is open, and the ways to others. What is open stands in the address.

use std::cell::Cell;
use std::rc::Rc;

use slipway_contract::test::{CaseRow, Outcome};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::decide::Step;
use super::grid::{By, Grid, Shown, Spot};
use crate::route::{CaseId, Route, SuiteFile, Which};

/// What is open.
pub(super) struct Open {
    /// The case; none on a page without one.
    pub(super) spot: Option<Spot>,
    /// Opens another.
    pub(super) go: Callback<Spot>,
    /// Its place among those that differ.
    pub(super) step: Step,
    /// Goes back to all cases.
    pub(super) close: Callback<()>,
}

/// The case of the address; without one, the first that wants a person.
#[hook]
pub(super) fn use_open(page: &Shown, grid: &Grid, named: Option<&(Which, CaseId)>) -> Open {
    let navigator = use_navigator();
    let differ: Vec<Spot> = grid
        .lines
        .iter()
        .filter(|line| line.wants(grid.by))
        .filter_map(|line| wanted(grid.by, &line.spots))
        .collect();
    let spot = match named {
        Some((which, case)) => spot_of(page, *which, case),
        None => {
            let first = || grid.lines.first().map(super::grid::Line::newest);
            differ.first().copied().or_else(first)
        }
    };
    let go = {
        let (page, navigator) = (page.clone(), navigator.clone());
        Callback::from(move |to: Spot| {
            let Some((row, suite)) = page.0.rows.get(to.row).zip(page.0.suite.as_ref()) else {
                return;
            };
            if let (Some(navigator), Ok(case)) = (&navigator, row.case.parse()) {
                navigator.push(&Route::Case {
                    name: page.0.agent.clone(),
                    suite: SuiteFile::of(suite),
                    report: to
                        .told
                        .map_or(Which::Newest, |(report, _)| Which::Report(report)),
                    case,
                });
            }
        })
    };
    let close = {
        let page = page.clone();
        Callback::from(move |()| {
            if let (Some(navigator), Some(suite)) = (&navigator, &page.0.suite) {
                navigator.push(&Route::Suite {
                    name: page.0.agent.clone(),
                    suite: SuiteFile::of(suite),
                });
            }
        })
    };
    let on_the_way = use_memo((), |()| Cell::new(false));
    let at = spot.and_then(|spot| differ.iter().position(|other| other.row == spot.row));
    let step = Step {
        at: at.map(|at| at + 1),
        of: differ.len(),
        on_the_way: Rc::clone(&on_the_way),
        go: {
            let (go, on_the_way) = (go.clone(), Rc::clone(&on_the_way));
            Callback::from(move |by: isize| {
                on_the_way.set(true);
                if let Some(to) = differ.get(neighbour(at, by, differ.len())) {
                    go.emit(*to);
                }
            })
        },
    };
    Open {
        spot,
        go,
        step,
        close,
    }
}

/// The one before or after, from the end on from the beginning.
fn neighbour(at: Option<usize>, by: isize, of: usize) -> usize {
    match at {
        Some(at) => (at + of).wrapping_add_signed(by) % of.max(1),
        None if by < 0 => of.saturating_sub(1),
        None => 0,
    }
}

/// The case that wants a person: where cases are shown by model, the first that did not pass.
fn wanted(by: By, spots: &[Option<Spot>]) -> Option<Spot> {
    let bad = |spot: &&Option<Spot>| {
        let outcome = spot.and_then(|spot| spot.outcome());
        outcome.is_some_and(|outcome| outcome != Outcome::Passed)
    };
    match by {
        By::Version => *spots.last()?,
        By::Model => *spots.iter().find(bad)?,
    }
}

fn spot_of(page: &Shown, which: Which, case: &CaseId) -> Option<Spot> {
    let is_case = |row: &CaseRow| row.case == case.as_str();
    let row = page.0.rows.iter().position(is_case)?;
    let cells = &page.0.rows[row].cells;
    let told = |at: usize| {
        let cell = cells.get(at).copied().flatten()?;
        Some((page.0.columns.get(at)?.report, cell))
    };
    let columns = 0..page.0.columns.len();
    let told = match which {
        Which::Newest => columns.rev().find_map(told),
        Which::Report(report) => {
            let at = page
                .0
                .columns
                .iter()
                .position(|column| column.report == report);
            at.and_then(told).or_else(|| columns.rev().find_map(told))
        }
    };
    Some(Spot { row, told })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_goes_around() {
        assert_eq!(neighbour(Some(2), 1, 3), 0);
        assert_eq!(neighbour(Some(0), -1, 3), 2);
        assert_eq!(neighbour(None, 1, 3), 0);
        assert_eq!(neighbour(None, -1, 3), 2);
        assert_eq!(neighbour(None, 1, 0), 0);
    }
}
