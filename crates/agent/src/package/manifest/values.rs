//! Values of the types that the format knows, or a finding.

use std::ops::{Range, RangeInclusive};

use toml::de::DeValue;

use super::reader::{Reader, Section, Spot};
use crate::package::path::is_deceptive;

/// The most elements of a list: more is no package, and each is compared with the others.
const MAX_ELEMENTS: usize = 500;

/// What a text may be; the number is the most characters.
#[derive(Debug, Clone, Copy)]
pub(super) enum Text {
    /// One line with something on it.
    Line(usize),
    /// One line, perhaps empty.
    MaybeEmpty(usize),
    /// Any number of lines.
    Lines(usize),
}

impl Text {
    fn check(self, text: &str) -> Result<(), String> {
        let (Self::Line(most) | Self::MaybeEmpty(most) | Self::Lines(most)) = self;
        let breaks = |c: char| matches!(self, Self::Lines(_)) && matches!(c, '\n' | '\r' | '\t');
        let hidden = |c: char| c.is_control() && !breaks(c) || is_deceptive(c);
        if matches!(self, Self::Line(_)) && text.trim().is_empty() {
            return Err("is empty".to_owned());
        }
        if text.chars().count() > most {
            return Err(format!("is longer than {most} characters"));
        }
        match text.chars().find(|c| hidden(*c)) {
            Some(c) => Err(format!("holds {c:?}, which people cannot see")),
            None => Ok(()),
        }
    }
}

/// Why a text is not what it should be.
pub(super) struct Wrong {
    message: String,
    meant: Option<String>,
}

impl Wrong {
    pub(super) const fn new(message: String) -> Self {
        Self {
            message,
            meant: None,
        }
    }

    /// The same, with the text that was probably meant.
    pub(super) fn meaning(mut self, meant: Option<&str>) -> Self {
        self.meant = meant.map(str::to_owned);
        self
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

impl Reader<'_> {
    pub(super) fn expected(&mut self, what: &str, found: &Spot<&DeValue<'_>>) {
        let message = format!("expected {what}, found {}", describe(found.value));
        self.report(&found.span, &found.key, &message);
    }

    pub(super) fn table<'d>(&mut self, section: &Section<'d>, key: &str) -> Option<Section<'d>> {
        let found = section.get(key)?;
        self.as_table(&found)
    }

    pub(super) fn as_table<'d>(&mut self, found: &Spot<&'d DeValue<'d>>) -> Option<Section<'d>> {
        let Some(entries) = found.value.as_table() else {
            self.expected("a table", found);
            return None;
        };
        Some(Section::new(found.key.clone(), found.span.clone(), entries))
    }

    /// The tables of `[[key]]`.
    pub(super) fn tables<'d>(&mut self, section: &Section<'d>, key: &str) -> Vec<Section<'d>> {
        let Some(found) = section.get(key) else {
            return Vec::new();
        };
        let message = format!("expected `[[{key}]]` with two brackets, once for each");
        if found.value.is_table() {
            self.report(&found.span, &found.key, &message);
            return Vec::new();
        }
        let items = self.items(&found);
        let mut tables = Vec::new();
        for item in &items {
            match item.value.is_table() {
                true => tables.extend(self.as_table(item)),
                false => self.report(&item.span, &item.key, &message),
            }
        }
        tables
    }

    fn items<'d>(&mut self, found: &Spot<&'d DeValue<'d>>) -> Vec<Spot<&'d DeValue<'d>>> {
        let Some(items) = found.value.as_array() else {
            self.expected("a list", found);
            return Vec::new();
        };
        if items.len() > MAX_ELEMENTS {
            let message = format!(
                "has {} elements, and {MAX_ELEMENTS} are the most",
                items.len()
            );
            self.report(&found.span, &found.key, &message);
            return Vec::new();
        }
        let items = items.iter().enumerate().map(|(index, item)| Spot {
            value: item.get_ref(),
            key: format!("{}[{index}]", found.key),
            span: item.span(),
        });
        items.collect()
    }

    pub(super) fn text<'d>(
        &mut self,
        section: &Section<'d>,
        key: &str,
        form: Text,
    ) -> Option<Spot<&'d str>> {
        let found = section.get(key)?;
        self.as_text(&found, form)
    }

    pub(super) fn texts<'d>(
        &mut self,
        section: &Section<'d>,
        key: &str,
        form: Text,
    ) -> Vec<Spot<&'d str>> {
        let Some(found) = section.get(key) else {
            return Vec::new();
        };
        let items = self.items(&found);
        let texts = items.iter();
        texts.filter_map(|item| self.as_text(item, form)).collect()
    }

    fn as_text<'d>(&mut self, found: &Spot<&'d DeValue<'d>>, form: Text) -> Option<Spot<&'d str>> {
        let Some(text) = found.value.as_str() else {
            self.expected("a string", found);
            return None;
        };
        if let Err(message) = form.check(text) {
            self.report(&found.span, &found.key, &message);
            return None;
        }
        Some(Spot {
            value: text,
            key: found.key.clone(),
            span: found.span.clone(),
        })
    }

    /// A text that means something else.
    pub(super) fn parsed<'d, T, E: std::fmt::Display>(
        &mut self,
        found: Spot<&'d str>,
        parse: impl FnOnce(&'d str) -> Result<T, E>,
    ) -> Option<Spot<T>> {
        self.parsed_or(found, |text| {
            parse(text).map_err(|error| Wrong::new(error.to_string()))
        })
    }

    /// The same, where it may be clear what was meant.
    pub(super) fn parsed_or<'d, T>(
        &mut self,
        found: Spot<&'d str>,
        parse: impl FnOnce(&'d str) -> Result<T, Wrong>,
    ) -> Option<Spot<T>> {
        match parse(found.value) {
            Ok(value) => Some(Spot {
                value,
                key: found.key,
                span: found.span,
            }),
            Err(wrong) => {
                self.report_wrong(&found.span, &found.key, wrong);
                None
            }
        }
    }

    pub(super) fn report_wrong(&mut self, span: &Range<usize>, key: &str, wrong: Wrong) {
        let meant = wrong.meant.map(|meant| quoted(&meant));
        self.report_meant(span, key, &wrong.message, meant);
    }

    pub(super) fn integer(
        &mut self,
        section: &Section<'_>,
        key: &str,
        range: &RangeInclusive<u32>,
    ) -> Option<u32> {
        let found = section.get(key)?;
        let value = found.value.as_integer().and_then(|number| {
            let number = i128::from_str_radix(number.as_str(), number.radix()).ok()?;
            u32::try_from(number).ok().filter(|n| range.contains(n))
        });
        if value.is_none() {
            let what = format!("an integer from {} to {}", range.start(), range.end());
            self.expected(&what, &found);
        }
        value
    }

    pub(super) fn number(
        &mut self,
        section: &Section<'_>,
        key: &str,
        range: &RangeInclusive<f64>,
    ) -> Option<f64> {
        let found = section.get(key)?;
        let text = match found.value {
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
            DeValue::Float(number) => Some(number.as_str()),
            _ => None,
        };
        let value = text.and_then(|text| text.parse().ok());
        let value = value.filter(|number| range.contains(number));
        if value.is_none() {
            let what = format!("a number from {} to {}", range.start(), range.end());
            self.expected(&what, &found);
        }
        value
    }
}

/// A value as a person recognises it.
fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => {
            format!("the string {:?}", text.chars().take(60).collect::<String>())
        }
        DeValue::Integer(number) => format!("the integer {number}"),
        DeValue::Float(number) => format!("the float {number}"),
        DeValue::Boolean(value) => format!("the boolean {value}"),
        DeValue::Datetime(time) => format!("the date or time {time}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
