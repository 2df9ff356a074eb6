//! From text to a [`Manifest`], with everything that is wrong on the way.

use slipway_contract::error::Finding;

use super::tables::{agent, limits, mcp, model, permissions, tools};
use super::{Manifest, keys};
use crate::package::document::{self, Reader, Section};
use crate::package::path::MANIFEST;

/// The format that this version reads and writes.
const FORMAT: u32 = 1;

pub(super) fn manifest(
    source: &str,
    known_tools: &[&str],
    recordings: &[&str],
) -> Result<Manifest, Vec<Finding>> {
    let document = document::parse(MANIFEST, source)?;
    let mut reader = Reader::new(MANIFEST, source, keys::TABLES);
    let mut top = Section::new(String::new(), document.span(), document.get_ref());
    match document_of(&mut reader, &mut top, known_tools, recordings) {
        Some(manifest) if reader.is_clean() => Ok(manifest),
        _ => Err(reader.into_findings()),
    }
}

fn document_of(
    reader: &mut Reader<'_>,
    top: &mut Section<'_>,
    known_tools: &[&str],
    recordings: &[&str],
) -> Option<Manifest> {
    reader.only(top, keys::TOP, keys::RESERVED);
    reader.format(top, FORMAT, "the package");
    let agent = agent::read(reader, top);
    let model = model::read(reader, top, recordings);
    let limits = limits::read(reader, top);
    let mcp = mcp::read(reader, top);
    let tools = tools::read(reader, top, &mcp, known_tools);
    model::check_tool_choice(reader, top, &tools);
    let permissions = permissions::read(reader, top);
    let mut schema = |key| {
        let section = reader.table(top, key)?;
        document::schema(reader, &section)
    };
    let (input, output) = (schema("input"), schema("output"));
    let mcp = mcp.into_iter();
    Some(Manifest {
        agent: agent?,
        model: model?,
        limits,
        tools,
        mcp: mcp
            .filter_map(|(name, server)| Some((name, server?)))
            .collect(),
        permissions,
        input,
        output,
    })
}
