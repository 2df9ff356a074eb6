//! Asks the browser how the language of the system writes things.

use js_sys::{Array, Date, Function, Intl, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::browser;
use crate::format::{Locale, Pattern, Piece};

/// A Monday, the first of a month: days and months are counted from it.
const YEAR: u32 = 2024;
const JANUARY: i32 = 0;

/// A part of what `Intl` wrote: its kind and its text.
type Part = (String, String);

/// The locale of the system, English where the browser does not say.
pub(crate) fn locale() -> Locale {
    let language = browser::window().and_then(|window| window.navigator().language());
    language
        .and_then(|language| read(&language))
        .unwrap_or_else(Locale::english)
}

fn read(language: &str) -> Option<Locale> {
    // Digits 0 to 9 and the calendar of the journal's times, in any language.
    let extension = if language.contains("-u-") {
        "-nu-latn-ca-gregory"
    } else {
        "-u-nu-latn-ca-gregory"
    };
    let tag = canonical(&format!("{language}{extension}"))?;
    let english = Locale::english();
    let large = number(&tag, &[], 1_234_567.5);
    let whole: Vec<usize> = large
        .iter()
        .filter(|(kind, _)| kind == "integer")
        .map(|(_, digits)| digits.len())
        .collect();
    let last = whole.last().copied().unwrap_or(3);
    let others = whole.iter().rev().nth(1).copied().unwrap_or(last);
    let groups_four = of_kind(&number(&tag, &[], 1_234.0), "group").is_some();
    let long = [("day", "numeric"), ("month", "long")];
    let short = [("day", "numeric"), ("month", "short")];
    let months = names(12, |month| {
        let date = noon(YEAR, month, 1);
        let of = |options: &[_]| of_kind(&dated(&tag, options, &date), "month");
        Some((of(&long)?, of(&short)?))
    })?;
    let weekdays = names(7, |day| {
        let date = noon(YEAR, JANUARY, day + 1);
        let of = |width| of_kind(&dated(&tag, &[("weekday", width)], &date), "weekday");
        Some((of("long")?, of("short")?))
    })?;
    let sample = noon(YEAR, JANUARY, 20);
    let shape = |options: &[(&str, &str)]| pattern(&dated(&tag, options, &sample));
    let with = |options: [(&'static str, &'static str); 2],
                more: &[(&'static str, &'static str)]| {
        let mut options = options.to_vec();
        options.extend_from_slice(more);
        options
    };
    let (year, weekday) = (("year", "numeric"), ("weekday", "long"));
    let time = [("hour", "2-digit"), ("minute", "2-digit")];
    let half = |hour: i32| {
        let date = Date::new_with_year_month_day_hr_min_sec(YEAR, JANUARY, 20, hour, 0, 0);
        of_kind(&dated(&tag, &time, &date), "dayPeriod")
    };
    let dollar = [
        ("style", "currency"),
        ("currency", "USD"),
        ("currencyDisplay", "narrowSymbol"),
    ];
    Some(Locale {
        decimal: of_kind(&large, "decimal").unwrap_or(english.decimal),
        group: of_kind(&large, "group").unwrap_or_default(),
        groups: (last, others),
        grouped_from: if groups_four { last + 1 } else { last + 2 },
        dollars: affixes(&number(&tag, &dollar, 1.0)).unwrap_or(english.dollars),
        weekdays: weekdays.try_into().ok()?,
        months: months.try_into().ok()?,
        day: (
            shape(&with(long, &[weekday])),
            shape(&with(long, &[weekday, year])),
        ),
        date: (shape(&short), shape(&with(short, &[year]))),
        clock: shape(&time),
        halves: half(9).zip(half(21)),
    })
}

/// The tag as `Intl` takes it; none where it is no tag, as `C` is, for which everything else would throw.
fn canonical(tag: &str) -> Option<Array> {
    let intl = Reflect::get(&js_sys::global(), &JsString::from("Intl")).ok()?;
    let canonical = Reflect::get(&intl, &JsString::from("getCanonicalLocales")).ok()?;
    let canonical: Function = canonical.dyn_into().ok()?;
    let tags = canonical.call1(&intl, &JsValue::from_str(tag)).ok()?;
    tags.dyn_into().ok()
}

/// What stands before the first digit and after the last.
fn affixes(parts: &[Part]) -> Option<(String, String)> {
    let is_digit =
        |(kind, _): &Part| matches!(kind.as_str(), "integer" | "decimal" | "fraction" | "group");
    let first = parts.iter().position(is_digit)?;
    let last = parts.iter().rposition(is_digit)?;
    let text = |parts: &[Part]| parts.iter().map(|(_, text)| text.as_str()).collect();
    Some((text(parts.get(..first)?), text(parts.get(last + 1..)?)))
}

fn pattern(parts: &[Part]) -> Pattern {
    let piece = |(kind, text): &Part| match kind.as_str() {
        "weekday" => Piece::Weekday,
        "day" => Piece::Day,
        "month" => Piece::Month,
        "year" => Piece::Year,
        "hour" => Piece::Hour,
        "minute" => Piece::Minute,
        "dayPeriod" => Piece::Half,
        _ => Piece::Text(text.clone()),
    };
    parts.iter().map(piece).collect()
}

fn names(
    count: i32,
    name: impl Fn(i32) -> Option<(String, String)>,
) -> Option<Vec<(String, String)>> {
    (0..count).map(name).collect()
}

/// Midday, so that no summer time makes it another day.
fn noon(year: u32, month: i32, day: i32) -> Date {
    Date::new_with_year_month_day_hr_min_sec(year, month, day, 12, 0, 0)
}

fn of_kind(parts: &[Part], wanted: &str) -> Option<String> {
    parts
        .iter()
        .find(|(kind, _)| kind == wanted)
        .map(|(_, text)| text.clone())
}

fn number(tag: &Array, options: &[(&str, &str)], number: f64) -> Vec<Part> {
    parts(&Intl::NumberFormat::new(tag, &object(options)).format_to_parts(number))
}

fn dated(tag: &Array, options: &[(&str, &str)], date: &Date) -> Vec<Part> {
    parts(&Intl::DateTimeFormat::new(tag, &object(options)).format_to_parts(date))
}

fn parts(found: &Array) -> Vec<Part> {
    let text = |part: &JsValue, key: &str| {
        let value = Reflect::get(part, &JsString::from(key)).ok();
        value
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    };
    found
        .iter()
        .map(|part| (text(&part, "type"), text(&part, "value")))
        .collect()
}

fn object(options: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in options {
        // Fails only for an object that is frozen, which a new one is not.
        let _ = Reflect::set(&object, &JsString::from(*key), &JsString::from(*value));
    }
    object
}
