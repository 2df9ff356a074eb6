//! `write_file`: a file's whole content.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::policy::Access;
use slipway_agent::ports::tool::{Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::Backups;
use super::change::{Author, Change};
use super::place::Place;
use crate::arguments::parse;
use crate::blocking;
use crate::definition::built_in;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    path: String,
    content: String,
}

/// The tool.
pub(crate) struct WriteFile {
    definition: ToolDefinition,
    backups: Backups,
}

impl WriteFile {
    pub(crate) fn new(backups: Backups) -> Self {
        Self {
            definition: definition(),
            backups,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "write_file",
        "Writes a text file (UTF-8): makes it with its folders, or replaces its whole content. \
         To change a part of a file use edit_file. For figures from tables use render_template \
         or save_table, so that no figure is copied by hand.",
        DeclaredEffect::Always(Effect::Idempotent),
        json!({
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "The file, from the working folder."},
                "content": {"type": "string", "description": "The whole content."}
            },
            "required": ["path", "content"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for WriteFile {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let Arguments { path, content } = parse(invocation.arguments)?;
        let author = Author {
            backups: self.backups.clone(),
            run: invocation.run,
            step: invocation.step,
        };
        blocking::run(move |stop| {
            let place = Place::new(&invocation.grants, &path, Access::Write)?;
            let change = Change::begin(&place)?;
            // Once begun a change is brought to its end; before, a cancelled call changes nothing.
            stop.check()?;
            let written = change.finish(content.as_bytes(), &author)?;
            Ok(json!({"path": place.shown, "bytes": content.len(), "file": written.word()}))
        })
        .await
    }
}
