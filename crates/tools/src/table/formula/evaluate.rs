//! Computing formulas.

use rust_decimal::{Decimal, RoundingStrategy};
use slipway_tables::Cell;

use super::{Expression, Function, Missing, Operator};
use crate::arguments::cut;

pub(super) fn value(expression: &Expression, row: &[Cell]) -> Result<Cell, Missing> {
    match expression {
        Expression::Literal(cell) => Ok(cell.clone()),
        Expression::Column(index) => Ok(row.get(*index).cloned().unwrap_or(Cell::Empty)),
        Expression::Negated(inner) => Ok(Cell::Number(-number(value(inner, row)?)?)),
        Expression::Binary(operator, left, right) => {
            binary(*operator, value(left, row)?, value(right, row)?)
        }
        Expression::Call(function, arguments) => call(*function, arguments, row),
    }
}

fn binary(operator: Operator, left: Cell, right: Cell) -> Result<Cell, Missing> {
    match (operator, &left, &right) {
        (Operator::Subtract, Cell::Date(later), Cell::Date(earlier)) => {
            let days = earlier.until(*later).map(|span| span.get_days());
            return days
                .map(|days| Cell::Number(days.into()))
                .map_err(|_| unfit("the dates are too far apart"));
        }
        (Operator::Add | Operator::Subtract, Cell::Date(date), Cell::Number(days)) => {
            let sign = if operator == Operator::Add { 1 } else { -1 };
            // A conversion alone would cut the fraction off.
            let days = i64::try_from(*days)
                .ok()
                .filter(|whole| whole.abs() < 4_000_000 && days.is_integer());
            let moved =
                days.and_then(|days| date.checked_add(jiff::Span::new().days(sign * days)).ok());
            return moved
                .map(Cell::Date)
                .ok_or_else(|| unfit("only a whole number of days can be added to a date"));
        }
        _ => {}
    }
    let (left, right) = (number(left)?, number(right)?);
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide if right.is_zero() => return Err(unfit("it divides by zero")),
        // 28 digits at most; 10 / 4 is 2.5.
        Operator::Divide => left.checked_div(right).map(|quotient| quotient.normalize()),
    };
    result
        .map(Cell::Number)
        .ok_or_else(|| unfit("its value has more than 28 digits"))
}

fn call(function: Function, arguments: &[Expression], row: &[Cell]) -> Result<Cell, Missing> {
    let argument = |index: usize| match arguments.get(index) {
        Some(argument) => value(argument, row),
        None => Ok(Cell::Number(Decimal::ZERO)),
    };
    match function {
        Function::Coalesce => arguments
            .iter()
            .map(|argument| value(argument, row))
            .find(|cell| !matches!(cell, Ok(Cell::Empty) | Err(Missing::Empty)))
            .unwrap_or(Ok(Cell::Empty)),
        Function::Round => round(number(argument(0)?)?, number(argument(1)?)?).map(Cell::Number),
        Function::Abs => Ok(Cell::Number(number(argument(0)?)?.abs())),
        Function::Min | Function::Max => {
            let mut best = None;
            for argument in arguments {
                let number = number(value(argument, row)?)?;
                best = Some(match best {
                    None => number,
                    Some(best) if function == Function::Min => number.min(best),
                    Some(best) => number.max(best),
                });
            }
            best.map(Cell::Number).ok_or(Missing::Empty)
        }
        Function::Year | Function::Month => {
            let date = match argument(0)? {
                Cell::Date(date) => date,
                Cell::Moment(moment) => moment.date(),
                Cell::Empty => return Err(Missing::Empty),
                other => {
                    return Err(unfit(&format!(
                        "`{}` is not a date",
                        cut(&other.to_string(), 60)
                    )));
                }
            };
            let (year, month) = (date.year(), date.month());
            Ok(match function {
                Function::Year => Cell::Number(year.into()),
                _ => Cell::Text(format!("{year:04}-{month:02}").into()),
            })
        }
    }
}

/// Half away from zero, as money is rounded, with as many places as were asked for.
fn round(number: Decimal, places: Decimal) -> Result<Decimal, Missing> {
    let places = u32::try_from(places)
        .ok()
        .filter(|whole| *whole <= 20 && places.is_integer())
        .ok_or_else(|| unfit("it rounds to 0 to 20 places"))?;
    let mut rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    Ok(rounded)
}

fn number(cell: Cell) -> Result<Decimal, Missing> {
    match cell {
        Cell::Number(number) => Ok(number),
        Cell::Empty => Err(Missing::Empty),
        other => Err(unfit(&format!(
            "`{}` is not a number",
            cut(&other.to_string(), 60)
        ))),
    }
}

fn unfit(what: &str) -> Missing {
    Missing::Unfit(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::Formula;
    use super::*;

    fn columns() -> Vec<String> {
        [
            "amount",
            "rate",
            "Net amount",
            "date",
            "due",
            "note",
            "none",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn row() -> Vec<Cell> {
        let number = |text: &str| Cell::Number(text.parse().unwrap());
        let date = |text: &str| Cell::Date(text.parse().unwrap());
        vec![
            number("100.10"),
            number("1.0835"),
            number("3"),
            date("2026-01-31"),
            date("2026-03-02"),
            Cell::text("n/a"),
            Cell::Empty,
        ]
    }

    fn compute(formula: &str) -> Result<String, Missing> {
        let formula = Formula::new(formula, &columns()).expect(formula);
        formula.value(&row()).map(|cell| cell.to_string())
    }

    #[test]
    fn formulas_are_computed_exactly() {
        for (formula, expected) in [
            ("amount * rate", "108.458350"),
            ("round(amount * rate, 2)", "108.46"),
            ("round(2.345, 2)", "2.35"),
            ("round(-2.345, 2)", "-2.35"),
            ("round(2.5)", "3"),
            ("round(2, 2)", "2.00"),
            ("0.1 + 0.2", "0.3"),
            ("1 + 2 * 3 - 4 / 8", "6.5"),
            ("(1 + 2) * -[Net amount]", "-9"),
            ("2 - -3", "5"),
            ("10 - 3 - 2", "5"),
            ("1 / 3", "0.3333333333333333333333333333"),
            ("amount / 100 * 19", "19.019"),
            ("min(3, 1, 2) + max(3, 1, 2) + abs(-1)", "5"),
            ("coalesce(none, 1) * 2", "2"),
            ("coalesce(none * 2, 7)", "7"),
            ("year(date)", "2026"),
            ("month(date)", "2026-01"),
            ("due - date", "30"),
            ("date + 30", "2026-03-02"),
            ("'x'", "x"),
        ] {
            assert_eq!(compute(formula).as_deref(), Ok(expected), "{formula}");
        }
    }

    #[test]
    fn a_missing_value_says_why() {
        assert_eq!(compute("amount * none"), Err(Missing::Empty));
        for formula in [
            "amount * note",
            "amount / 0",
            "month(note)",
            "date + 0.5",
            "date + 99999999",
            "round(amount, 99)",
            "round(amount, 1.5)",
            "9999999999999999999999999999 * 9999999999999999999999999999",
            "date * 2",
        ] {
            assert!(
                matches!(compute(formula), Err(Missing::Unfit(_))),
                "{formula}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_formula_breaks_the_computation(text in "[ -~]{0,60}|(amount|rate|date|note|none|[0-9.()*/+,-]|round|min|year){0,20}") {
            if let Ok(formula) = Formula::new(&text, &columns()) {
                formula.value(&row()).ok();
            }
        }
    }

    #[test]
    fn what_is_no_formula_is_told() {
        for formula in [
            "",
            "amount +",
            "(amount",
            "amount)",
            "amount amount",
            "amonut",
            "[Net",
            "'x",
            "sqrt(2)",
            "round()",
            "round(1,2,3)",
            "1.2.3",
            "amount; drop",
            "amount = 1",
            "2 ^ 3",
            "\u{0}",
        ] {
            assert!(Formula::new(formula, &columns()).is_err(), "{formula}");
        }
        let deep = format!("{}1{}", "(".repeat(900), ")".repeat(900));
        assert!(Formula::new(&deep, &columns()).is_err());
        let error = Formula::new("amonut * 2", &columns())
            .unwrap_err()
            .to_string();
        assert!(error.contains("did you mean `amount`?"), "{error}");
        assert!(Formula::new(&format!("{}1", "-".repeat(1900)), &columns()).is_ok());
    }
}
