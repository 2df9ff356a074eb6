//! From text to a [`Manifest`], with everything that is wrong on the way.

use slipway_contract::error::Finding;
use toml::de::DeTable;

use super::reader::{Reader, Section};
use super::tables::{agent, limits, mcp, model, permissions, tools};
use super::{Manifest, keys, schema};

/// The format that this version reads and writes.
const FORMAT: &str = "1";

pub(super) fn manifest(
    source: &str,
    known_tools: &[&str],
    recordings: &[&str],
) -> Result<Manifest, Vec<Finding>> {
    let mut reader = Reader::new(source);
    let (document, errors) = DeTable::parse_recoverable(source);
    // What a broken text seems to say would only mislead.
    if !errors.is_empty() {
        return Err(syntax_findings(source));
    }
    let mut top = Section::new(String::new(), document.span(), document.get_ref());
    match document_of(&mut reader, &mut top, known_tools, recordings) {
        Some(manifest) if reader.is_clean() => Ok(manifest),
        _ => Err(reader.into_findings()),
    }
}

/// Where a text is not TOML, and why.
pub(in crate::package) fn syntax_findings(source: &str) -> Vec<Finding> {
    let mut reader = Reader::new(source);
    let (_, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        let span = error.span().unwrap_or_default();
        let mut message = format!("is not TOML: {}", error.message());
        if let (true, Some(key)) = (message.ends_with("duplicate key"), source.get(span.clone())) {
            message = format!("{message} `{key}`");
        }
        reader.report(&span, "", &message);
    }
    reader.into_findings()
}

fn document_of(
    reader: &mut Reader<'_>,
    top: &mut Section<'_>,
    known_tools: &[&str],
    recordings: &[&str],
) -> Option<Manifest> {
    reader.only(top, keys::TOP, keys::RESERVED);
    format(reader, top);
    let agent = agent::read(reader, top);
    let model = model::read(reader, top, recordings);
    let limits = limits::read(reader, top);
    let mcp = mcp::read(reader, top);
    let tools = tools::read(reader, top, &mcp, known_tools);
    model::check_tool_choice(reader, top, &tools);
    let permissions = permissions::read(reader, top);
    let mut schema = |key| {
        let section = reader.table(top, key)?;
        schema::read(reader, &section)
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

fn format(reader: &mut Reader<'_>, top: &Section<'_>) {
    reader.require(top, "format", "format = 1");
    let Some(found) = top.get("format") else {
        return;
    };
    match found.value.as_integer() {
        Some(number) if number.to_string() == FORMAT => {}
        Some(number) => {
            let message = format!(
                "this Slipway reads format {FORMAT}, and the package is in format {number}: a newer Slipway may read it"
            );
            reader.report(&found.span, &found.key, &message);
        }
        None => reader.expected("the integer 1", &found),
    }
}
