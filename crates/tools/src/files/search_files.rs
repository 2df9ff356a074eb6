//! `search_files`: where a text stands.

use async_trait::async_trait;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::policy::Grants;
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::list_files::Pattern;
use super::place::Place;
use super::text::{decode, read_at_most};
use super::walk::{Entry, Kind, places, shown, walk};
use crate::arguments::{cut, parse, told};
use crate::blocking::{self, Stop};
use crate::definition::built_in;

const LARGEST: u64 = 32_000_000;
const LIMIT: usize = 100;
const MOST: usize = 500;
const MOST_CONTEXT: usize = 5;
const LONGEST_LINE: usize = 400;
const LONGEST_PATTERN: usize = 2_000;
/// A compiled pattern above this is refused: `(a{1000}){1000}` is a short text.
const COMPILED: usize = 2_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    pattern: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    files: Option<String>,
    #[serde(default)]
    ignore_case: bool,
    #[serde(default)]
    context: usize,
    #[serde(default)]
    limit: Option<usize>,
}

/// The tool.
pub(crate) struct SearchFiles {
    definition: ToolDefinition,
}

impl SearchFiles {
    pub(crate) fn new() -> Self {
        Self {
            definition: definition(),
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "search_files",
        "Finds the lines that match a regular expression (RE2 syntax: no look-around, no \
         back-references) in text files. Binary files are skipped.",
        DeclaredEffect::Always(Effect::Read),
        json!({
            "type": "object",
            "properties": {
                "pattern": {"type": "string", "description": "The regular expression, for one line."},
                "path": {"type": "string", "description": "A folder or file. Default: every folder that may be read."},
                "files": {"type": "string", "description": "Only files that match, such as `*.md`."},
                "ignore_case": {"type": "boolean", "description": "Default false."},
                "context": {"type": "integer", "minimum": 0, "maximum": MOST_CONTEXT, "description": "How many lines around each match. Default 0."},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "How many matches to return. Default 100."}
            },
            "required": ["pattern"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for SearchFiles {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let arguments: Arguments = parse(invocation.arguments)?;
        blocking::run(move |stop| search(&invocation.grants, &arguments, stop)).await
    }
}

#[derive(Default)]
struct Found {
    matches: Vec<Value>,
    total: usize,
    files: usize,
    searched: usize,
    skipped: usize,
}

fn search(grants: &Grants, arguments: &Arguments, stop: &Stop) -> Result<Value, ToolError> {
    let regex = compile(arguments)?;
    let files = arguments.files.as_deref().map(Pattern::new).transpose()?;
    let limit = arguments.limit.unwrap_or(LIMIT).clamp(1, MOST);
    let context = arguments.context.min(MOST_CONTEXT);
    let mut found = Found::default();
    let mut cut = false;
    for place in places(grants, arguments.path.as_deref())? {
        let walked = walk(&place, true, stop)?;
        cut |= walked.cut;
        let wanted = |entry: &&Entry| {
            entry.kind == Kind::File && files.as_ref().is_none_or(|files| files.fits(entry))
        };
        for entry in walked.entries.iter().filter(wanted) {
            stop.check()?;
            let shown = shown(&place, entry);
            match content(&place, entry) {
                Some(text) => {
                    found.searched += 1;
                    lines(&text, &regex, &shown, context, limit, &mut found);
                }
                None => found.skipped += 1,
            }
        }
    }
    let mut result = json!({
        "matches": found.matches,
        "total": found.total,
        "files_with_matches": found.files,
        "files_searched": found.searched,
    });
    if found.skipped > 0 {
        result["files_skipped"] =
            json!({"count": found.skipped, "why": "binary, unreadable, or larger than 32 MB"});
    }
    if cut {
        result["note"] =
            json!("There are too many files to search them all; name a folder further inside.");
    } else if found.total > found.matches.len() {
        result["note"] = json!(format!(
            "Only the first {limit} of {} matches are listed; narrow the pattern.",
            found.total
        ));
    }
    Ok(result)
}

fn compile(arguments: &Arguments) -> Result<Regex, ToolError> {
    let pattern = &arguments.pattern;
    if pattern.len() > LONGEST_PATTERN {
        return Err(told(format!(
            "The pattern has {} bytes; at most {LONGEST_PATTERN} are taken.",
            pattern.len()
        )));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(arguments.ignore_case)
        .size_limit(COMPILED)
        .dfa_size_limit(COMPILED)
        .nest_limit(50)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => {
                told("The pattern is too large once its repetitions are written out; use smaller repetitions.")
            }
            error => told(format!("The pattern is no regular expression: {}", cut(&error.to_string(), 600))),
        })
}

fn content(place: &Place, entry: &Entry) -> Option<String> {
    if entry.bytes > LARGEST {
        return None;
    }
    let file = place.open_below(&entry.path).ok()?;
    let bytes = read_at_most(file, LARGEST).ok()??;
    decode(bytes).ok().map(|text| text.content)
}

fn lines(text: &str, regex: &Regex, shown: &str, context: usize, limit: usize, found: &mut Found) {
    let lines: Vec<&str> = text.lines().collect();
    let before = found.total;
    for (index, line) in lines.iter().enumerate() {
        if !regex.is_match(line) {
            continue;
        }
        found.total += 1;
        if found.matches.len() >= limit {
            continue;
        }
        let mut one = json!({"path": shown, "line": index + 1, "text": cut(line, LONGEST_LINE)});
        if context > 0 {
            let around = |range: std::ops::Range<usize>| -> Vec<String> {
                lines[range]
                    .iter()
                    .map(|line| cut(line, LONGEST_LINE))
                    .collect()
            };
            one["before"] = json!(around(index.saturating_sub(context)..index));
            one["after"] = json!(around(index + 1..(index + 1 + context).min(lines.len())));
        }
        found.matches.push(one);
    }
    if found.total > before {
        found.files += 1;
    }
}
