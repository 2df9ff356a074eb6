//! What is wrong in a file that the person writes, with line and key.

use std::ops::Range;

use slipway_contract::error::Finding;
use toml::de::DeTable;

/// More than anybody reads.
const MOST_FINDINGS: usize = 50;
const MOST_SHOWN: usize = 200;

/// What was found in a file so far.
pub(crate) struct Findings<'s> {
    file: &'static str,
    source: &'s str,
    list: Vec<Finding>,
}

impl<'s> Findings<'s> {
    pub(crate) const fn new(file: &'static str, source: &'s str) -> Self {
        Self {
            file,
            source,
            list: Vec::new(),
        }
    }

    /// Notes where the file is not TOML.
    pub(crate) fn not_toml(&mut self, errors: &[toml::de::Error]) {
        for error in errors {
            let message = format!("is not TOML: {}", error.message());
            self.report(&error.span().unwrap_or_default(), "", &message);
        }
    }

    /// Notes every key of this table that is not known.
    pub(crate) fn only(
        &mut self,
        table: &DeTable<'_>,
        known: &[&str],
        full: impl Fn(&str) -> String,
    ) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let hint = match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            self.report(&key.span(), &full(name), &format!("unknown key; {hint}"));
        }
    }

    pub(crate) fn report(&mut self, span: &Range<usize>, key: &str, message: &str) {
        let before = self.source.get(..span.start).unwrap_or(self.source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.list.push(Finding {
            file: self.file.to_owned(),
            line: u32::try_from(before.matches('\n').count() + 1).ok(),
            column: u32::try_from(before[line_start..].chars().count() + 1).ok(),
            key: (!key.is_empty()).then(|| key.to_owned()),
            message: message.to_owned(),
            fix: None,
        });
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What was read, when nothing is wrong.
    pub(crate) fn unless_any<T>(mut self, read: T) -> Result<T, Vec<Finding>> {
        if self.is_empty() {
            return Ok(read);
        }
        self.list.truncate(MOST_FINDINGS);
        Err(self.list)
    }
}

/// The one of these that is meant by a name that is almost one of them.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    if name.len() > 100 {
        return None;
    }
    let alike = |key: &&'k str| strsim::jaro_winkler(&name.to_lowercase(), key);
    known
        .iter()
        .copied()
        .filter(|key| alike(key) >= 0.8)
        .max_by(|one, other| alike(one).total_cmp(&alike(other)))
}

/// A key as it may be shown: no control characters, and not too long.
pub(crate) fn shown(key: &str) -> String {
    key.chars()
        .take(MOST_SHOWN)
        .flat_map(char::escape_debug)
        .collect()
}
