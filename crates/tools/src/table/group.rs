//! One row for each group, with its figures.

use std::collections::{HashMap, HashSet};

use rust_decimal::Decimal;
use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use super::query::{Aggregate, Function, Query};
use super::rows::{Findings, Problem, Row, Table};
use crate::arguments::{cut, told};

/// The places to which a mean is rounded: a third has no end.
const MEAN_PLACES: u32 = 10;

struct Figure {
    function: Function,
    column: Option<usize>,
    name: String,
}

#[derive(Default)]
struct Tally {
    sum: Decimal,
    numbers: u32,
    filled: u32,
    distinct: HashSet<String>,
    least: Option<Cell>,
    most: Option<Cell>,
}

struct Group {
    first: usize,
    rows: u32,
    tallies: Vec<Tally>,
}

/// Puts the groups in the place of the rows, in the order in which they first appear.
pub(crate) fn apply(table: &mut Table, query: &Query) -> Result<(), ToolError> {
    let keys: Vec<usize> = query
        .group_by
        .iter()
        .map(|name| table.column(name))
        .collect::<Result<_, _>>()?;
    let figures = figures(table, &query.aggregate)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    let mut skipped = Skipped::new(figures.len());
    for (number, row) in table.rows.iter().enumerate() {
        let key = keys.iter().map(|key| row.cells[*key].to_string()).collect();
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Group::new(number, figures.len()));
            groups.len() - 1
        });
        let group = &mut groups[place];
        group.rows += 1;
        for (index, (figure, tally)) in figures.iter().zip(&mut group.tallies).enumerate() {
            let Some(column) = figure.column else {
                continue;
            };
            let taken = tally.take(figure.function, &row.cells[column])?;
            skipped.count(index, taken, row, &row.cells[column]);
        }
    }
    if groups.is_empty() && keys.is_empty() {
        groups.push(Group::new(0, figures.len()));
    }
    let rows = groups
        .into_iter()
        .map(|group| {
            let row = table.rows.get(group.first);
            let keyed = keys
                .iter()
                .map(|key| row.map_or(Cell::Empty, |row| row.cells[*key].clone()));
            let told = figures
                .iter()
                .zip(&group.tallies)
                .map(|(figure, tally)| tally.figure(figure, group.rows));
            Row {
                file: 0,
                number: 0,
                cells: keyed.chain(told).collect(),
            }
        })
        .collect();
    skipped.report(table, &figures);
    table.columns = query
        .group_by
        .iter()
        .cloned()
        .chain(figures.into_iter().map(|figure| figure.name))
        .collect();
    table.rows = rows;
    Ok(())
}

fn figures(table: &Table, wanted: &[Aggregate]) -> Result<Vec<Figure>, ToolError> {
    let mut figures: Vec<Figure> = Vec::new();
    for Aggregate {
        function,
        column,
        name,
    } in wanted
    {
        let name = match (name, column) {
            (Some(name), _) => name.clone(),
            (None, Some(column)) => format!("{}_{column}", function.word()),
            (None, None) => function.word().to_owned(),
        };
        let index = match column {
            Some(column) => Some(table.column(column)?),
            None if *function == Function::Count => None,
            None => {
                return Err(told(format!(
                    "The function `{}` under `aggregate` needs a `column`.",
                    function.word()
                )));
            }
        };
        if figures.iter().any(|other| other.name == name) {
            return Err(told(format!(
                "Two figures are named `{}`; name one of them with `as`.",
                cut(&name, 60)
            )));
        }
        figures.push(Figure {
            function: *function,
            column: index,
            name,
        });
    }
    Ok(figures)
}

impl Group {
    fn new(first: usize, figures: usize) -> Self {
        Self {
            first,
            rows: 0,
            tallies: (0..figures).map(|_| Tally::default()).collect(),
        }
    }
}

/// What became of a cell in a figure.
#[derive(Clone, Copy)]
enum Taken {
    Yes,
    Empty,
    Unfit,
}

impl Tally {
    fn take(&mut self, function: Function, cell: &Cell) -> Result<Taken, ToolError> {
        if cell.is_empty() {
            return Ok(Taken::Empty);
        }
        match (function, cell) {
            (Function::Count, _) => self.filled += 1,
            (Function::Distinct, _) => {
                self.distinct.extend(cell.key());
            }
            (Function::Sum | Function::Mean, Cell::Number(number)) => {
                self.sum = self.sum.checked_add(*number).ok_or_else(|| {
                    told("A sum has more than 28 digits and cannot be computed exactly.")
                })?;
                self.numbers += 1;
            }
            (Function::Sum | Function::Mean, _) | (_, Cell::Unreadable(_)) => {
                return Ok(Taken::Unfit);
            }
            (Function::Min, cell) => {
                if self.least.as_ref().is_none_or(|least| cell < least) {
                    self.least = Some(cell.clone());
                }
            }
            (Function::Max, cell) => {
                if self.most.as_ref().is_none_or(|most| cell > most) {
                    self.most = Some(cell.clone());
                }
            }
        }
        Ok(Taken::Yes)
    }

    fn figure(&self, figure: &Figure, rows: u32) -> Cell {
        match figure.function {
            Function::Sum => Cell::Number(self.sum),
            Function::Count if figure.column.is_none() => Cell::Number(rows.into()),
            Function::Count => Cell::Number(self.filled.into()),
            Function::Distinct => Cell::Number(self.distinct.len().into()),
            Function::Min => self.least.clone().unwrap_or(Cell::Empty),
            Function::Max => self.most.clone().unwrap_or(Cell::Empty),
            Function::Mean if self.numbers == 0 => Cell::Empty,
            Function::Mean => {
                let mean = self.sum / Decimal::from(self.numbers);
                Cell::Number(mean.round_dp(MEAN_PLACES).normalize())
            }
        }
    }
}

/// The cells that are in no figure, so that nobody takes a sum for more than it is.
struct Skipped {
    empty: Vec<usize>,
    unfit: Vec<Vec<(u32, u32, String)>>,
}

impl Skipped {
    const KEPT: usize = 200;

    fn new(figures: usize) -> Self {
        Self {
            empty: vec![0; figures],
            unfit: vec![Vec::new(); figures],
        }
    }

    fn count(&mut self, figure: usize, taken: Taken, row: &Row, cell: &Cell) {
        match taken {
            Taken::Yes => {}
            Taken::Empty => self.empty[figure] += 1,
            Taken::Unfit if self.unfit[figure].len() < Self::KEPT => {
                self.unfit[figure].push((row.file, row.number, cell.to_string()));
            }
            Taken::Unfit => {}
        }
    }

    fn report(self, table: &mut Table, figures: &[Figure]) {
        let mut findings = Findings::default();
        for ((figure, empty), unfit) in figures.iter().zip(self.empty).zip(self.unfit) {
            let Some(column) = figure.column.map(|index| table.columns[index].clone()) else {
                continue;
            };
            if empty > 0 && matches!(figure.function, Function::Sum | Function::Mean) {
                findings.note(format!(
                    "{empty} rows have no `{column}` and are not in `{}`.",
                    figure.name
                ));
            }
            for (file, row, value) in unfit {
                findings.problem(Problem {
                    file: table.files[file as usize].path.clone(),
                    row,
                    column: Some(column.clone()),
                    value: Some(value),
                    what: format!("it is not a number and is not in `{}`", figure.name),
                });
            }
        }
        table.findings.take(findings);
    }
}
