//! `read_file`: the text of a file.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::policy::{Access, Grants};
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::place::{Place, failure};
use super::text::{Binary, Text, decode, read_at_most, size};
use crate::arguments::{cut, parse, told};
use crate::blocking;
use crate::definition::built_in;

const LARGEST: u64 = 32_000_000;
const LINES: usize = 1_000;
const MOST_LINES: usize = 10_000;
/// What one call returns at most, so that a file cannot fill the model's context.
const MOST_CHARACTERS: usize = 60_000;
const LONGEST_LINE: usize = 4_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    path: String,
    #[serde(default)]
    offset: Option<usize>,
    #[serde(default)]
    limit: Option<usize>,
}

/// The tool.
pub(crate) struct ReadFile {
    definition: ToolDefinition,
}

impl ReadFile {
    pub(crate) fn new() -> Self {
        Self {
            definition: definition(),
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "read_file",
        "Reads a text file and returns its lines. Long files come in parts: call again with \
         `offset` set to `next_offset`. For tables (CSV, TSV, JSON lines, XLSX) use read_table, \
         which computes exactly.",
        DeclaredEffect::Always(Effect::Read),
        json!({
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "The file, from the working folder."},
                "offset": {"type": "integer", "minimum": 1, "description": "The first line to return, from 1. Default 1."},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST_LINES, "description": "How many lines to return. Default 1000."}
            },
            "required": ["path"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for ReadFile {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let arguments: Arguments = parse(invocation.arguments)?;
        blocking::run(move |_| read(&invocation.grants, &arguments)).await
    }
}

fn read(grants: &Grants, arguments: &Arguments) -> Result<Value, ToolError> {
    let place = Place::new(grants, &arguments.path, Access::Read)?;
    let text = text_of(&place)?;
    let first = arguments.offset.unwrap_or(1).max(1);
    let limit = arguments.limit.unwrap_or(LINES).clamp(1, MOST_LINES);
    let total = text.content.lines().count();
    if first > total.max(1) {
        return Err(told(format!(
            "`{}` has {total} lines; line {first} is past its end.",
            place.shown
        )));
    }
    let mut part = String::new();
    let mut last = first - 1;
    for line in text.content.lines().skip(first - 1).take(limit) {
        if last >= first && part.len() + line.len().min(LONGEST_LINE) > MOST_CHARACTERS {
            break;
        }
        part.push_str(&shortened(line));
        part.push('\n');
        last += 1;
    }
    let mut result = json!({
        "path": place.shown,
        "text": part,
        "lines": {"first": first, "last": last, "total": total},
    });
    if last < total {
        result["next_offset"] = json!(last + 1);
    }
    if text.encoding != encoding_rs::UTF_8 {
        result["encoding"] = json!(text.encoding.name());
    }
    Ok(result)
}

fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= LONGEST_LINE {
        return line.to_owned();
    }
    let more = length - LONGEST_LINE;
    format!(
        "{} [{more} more characters in this line]",
        cut(line, LONGEST_LINE)
    )
}

/// A file's text.
pub(crate) fn text_of(place: &Place) -> Result<Text, ToolError> {
    let file = place.open_file()?;
    let bytes = read_at_most(file, LARGEST)
        .map_err(|error| told(failure(&error, &place.shown)))?
        .ok_or_else(|| {
            told(format!(
                "`{}` is larger than {}, which is the most that is read as text; search_files \
                 finds lines in it, read_table reads tables.",
                place.shown,
                size(LARGEST)
            ))
        })?;
    let length = bytes.len();
    decode(bytes).map_err(|Binary| {
        let size = size(length as u64);
        told(format!(
            "`{}` is not text ({size} of binary data); read_table reads .xlsx files, other \
             binary files cannot be read.",
            place.shown
        ))
    })
}
