//! Filters for figures and dates.

use minijinja::Error;
use minijinja::value::{Kwargs, Value, ValueKind};
use rust_decimal::{Decimal, RoundingStrategy};

use super::refused;
use crate::table::{iso_date, iso_moment};
use crate::template::values::{as_decimal, of_number};

/// A number of a template, exactly as it is shown; none for an empty cell.
fn number(value: &Value) -> Result<Option<Decimal>, Error> {
    let no_number = || refused(format!("`{}` is not a number", shortened(value)));
    match value.kind() {
        ValueKind::None => Ok(None),
        ValueKind::Number if value.is_integer() => {
            let whole = i128::try_from(value.clone()).map_err(|_| no_number())?;
            Decimal::try_from_i128_with_scale(whole, 0)
                .map(Some)
                .map_err(|_| no_number())
        }
        ValueKind::Number => {
            let float = f64::try_from(value.clone()).map_err(|_| no_number())?;
            as_decimal(float).map(Some).ok_or_else(no_number)
        }
        ValueKind::String if value.as_str().is_some_and(|text| text.trim().is_empty()) => Ok(None),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            Decimal::from_str_exact(text.trim())
                .map(Some)
                .map_err(|_| no_number())
        }
        ValueKind::Undefined => Err(refused("it is not defined")),
        _ => Err(no_number()),
    }
}

fn shortened(value: &Value) -> String {
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.kind().to_string(),
    };
    crate::arguments::cut(&text, 60)
}

fn rounded(number: Decimal, places: u32) -> Result<Decimal, Error> {
    if places > 20 {
        return Err(refused("a number is rounded to at most 20 places"));
    }
    let mut rounded = number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    Ok(rounded)
}

/// `money`, `money(0)`, `money(2, group=",", decimal=".")`: half away from zero.
#[expect(clippy::needless_pass_by_value, reason = "a filter gets them so")]
pub(super) fn money(value: &Value, places: Option<u32>, kwargs: Kwargs) -> Result<String, Error> {
    let group: Option<String> = kwargs.get("group")?;
    let decimal: Option<String> = kwargs.get("decimal")?;
    kwargs.assert_all_used()?;
    let (group, decimal) = (
        group.unwrap_or_default(),
        decimal.unwrap_or_else(|| ".".into()),
    );
    if group.chars().count() > 1 || decimal.chars().count() != 1 {
        return Err(refused("`group` and `decimal` are one character each"));
    }
    let Some(number) = number(value)? else {
        return Ok(String::new());
    };
    let text = rounded(number, places.unwrap_or(2))?.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut out = sign.to_owned();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push_str(&group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push_str(&decimal);
        out.push_str(fraction);
    }
    Ok(out)
}

/// Half away from zero.
pub(super) fn round(value: &Value, places: Option<u32>) -> Result<Value, Error> {
    match number(value)? {
        None => Ok(Value::from(())),
        Some(number) => of_number(rounded(number, places.unwrap_or(0))?)
            .ok_or_else(|| refused("the number has too many digits")),
    }
}

/// The exact sum of numbers, or of one attribute of rows.
#[expect(clippy::needless_pass_by_value, reason = "a filter gets them so")]
pub(super) fn sum(
    values: &Value,
    attribute: Option<String>,
    kwargs: Kwargs,
) -> Result<Value, Error> {
    let attribute = match attribute {
        Some(attribute) => Some(attribute),
        None => kwargs.get::<Option<String>>("attribute")?,
    };
    kwargs.assert_all_used()?;
    let mut sum = Decimal::ZERO;
    for value in values.try_iter()? {
        let value = match &attribute {
            Some(attribute) => value.get_attr(attribute)?,
            None => value,
        };
        if let Some(number) = number(&value)? {
            sum = sum
                .checked_add(number)
                .ok_or_else(|| refused("the sum has too many digits"))?;
        }
    }
    of_number(sum).ok_or_else(|| {
        refused("the sum has more digits than a template can hold; take it in the query")
    })
}

/// A date in another form: `date("%d %B %Y")`, `date("dd/mm/yyyy")`.
pub(super) fn date(value: &Value, format: Option<String>) -> Result<String, Error> {
    if value.is_none() {
        return Ok(String::new());
    }
    let text = value.as_str().unwrap_or_default();
    let moment = iso_date(text)
        .map(|date| date.at(0, 0, 0, 0))
        .or_else(|| iso_moment(text))
        .ok_or_else(|| refused(format!("`{}` is not a date", shortened(value))))?;
    let format = format.unwrap_or_else(|| "%Y-%m-%d".into());
    // A width such as %9999d pads to it.
    let wide = format
        .split('%')
        .skip(1)
        .any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    if format.len() > 60 || wide {
        return Err(refused("the date's format is too long"));
    }
    let format = if format.contains('%') {
        format
    } else {
        [
            ("yyyy", "%Y"),
            ("yy", "%y"),
            ("mmmm", "%B"),
            ("mmm", "%b"),
            ("mm", "%m"),
            ("dd", "%d"),
        ]
        .into_iter()
        .fold(format.to_lowercase(), |format, (written, code)| {
            format.replace(written, code)
        })
    };
    jiff::fmt::strtime::format(&format, moment)
        .map_err(|error| refused(format!("`{format}` is no format for a date: {error}")))
}
