//! Durations and money.

use slipway_contract::Usd;
use toml::de::DeValue;

use super::duration::{self, Span};
use super::reader::{Reader, Section};
use super::values::Text;

impl Reader<'_> {
    /// The milliseconds of a key's duration.
    pub fn duration(&mut self, section: &Section<'_>, key: &str, span: Span) -> Option<u64> {
        let found = section.get(key)?;
        if !found.value.is_str() {
            self.expected(&format!("a duration such as {}", span.examples()), &found);
            return None;
        }
        let text = self.text(section, key, Text::Line(40))?;
        let parsed = self.parsed(text, |text| duration::milliseconds(text, span))?;
        Some(parsed.value)
    }

    /// The US dollars of a key, which are a string.
    pub fn usd(&mut self, section: &Section<'_>, key: &str) -> Option<Usd> {
        let found = section.get(key)?;
        let number = match found.value {
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            _ => {
                let text = self.text(section, key, Text::Line(40))?;
                return self.parsed(text, str::parse::<Usd>).map(|usd| usd.value);
            }
        };
        let message =
            format!("money is exact and numbers are not: write it as a string, {number:?}");
        let meant = format!("{number:?}");
        self.report_meant(&found.span, &found.key, &message, Some(meant));
        None
    }
}
