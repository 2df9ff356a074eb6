//! `[limits]`

use slipway_contract::Usd;
use toml::de::DeValue;

use crate::package::manifest::reader::{Reader, Section};
use crate::package::manifest::values::Text;
use crate::package::manifest::{keys, timeout};
use crate::spec::Limits;

pub(in crate::package::manifest) fn read(reader: &mut Reader<'_>, top: &Section<'_>) -> Limits {
    let default = Limits::default();
    let Some(mut section) = reader.table(top, "limits") else {
        return default;
    };
    reader.only(&mut section, keys::LIMITS, &[]);
    Limits {
        max_steps: reader
            .integer(&section, "max_steps", &(1..=10_000))
            .unwrap_or(default.max_steps),
        budget_usd: budget(reader, &section),
        timeout_ms: timeout(reader, &section),
    }
}

fn timeout(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<u64> {
    let found = section.get("timeout")?;
    if !found.value.is_str() {
        reader.expected("a duration such as \"30s\", \"5m\" or \"1h30m\"", &found);
        return None;
    }
    let text = reader.text(section, "timeout", Text::Line(40))?;
    let parsed = reader.parsed(text, timeout::milliseconds)?;
    Some(parsed.value)
}

fn budget(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Usd> {
    let found = section.get("budget_usd")?;
    let number = match found.value {
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        _ => {
            let text = reader.text(section, "budget_usd", Text::Line(40))?;
            return reader.parsed(text, str::parse::<Usd>).map(|usd| usd.value);
        }
    };
    let message = format!("money is exact and numbers are not: write it as a string, {number:?}");
    reader.report(&found.span, &found.key, &message);
    None
}
