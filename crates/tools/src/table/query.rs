//! What is asked of tables: where they come from, and what is made of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::dates::DateFormat;
use super::number::Separator;

/// A question. Its parts work in the order of the fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    pub(crate) sources: Vec<Source>,
    #[serde(default)]
    pub(crate) join: Vec<Join>,
    #[serde(default)]
    pub(crate) compute: Vec<Compute>,
    #[serde(default)]
    pub(crate) find_duplicates: Vec<String>,
    #[serde(default)]
    pub(crate) filter: Vec<Condition>,
    #[serde(default)]
    pub(crate) group_by: Vec<String>,
    #[serde(default)]
    pub(crate) aggregate: Vec<Aggregate>,
    #[serde(default)]
    pub(crate) sort: Vec<Sort>,
    #[serde(default)]
    pub(crate) select: Vec<String>,
    #[serde(default)]
    pub(crate) offset: usize,
    #[serde(default)]
    pub(crate) limit: Option<usize>,
}

/// Files with the same columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) sheet: Option<String>,
    #[serde(default)]
    pub(crate) header_row: Option<u32>,
    #[serde(default)]
    pub(crate) delimiter: Option<String>,
    #[serde(default)]
    pub(crate) encoding: Option<String>,
    /// Old names to new ones; all other parts of the query use the new ones.
    #[serde(default)]
    pub(crate) rename: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, Declared>,
}

/// What a column is declared to hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Declared {
    Text,
    Number {
        #[serde(default)]
        decimal: Separator,
    },
    Date {
        #[serde(default = "iso")]
        formats: Vec<DateFormat>,
    },
}

fn iso() -> Vec<DateFormat> {
    vec![DateFormat::iso()]
}

/// For each row the one row of another table with the same key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Join {
    pub(crate) source: Source,
    /// Columns or formulas of the rows so far, to columns of the other table.
    pub(crate) on: BTreeMap<String, String>,
    /// The columns to take; all but the keys when empty.
    #[serde(default)]
    pub(crate) columns: Vec<String>,
}

/// A further column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compute {
    pub(crate) column: String,
    pub(crate) formula: String,
}

/// What a row must fulfil.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) op: Op,
    #[serde(default)]
    pub(crate) value: Option<Value>,
}

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Contains,
    In,
    NotIn,
    Empty,
    NotEmpty,
    Unreadable,
}

/// A figure for each group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Aggregate {
    pub(crate) function: Function,
    #[serde(default)]
    pub(crate) column: Option<String>,
    #[serde(default, rename = "as")]
    pub(crate) name: Option<String>,
}

/// How a figure is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Function {
    Sum,
    Count,
    Distinct,
    Min,
    Max,
    Mean,
}

impl Function {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Distinct => "distinct",
            Self::Min => "min",
            Self::Max => "max",
            Self::Mean => "mean",
        }
    }
}

/// An order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sort {
    pub(crate) column: String,
    #[serde(default)]
    pub(crate) descending: bool,
}

impl Query {
    /// Takes a query out of a tool's arguments, and leaves the rest of them.
    pub(crate) fn split(arguments: Value, own: &[&str]) -> (Value, Value) {
        let Value::Object(arguments) = arguments else {
            return (arguments, Value::Object(Map::new()));
        };
        let (own, query): (Map<_, _>, Map<_, _>) = arguments
            .into_iter()
            .partition(|(name, _)| own.contains(&name.as_str()));
        (Value::Object(query), Value::Object(own))
    }
}
