//! Reading typed values out of TOML, noting where each stands and everything that is wrong.

use std::ops::Range;

use slipway_contract::error::{Finding, Fix};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest;
use crate::package::error::printable;

/// The most findings that are noted. Each costs a look through the text, and nobody reads more.
const MAX_FINDINGS: usize = 200;

/// The findings so far, with the text that they point into.
#[derive(Debug)]
pub struct Reader<'s> {
    file: &'s str,
    source: &'s str,
    /// Where each line begins: a text may have as many places to name as it has lines.
    lines: Vec<usize>,
    /// The keys of each table of the format, to say where a misplaced one belongs.
    tables: &'static [(&'static str, &'static [&'static str])],
    findings: Vec<(usize, Finding)>,
}

/// A table that is being read.
#[derive(Debug, Clone)]
pub struct Section<'d> {
    /// Its key, such as `limits`; empty for the whole file.
    pub key: String,
    /// Where it begins.
    pub span: Range<usize>,
    entries: &'d DeTable<'d>,
    /// Keys that an unknown key was probably meant for: they are not missing as well.
    meant: Vec<&'static str>,
}

/// A value with where it stands.
#[derive(Debug, Clone)]
pub struct Spot<T> {
    /// The value.
    pub value: T,
    /// Its key, such as `limits.max_steps`.
    pub key: String,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

impl<'d> Section<'d> {
    /// A table with this key, at this place.
    #[must_use]
    pub fn new(key: String, span: Range<usize>, entries: &'d DeTable<'d>) -> Self {
        Self {
            key,
            span,
            entries,
            meant: Vec::new(),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Spot<&'d DeValue<'d>>> {
        let found = self.entries.get(key)?;
        Some(self.spot(key, found))
    }

    /// All values, with their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&'d str, Spot<&'d DeValue<'d>>)> {
        self.entries.iter().map(|(key, value)| {
            let key: &str = key.get_ref();
            (key, self.spot(key, value))
        })
    }

    fn spot(&self, key: &str, value: &'d Spanned<DeValue<'d>>) -> Spot<&'d DeValue<'d>> {
        Spot {
            value: value.get_ref(),
            key: joined(&self.key, key),
            span: value.span(),
        }
    }
}

impl<'s> Reader<'s> {
    /// A reader of the text of this file, whose format has these tables with these keys.
    #[must_use]
    pub fn new(
        file: &'s str,
        source: &'s str,
        tables: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        Self {
            file,
            source,
            lines: line_starts(source),
            tables,
            findings: Vec::new(),
        }
    }

    /// The findings in the order of the file.
    #[must_use]
    pub fn into_findings(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|(at, _)| *at);
        self.findings
            .into_iter()
            .map(|(_, finding)| finding)
            .collect()
    }

    /// Whether nothing was wrong so far.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Notes a finding at a place in the text.
    pub fn report(&mut self, span: &Range<usize>, key: &str, message: &str) {
        self.report_meant(span, key, message, None);
    }

    /// The same, with what was probably meant, as TOML.
    pub fn report_meant(
        &mut self,
        span: &Range<usize>,
        key: &str,
        message: &str,
        meant: Option<String>,
    ) {
        if self.findings.len() >= MAX_FINDINGS {
            return;
        }
        let (line, column) = self.position(span.start);
        let found = self.source.get(span.clone()).unwrap_or_default();
        let fix = meant.filter(|_| !found.is_empty()).map(|meant| {
            Box::new(Fix {
                found: found.to_owned(),
                meant,
            })
        });
        self.findings.push((
            span.start,
            Finding {
                file: printable(self.file),
                line: u32::try_from(line).ok(),
                column: u32::try_from(column).ok(),
                key: (!key.is_empty()).then(|| printable(key)),
                message: printable(message),
                fix,
            },
        ));
    }

    /// Notes a finding about something that is not there.
    pub fn report_absent(&mut self, key: &str, message: &str) {
        self.findings.push((
            self.source.len(),
            Finding {
                file: printable(self.file),
                line: None,
                column: None,
                key: Some(key.to_owned()),
                message: message.to_owned(),
                fix: None,
            },
        ));
    }

    /// The line of a place, from 1.
    #[must_use]
    pub fn line(&self, span: &Range<usize>) -> usize {
        let at = span.start.min(self.source.len());
        self.lines.partition_point(|start| *start <= at)
    }

    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.source.get(..offset).unwrap_or(self.source);
        let line = self.lines.partition_point(|start| *start <= before.len());
        let line_start = self.lines.get(line.saturating_sub(1)).copied();
        let column = before[line_start.unwrap_or_default()..].chars().count();
        (line, column + 1)
    }

    /// Reports the keys that the format does not know.
    pub fn only(&mut self, section: &mut Section<'_>, known: &[&'static str], reserved: &[&str]) {
        for (key, value) in section.entries {
            if self.findings.len() >= MAX_FINDINGS {
                break;
            }
            let (span, key): (_, &str) = (key.span(), key.get_ref());
            if known.contains(&key) {
                continue;
            }
            let full = joined(&section.key, key);
            if reserved.contains(&key) {
                let message = "is reserved for a later version of Slipway: remove it";
                self.report(&span, &full, message);
                continue;
            }
            let meant = nearest(key, known.iter().copied())
                .and_then(|near| known.iter().find(|known| **known == near));
            let homes = self.tables.iter().filter(|(_, keys)| keys.contains(&key));
            let homes: Vec<&str> = homes.map(|(table, _)| *table).collect();
            let mut fix = None;
            let hint = match (meant, homes.as_slice()) {
                (_, [home]) if !value.get_ref().is_table() => format!("it belongs in {home}"),
                (Some(meant), _) => {
                    section.meant.push(meant);
                    fix = Some((*meant).to_owned());
                    format!("did you mean `{meant}`?")
                }
                _ => format!("known here: {}", known.join(", ")),
            };
            self.report_meant(&span, &full, &format!("unknown key; {hint}"), fix);
        }
    }

    /// Reports a key that must be there and is not.
    pub fn require(&mut self, section: &Section<'_>, key: &str, example: &str) {
        if section.entries.get(key).is_none() && !section.meant.contains(&key) {
            let message = format!("is missing: add `{example}`");
            let full = joined(&section.key, key);
            if section.key.is_empty() {
                self.report_absent(&full, &message);
            } else {
                self.report(&section.span, &full, &message);
            }
        }
    }

    /// Whether a key that must be there is neither there nor probably misspelt.
    #[must_use]
    pub fn lacks(&self, section: &Section<'_>, key: &str) -> bool {
        section.entries.get(key).is_none() && !section.meant.contains(&key)
    }
}

fn line_starts(source: &str) -> Vec<usize> {
    let after = source.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after).collect()
}

fn joined(section: &str, key: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let key = if !key.is_empty() && key.bytes().all(bare) {
        key.to_owned()
    } else {
        format!("{key:?}")
    };
    match section {
        "" => key,
        _ => format!("{section}.{key}"),
    }
}
