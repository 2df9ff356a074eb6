//! What the matrix shows: cases by version, or by model. Pure.

use std::rc::Rc;

use slipway_contract::test::{CaseCell, CaseRow, Outcome, ReportColumn, TestsPage};
use slipway_contract::{ContentHash, ReportId};

/// More models than these are not shown beside each other.
const MOST_MODELS: usize = 16;

/// The page as the host answered. Only another answer is another page: twenty thousand cases are not compared one by
/// one whenever something is drawn.
#[derive(Debug, Clone)]
pub(super) struct Shown(pub(super) Rc<TestsPage>);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// By what cases are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum By {
    /// Each report.
    #[default]
    Version,
    /// Each model of the suite's matrix, in the newest report.
    Model,
}

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Head {
    /// A version that was tested.
    Version(ContentHash, ReportColumnAt),
    /// What the agent is now.
    Draft(ReportColumnAt),
    /// A model.
    Model(String),
}

/// A report's place among the columns of the page.
pub(super) type ReportColumnAt = usize;

/// A case in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Its place among the rows of the page.
    pub(super) row: usize,
    /// What came of it, and in which report.
    pub(super) told: Option<(ReportId, CaseCell)>,
}

impl Spot {
    /// What came of it.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.told.map(|(_, cell)| cell.outcome)
    }
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What people call it.
    pub(super) title: String,
    /// What it is found by, in small letters.
    pub(super) words: String,
    /// Words to choose it by.
    pub(super) tags: Vec<String>,
    /// The place of its first case among the rows of the page.
    pub(super) row: usize,
    /// What stands in each column; none where there is no such case.
    pub(super) spots: Vec<Option<Spot>>,
}

impl Line {
    /// The case that is meant where no column is: that of the last one that says something of it.
    pub(super) fn newest(&self) -> Spot {
        let told = |spot: &&Option<Spot>| spot.is_some_and(|spot| spot.told.is_some());
        let last = self.spots.iter().rev().find(told).copied().flatten();
        last.unwrap_or(Spot {
            row: self.row,
            told: None,
        })
    }

    /// Whether this case is one of its.
    pub(super) fn has(&self, row: usize) -> bool {
        self.row == row || self.spots.iter().flatten().any(|spot| spot.row == row)
    }

    /// Whether a person has something to look at: what came last is not as expected.
    pub(super) fn wants(&self, by: By) -> bool {
        let bad = |spot: &Option<Spot>| {
            let outcome = spot.and_then(|spot| spot.outcome());
            outcome.is_some_and(|outcome| outcome != Outcome::Passed)
        };
        match by {
            By::Version => self.spots.last().is_some_and(bad),
            By::Model => self.spots.iter().any(bad),
        }
    }
}

/// How many of a column passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    /// Passed.
    pub(super) passed: u32,
    /// Were run.
    pub(super) of: u32,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    /// By what cases are shown.
    pub(super) by: By,
    /// The columns.
    pub(super) heads: Vec<Head>,
    /// The lines.
    pub(super) lines: Vec<Line>,
    /// The foot of each column.
    pub(super) sums: Vec<Sum>,
}

impl Grid {
    /// The page's cases.
    pub(super) fn of(page: &TestsPage, by: By) -> Self {
        match by {
            By::Version => Self::by_version(page),
            By::Model => Self::by_model(page),
        }
    }

    fn by_version(page: &TestsPage) -> Self {
        let head = |(at, column): (usize, &ReportColumn)| match column.version {
            Some(version) => Head::Version(version, at),
            None => Head::Draft(at),
        };
        let line = |(row, case): (usize, &CaseRow)| Line {
            title: case.title.clone(),
            words: case.title.to_lowercase(),
            tags: case.tags.clone(),
            row,
            spots: page
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    let cell = case.cells.get(at).copied().flatten();
                    cell.map(|cell| Spot {
                        row,
                        told: Some((column.report, cell)),
                    })
                })
                .collect(),
        };
        Self {
            by: By::Version,
            heads: page.columns.iter().enumerate().map(head).collect(),
            lines: page.rows.iter().enumerate().map(line).collect(),
            sums: page
                .columns
                .iter()
                .map(|column| Sum {
                    passed: column.passed,
                    of: column.of,
                })
                .collect(),
        }
    }

    fn by_model(page: &TestsPage) -> Self {
        let models = models(page);
        let newest = page.columns.len().checked_sub(1);
        let report = newest
            .and_then(|at| page.columns.get(at))
            .map(|column| column.report);
        let mut lines: Vec<Line> = Vec::new();
        let mut sums = vec![Sum::default(); models.len()];
        for (row, case) in page.rows.iter().enumerate() {
            let model = case
                .model
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let Some(at) = models.iter().position(|other| *other == model) else {
                continue;
            };
            let title = without_model(&case.title, &model);
            let cell = newest.and_then(|newest| case.cells.get(newest).copied().flatten());
            if let (Some(cell), Some(sum)) = (cell, sums.get_mut(at)) {
                sum.of += 1;
                sum.passed += u32::from(cell.outcome == Outcome::Passed);
            }
            // The points of a matrix follow each other.
            if lines
                .last()
                .is_none_or(|line| line.title != title || line.spots[at].is_some())
            {
                lines.push(Line {
                    words: title.to_lowercase(),
                    title,
                    tags: case.tags.clone(),
                    row,
                    spots: vec![None; models.len()],
                });
            }
            if let Some(line) = lines.last_mut() {
                line.spots[at] = Some(Spot {
                    row,
                    told: report.zip(cell),
                });
            }
        }
        Self {
            by: By::Model,
            heads: models.into_iter().map(Head::Model).collect(),
            lines,
            sums,
        }
    }
}

/// The models of the suite's matrix, in its order; none where it has no more than one.
pub(super) fn models(page: &TestsPage) -> Vec<String> {
    let mut models: Vec<String> = Vec::new();
    for model in page.rows.iter().filter_map(|row| row.model.as_ref()) {
        let model = model.to_string();
        if !models.contains(&model) {
            if models.len() == MOST_MODELS {
                break;
            }
            models.push(model);
        }
    }
    if models.len() < 2 { Vec::new() } else { models }
}

/// `Sums (openai/gpt-5, temperature 0.2)` is `Sums (temperature 0.2)`.
fn without_model(title: &str, model: &str) -> String {
    let Some((head, tail)) = title.rsplit_once(&format!("({model}")) else {
        return title.to_owned();
    };
    match tail.strip_prefix(", ") {
        Some(rest) => format!("{head}({rest}"),
        None => head.trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use slipway_contract::Timestamp;
    use slipway_contract::test::Mode;

    use super::*;

    const PASSED: Option<CaseCell> = Some(CaseCell {
        outcome: Outcome::Passed,
        passed: 1,
        of: 1,
    });
    const FAILED: Option<CaseCell> = Some(CaseCell {
        outcome: Outcome::Failed,
        passed: 0,
        of: 1,
    });

    fn column(number: u8, version: Option<u8>) -> ReportColumn {
        ReportColumn {
            report: ReportId::from_random([number; 10]),
            version: version.map(|byte| ContentHash::from_bytes([byte; 32])),
            at: Timestamp::UNIX_EPOCH,
            mode: Mode::Replay,
            complete: true,
            passed: 1,
            of: 2,
            interval: (0.1, 0.9),
            cost_usd: None,
            took_ms: 1,
        }
    }

    fn row(title: &str, model: Option<&str>, cells: Vec<Option<CaseCell>>) -> CaseRow {
        CaseRow {
            case: "0123456789abcdef".to_owned(),
            title: title.to_owned(),
            name: title.to_owned(),
            line: 1,
            tags: Vec::new(),
            model: model.map(|model| model.parse().unwrap()),
            recording: None,
            cells,
        }
    }

    fn page(columns: Vec<ReportColumn>, rows: Vec<CaseRow>) -> TestsPage {
        TestsPage {
            agent: "a".parse().unwrap(),
            title: "A".to_owned(),
            version: ContentHash::from_bytes([1; 32]),
            draft: true,
            suites: Vec::new(),
            suite: None,
            columns,
            rows,
            change: None,
            running: None,
            unfinished: None,
        }
    }

    #[test]
    fn the_last_column_says_what_wants_a_person() {
        let page = page(
            vec![column(1, Some(1)), column(2, None)],
            vec![
                row("kept", None, vec![FAILED, PASSED]),
                row("broken", None, vec![PASSED, FAILED]),
                row("new", None, vec![None, None]),
            ],
        );
        let grid = Grid::of(&page, By::Version);
        assert_eq!(grid.heads.len(), 2);
        assert!(matches!(grid.heads[1], Head::Draft(1)));
        let wants: Vec<bool> = grid
            .lines
            .iter()
            .map(|line| line.wants(By::Version))
            .collect();
        assert_eq!(wants, [false, true, false]);
        assert_eq!(grid.lines[2].newest().row, 2);
        assert_eq!(grid.lines[2].newest().told, None);
        assert_eq!(grid.lines[0].newest().outcome(), Some(Outcome::Passed));
    }

    #[test]
    fn models_stand_beside_each_other() {
        let page = page(
            vec![column(1, None)],
            vec![
                row("Sums (a/x, temperature 0.2)", Some("a/x"), vec![PASSED]),
                row("Sums (a/y, temperature 0.2)", Some("a/y"), vec![FAILED]),
                row("Asks (a/x)", Some("a/x"), vec![PASSED]),
                row("Asks (a/y)", Some("a/y"), vec![None]),
            ],
        );
        let grid = Grid::of(&page, By::Model);
        let titles: Vec<&str> = grid.lines.iter().map(|line| line.title.as_str()).collect();
        assert_eq!(titles, ["Sums (temperature 0.2)", "Asks"]);
        let sums: Vec<_> = grid.sums.iter().map(|sum| (sum.passed, sum.of)).collect();
        assert_eq!(sums, [(2, 2), (0, 1)]);
        assert!(grid.lines[0].wants(By::Model));
        assert_eq!(
            grid.lines[1].spots[1].map(|spot| spot.told.is_some()),
            Some(false)
        );
    }

    #[test]
    fn one_model_is_no_matrix_of_models() {
        let page = page(
            vec![column(1, None)],
            vec![row("Sums (a/x)", Some("a/x"), vec![PASSED])],
        );
        assert!(models(&page).is_empty());
    }
}
