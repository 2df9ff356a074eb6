//! Formulas over the cells of a row: parsed once, computed in decimals.

mod evaluate;
mod parse;

use slipway_agent::ports::tool::ToolError;
use slipway_tables::Cell;

use crate::arguments::{cut, told};

/// A formula whose columns are places in a row.
#[derive(Debug, Clone)]
pub(crate) struct Formula(Expression);

#[derive(Debug, Clone)]
enum Expression {
    Literal(Cell),
    Column(usize),
    Negated(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Round,
    Abs,
    Min,
    Max,
    Coalesce,
    Year,
    Month,
}

/// Why a formula has no value in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A cell that it needs is empty.
    Empty,
    /// A cell is not what it needs.
    Unfit(String),
}

impl Formula {
    /// Reads a formula over these columns.
    pub(crate) fn new(text: &str, columns: &[String]) -> Result<Self, ToolError> {
        parse::parse(text, columns).map(Self).map_err(|what| {
            told(format!(
                "The formula `{}` cannot be used: {what}.",
                cut(text, 200)
            ))
        })
    }

    /// A column's name as it is, or a formula.
    pub(crate) fn column_or_new(text: &str, columns: &[String]) -> Result<Self, ToolError> {
        match columns.iter().position(|column| column == text) {
            Some(index) => Ok(Self(Expression::Column(index))),
            None => Self::new(text, columns),
        }
    }

    /// The value in a row.
    pub(crate) fn value(&self, row: &[Cell]) -> Result<Cell, Missing> {
        evaluate::value(&self.0, row)
    }
}
