//! `[limits]`

use crate::package::document::{Reader, Section, Span};
use crate::package::manifest::keys;
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
        budget_usd: reader.usd(&section, "budget_usd"),
        draws_from: default.draws_from,
        shared_budget_usd: default.shared_budget_usd,
        timeout_ms: reader.duration(&section, "timeout", Span::Work),
        approval_timeout_ms: reader.duration(&section, "approval_timeout", Span::Wait),
    }
}
