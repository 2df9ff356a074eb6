//! Reading `dearer`: what a request costs whose input is long.

use slipway_contract::model::{Dearer, Rates};
use toml::Spanned;

use super::{Entry, Reader};
use crate::findings::shown;

const DEARER: &[&str] = &["above", "input", "cached_input", "cache_write", "output"];

impl Reader<'_> {
    /// What long requests cost; none where they cost what others do.
    pub(super) fn dearer(&mut self, entry: &Entry<'_>) -> Option<Dearer> {
        let found = entry.get("dearer")?;
        let Some(table) = found.get_ref().as_table() else {
            let message = "expected a table: dearer = { above = 200_000, input = \"4.00\", output = \"18.00\" }";
            self.0.report(&found.span(), &entry.key("dearer"), message);
            return None;
        };
        let long = Entry {
            path: entry.key("dearer"),
            span: found.span(),
            table,
        };
        self.0.only(table, DEARER, |key| long.key(&shown(key)));
        let above = self.above(&long);
        let input = self.amount(&long, "input", true);
        let cached = self.amount(&long, "cached_input", false);
        let cache_write = self.amount(&long, "cache_write", false);
        let output = self.amount(&long, "output", true);
        let input = input?;
        self.never_dearer_when_cached(&long, input, cached);
        Some(Dearer {
            above: above?,
            rates: Some(Rates {
                input,
                cached_input: cached.unwrap_or(input),
                cache_write,
                output: output?,
            }),
        })
    }

    fn above(&mut self, entry: &Entry<'_>) -> Option<u64> {
        if entry.get("above").is_none() {
            let message =
                "is missing: add `above = 200_000`, the input tokens from which on it holds";
            self.0.report(&entry.span, &entry.key("above"), message);
            return None;
        }
        let found = entry.get("above").map(Spanned::get_ref);
        let digits = found.and_then(|value| value.as_integer().map(ToString::to_string));
        let number = digits.and_then(|digits| digits.parse::<u64>().ok());
        let number = number.filter(|number| *number > 0);
        if number.is_none() {
            let span = entry.get("above").map(Spanned::span).unwrap_or_default();
            let message = "expected a number of tokens from 1 on";
            self.0.report(&span, &entry.key("above"), message);
        }
        number
    }
}
