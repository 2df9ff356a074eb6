//! `[limits]`

use slipway_contract::Usd;
use toml::de::DeValue;

use crate::package::manifest::duration::{self, Span};
use crate::package::manifest::keys;
use crate::package::manifest::reader::{Reader, Section};
use crate::package::manifest::values::Text;
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
        draws_from: default.draws_from,
        timeout_ms: duration(reader, &section, "timeout", Span::Work),
        approval_timeout_ms: duration(reader, &section, "approval_timeout", Span::Wait),
    }
}

fn duration(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &'static str,
    span: Span,
) -> Option<u64> {
    let found = section.get(key)?;
    if !found.value.is_str() {
        reader.expected(&format!("a duration such as {}", span.examples()), &found);
        return None;
    }
    let text = reader.text(section, key, Text::Line(40))?;
    let parsed = reader.parsed(text, |text| duration::milliseconds(text, span))?;
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
    let meant = format!("{number:?}");
    reader.report_meant(&found.span, &found.key, &message, Some(meant));
    None
}
