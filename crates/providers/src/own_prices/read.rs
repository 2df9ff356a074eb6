//! Reading `prices.toml`, with everything that is wrong on the way.

mod dearer;
mod model;

use std::ops::Range;

use jiff::civil::Date;
use slipway_contract::Usd;
use slipway_contract::error::Finding;
use slipway_contract::model::{ModelRef, Price};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{FILE, OwnModel, OwnPrice};
use crate::catalog::RECORDING;
use crate::findings::{Findings, shown};

const TOP: &[&str] = &["format", "price", "model"];
const PRICE: &[&str] = &[
    "model",
    "input",
    "cached_input",
    "cache_write",
    "output",
    "dearer",
    "max_output",
    "checked",
    "source",
];

type Value<'d> = &'d Spanned<DeValue<'d>>;

/// The prices, and what is said of models.
pub(super) fn file(source: &str) -> Result<(Vec<OwnPrice>, Vec<OwnModel>), Vec<Finding>> {
    let mut reader = Reader(Findings::new(FILE, source));
    let (document, errors) = DeTable::parse_recoverable(source);
    reader.0.not_toml(&errors);
    let mut read = (Vec::new(), Vec::new());
    if errors.is_empty() {
        reader.file(document.get_ref(), &mut read.0);
        read.1 = reader.models(document.get_ref());
    }
    reader.0.unless_any(read)
}

struct Reader<'s>(Findings<'s>);

/// One `[[price]]`.
struct Entry<'d> {
    path: String,
    span: Range<usize>,
    table: &'d DeTable<'d>,
}

impl<'d> Entry<'d> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn get(&self, key: &str) -> Option<Value<'d>> {
        self.table.get(key)
    }
}

impl Reader<'_> {
    fn file<'d>(&mut self, top: &'d DeTable<'d>, prices: &mut Vec<OwnPrice>) {
        self.0.only(top, TOP, shown);
        if let Some(format) = top.get("format")
            && format.get_ref().as_integer().map(ToString::to_string) != Some("1".to_owned())
        {
            let message = "this Slipway reads format 1: write format = 1";
            self.0.report(&format.span(), "format", message);
        }
        let Some(list) = top.get("price") else {
            return;
        };
        let Some(items) = list.get_ref().as_array() else {
            self.0.report(&list.span(), "price", "expected [[price]]");
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let number = index + 1;
            let Some(table) = item.get_ref().as_table() else {
                self.0.report(
                    &item.span(),
                    &format!("price[{number}]"),
                    "expected a table",
                );
                continue;
            };
            let entry = Entry {
                path: format!("price[{number}]"),
                span: item.span(),
                table,
            };
            let Some(price) = self.entry(&entry) else {
                continue;
            };
            if prices.iter().any(|other| other.model == price.model) {
                let span = entry.get("model").map_or(entry.span.clone(), Spanned::span);
                self.0
                    .report(&span, &entry.key("model"), "stands here twice");
            }
            prices.push(price);
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) -> Option<OwnPrice> {
        self.0
            .only(entry.table, PRICE, |key| entry.key(&shown(key)));
        let model = self.model(entry);
        let input = self.amount(entry, "input", true);
        let output = self.amount(entry, "output", true);
        let cached = self.amount(entry, "cached_input", false);
        let checked = self.checked(entry);
        let max_output = self.max_output(entry);
        let source = self.text(entry, "source", None);
        let cache_write = self.amount(entry, "cache_write", false);
        let dearer = self.dearer(entry);
        let (input, output) = (input?, output?);
        self.never_dearer_when_cached(entry, input, cached);
        Some(OwnPrice {
            model: model?,
            price: Price {
                input,
                cached_input: cached.unwrap_or(input),
                output,
                cache_write,
                dearer,
            },
            max_output,
            checked: checked?,
            source,
        })
    }

    fn never_dearer_when_cached(&mut self, entry: &Entry<'_>, input: Usd, cached: Option<Usd>) {
        if let (Some(cached), Some(value)) = (cached, entry.get("cached_input"))
            && cached > input
        {
            let message = "is more than `input`, and cached tokens never cost more";
            self.0
                .report(&value.span(), &entry.key("cached_input"), message);
        }
    }

    fn model(&mut self, entry: &Entry<'_>) -> Option<ModelRef> {
        let text = self.text(entry, "model", Some("model = \"openai/gpt-5-mini\""))?;
        let span = entry.get("model").map(Spanned::span).unwrap_or_default();
        match text.parse::<ModelRef>() {
            Ok(model) if model.provider == RECORDING => {
                let message = "recordings cost nothing: remove this price";
                self.0.report(&span, &entry.key("model"), message);
                None
            }
            Ok(model) => Some(model),
            Err(error) => {
                self.0
                    .report(&span, &entry.key("model"), &error.to_string());
                None
            }
        }
    }

    /// Dollars for a million tokens.
    fn amount(&mut self, entry: &Entry<'_>, key: &str, needed: bool) -> Option<Usd> {
        let example = format!("{key} = \"1.25\"");
        let number = match entry.get(key).map(Spanned::get_ref) {
            Some(DeValue::Integer(number)) => Some(number.to_string()),
            Some(DeValue::Float(number)) => Some(number.to_string()),
            _ => None,
        };
        let span = entry.get(key).map(Spanned::span).unwrap_or_default();
        if let Some(number) = number {
            let message =
                format!("money is exact and numbers are not: write it as a string, {number:?}");
            self.0.report(&span, &entry.key(key), &message);
            return None;
        }
        let text = self.text(entry, key, needed.then_some(&*example))?;
        match text.parse::<Usd>() {
            Ok(amount) => Some(amount),
            Err(error) => {
                self.0.report(&span, &entry.key(key), &error.to_string());
                None
            }
        }
    }

    fn checked(&mut self, entry: &Entry<'_>) -> Option<Date> {
        let text = self.text(entry, "checked", Some("checked = \"2026-11-22\""))?;
        let date = text.parse::<Date>().ok();
        if date.is_none() {
            let span = entry.get("checked").map(Spanned::span).unwrap_or_default();
            let message = "expected a day such as \"2026-11-22\", on which the price was looked up";
            self.0.report(&span, &entry.key("checked"), message);
        }
        date
    }

    fn max_output(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let found = entry.get("max_output")?;
        let digits = found.get_ref().as_integer().map(ToString::to_string);
        let number = digits
            .and_then(|digits| digits.parse::<u32>().ok())
            .filter(|number| *number > 0);
        if number.is_none() {
            let message = "expected a number of tokens from 1 on";
            self.0
                .report(&found.span(), &entry.key("max_output"), message);
        }
        number
    }

    /// A text; one that is missing is told with what to add, where it is needed.
    fn text(&mut self, entry: &Entry<'_>, key: &str, needed: Option<&str>) -> Option<String> {
        let Some(found) = entry.get(key) else {
            if let Some(example) = needed {
                let message = format!("is missing: add `{example}`");
                self.0.report(&entry.span, &entry.key(key), &message);
            }
            return None;
        };
        let text = found.get_ref().as_str();
        if text.is_none() {
            self.0
                .report(&found.span(), &entry.key(key), "expected a text in quotes");
        }
        text.map(str::to_owned)
    }
}
