//! `list_files`: which files there are.

use async_trait::async_trait;
use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::policy::Grants;
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::walk::{Entry, Kind, places, shown, walk};
use crate::arguments::{cut, parse, told};
use crate::blocking::{self, Stop};
use crate::definition::built_in;

const LIMIT: usize = 200;
const MOST: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    pattern: Option<String>,
    #[serde(default)]
    recursive: Option<bool>,
    #[serde(default)]
    limit: Option<usize>,
}

/// The tool.
pub(crate) struct ListFiles {
    definition: ToolDefinition,
}

impl ListFiles {
    pub(crate) fn new() -> Self {
        Self {
            definition: definition(),
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "list_files",
        "Lists files with their sizes, sorted by path. Without `path` it lists all folders that \
         this agent may read.",
        DeclaredEffect::Always(Effect::Read),
        json!({
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "The folder, from the working folder. Default: every folder that may be read."},
                "pattern": {"type": "string", "description": "Only paths that match, such as `*.csv` (the name, in any folder) or `2026/**/*.md` (the path from the folder)."},
                "recursive": {"type": "boolean", "description": "Also the folders inside. Default true; false lists one level, with its folders."},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "How many entries to return. Default 200."}
            },
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for ListFiles {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let arguments: Arguments = parse(invocation.arguments)?;
        blocking::run(move |stop| list(&invocation.grants, &arguments, stop)).await
    }
}

fn list(grants: &Grants, arguments: &Arguments, stop: &Stop) -> Result<Value, ToolError> {
    let recursive = arguments.recursive.unwrap_or(true);
    let pattern = arguments.pattern.as_deref().map(Pattern::new).transpose()?;
    let limit = arguments.limit.unwrap_or(LIMIT).clamp(1, MOST);
    let mut files = Vec::new();
    let mut total = 0_usize;
    let mut cut = false;
    for place in places(grants, arguments.path.as_deref())? {
        let walked = walk(&place, recursive, stop)?;
        cut |= walked.cut;
        let wanted = |entry: &&Entry| {
            // With everything inside listed, a folder says nothing that its files do not.
            (!recursive || entry.kind != Kind::Folder)
                && pattern.as_ref().is_none_or(|pattern| pattern.fits(entry))
        };
        for entry in walked.entries.iter().filter(wanted) {
            total += 1;
            if files.len() < limit {
                files.push(told_entry(shown(&place, entry), entry));
            }
        }
    }
    let mut result = json!({ "files": files, "total": total });
    if cut {
        result["note"] =
            json!("There are too many files to see them all; name a folder further inside.");
    } else if total > limit {
        result["note"] = json!(format!(
            "Only the first {limit} of {total} are listed; narrow it with `path` or `pattern`."
        ));
    }
    Ok(result)
}

fn told_entry(path: String, entry: &Entry) -> Value {
    match entry.kind {
        Kind::File => json!({"path": path, "bytes": entry.bytes}),
        Kind::Folder => json!({"path": path + "/", "kind": "folder"}),
        Kind::Link => json!({"path": path, "kind": "link"}),
        Kind::Other => json!({"path": path, "kind": "special"}),
    }
}

/// A glob: without a slash for the name, with one for the whole path.
pub(crate) struct Pattern {
    matcher: GlobMatcher,
    whole: bool,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self, ToolError> {
        let invalid = |error: globset::Error| {
            let text = cut(text, 80);
            told(format!("`{text}` is no pattern for files: {error}."))
        };
        let glob = GlobBuilder::new(text.strip_prefix("./").unwrap_or(text))
            .literal_separator(true)
            .build()
            .map_err(invalid)?;
        Ok(Self {
            matcher: glob.compile_matcher(),
            whole: text.contains('/'),
        })
    }

    pub(crate) fn fits(&self, entry: &Entry) -> bool {
        match entry.path.file_name() {
            // The file that was named itself.
            None => true,
            Some(_) if self.whole => self.matcher.is_match(&entry.path),
            Some(name) => self.matcher.is_match(name),
        }
    }
}
