//! Conditions that a row must fulfil.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde_json::Value;
use slipway_agent::ports::tool::ToolError;
use slipway_tables::{Cell, iso_date, iso_moment};

use super::number;
use super::query::{Condition, Op};
use super::rows::position;
use crate::arguments::{cut, told};

/// A condition whose column is a place in a row.
#[derive(Debug)]
pub(crate) struct Filter {
    column: usize,
    op: Op,
    values: Vec<Cell>,
}

impl Filter {
    pub(crate) fn new(condition: &Condition, columns: &[String]) -> Result<Self, ToolError> {
        let Condition { column, op, value } = condition;
        let name = cut(column, 60);
        let values = match (op, value) {
            (Op::Empty | Op::NotEmpty | Op::Unreadable, None | Some(Value::Null)) => Vec::new(),
            (Op::Empty | Op::NotEmpty | Op::Unreadable, Some(_)) => {
                return Err(told(format!(
                    "The condition on `{name}` takes no value with this `op`."
                )));
            }
            (_, None) => return Err(told(format!("The condition on `{name}` needs a `value`."))),
            (Op::In | Op::NotIn, Some(Value::Array(list))) => list
                .iter()
                .map(|value| of_value(value, &name))
                .collect::<Result<_, _>>()?,
            (Op::In | Op::NotIn, Some(_)) => {
                return Err(told(format!(
                    "The condition on `{name}` needs a list as its `value`."
                )));
            }
            (_, Some(value)) => vec![of_value(value, &name)?],
        };
        Ok(Self {
            column: position(columns, column)?,
            op: *op,
            values,
        })
    }

    /// Whether this is a condition of order, and the row has a cell to put in it.
    pub(crate) fn is_filled(&self, row: &[Cell]) -> bool {
        matches!(self.op, Op::Lt | Op::Le | Op::Gt | Op::Ge)
            && row.get(self.column).is_some_and(|cell| !cell.is_empty())
    }

    /// Whether the row's cell can be put in order with the value.
    pub(crate) fn can_compare(&self, row: &[Cell]) -> bool {
        let cell = row.get(self.column).unwrap_or(&Cell::Empty);
        self.values
            .first()
            .is_some_and(|value| compare(cell, value).is_some())
    }

    /// Whether the row fulfils it. An empty cell is neither less nor greater than anything.
    pub(crate) fn passes(&self, row: &[Cell]) -> bool {
        let cell = row.get(self.column).unwrap_or(&Cell::Empty);
        let ordered = |wanted: fn(Ordering) -> bool| {
            let value = self.values.first();
            value
                .and_then(|value| compare(cell, value))
                .is_some_and(wanted)
        };
        let among = || self.values.iter().any(|value| equal(cell, value));
        match self.op {
            Op::Eq | Op::In => among(),
            Op::Ne | Op::NotIn => !among(),
            Op::Lt => ordered(Ordering::is_lt),
            Op::Le => ordered(Ordering::is_le),
            Op::Gt => ordered(Ordering::is_gt),
            Op::Ge => ordered(Ordering::is_ge),
            Op::Contains => self.values.first().is_some_and(|part| {
                let text = cell.to_string().to_lowercase();
                text.contains(&part.to_string().to_lowercase())
            }),
            Op::Empty => cell.is_empty(),
            Op::NotEmpty => !cell.is_empty(),
            Op::Unreadable => matches!(cell, Cell::Unreadable(_)),
        }
    }
}

fn of_value(value: &Value, column: &str) -> Result<Cell, ToolError> {
    match value {
        Value::Null => Ok(Cell::Empty),
        Value::Bool(flag) => Ok(Cell::Flag(*flag)),
        Value::String(text) => Ok(Cell::text(text)),
        Value::Number(number) => {
            let text = number.to_string();
            Decimal::from_str_exact(&text)
                .or_else(|_| Decimal::from_scientific(&text))
                .map(Cell::Number)
                .map_err(|_| {
                    told(format!(
                        "The value {text} of the condition on `{column}` has too many digits."
                    ))
                })
        }
        Value::Array(_) | Value::Object(_) => Err(told(format!(
            "The value of the condition on `{column}` is a list or an object; compare with a text, a number, true or false."
        ))),
    }
}

/// The value as the cell's own type, where a model wrote it as text.
fn like(cell: &Cell, value: &Cell) -> Cell {
    let Cell::Text(text) = value else {
        return value.clone();
    };
    match cell {
        Cell::Number(_) => number::plain(text).map(Cell::Number),
        Cell::Date(_) | Cell::Moment(_) => iso_date(text)
            .map(Cell::Date)
            .or_else(|| iso_moment(text).map(Cell::Moment)),
        Cell::Flag(_) => text.parse().ok().map(Cell::Flag),
        _ => None,
    }
    .unwrap_or_else(|| value.clone())
}

fn equal(cell: &Cell, value: &Cell) -> bool {
    match (cell, like(cell, value)) {
        (Cell::Text(a) | Cell::Unreadable(a), Cell::Number(b)) => **a == b.to_string(),
        (Cell::Text(a) | Cell::Unreadable(a), Cell::Text(b)) => *a == b,
        (cell, value) => cell.cmp(&value).is_eq(),
    }
}

/// The order of two values of one kind; none where they cannot be compared.
fn compare(cell: &Cell, value: &Cell) -> Option<Ordering> {
    let value = like(cell, value);
    let comparable = matches!(
        (cell, &value),
        (Cell::Number(_), Cell::Number(_))
            | (
                Cell::Date(_) | Cell::Moment(_),
                Cell::Date(_) | Cell::Moment(_)
            )
            | (Cell::Text(_), Cell::Text(_))
    );
    comparable.then(|| cell.cmp(&value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn passes(cell: &Cell, op: &str, value: Value) -> bool {
        let mut condition = json!({"column": "a", "op": op});
        if !value.is_null() {
            condition["value"] = value;
        }
        let condition: Condition = serde_json::from_value(condition).unwrap();
        let filter = Filter::new(&condition, &["a".into()]).unwrap();
        filter.passes(std::slice::from_ref(cell))
    }

    #[test]
    fn cells_are_compared_by_what_they_are() {
        let number = Cell::Number("12.50".parse().unwrap());
        assert!(passes(&number, "eq", json!(12.5)));
        assert!(passes(&number, "eq", json!("12.5")));
        assert!(
            passes(&number, "gt", json!(9)),
            "numbers are not compared as text"
        );
        assert!(!passes(&number, "lt", json!("9")));
        assert!(
            !passes(&number, "gt", json!("abc")),
            "nothing is greater than what it cannot be compared with"
        );
        let date = Cell::Date("2026-03-09".parse().unwrap());
        assert!(passes(&date, "ge", json!("2026-03-09")));
        assert!(passes(&date, "lt", json!("2026-03-09T00:00:01")));
        let text = Cell::text("Rail Travel");
        assert!(passes(&text, "contains", json!("travel")));
        assert!(!passes(&text, "eq", json!("rail travel")));
        assert!(passes(&text, "in", json!(["x", "Rail Travel"])));
        assert!(passes(&text, "not_in", json!(["x"])));
        assert!(passes(&Cell::text("007"), "ne", json!(7)));
        assert!(passes(&Cell::Flag(true), "eq", json!(true)));
    }

    #[test]
    fn empty_cells_are_found_and_never_compared() {
        assert!(passes(&Cell::Empty, "empty", Value::Null));
        assert!(!passes(&Cell::Empty, "not_empty", Value::Null));
        assert!(!passes(&Cell::Empty, "lt", json!(5)));
        assert!(!passes(&Cell::Empty, "gt", json!(5)));
        assert!(passes(&Cell::Empty, "ne", json!(5)));
        assert!(passes(&Cell::Empty, "eq", json!("")));
        assert!(passes(
            &Cell::Unreadable("x".into()),
            "unreadable",
            Value::Null
        ));
    }

    #[test]
    fn wrong_values_are_told() {
        for condition in [
            json!({"column": "a", "op": "in", "value": "x"}),
            json!({"column": "a", "op": "eq"}),
            json!({"column": "a", "op": "eq", "value": {"b": 1}}),
            json!({"column": "a", "op": "empty", "value": 1}),
            json!({"column": "b", "op": "empty"}),
        ] {
            let condition: Condition = serde_json::from_value(condition).unwrap();
            assert!(
                Filter::new(&condition, &["a".into()]).is_err(),
                "{condition:?}"
            );
        }
    }
}
