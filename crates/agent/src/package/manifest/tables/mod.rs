//! The tables of `agent.toml`, one file each.

pub(super) mod agent;
pub(super) mod limits;
pub(super) mod mcp;
pub(super) mod model;
pub(super) mod permissions;
pub(super) mod tools;

use crate::package::document::{Reader, Section};

/// A table that every manifest has.
fn needed<'d>(
    reader: &mut Reader<'_>,
    top: &Section<'d>,
    key: &str,
    example: &str,
) -> Option<Section<'d>> {
    if reader.lacks(top, key) {
        let message = format!("the table is missing: add `[{key}]` with `{example}`");
        reader.report_absent(key, &message);
    }
    reader.table(top, key)
}
