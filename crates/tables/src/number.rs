//! Numbers of spreadsheets.

use rust_decimal::Decimal;

/// A number of a spreadsheet, which keeps floats and shows 15 digits of them: 0.1 + 0.2 is 0.3.
/// None for what no decimal can hold.
#[must_use]
pub fn of_spreadsheet(float: f64) -> Option<Decimal> {
    if !float.is_finite() {
        return None;
    }
    let written = format!("{float:e}");
    let number = Decimal::from_scientific(&written).ok()?;
    number.round_sf(15).map(|number| number.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreadsheet_floats_become_the_numbers_that_are_shown() {
        for (float, expected) in [
            (0.1 + 0.2, "0.3"),
            (12.1, "12.1"),
            (-1_234.56, "-1234.56"),
            (1e15, "1000000000000000"),
            (1.0 / 3.0, "0.333333333333333"),
            (0.0, "0"),
            (1e-7, "0.0000001"),
        ] {
            assert_eq!(of_spreadsheet(float).unwrap().to_string(), expected);
        }
        assert_eq!(of_spreadsheet(f64::NAN), None);
        assert_eq!(of_spreadsheet(1e300), None);
    }
}
