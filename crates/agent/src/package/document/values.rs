//! Values of the types that the format knows, or a finding.

use std::ops::{Range, RangeInclusive};

use toml::de::DeValue;

use super::nearest;
use super::reader::{Reader, Section, Spot};
use crate::package::path::is_deceptive;

/// The most elements of a list: more is no package, and each is compared with the others.
const MAX_ELEMENTS: usize = 500;

/// What a text may be; the number is the most characters.
#[derive(Debug, Clone, Copy)]
pub enum Text {
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
#[derive(Debug, Clone)]
pub struct Wrong {
    message: String,
    meant: Option<String>,
}

impl Wrong {
    /// Wrong for this reason.
    #[must_use]
    pub const fn new(message: String) -> Self {
        Self {
            message,
            meant: None,
        }
    }

    /// The same, with the text that was probably meant.
    #[must_use]
    pub fn meaning(mut self, meant: Option<&str>) -> Self {
        self.meant = meant.map(str::to_owned);
        self
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

impl Reader<'_> {
    /// Notes that a value is not what was expected.
    pub fn expected(&mut self, what: &str, found: &Spot<&DeValue<'_>>) {
        let message = format!("expected {what}, found {}", describe(found.value));
        self.report(&found.span, &found.key, &message);
    }

    /// The table of a key.
    pub fn table<'d>(&mut self, section: &Section<'d>, key: &str) -> Option<Section<'d>> {
        let found = section.get(key)?;
        self.as_table(&found)
    }

    /// A value that is a table.
    pub fn as_table<'d>(&mut self, found: &Spot<&'d DeValue<'d>>) -> Option<Section<'d>> {
        let Some(entries) = found.value.as_table() else {
            self.expected("a table", found);
            return None;
        };
        Some(Section::new(found.key.clone(), found.span.clone(), entries))
    }

    /// The tables of `[[key]]`.
    pub fn tables<'d>(&mut self, section: &Section<'d>, key: &str) -> Vec<Section<'d>> {
        self.tables_up_to(section, key, MAX_ELEMENTS)
    }

    /// The same, of at most so many.
    pub fn tables_up_to<'d>(
        &mut self,
        section: &Section<'d>,
        key: &str,
        most: usize,
    ) -> Vec<Section<'d>> {
        let Some(found) = section.get(key) else {
            return Vec::new();
        };
        let message = format!("expected `[[{key}]]` with two brackets, once for each");
        if found.value.is_table() {
            self.report(&found.span, &found.key, &message);
            return Vec::new();
        }
        let items = self.items_up_to(&found, most);
        let mut tables = Vec::new();
        for item in &items {
            match item.value.is_table() {
                true => tables.extend(self.as_table(item)),
                false => self.report(&item.span, &item.key, &message),
            }
        }
        tables
    }

    /// The elements of a list.
    pub fn items<'d>(&mut self, found: &Spot<&'d DeValue<'d>>) -> Vec<Spot<&'d DeValue<'d>>> {
        self.items_up_to(found, MAX_ELEMENTS)
    }

    fn items_up_to<'d>(
        &mut self,
        found: &Spot<&'d DeValue<'d>>,
        most: usize,
    ) -> Vec<Spot<&'d DeValue<'d>>> {
        let Some(items) = found.value.as_array() else {
            self.expected("a list", found);
            return Vec::new();
        };
        if items.len() > most {
            let message = format!("has {} elements, and {most} are the most", items.len());
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

    /// The text of a key.
    pub fn text<'d>(
        &mut self,
        section: &Section<'d>,
        key: &str,
        form: Text,
    ) -> Option<Spot<&'d str>> {
        let found = section.get(key)?;
        self.as_text(&found, form)
    }

    /// The texts of a key's list.
    pub fn texts<'d>(
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

    /// A value that is a text.
    pub fn as_text<'d>(
        &mut self,
        found: &Spot<&'d DeValue<'d>>,
        form: Text,
    ) -> Option<Spot<&'d str>> {
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
    pub fn parsed<'d, T, E: std::fmt::Display>(
        &mut self,
        found: Spot<&'d str>,
        parse: impl FnOnce(&'d str) -> Result<T, E>,
    ) -> Option<Spot<T>> {
        self.parsed_or(found, |text| {
            parse(text).map_err(|error| Wrong::new(error.to_string()))
        })
    }

    /// The same, where it may be clear what was meant.
    pub fn parsed_or<'d, T>(
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

    /// Notes why a text is not what it should be.
    pub fn report_wrong(&mut self, span: &Range<usize>, key: &str, wrong: Wrong) {
        let meant = wrong.meant.map(|meant| quoted(&meant));
        self.report_meant(span, key, &wrong.message, meant);
    }

    /// What the word of a key means, which must be one of these.
    pub fn word<T: Clone>(
        &mut self,
        section: &Section<'_>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let found = self.text(section, key, Text::Line(40))?;
        self.word_of(found, words)
    }

    /// What a text means, which must be one of these words.
    pub fn word_of<T: Clone>(&mut self, found: Spot<&str>, words: &[(&str, T)]) -> Option<T> {
        let read = |text: &str| {
            let known = words.iter().find(|(word, _)| *word == text);
            known.map(|(_, value)| value.clone()).ok_or_else(|| {
                let all: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
                let meant = nearest(text, words.iter().map(|(word, _)| *word));
                let hint = meant.map(|meant| format!("; did you mean {meant:?}?"));
                let message = format!(
                    "expected one of {}, found {text:?}{}",
                    all.join(", "),
                    hint.unwrap_or_default()
                );
                Wrong::new(message).meaning(meant)
            })
        };
        self.parsed_or(found, read).map(|found| found.value)
    }

    /// Checks that the file's `format` is the one that this version reads.
    pub fn format(&mut self, top: &Section<'_>, format: u32, what: &str) {
        self.require(top, "format", &format!("format = {format}"));
        let Some(found) = top.get("format") else {
            return;
        };
        match found.value.as_integer() {
            Some(number) if number.to_string() == format.to_string() => {}
            Some(number) => {
                let message = format!(
                    "this Slipway reads format {format}, and {what} is in format {number}: a newer Slipway may read it"
                );
                self.report(&found.span, &found.key, &message);
            }
            None => self.expected(&format!("the integer {format}"), &found),
        }
    }

    /// The integer of a key, in a range.
    pub fn integer(
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

    /// The number of a key, in a range.
    pub fn number(
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
#[must_use]
pub fn describe(value: &DeValue<'_>) -> String {
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
