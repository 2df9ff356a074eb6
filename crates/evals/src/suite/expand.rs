//! From a suite to the concrete cases that are run: case × row × matrix × repeat.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Suite;
use super::case::Case;
use super::matrix::Point;
use super::name::CaseId;
use super::table::Row;
use super::variables::{Variables, fill};

/// A case with the values of one row, at one place in the matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct ConcreteCase {
    /// How it is found again, in reports and after a crash.
    pub id: CaseId,
    /// What people call it, with its row and its place in the matrix.
    pub title: String,
    /// The place in the matrix.
    pub point: Point,
    case: Arc<Case>,
    row: Option<usize>,
}

/// One attempt at a concrete case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptId {
    /// The concrete case.
    pub case: CaseId,
    /// From 1.
    pub number: u32,
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.case, self.number)
    }
}

impl Suite {
    /// The concrete cases in their order, each with an id that is its own.
    #[must_use]
    pub fn expand(&self) -> Vec<ConcreteCase> {
        let mut cases = Vec::new();
        for case in &self.cases {
            // Rows that say the same are told apart by how many came before.
            let mut seen: HashMap<&Variables, usize> = HashMap::new();
            let rows: Vec<Option<usize>> = match case.rows.len() {
                0 => vec![None],
                rows => (0..rows).map(Some).collect(),
            };
            for row in rows {
                let before = row.map_or(0, |row| {
                    let count = seen.entry(&case.rows[row].values).or_default();
                    std::mem::replace(count, *count + 1)
                });
                let points = self.matrix.points().iter();
                cases.extend(points.map(|point| self.concrete(case, row, before, point)));
            }
        }
        cases
    }

    fn concrete(
        &self,
        case: &Arc<Case>,
        row: Option<usize>,
        before: usize,
        point: &Point,
    ) -> ConcreteCase {
        let at = point.to_string();
        let before = before.to_string();
        let mut parts = vec![self.file.as_str(), case.name.as_str(), at.as_str()];
        let mut title = case.name.to_string();
        if let Some(row) = row.and_then(|row| case.rows.get(row)) {
            parts.push(&before);
            let values = row.values.iter();
            parts.extend(values.flat_map(|(column, value)| [column.as_str(), value.as_str()]));
            title = format!("{title} [{}]", row.label);
        }
        if !point.is_plain() {
            title = format!("{title} ({at})");
        }
        ConcreteCase {
            id: CaseId::of(parts),
            title,
            point: point.clone(),
            case: Arc::clone(case),
            row,
        }
    }
}

impl ConcreteCase {
    /// The case as its suite says it, nothing filled in.
    #[must_use]
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The row that fills it.
    #[must_use]
    pub fn row(&self) -> Option<&Row> {
        self.case.rows.get(self.row?)
    }

    /// The case with its variables filled in: the row's where it has them, else its own. It has no
    /// rows any more.
    #[must_use]
    pub fn filled(&self) -> Case {
        let mut variables = self.case.variables.clone();
        if let Some(row) = self.row() {
            variables.extend(row.values.clone());
        }
        let mut case = Case::clone(&self.case);
        case.rows = Arc::default();
        fill(&mut case, &variables);
        case.variables = variables;
        case
    }

    /// The attempts at it, in their order.
    pub fn attempts(&self) -> impl Iterator<Item = AttemptId> + '_ {
        (1..=self.case.repeat.times()).map(|number| AttemptId {
            case: self.id.clone(),
            number,
        })
    }
}
