//! The filters of templates: those of minijinja that cannot make much of little, and our own.

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, filters};
use rust_decimal::{Decimal, RoundingStrategy};

use super::values::{as_decimal, of_number};
use crate::blocking::Stop;
use crate::table::{iso_date, iso_moment};

/// The longest text that a filter makes.
const LONGEST: usize = 5_000_000;

/// Leaves only bounded filters and functions in the environment. Each looks first whether the
/// call is still wanted: a sort is one step to the count of steps.
pub(crate) fn install(environment: &mut Environment<'_>, stop: &Stop) {
    for name in [
        "attr", "batch", "bool", "chain", "dictsort", "escape", "float", "format", "indent", "int",
        "pprint", "slice", "string", "zip", "tojson", "title",
    ] {
        environment.remove_filter(name);
    }
    for name in ["debug", "dict", "namespace"] {
        environment.remove_global(name);
    }
    for (name, filter) in [
        ("abs", Value::from_function(filters::abs)),
        ("capitalize", Value::from_function(filters::capitalize)),
        ("count", Value::from_function(filters::length)),
        ("e", Value::from_function(filters::escape)),
        ("first", Value::from_function(filters::first)),
        ("groupby", Value::from_function(filters::groupby)),
        ("items", Value::from_function(filters::items)),
        ("last", Value::from_function(filters::last)),
        ("length", Value::from_function(filters::length)),
        ("lines", Value::from_function(filters::lines)),
        ("list", Value::from_function(filters::list)),
        ("lower", Value::from_function(filters::lower)),
        ("map", Value::from_function(filters::map)),
        ("max", Value::from_function(filters::max)),
        ("min", Value::from_function(filters::min)),
        ("reject", Value::from_function(filters::reject)),
        ("rejectattr", Value::from_function(filters::rejectattr)),
        ("reverse", Value::from_function(filters::reverse)),
        ("safe", Value::from_function(filters::safe)),
        ("select", Value::from_function(filters::select)),
        ("selectattr", Value::from_function(filters::selectattr)),
        ("sort", Value::from_function(filters::sort)),
        ("split", Value::from_function(filters::split)),
        ("trim", Value::from_function(filters::trim)),
        ("unique", Value::from_function(filters::unique)),
        ("upper", Value::from_function(filters::upper)),
        ("cell", Value::from_function(cell)),
        ("d", Value::from_function(default)),
        ("date", Value::from_function(date)),
        ("default", Value::from_function(default)),
        ("join", Value::from_function(join)),
        ("money", Value::from_function(money)),
        ("replace", Value::from_function(replace)),
        ("round", Value::from_function(round)),
        ("sum", Value::from_function(sum)),
        ("truncate", Value::from_function(truncate)),
    ] {
        let stop = stop.clone();
        environment.add_filter(name, move |state: &mut State<'_, '_>, args: Rest<Value>| {
            if stop.is_set() {
                return Err(refused("the call was cancelled"));
            }
            filter.call(state, &args)
        });
    }
}

fn refused(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, what.into())
}

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
fn money(value: &Value, places: Option<u32>, kwargs: Kwargs) -> Result<String, Error> {
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

fn round(value: &Value, places: Option<u32>) -> Result<Value, Error> {
    match number(value)? {
        None => Ok(Value::from(())),
        Some(number) => of_number(rounded(number, places.unwrap_or(0))?)
            .ok_or_else(|| refused("the number has too many digits")),
    }
}

/// The exact sum of numbers, or of one attribute of rows.
fn sum(values: &Value, attribute: Option<String>, kwargs: Kwargs) -> Result<Value, Error> {
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
fn date(value: &Value, format: Option<String>) -> Result<String, Error> {
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

/// A text in a cell of a Markdown table: one line, without a mark that ends the cell.
fn cell(value: &Value) -> String {
    if value.is_none() {
        return String::new();
    }
    let text = value.to_string();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
}

/// Something else for what is missing: not defined, or an empty cell.
fn default(value: &Value, other: Option<Value>) -> Value {
    let empty = value.as_str().is_some_and(|text| text.trim().is_empty());
    if value.is_undefined() || value.is_none() || empty {
        other.unwrap_or_else(|| Value::from(""))
    } else {
        value.clone()
    }
}

fn join(
    values: &Value,
    between: Option<String>,
    attribute: Option<String>,
) -> Result<String, Error> {
    let between = between.unwrap_or_default();
    let mut out = String::new();
    for (index, value) in values.try_iter()?.enumerate() {
        if index > 0 {
            out.push_str(&between);
        }
        let value = match &attribute {
            Some(attribute) => value.get_attr(attribute)?,
            None => value,
        };
        match value.as_str() {
            Some(text) => out.push_str(text),
            None if value.is_none() => {}
            None if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) => {
                out.push_str(&value.to_string());
            }
            None => {
                return Err(refused(format!(
                    "a {} cannot be joined to a text",
                    value.kind()
                )));
            }
        }
        bounded(out.len())?;
    }
    Ok(out)
}

fn replace(text: String, from: String, to: String) -> Result<String, Error> {
    let times = text.matches(from.as_str()).count();
    bounded(times.saturating_mul(to.len()).saturating_add(text.len()))?;
    Ok(text.replace(&from, &to))
}

fn truncate(text: String, length: usize) -> String {
    crate::arguments::cut(&text, length)
}

fn bounded(length: usize) -> Result<(), Error> {
    if length > LONGEST {
        return Err(refused("the text is longer than 5 MB"));
    }
    Ok(())
}
